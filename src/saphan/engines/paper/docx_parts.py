"""The pieces of a .docx that python-docx has no words for: fonts per script, languages, links,
fields, bookmarks, table rows that stay whole."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from saphan.engines.paper.scripts import LATIN, Setting, substitutes


def element(tag: str, /, **attributes: str) -> Any:
    """`element("w:lang", val="th-TH")`: an element, its attributes in the same namespace."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def write(run: Any, own: Setting, *, size: float | None = None, bold: bool = False) -> None:
    """Set a run: Latin letters and digits in one font, the script in its own, sizes for both.
    Word takes `w:cs` for Thai, Lao, Khmer, Burmese and Tamil and `w:eastAsia` for Chinese."""
    properties = run._r.get_or_add_rPr()
    for piece in pieces(own, size=size, bold=bold):
        properties.append(piece)


def pieces(own: Setting, *, size: float | None = None, bold: bool = False) -> list[Any]:
    """The run properties in the order that the schema wants."""
    fonts = {"ascii": LATIN, "hAnsi": LATIN}
    if own.kind == "east":
        # The hint: quotation marks and dashes, which both scripts have, are Chinese ones here.
        fonts |= {"eastAsia": own.font, "hint": "eastAsia"}
    elif own.kind == "complex":
        fonts |= {"cs": own.font}
    found = [element("w:rFonts", **fonts)]
    if bold:
        found.append(element("w:b"))
        if own.bold:
            found.append(element("w:bCs"))
    if size:
        half_points = str(round(size * 2))
        found += [element("w:sz", val=half_points), element("w:szCs", val=half_points)]
    found.append(element("w:lang", **language(own)))
    return found


def language(own: Setting) -> dict[str, str]:
    return {{"latin": "val", "complex": "bidi", "east": "eastAsia"}[own.kind]: own.office}


def all_languages(own: Setting) -> dict[str, str]:
    """The languages of a whole document, by kind of script."""
    return {"val": "en-GB", "eastAsia": "zh-CN", "bidi": "th-TH"} | language(own)


def link(paragraph: Any, *, url: str = "", anchor: str = "") -> Any:
    """A hyperlink in the paragraph, to an address or to a bookmark; runs go into it."""
    made = element("w:hyperlink", history="1")
    if url:
        made.set(qn("r:id"), paragraph.part.relate_to(
            url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        made.set(qn("w:anchor"), anchor)
    paragraph._p.append(made)
    return made


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """A place to lead to, before what is written into the paragraph next."""
    paragraph._p.append(element("w:bookmarkStart", id=str(number), name=name))
    paragraph._p.append(element("w:bookmarkEnd", id=str(number)))


def count(paragraph: Any, instruction: str) -> list[Any]:
    """A field (`PAGE`, `NUMPAGES`) that the reader's word processor works out; its runs."""
    runs = []
    for kind in ("begin", "", "separate", "1", "end"):
        run = paragraph.add_run()
        runs.append(run)
        if kind in ("begin", "separate", "end"):
            run._r.append(element("w:fldChar", fldCharType=kind))
        elif kind:
            run.text = kind
        else:
            text = element("w:instrText")
            text.text = f" {instruction} "
            text.set(qn("xml:space"), "preserve")
            run._r.append(text)
    return runs


def rule(paragraph: Any, *, side: str = "bottom", size: int = 12) -> None:
    """A line under (or around, `side="all"`) a paragraph; `size` in eighths of a point."""
    borders = element("w:pBdr")
    for name in ("top", "left", "bottom", "right") if side == "all" else (side,):
        borders.append(element(f"w:{name}", val="single", sz=str(size), space="4", color="1C1B18"))
    properties = paragraph._p.get_or_add_pPr()
    # The schema wants it before spacing and alignment, which python-docx adds in the right place.
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc",
                                     "w:rPr")


def table_rules(table: Any, title: str) -> None:
    """Thin lines between rows only, the full width of the text, a name for screen readers."""
    properties = table._tbl.tblPr
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="8A867C"))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    if title:
        properties.append(element("w:tblCaption", val=title))


def whole_row(row: Any, *, header: bool = False) -> None:
    """A row that no page splits; the header comes again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if header:
        properties.append(element("w:tblHeader"))


def name_substitutes(document: Any) -> None:
    """In the font table: what to take where a font is missing."""
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = _font_table()


def _font_table() -> bytes:
    fonts = "".join(f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                    for name, other in sorted(substitutes().items()))
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w='
            '"http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"{fonts}</w:fonts>").encode()
