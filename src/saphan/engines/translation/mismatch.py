"""What the comparison of a text and its translation reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Span = tuple[int, int]
"""First character and the one after the last, in the text as given."""

KINDS: Final = (
    "figure", "unit", "bound", "name", "negation", "term", "missing", "language", "markup",
)  # fmt: skip
BLOCK: Final = "block"
ADVISE: Final = "advise"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference between a text and its translation.

    `kind`: one of `KINDS`; `bound` is a lost or turned "at least". `severity`: `block` keeps the
    translation from being approved, `advise` is shown. `in_source` and `in_translation` hold the
    words that differ, empty where there are none on that side (then the span is None). For `term`,
    `in_translation` is empty and `wanted` holds the labels that would do; for `language`, `wanted`
    holds the code of the language that the translation seems to be in, if known.
    """

    kind: str
    severity: str
    in_source: str = ""
    in_translation: str = ""
    source_span: Span | None = None
    translation_span: Span | None = None
    wanted: tuple[str, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether a translation with this difference may not be approved."""
        return self.severity == BLOCK
