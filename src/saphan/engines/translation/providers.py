"""Who translates: the interface, and a provider from plain values.

`OpenAICompatible` and `LibreTranslateCompatible` speak to a server that the operator of the house
has chosen. A person at the desk is no provider: her words come from a form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

from saphan.engines.translation.libre import LibreTranslateCompatible
from saphan.engines.translation.openai import OpenAICompatible

Pair = tuple[str, str]
"""Source and target, codes of the house."""

KINDS: Final = ("openai", "libretranslate")


@runtime_checkable
class Provider(Protocol):
    """Translates texts. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Who it is, for the origin of a translation: `openai:gpt-x`, `libretranslate:host`."""

    def languages(self) -> frozenset[Pair] | None:
        """The pairs it translates; None where it does not say. Raises TranslationError."""

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str,
        glossary: Sequence[tuple[str, str]] = (),
        about: str = "",
    ) -> list[str]:
        """One translation for each text, in order; an empty text stays empty.

        All texts of one call must be of one record: they may share a request, so words that one of
        them holds could sway the others. `glossary`: pairs of term and wanted translation.
        `about`: what the texts are, for context. Raises TranslationError.
        """


def provider(
    kind: str, url: str, *, key: str = "", model: str = "", seconds: float = 60.0
) -> Provider | None:
    """The provider that an operator's plain values name; None where `kind` or `url` is empty.

    `seconds`: the longest wait for one answer. Raises ValueError for an unknown kind, an address
    that is not http, or an OpenAI-compatible provider without a model.
    """
    if not kind or not url:
        return None
    if kind == "openai":
        return OpenAICompatible(url, key, model, seconds=seconds)
    if kind == "libretranslate":
        return LibreTranslateCompatible(url, key, seconds=seconds)
    raise ValueError(f"{kind!r} is no kind of translation provider: {', '.join(KINDS)}")
