"""The text of a PDF: lines in reading order, joined to paragraphs."""

from __future__ import annotations

import re
import statistics
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from saphan.engines.extraction.dates import read_day
from saphan.engines.extraction.model import ExtractionProblem
from saphan.engines.extraction.page import weight

MOST_PAGES: Final = 400
MOST_CHARACTERS: Final = 3_000_000

_LOCK: Final = threading.Lock()
"""PDFium is one machine with one memory: two threads in it end the process."""
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff，。；：！？、]"
)
_NUMBER: Final = re.compile(
    r"^\W*(?:page|trang|หน้า|第)?\s*\d{1,4}\s*(?:页|頁|/\s*\d{1,4})?\W*$", re.I
)
_ENDS: Final = re.compile(r"[.!?:。！？：”」』)）ฯ၊။។]\s*$")
_LINES: Final = re.compile(r"[^\r\n\x02\ufffe]*(?:\r\n|[\r\n\x02\ufffe]|$)")
_BROKEN: Final = "\x02\ufffe"
"""What PDFium writes for a hyphen at the end of a line that is no part of the word."""
_HYPHENS: Final = "-\u2010\xad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page in points, from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 0.0
    """Of the type."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a document holds, and what it says about itself."""

    text: str
    title: str = ""
    author: str = ""
    day: date | None = None
    cut: bool = False


def read(body: bytes) -> Read:
    """Raises `broken`, `locked`, `no_text`."""
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(body)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            raise ExtractionProblem("locked" if locked else "broken", str(error)) from error
        try:
            pages = []
            size = 0
            count = len(document)
            for number in range(min(count, MOST_PAGES)):
                lines = _lines(document, number)
                size += sum(len(line.text) for line in lines)
                pages.append(lines)
                if size > MOST_CHARACTERS:
                    break
            said = document.get_metadata_dict()
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise ExtractionProblem("broken", str(error)) from error
        finally:
            document.close()
    parts = [part for page in _without_running_heads(pages) for part in _paragraphs(page)]
    if not any(part.strip() for part in parts):
        raise ExtractionProblem("no_text")
    return Read(
        "\n\n".join(_across_pages(parts)),
        said.get("Title", "").strip(),
        said.get("Author", "").strip(),
        read_day(said.get("CreationDate", "").replace("D:", "")[:8]),
        cut=len(pages) < count,
    )


def _lines(document: Any, number: int) -> list[Line]:
    """The lines of a page in the order of its content, which is how it was written."""
    page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            return _joined(list(_runs(textpage)))
        finally:
            textpage.close()
    finally:
        page.close()


def _runs(textpage: Any) -> Iterator[Line]:
    """PDFium's own lines. Text cut out by boxes has letters twice where boxes overlap, as those of
    stacked marks do."""
    from pypdfium2 import raw

    at = 0
    # PDFium marks a word that goes on in the next line with a character of its own.
    for part in _LINES.findall(textpage.get_text_range()):
        seen = [place for place, char in enumerate(part) if char.isprintable() and char > " "]
        text = re.sub(r"\s+", " ", part).strip()
        if text and seen:
            first, last = at + seen[0], at + seen[-1]
            left, bottom, _right, top = textpage.get_charbox(first, loose=True)
            _left, bottom_last, right, top_last = textpage.get_charbox(last, loose=True)
            size = float(raw.FPDFText_GetFontSize(textpage.raw, first))
            yield Line(
                text, left, min(bottom, bottom_last), max(right, left), max(top, top_last), size
            )
        at += len(part)


def _joined(runs: list[Line]) -> list[Line]:
    """Runs that stand beside each other on one line, as one: a change of font starts a new run."""
    lines: list[Line] = []
    for run in runs:
        before = lines[-1] if lines else None
        if before is not None and _beside(before, run):
            gap = run.left - before.right
            wide = gap > 0.18 * max(1.0, before.top - before.bottom)
            space = " " if wide and not _touching(before.text, run.text) else ""
            if before.text.endswith(run.text) and run.left < before.right - 1:
                continue  # the same run twice: overlapping boxes
            lines[-1] = Line(
                before.text + space + run.text, min(before.left, run.left),
                min(before.bottom, run.bottom), max(before.right, run.right),
                max(before.top, run.top), max(before.size, run.size),
            )  # fmt: skip
        else:
            lines.append(run)
    return lines


def _beside(before: Line, run: Line) -> bool:
    height = max(1.0, min(before.top - before.bottom, run.top - run.bottom))
    overlap = min(before.top, run.top) - max(before.bottom, run.bottom)
    return overlap > 0.5 * height and -height < run.left - before.right < 3 * height


def _touching(one: str, two: str) -> bool:
    return bool(_UNSPACED.match(one[-1]) and _UNSPACED.match(two[0]))


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Without page numbers, and without the same line at the edge of many pages."""
    edges = Counter(
        re.sub(r"\d+", "#", line.text) for page in pages for line in [*page[:2], *page[-2:]]
    )
    often = {text for text, times in edges.items() if times >= max(3, len(pages) // 2)}

    def stays(page: list[Line], at: int) -> bool:
        if 2 <= at < len(page) - 2:
            return True
        text = page[at].text
        return not (_NUMBER.match(text) or re.sub(r"\d+", "#", text) in often)

    return [[line for at, line in enumerate(page) if stays(page, at)] for page in pages]


def _paragraphs(lines: list[Line]) -> list[str]:
    if not lines:
        return []
    pitch = [
        one.bottom - two.bottom for one, two in pairwise(lines) if 0 < one.bottom - two.bottom < 60
    ]
    usual = statistics.median(pitch) if pitch else 14.0
    right = max(line.right for line in lines)
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        drop = before.bottom - line.bottom
        height = max(1.0, before.top - before.bottom)
        apart = drop > 1.35 * usual or drop < -usual  # a gap, or the head of the next column
        bigger = abs(line.size - before.size) > 0.1 * max(line.size, before.size)
        indented = line.left - before.left > 0.8 * height and _ENDS.search(before.text)
        ended = _ENDS.search(before.text) and right - before.right > 0.15 * (right - line.left)
        if apart and drop < 0 and not _ENDS.search(before.text):
            apart = False  # a sentence that goes on in the next column
        goes_on = before.text[-1] in _BROKEN
        if not goes_on and (apart or bigger or indented or ended):
            parts.append(line.text)
        else:
            parts[-1] = join(parts[-1], line.text)
    return parts


def join(one: str, two: str) -> str:
    """Two lines of a paragraph: hyphens at the end of a line go where a word goes on."""
    if not one or not two:
        return one + two
    if one[-1] in _BROKEN:
        return one[:-1] + two
    if one[-1] in _HYPHENS and len(one) > 1 and one[-2].isalpha() and two[0].islower():
        return one[:-1] + two
    if _touching(one, two):
        return one + two
    return f"{one} {two}"


def _across_pages(parts: list[str]) -> list[str]:
    """Join a paragraph that a page break cuts: no stop at its end, a small letter after it."""
    whole: list[str] = []
    for part in parts:
        if (
            whole
            and part
            and not _ENDS.search(whole[-1])
            and weight(whole[-1]) > 80
            and (part[0].islower() or (whole[-1][-1] in _HYPHENS + _BROKEN and part[0].islower()))
        ):
            whole[-1] = join(whole[-1], part)
        else:
            whole.append(part)
    return whole
