"""What a paper is made of: plain values, every word ready for its reader.

Nothing here is markup: `*`, `#`, `<` and `$` in any text are the characters themselves in every
form the paper is printed in. Dates, numbers and labels come translated from the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as their source has them, in its language (BCP 47)."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 or 3; the paper's title is level 1."""

    text: str
    level: int = 2
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or a paragraph. `sources` count from 1 in `Paper.sources`; `url` opens its quote;
    `note` stands behind it (“without a source”); `original` stands below it."""

    text: str
    sources: tuple[int, ...] = ()
    url: str = ""
    lang: str = ""
    note: str = ""
    original: Quote | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`numeric` columns are set flush right; `width` is a share of the line beside the others."""

    label: str
    numeric: bool = False
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """`url` opens the quote of a figure; `note` stands below the text."""

    text: str
    url: str = ""
    sources: tuple[int, ...] = ()
    lang: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as `columns`; the header is repeated on every page and no row is split."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    note: str = ""


Block = Heading | Passage | Table


@dataclass(frozen=True, slots=True)
class Source:
    """Where sentences come from. `details`: publisher, dates; `record_url` is its page in the
    house, with the quoted words and the evidence."""

    title: str
    url: str = ""
    lang: str = ""
    details: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    record_url: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes. `lines`: place, address, website."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """The paper's own words in the reader's language."""

    sources: str = "Sources"
    record: str = "Quote and evidence"
    page: str = "Page {page} of {pages}"
    number: str = "Number"
    date: str = "Date"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper for one reader. `lang` is BCP 47, `day` the date in the reader's words, `made` the
    same for machines; `notice` stands above the title (“Draft”), `closing` at the very end."""

    lang: str
    title: str
    letterhead: Letterhead
    number: str = ""
    day: str = ""
    made: date | None = None
    notice: str = ""
    standfirst: str = ""
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    closing: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)

    def __post_init__(self) -> None:
        for block in self.blocks:
            if isinstance(block, Table) and any(len(row) != len(block.columns)
                                                for row in block.rows):
                raise ValueError("a row of a table is not as long as its columns")
        wrong = [number for number in self._cited() if not 1 <= number <= len(self.sources)]
        if wrong:
            raise ValueError(f"cited, but not among the sources: {wrong}")

    def _cited(self) -> Iterator[int]:
        for block in self.blocks:
            if isinstance(block, Passage):
                yield from block.sources
            elif isinstance(block, Table):
                for row in block.rows:
                    for cell in row:
                        yield from cell.sources

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text with its language, in reading order."""
        head = self.letterhead
        for text in (head.name, *head.lines, self.notice, self.labels.number, self.number,
                     self.labels.date, self.day, self.title, self.standfirst):
            yield text, self.lang
        for block in self.blocks:
            yield from _texts(block, self.lang)
        for text in (self.labels.sources, self.labels.record, self.labels.page):
            yield text, self.lang
        for source in self.sources:
            yield source.title, source.lang or self.lang
            for detail in (*source.details, source.url):
                yield detail, self.lang
            for quote in source.quotes:
                yield quote.text, quote.lang
        for text in self.closing:
            yield text, self.lang


def _texts(block: Block, lang: str) -> Iterator[tuple[str, str]]:
    if isinstance(block, Table):
        yield block.title, lang
        yield block.note, lang
        for column in block.columns:
            yield column.label, lang
        for row in block.rows:
            for cell in row:
                yield cell.text, cell.lang or lang
                yield cell.note, lang
        return
    yield block.text, block.lang or lang
    if isinstance(block, Passage):
        yield block.note, lang
        if block.original:
            yield block.original.text, block.original.lang


def web(url: str) -> str:
    """The address if a reader may be led there: http, https or mailto; else empty.

    >>> web("javascript:alert(1)"), web("https://a.test/x")
    ('', 'https://a.test/x')
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    known = parts.netloc if parts.scheme in ("http", "https") else parts.scheme == "mailto"
    return url.strip() if known else ""


def anchor(number: int) -> str:
    """The name of source `number` inside a paper."""
    return f"source-{number}"
