"""Text as the finder of concepts sees it: folded, with the place of every character kept."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from saphan.engines.language.embed import models_directory
from saphan.engines.language.normalise import PLAIN, FoldTable, fold_with
from saphan.engines.language.repairs import fold_spelling

_DROPPED: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACED: Final = {ord(c): " " for c in "-\u2010\u2011\u2012\u2013\u00a0\t\n\r\u2009\u202f/_"}
_TABLE: Final = FoldTable(*PLAIN, _DROPPED, _SPACED)
_JOINED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff"
_GAP: Final = re.compile(f"(?<=[{_JOINED}]) +(?=[{_JOINED}])")
_CLUSTER: Final = re.compile(
    # Marks of every script follow their letter; so do sara a, aa and am, and what is invisible.
    "เเ|ເເ|[^\\W_]?(?:\u17d2[\u1780-\u17b3]|"
    "[\u0300-\u036f\u0b82\u0bbe-\u0bcd\u0bd7\u0e30-\u0e3a\u0e45-\u0e4e\u0eb0-\u0ebd"
    "\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd\u200b-\u200d])+|.",
    re.DOTALL,
)
_BETWEEN: Final = "\x1e"
_MANY: Final = 20_000
"""Labels from which on their folded form is kept in a file."""


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
    """The folded form of many labels at once (concept, language, label), in their order.

    What a whole term base gives is kept in a file beside the models: reading it takes a tenth of
    the time. A file that cannot be written is done without.
    """
    if not labels:
        return []
    text = _BETWEEN.join(label.replace(_BETWEEN, " ") for _, _, label in labels)
    if len(labels) < _MANY:
        return _fold_all(text)
    kept = models_directory() / f"labels-{_digest(text)}.txt"
    try:
        keys = kept.read_text(encoding="utf-8").split(_BETWEEN)
        if len(keys) == len(labels):
            return keys
    except (OSError, UnicodeDecodeError):
        pass
    keys = _fold_all(text)
    _keep(kept, _BETWEEN.join(keys))
    return keys


def _fold_all(text: str) -> list[str]:
    folded = _GAP.sub("", _plain(text))
    return [key.strip() for key in folded.split(_BETWEEN)]


def _digest(text: str) -> str:
    """Another one for other labels, other rules of folding or other tables of characters."""
    digest = blake2b(text.encode(), digest_size=12)
    for name in ("normalise.py", "repairs.py", "searching.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    digest.update(f"{unicodedata.unidata_version} {version('opencc')}".encode())
    return digest.hexdigest()


def _keep(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("labels-*.txt"):
            old.unlink(missing_ok=True)
        with NamedTemporaryFile(
            "w", dir=path.parent, encoding="utf-8", newline="", delete=False
        ) as file:
            file.write(text)
        Path(file.name).replace(path)
    except OSError:
        pass


def _plain(text: str) -> str:
    return fold_with(text, _TABLE)


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
    return fold_spelling("".join(folded)), places
