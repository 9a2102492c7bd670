"""A paper as the HTML of a letter: styles on the elements, tables for the frame, nothing fetched
from anywhere. Mail programs know no more."""

from __future__ import annotations

from html import escape

from saphan.engines.paper.paper import (
    Block,
    Cell,
    Heading,
    Paper,
    Passage,
    Source,
    Table,
    anchor,
    web,
)
from saphan.engines.paper.scripts import css_fonts, setting

_INK, _QUIET, _LED, _LINE = "#1C1B18", "#4A4740", "#2F4A9A", "#8A867C"


def html(paper: Paper, *, foot: tuple[tuple[str, str], ...] = ()) -> str:
    """The paper as an HTML letter. `foot`: pairs of words and address under it, such as where to
    unsubscribe."""
    own = setting(paper.lang)
    family = escape(css_fonts(paper.lang), quote=True)
    size = round(own.size * 1.45)
    body = "\n".join([*_head(paper), *(_block(block, paper) for block in paper.blocks),
                      *_sources(paper), *(_quiet(line) for line in paper.closing),
                      *(f"<p style=\"margin:16px 0 0;font-size:85%\">{_led(words, url)}</p>"
                        for words, url in foot)])
    return f"""<!doctype html>
<html lang="{escape(paper.lang, quote=True)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{escape(paper.title)}</title></head>
<body style="margin:0;padding:0;background:#FBFAF6">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#FBFAF6">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"
 style="max-width:680px;background:#ffffff">
<tr><td style="padding:24px;color:{_INK};text-align:left;font-family:{family};
font-size:{size}px;line-height:{_line_height(paper.lang)};overflow-wrap:anywhere">
{body}
</td></tr></table>
</td></tr></table>
</body></html>
"""


def _line_height(lang: str) -> str:
    return {"km": "1.95", "my": "2", "lo": "1.75", "th": "1.7"}.get(
        lang, "1.7" if setting(lang).kind == "east" else "1.5")


def _lang(lang: str, paper: Paper) -> str:
    if not lang or lang == paper.lang:
        return ""
    family = escape(css_fonts(lang), quote=True)
    return f' lang="{escape(lang, quote=True)}" style="font-family:{family}"'


def _words(text: str, lang: str = "", paper: Paper | None = None) -> str:
    safe = escape(text).replace("\n", "<br>")
    tag = _lang(lang, paper) if paper else ""
    return f"<span{tag}>{safe}</span>" if tag else safe


def _led(words: str, url: str, lang: str = "", paper: Paper | None = None) -> str:
    inside = _words(words, lang, paper)
    return f'<a href="{escape(web(url), quote=True)}" style="color:{_LED}">{inside}</a>' \
        if web(url) else inside


def _quiet(line: str) -> str:
    return f'<p style="margin:12px 0 0;font-size:88%;color:{_QUIET}">{_words(line)}</p>'


def _head(paper: Paper) -> list[str]:
    head = paper.letterhead
    lines = "".join(f'<br><span style="font-size:85%;color:{_QUIET}">{_words(line)}</span>'
                    for line in head.lines)
    told = " &nbsp; ".join(f"{_words(label)}: {_words(value)}" for label, value in (
        (paper.labels.number, paper.number), (paper.labels.date, paper.day)) if value)
    found = [f'<p style="margin:0 0 8px;padding:0 0 8px;border-bottom:2px solid {_INK}">'
             f"<strong>{_words(head.name)}</strong>{lines}</p>",
             f'<p style="margin:0 0 16px;font-size:85%">{told}</p>']
    if paper.notice:
        found.append(f'<p style="margin:0 0 16px;padding:8px;border:1px solid {_INK}">'
                     f"{_words(paper.notice)}</p>")
    found.append(f'<h1 style="margin:0 0 12px;font-size:150%;line-height:inherit">'
                 f"{_words(paper.title)}</h1>")
    if paper.standfirst:
        found.append(f'<p style="margin:0 0 12px;font-size:108%">{_words(paper.standfirst)}</p>')
    return found


def _block(block: Block, paper: Paper) -> str:
    if isinstance(block, Heading):
        return (f'<h{block.level} style="margin:24px 0 8px;font-size:'
                f'{115 if block.level == 2 else 100}%">'
                f"{_words(block.text, block.lang, paper)}</h{block.level}>")
    if isinstance(block, Passage):
        note = f' <span style="font-size:85%;color:{_QUIET}">({_words(block.note)})</span>' \
            if block.note else ""
        said = (f'<p style="margin:0 0 12px">{_words(block.text, block.lang, paper)}'
                f"{_marks(block.sources, block.url)}{note}</p>")
        original = block.original
        return said + (_quoted(original.text, original.lang, paper) if original else "")
    return _table(block, paper)


def _quoted(text: str, lang: str, paper: Paper) -> str:
    return (f'<p style="margin:0 0 12px;padding:0 0 0 16px;font-size:88%;color:{_QUIET}">'
            f"{_words(text, lang, paper)}</p>")


def _marks(sources: tuple[int, ...], url: str) -> str:
    # Mail programs often drop anchors inside a letter: the quote's own address comes first.
    return "".join(
        f'&nbsp;<a href="{escape(web(url) or "#" + anchor(number), quote=True)}" '
        f'style="font-size:80%;color:{_LED}">[{number}]</a>' for number in sources)


def _table(table: Table, paper: Paper) -> str:
    def side(index: int) -> str:
        return "right" if table.columns[index].numeric else "left"

    def cell(index: int, one: Cell) -> str:
        note = f'<br><span style="font-size:85%;color:{_QUIET}">{_words(one.note)}</span>' \
            if one.note else ""
        return (f'<td style="padding:6px;border-bottom:1px solid {_LINE};vertical-align:top;'
                f'text-align:{side(index)}">{_led(one.text, one.url, one.lang, paper)}'
                f"{_marks(one.sources, one.url)}{note}</td>")

    title = f'<caption style="text-align:left;padding:12px 0 4px;font-weight:bold">' \
        f"{_words(table.title)}</caption>" if table.title else ""
    head = "".join(
        f'<th scope="col" style="padding:6px;border-bottom:2px solid {_INK};'
        f'text-align:{side(index)}">{_words(column.label)}</th>'
        for index, column in enumerate(table.columns))
    rows = "\n".join(f"<tr>{''.join(cell(index, one) for index, one in enumerate(row))}</tr>"
                     for row in table.rows)
    return (f'<table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 12px;'
            f'border-collapse:collapse;font-size:92%">{title}<thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>{_quiet(table.note) if table.note else ''}")


def _sources(paper: Paper) -> list[str]:
    if not paper.sources:
        return []
    rows = "\n".join(_source(number, source, paper)
                     for number, source in enumerate(paper.sources, start=1))
    return [f'<h2 style="margin:24px 0 8px;font-size:115%">{_words(paper.labels.sources)}</h2>',
            f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
            f'style="font-size:92%">{rows}</table>']


def _source(number: int, source: Source, paper: Paper) -> str:
    details = "".join(f'<br><span style="color:{_QUIET}">{_words(detail)}</span>'
                      for detail in (*source.details, source.url) if detail)
    record = f"<br>{_led(paper.labels.record, source.record_url)}" \
        if web(source.record_url) else ""
    quotes = "".join(_quoted(quote.text, quote.lang, paper) for quote in source.quotes)
    return (f'<tr><td id="{anchor(number)}" width="36" style="vertical-align:top">[{number}]</td>'
            f'<td style="padding:0 0 12px">{_led(source.title, source.url, source.lang, paper)}'
            f"{details}{record}{quotes}</td></tr>")
