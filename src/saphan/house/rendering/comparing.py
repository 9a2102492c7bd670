"""What the comparison of source and translation found, in words that people understand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.design import formats
from saphan.engines.translation import compare as engine_compare
from saphan.engines.translation.mismatch import Mismatch
from saphan.house import engine

KINDS = {
    "figure": gettext_lazy("A figure differs."),
    "unit": gettext_lazy("A unit differs."),
    "bound": gettext_lazy("“At least” or “at most” is lost or turned round."),
    "name": gettext_lazy("A name differs. Names stay as they are."),
    "negation": gettext_lazy("One side says “not”, the other does not."),
    "term": gettext_lazy("The term base has another word for this."),
    "missing": gettext_lazy("The lengths differ much: is something missing, or too much?"),
    "language": gettext_lazy("This is not in the language it should be in."),
    "markup": gettext_lazy("A sign or link of the original is missing."),
}


@dataclass(frozen=True)
class Finding:
    """One difference. `blocks`: with it the translation cannot be approved."""

    kind: str
    blocks: bool
    in_source: str = ""
    in_translation: str = ""
    wanted: tuple[str, ...] = ()
    span: tuple[int, int] | None = field(default=None, compare=False)

    @property
    def message(self) -> str:
        return str(KINDS.get(self.kind, _("The two sides differ.")))

    @property
    def detail(self) -> str:
        """Both sides and what was wanted, as short words."""
        parts = []
        if self.kind not in ("language", "missing"):
            if self.in_source:
                parts.append(_("original: %(words)s") % {"words": self.in_source[:80]})
            if self.in_translation:
                parts.append(_("translation: %(words)s") % {"words": self.in_translation[:80]})
        if self.wanted and self.kind == "language":
            parts.append(_("it looks like: %(language)s") % {
                "language": formats.language_name(self.wanted[0])})
        elif self.wanted:
            parts.append(_("use: %(words)s") % {"words": " | ".join(self.wanted)})
        return " · ".join(parts)

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "blocks": self.blocks, "message": self.message,
                "in_source": self.in_source, "in_translation": self.in_translation,
                "wanted": list(self.wanted)}


def look(source: str, translation: str, *, source_lang: str, target_lang: str,
         names: Sequence[str] = ()) -> list[Finding]:
    """The differences of one passage, those that block first."""
    found = engine_compare.compare(source, translation, source_lang=source_lang,
                                   target_lang=target_lang, terms=engine.terms(), names=names)
    return [_finding(one) for one in found]


def _finding(one: Mismatch) -> Finding:
    return Finding(one.kind, one.blocks, one.in_source, one.in_translation, tuple(one.wanted),
                   one.source_span)
