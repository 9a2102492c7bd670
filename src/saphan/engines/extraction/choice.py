"""Choose between what trafilatura took for the article and where the prose of the page is densest.

Both are right on most pages, and they fail apart: trafilatura drops paragraphs from the middle of
long pages and takes menus that are laid out as tables; density takes comments and small print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from saphan.engines.extraction.page import MARKS, weight

_SQUEEZED: Final = re.compile(r"\W+")
_KEY: Final = 30
"""Letters at the head of a paragraph by which it is found again."""
_MUCH: Final = 1.25
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Side:
    """One candidate: its paragraphs, and each squeezed to letters and digits."""

    paragraphs: list[str]
    squeezed: list[str]
    whole: str

    @classmethod
    def of(cls, paragraphs: list[str]) -> Side:
        squeezed = [letters(text) for text in paragraphs]
        return cls(paragraphs, squeezed, "".join(squeezed))

    def beyond(self, other: Side) -> list[int]:
        """The paragraphs that the other has not."""
        return [
            at for at, text in enumerate(self.squeezed) if text and text[:_KEY] not in other.whole
        ]

    def size(self, at: list[int]) -> int:
        return sum(len(self.squeezed[one]) for one in at)

    def prose(self, at: list[int]) -> float:
        """How much of some paragraphs reads as sentences, 0 to 1."""
        whole = sum(len(self.paragraphs[one]) for one in at)
        sentences = sum(len(self.paragraphs[one]) for one in at if is_prose(self.paragraphs[one]))
        return sentences / whole if whole else 0.0


def letters(text: str) -> str:
    """A text without spaces and punctuation."""
    return _SQUEEZED.sub("", text)


def is_prose(text: str) -> bool:
    """Whether a paragraph has clauses: one mark for every eighty Chinese characters or so."""
    size = weight(text)
    return size >= 40 and len(MARKS.findall(text)) * 240 >= size


def is_chinese(text: str) -> bool:
    """Whether a text is mostly in Chinese characters."""
    return len(_HAN.findall(text)) * 3 > len(letters(text))


def choose(
    dense: list[str], usual: list[str]
) -> tuple[Literal["density", "trafilatura"], list[str]]:
    """The better of the two, paragraphs and all. `usual` is trafilatura's."""
    d, t = Side.of(dense), Side.of(usual)
    if not d.whole or not t.whole:
        return ("density", dense) if d.whole else ("trafilatura", usual)
    more_d, more_t = d.beyond(t), t.beyond(d)
    only_d, only_t = d.size(more_d), t.size(more_t)
    if is_chinese(d.whole + t.whole):
        # What density has beyond is comments, then; or trafilatura has half an article more.
        comments = only_d > len(t.whole) / 2 and only_t * 10 < len(t.whole) and len(t.whole) > 150
        # What comes behind the last paragraph that both have is comments, too.
        both = set(range(len(t.squeezed))) - set(more_t)
        last = max(both, default=len(t.squeezed))
        inside = [at for at in more_t if at < last]
        missed = t.size(inside) * 4 > len(d.whole) and t.prose(inside) > 0.75
        if comments or missed:
            return "trafilatura", usual
        return "density", dense
    merged = filled(t, d)
    # A little more is a teaser that stands between two paragraphs; much more was dropped.
    if sum(map(len, merged)) > _MUCH * sum(map(len, usual)):
        return "trafilatura", merged
    return "trafilatura", usual


def filled(t: Side, d: Side) -> list[str]:
    """trafilatura's paragraphs, with the prose that stands between two of them on the page."""
    places = {text[:_KEY]: at for at, text in reversed(list(enumerate(d.squeezed))) if text}
    missing = set(d.beyond(t))
    merged: list[str] = []
    last = -1
    for paragraph, key in zip(t.paragraphs, t.squeezed, strict=True):
        place = places.get(key[:_KEY], -1) if len(key) >= _KEY else -1
        if place > last >= 0:
            between = [at for at in range(last + 1, place) if at in missing]
            merged += [d.paragraphs[at] for at in between if is_prose(d.paragraphs[at])]
        last = max(last, place)
        merged.append(paragraph)
    return merged
