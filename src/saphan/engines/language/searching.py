"""Text as the finder of concepts sees it: folded, with the place of every character kept."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from saphan.engines.language.normalise import PLAIN, FoldTable

_DROPPED: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACED: Final = {ord(c): " " for c in "-\u2010\u2011\u2012\u2013\u00a0\t\n\r\u2009\u202f/_"}
_TABLE: Final = FoldTable(*PLAIN, _DROPPED, _SPACED)
_JOINED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff"
_GAP: Final = re.compile(f"(?<=[{_JOINED}]) +(?=[{_JOINED}])")
_CLUSTER: Final = re.compile(
    # Marks of every script follow their letter; so do sara a, aa and am, and what is invisible.
    "[^\\W_]?[\u0300-\u036f\u0b82\u0bbe-\u0bcd\u0bd7\u0e30-\u0e3a\u0e45-\u0e4e\u0eb0-\u0ebd"
    "\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd\u200b-\u200d]+|.",
    re.DOTALL,
)
_BETWEEN: Final = "\x1e"


class SearchText:
    """A text, its folded form, and for each folded character its place in the text."""

    __slots__ = ("folded", "places", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded, self.places = _fold(text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters `start` to `end` stand in the text."""
        return self.places[start], self.places[end - 1] + 1


def fold_labels(labels: list[tuple[str, str, str]]) -> list[str]:
    """The folded form of many labels at once (concept, language, label), in their order."""
    if not labels:
        return []
    text = _BETWEEN.join(label.replace(_BETWEEN, " ") for _, _, label in labels)
    folded = _GAP.sub("", _plain(text))
    return [key.strip() for key in folded.split(_BETWEEN)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_TABLE).lower()


def _fold(text: str) -> tuple[str, list[int]]:
    folded = _plain(text)
    if len(folded) == len(text) and unicodedata.is_normalized("NFC", text):
        places = list(range(len(text)))
    else:
        folded, places = _fold_slowly(text)
    if " " not in folded or not _GAP.search(folded):
        return folded, places
    kept: list[int] = []
    joined, last = [], 0
    for gap in _GAP.finditer(folded):
        joined.append(folded[last : gap.start()])
        kept += places[last : gap.start()]
        last = gap.end()
    joined.append(folded[last:])
    return "".join(joined), kept + places[last:]


def _fold_slowly(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        start, size = cluster.start(), len(cluster.group())
        piece = _plain(cluster.group())
        folded.append(piece)
        places += [start + min(i, size - 1) for i in range(len(piece))]
        if size > len(piece) > 0:
            places[-1] = start + size - 1
    return "".join(folded), places
