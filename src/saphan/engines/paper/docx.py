"""A paper as .docx: the form that officers send on and work with.

Every run names its fonts, sizes and language for its script, so that Word sets Thai in Thai and
Chinese punctuation in Chinese; headings are real ones, figures lead to their quotes.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from saphan.engines.paper import docx_parts as parts
from saphan.engines.paper.paper import (
    Block,
    Cell,
    Heading,
    Paper,
    Passage,
    Quote,
    Source,
    Table,
    anchor,
    web,
)
from saphan.engines.paper.scripts import LATIN, setting

_INK: Final = RGBColor(0x1C, 0x1B, 0x18)
_QUIET: Final = RGBColor(0x4A, 0x47, 0x40)
_LED: Final = RGBColor(0x2F, 0x4A, 0x9A)
_LINE_MM: Final = 162
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def docx(paper: Paper) -> bytes:
    """The paper as .docx (Office Open XML)."""
    return _Writer(paper).bytes()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.own = setting(paper.lang)
        self.document: Any = Document()

    def bytes(self) -> bytes:
        self._styles()
        self._about()
        self._page()
        self._head()
        for block in self.paper.blocks:
            self._block(block)
        self._sources()
        for line in self.paper.closing:
            self._words(self._paragraph(), line, size=0.88, color=_QUIET)
        parts.name_substitutes(self.document)
        kept = BytesIO()
        self.document.save(kept)
        return kept.getvalue()

    # What holds for the whole document

    def _styles(self) -> None:
        styles, own = self.document.styles, self.own
        defaults = styles.element.find(qn("w:docDefaults"))
        properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for old in list(properties):
            properties.remove(old)
        fonts = {"ascii": LATIN, "hAnsi": LATIN, "cs": own.font if own.kind == "complex" else LATIN,
                 "eastAsia": own.font if own.kind == "east" else "Microsoft YaHei"}
        half_points = str(round(own.size * 2))
        for piece in (parts.element("w:rFonts", **fonts), parts.element("w:sz", val=half_points),
                      parts.element("w:szCs", val=half_points),
                      parts.element("w:lang", **parts.all_languages(own))):
            properties.append(piece)
        for name, size in (("Normal", 1.0), ("Title", 1.5), ("Heading 2", 1.15),
                           ("Heading 3", 1.0), ("Header", 0.85), ("Footer", 0.85)):
            style = styles[name]
            old = style.element.find(qn("w:rPr"))
            if old is not None:
                style.element.remove(old)
            properties = style.element.get_or_add_rPr()
            for piece in parts.pieces(own, size=own.size * size,
                                      bold=name.startswith(("Title", "Heading"))):
                properties.append(piece)
            spacing = style.paragraph_format
            spacing.line_spacing = own.spacing
            spacing.space_after = Pt(6)
            if name.startswith("Heading"):
                spacing.space_before, spacing.keep_with_next = Pt(14), True
        border = styles["Title"].element.find(qn("w:pPr")).find(qn("w:pBdr"))
        if border is not None:
            border.getparent().remove(border)

    def _about(self) -> None:
        about, paper = self.document.core_properties, self.paper
        about.title = _clean(paper.title)[:255]
        about.author = _clean(paper.letterhead.name)[:255]
        about.language, about.comments = self.own.office, ""
        about.identifier = _clean(paper.number)[:255]
        if paper.made:
            about.created = about.modified = datetime.combine(paper.made, time())

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm((210 - _LINE_MM) // 2)
        section.top_margin, section.bottom_margin = Mm(22), Mm(24)
        footer = section.footer.paragraphs[0]
        for own_stops in self.document.styles["Footer"].element.iter(qn("w:tabs")):
            own_stops.getparent().remove(own_stops)
            break
        stops = footer.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(_LINE_MM), WD_TAB_ALIGNMENT.RIGHT)
        self._words(footer, f"{self.paper.number}\t", size=0.8, color=_QUIET)
        for piece in re.split(r"(\{pages?\})", self.paper.labels.page):
            if piece in ("{page}", "{pages}"):
                for run in parts.count(footer, "PAGE" if piece == "{page}" else "NUMPAGES"):
                    self._set(run, size=0.8, color=_QUIET)
            elif piece:
                self._words(footer, piece, size=0.8, color=_QUIET)

    # What is written

    def _paragraph(self, style: str | None = None) -> Any:
        return self.document.add_paragraph(style=style)

    def _words(self, paragraph: Any, text: str, *, lang: str = "", size: float = 1.0,
               bold: bool = False, color: RGBColor | None = None, into: Any = None) -> None:
        """Text as one run; `into` a hyperlink. Lines stay lines."""
        run = paragraph.add_run(_clean(text))
        self._set(run, lang=lang, size=size, bold=bold, color=color)
        if into is not None:
            into.append(run._r)

    def _set(self, run: Any, *, lang: str = "", size: float = 1.0, bold: bool = False,
             color: RGBColor | None = None) -> None:
        own = setting(lang or self.paper.lang)
        if lang or size != 1.0 or bold or not _in_style(run):
            parts.write(run, own, size=self.own.size * size if size != 1.0 else None, bold=bold)
        if color is not None:
            run.font.color.rgb = color

    def _led(self, paragraph: Any, text: str, *, url: str = "", name: str = "", lang: str = "",
             size: float = 1.0) -> None:
        """Text that leads to an address or a bookmark; plain text if it leads nowhere."""
        url = web(url)
        if not url and not name:
            self._words(paragraph, text, lang=lang, size=size)
            return
        into = parts.link(paragraph, url=url, anchor=name)
        run = paragraph.add_run(_clean(text))
        self._set(run, lang=lang, size=size, color=_LED)
        run.font.underline = True
        into.append(run._r)

    def _head(self) -> None:
        paper, head = self.paper, self.paper.letterhead
        paragraph = self._paragraph()
        self._words(paragraph, head.name, size=1.1, bold=True)
        for line in head.lines:
            self._words(paragraph, f"\n{line}", size=0.85, color=_QUIET)
        parts.rule(paragraph)
        told = [f"{label}: {value}" for label, value in
                ((paper.labels.number, paper.number), (paper.labels.date, paper.day)) if value]
        if told:
            self._words(self._paragraph(), "      ".join(told), size=0.85)
        if paper.notice:
            notice = self._paragraph()
            self._words(notice, paper.notice, bold=True)
            parts.rule(notice, side="all", size=8)
        self._words(self._paragraph("Title"), paper.title)
        if paper.standfirst:
            self._words(self._paragraph(), paper.standfirst, size=1.08)

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._words(self._paragraph(f"Heading {block.level}"), block.text, lang=block.lang)
        elif isinstance(block, Passage):
            self._passage(block)
        else:
            self._table(block)

    def _passage(self, passage: Passage) -> None:
        paragraph = self._paragraph()
        self._words(paragraph, passage.text, lang=passage.lang)
        self._marks(paragraph, passage.sources, passage.url)
        if passage.note:
            self._words(paragraph, f" ({passage.note})", size=0.85, color=_QUIET)
        if passage.original:
            paragraph.paragraph_format.keep_with_next = True
            self._quote(passage.original)

    def _quote(self, quote: Quote) -> None:
        paragraph = self._paragraph()
        paragraph.paragraph_format.left_indent = Mm(5)
        self._words(paragraph, quote.text, lang=quote.lang, size=0.88, color=_QUIET)

    def _marks(self, paragraph: Any, sources: tuple[int, ...], url: str) -> None:
        for number in sources:
            # A narrow space that no line is broken at: the mark stays with its sentence.
            self._words(paragraph, "\u2060\u202f", size=0.8)
            self._led(paragraph, f"[{number}]", url=url, name=anchor(number), size=0.8)

    def _table(self, table: Table) -> None:
        if table.title:
            self._words(self._paragraph("Heading 3"), table.title)
        made = self.document.add_table(rows=1, cols=len(table.columns))
        made.autofit = False
        parts.table_rules(made, _clean(table.title))
        total = sum(column.width for column in table.columns)
        widths = [Mm(_LINE_MM * column.width / total) for column in table.columns]
        for column, label in zip(made.rows[0].cells, table.columns, strict=True):
            self._words(self._in_cell(column, label.numeric), label.label, size=0.92, bold=True)
        parts.whole_row(made.rows[0], header=True)
        for row in table.rows:
            new = made.add_row()
            parts.whole_row(new)
            for place, cell, column_of in zip(new.cells, row, table.columns, strict=True):
                self._cell(self._in_cell(place, column_of.numeric), cell)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
            for place in column.cells:
                place.width = width
        after = self._paragraph()
        if table.note:
            self._words(after, table.note, size=0.85, color=_QUIET)

    def _in_cell(self, place: Any, numeric: bool) -> Any:
        paragraph = place.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        if numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return paragraph

    def _cell(self, paragraph: Any, cell: Cell) -> None:
        self._led(paragraph, cell.text, url=cell.url, lang=cell.lang, size=0.92)
        self._marks(paragraph, cell.sources, cell.url)
        if cell.note:
            self._words(paragraph, f"\n{cell.note}", size=0.8, color=_QUIET)

    def _sources(self) -> None:
        if self.paper.sources:
            self._words(self._paragraph("Heading 2"), self.paper.labels.sources)
        for number, source in enumerate(self.paper.sources, start=1):
            self._source(number, source)

    def _source(self, number: int, source: Source) -> None:
        paragraph = self._paragraph()
        paragraph.paragraph_format.left_indent = Mm(8)
        paragraph.paragraph_format.first_line_indent = Mm(-8)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(8))
        parts.bookmark(paragraph, anchor(number), number)
        self._words(paragraph, f"[{number}]\t", size=0.92)
        self._led(paragraph, source.title, url=source.url, lang=source.lang, size=0.92)
        for detail in (*source.details, source.url):
            if detail:
                self._words(paragraph, f"\n{detail}", size=0.85, color=_QUIET)
        if web(source.record_url):
            self._words(paragraph, "\n", size=0.85)
            self._led(paragraph, self.paper.labels.record, url=source.record_url, size=0.85)
        for quote in source.quotes:
            paragraph.paragraph_format.keep_with_next = True
            self._quote(quote)


def _in_style(run: Any) -> bool:
    """Whether the paragraph's own style (a heading, the title) sets the run."""
    style = run._parent.style
    return style is not None and style.name.startswith(("Title", "Heading"))


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
