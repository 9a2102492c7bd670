"""A paper as PDF, tagged for screen readers (PDF/UA-1), by Typst.

Lines are broken by ICU's rules and dictionaries, so Thai, Lao, Khmer and Burmese break between
words. A document with an empty box is refused: the standard asked for forbids glyphs without a
letter, and `Shelf.check` says which letters lack a font before that.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from saphan.engines.paper.errors import FontMissing, NotSet
from saphan.engines.paper.fonts import Shelf
from saphan.engines.paper.paper import Block, Heading, Paper, Passage, Source, Table, web
from saphan.engines.paper.scripts import Setting, setting

_TEMPLATE: Final = Path(__file__).with_name("template.typ")
_LATIN: Final = ("Saphan Latin", "Saphan Vietnamese", "Saphan Latin Ext")
_OTHERS: Final = ("Saphan Thai", "Saphan Lao", "Saphan Khmer", "Saphan Burmese", "Saphan Tamil")
_CJK: Final = {"zh-CN": ("SC",), "zh-TW": ("TC", "HK"), "ja-JP": ("JP",)}
_LONG: Final = re.compile(r"[!-~\u00a1-\u024f]{25,}")
_PIECE: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\d/_?&=.-]{1,12}[/_?&=.-]?|[/_?&=.-]")
_STACKED: Final = ("km-KH", "my-MM")


def pdf(paper: Paper, shelf: Shelf) -> bytes:
    """The paper as PDF. Raises FontMissing where letters have no font here, NotSet where the
    typesetter refuses."""
    shelf.check(text for text, _lang in paper.texts())
    data = json.dumps(_Data(shelf).of(paper), ensure_ascii=False)
    made = datetime(paper.made.year, paper.made.month, paper.made.day, tzinfo=UTC) \
        if paper.made else None
    try:
        printed = typst.compile(
            _TEMPLATE.read_bytes(), font_paths=_fonts(tuple(shelf.paths())),
            sys_inputs={"paper": data}, pdf_standards="ua-1", timestamp=made, format="pdf")
    except typst.TypstError as problem:
        said = f"{problem.message} {' '.join(problem.hints)}"
        if "displayed" in said or "font" in said:
            raise FontMissing(said[:80], cjk=False) from problem
        raise NotSet(said) from problem
    assert isinstance(printed, bytes)
    return printed


@lru_cache(maxsize=2)
def _fonts(paths: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=list(paths))


def loose(text: str) -> str:
    """The text with places to break in words longer than a column, such as addresses; never
    inside a number.

    >>> loose("1234567890123456789012345678901234567890") == "1234567890" * 4
    True
    """
    return _LONG.sub(lambda word: "\u200b".join(_PIECE.findall(word.group())), text)


class _Data:
    """A paper as the template reads it."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def of(self, paper: Paper) -> dict[str, Any]:
        own, plain = setting(paper.lang), self._plain
        head = paper.letterhead
        return {
            "set": {**self._set(own), "size": own.size, "leading": own.leading,
                    "top": "ascender" if own.office in _STACKED else "cap-height",
                    "bottom": "baseline"},
            "title": plain(paper.title), "title-words": self._words(paper.title, ""),
            "letterhead": {"name": plain(head.name), "name-words": self._words(head.name, ""),
                           "lines": [self._words(line, "") for line in head.lines]},
            "number": plain(paper.number), "day": plain(paper.day),
            "made": [paper.made.year, paper.made.month, paper.made.day] if paper.made else None,
            "notice": plain(paper.notice), "standfirst": self._words(paper.standfirst, ""),
            "labels": {name: plain(getattr(paper.labels, name))
                       for name in ("sources", "record", "page", "number", "date")},
            "blocks": [self._block(block) for block in paper.blocks],
            "sources": [self._source(source) for source in paper.sources],
            "closing": [plain(line) for line in paper.closing],
        }

    def _plain(self, text: str) -> str:
        return loose(self.shelf.plain(text))

    def _words(self, text: str, lang: str) -> dict[str, Any]:
        return {"text": self._plain(text), "set": self._set(setting(lang)) if lang else None}

    def _set(self, own: Setting) -> dict[str, Any]:
        lang, region = own.typst
        cjk = [family for tail in (*_CJK.get(own.office, ()), "SC", "TC", "JP", "KR")
               for family in sorted(self.shelf.cjk_families)
               if family.endswith((f" {tail}", f"Sans{tail}")) and "Mono" not in family]
        cjk += sorted(self.shelf.cjk_families - set(cjk))
        latin: list[Any] = list(_LATIN)
        if own.kind == "east":
            # Quotation marks and dashes are Chinese ones in Chinese text.
            latin = [{"name": name, "covers": "latin-in-cjk"} for name in _LATIN]
        elif own.kind == "complex":
            latin = [*_LATIN, *own.printed]
        rest = [family for family in _OTHERS if family not in own.printed]
        after = _LATIN if own.kind == "east" else ()
        return {"lang": lang, "region": region,
                "fonts": [*latin, *dict.fromkeys(cjk), *rest, *after, "Libertinus Serif"]}

    def _block(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Heading):
            return {"kind": "heading", "level": block.level, **self._words(block.text, block.lang)}
        if isinstance(block, Passage):
            original = block.original
            return {"kind": "passage", **self._words(block.text, block.lang),
                    "sources": list(block.sources), "url": web(block.url),
                    "note": self._plain(block.note),
                    "original": self._words(original.text, original.lang) if original else None}
        return self._table(block)

    def _table(self, table: Table) -> dict[str, Any]:
        return {"kind": "table", "title": self._plain(table.title), "note": self._plain(table.note),
                "columns": [{"label": self._plain(column.label), "numeric": column.numeric,
                             "width": column.width} for column in table.columns],
                "rows": [[{**self._words(cell.text, cell.lang), "url": web(cell.url),
                           "sources": list(cell.sources), "note": self._plain(cell.note)}
                          for cell in row] for row in table.rows]}

    def _source(self, source: Source) -> dict[str, Any]:
        details = [self._plain(detail) for detail in (*source.details, source.url) if detail]
        return {**self._words(source.title, source.lang), "url": web(source.url),
                "details": details, "record-url": web(source.record_url),
                "quotes": [self._words(quote.text, quote.lang) for quote in source.quotes]}
