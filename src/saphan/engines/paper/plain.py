"""A paper as plain text: lines wrapped by the width they take on a screen, numbered sources.

A Chinese character takes two columns, a Thai vowel sign none. Lines break where ICU allows, so
Thai, Lao, Khmer and Burmese break between words although they write no spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from icu4py.breakers import LineBreaker

from saphan.engines.paper.paper import Block, Heading, Paper, Passage, Source, Table

WIDTH: Final = 72
"""Columns of a line of mail."""


def text(paper: Paper, *, width: int = WIDTH) -> str:
    """The paper as plain text, at most `width` columns wide (longer only for addresses)."""
    head = paper.letterhead
    parts = ["\n".join(_wrap(line, width) for line in (head.name, *head.lines)),
             "\n".join(f"{label}: {value}" for label, value in (
                 (paper.labels.number, paper.number), (paper.labels.date, paper.day)) if value)]
    if paper.notice:
        parts.append(_wrap(f"*** {paper.notice} ***", width))
    parts.append(_under(paper.title, "=", width))
    if paper.standfirst:
        parts.append(_wrap(paper.standfirst, width))
    parts += [part for block in paper.blocks for part in _block(block, width)]
    if paper.sources:
        parts.append(_under(paper.labels.sources, "-", width))
        parts += [_source(number, source, paper, width)
                  for number, source in enumerate(paper.sources, start=1)]
    parts += [_wrap(line, width) for line in paper.closing]
    return "\n\n".join(part for part in parts if part) + "\n"


def columns(words: str) -> int:
    """How many columns of a terminal the words take.

    >>> columns("AI"), columns("人工"), columns("ที่")
    (2, 4, 1)
    """
    return sum(_columns(letter) for letter in words)


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def wrap(words: str, width: int = WIDTH) -> list[str]:
    """The words as lines of at most `width` columns; a piece that is longer stays whole."""
    lines: list[str] = []
    for line in words.split("\n"):
        kept = ""
        for piece in _pieces(line):
            if kept and columns(kept) + columns(piece.rstrip()) > width:
                lines.append(kept.rstrip())
                kept = ""
            kept += piece
        lines.append(kept.rstrip())
    return lines


def _pieces(line: str) -> Iterator[str]:
    piece: Any
    # ICU chooses its dictionary by script, so one locale serves every language.
    for piece in LineBreaker(line, "en"):
        yield str(piece)


def _wrap(words: str, width: int, indent: str = "", first: str = "") -> str:
    lines = wrap(words, width - columns(indent))
    return "\n".join((first if number == 0 and first else indent) + line
                     for number, line in enumerate(lines))


def _under(words: str, sign: str, width: int) -> str:
    lines = wrap(words, width)
    return "\n".join([*lines, sign * max(columns(line) for line in lines)])


def _marks(numbers: tuple[int, ...]) -> str:
    return "".join(f" [{number}]" for number in numbers)


def _block(block: Block, width: int) -> list[str]:
    if isinstance(block, Heading):
        return [_under(block.text, "-", width)]
    if isinstance(block, Passage):
        note = f" ({block.note})" if block.note else ""
        found = [_wrap(f"{block.text}{_marks(block.sources)}{note}", width)]
        if block.original:
            found.append(_wrap(block.original.text, width, "  > ", "  > "))
        return found
    return _table(block, width)


def _table(table: Table, width: int) -> list[str]:
    """Row by row with labels: columns of several scripts line up in no font."""
    rows = []
    for row in table.rows:
        lines = []
        for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if not cell.text:
                continue
            label = f"{column.label}: " if column.label and number else ""
            note = f" ({cell.note})" if cell.note else ""
            lines.append(_wrap(f"{label}{cell.text}{_marks(cell.sources)}{note}", width,
                               "    " if number else "  ", "    " if number else "- "))
        rows.append("\n".join(lines))
    return [part for part in (table.title and _wrap(table.title, width), "\n".join(rows),
                              table.note and _wrap(table.note, width)) if part]


def _source(number: int, source: Source, paper: Paper, width: int) -> str:
    first = f"[{number}] "
    indent = " " * len(first)
    lines = [_wrap(source.title, width, indent, first)]
    lines += [_wrap(detail, width, indent) for detail in source.details if detail]
    lines += [f"{indent}{source.url}"] if source.url else []
    lines += [_wrap(quote.text, width, f"{indent}> ") for quote in source.quotes]
    if source.record_url:
        lines += [f"{indent}{paper.labels.record}:", f"{indent}{source.record_url}"]
    return "\n".join(lines)
