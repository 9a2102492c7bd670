"""An edition of a brief as a paper: who says what, with a number for every source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from babel import Locale
from babel.numbers import format_decimal, format_percent, parse_pattern
from babel.units import format_unit
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from saphan.design import formats
from saphan.engines.paper import (
    Block,
    Cell,
    Column,
    Heading,
    Paper,
    Passage,
    Quote,
    Source,
    Table,
)
from saphan.engines.paper.mail import html
from saphan.engines.paper.paper import web
from saphan.engines.paper.plain import text
from saphan.house import printing
from saphan.rooms.newsroom import findings
from saphan.rooms.newsroom.models import Brief, Edition
from saphan.rooms.newsroom.queries.briefs import OVERTAKEN, quote_url
from saphan.rooms.newsroom.vocabulary import Relation


def of(brief: Brief, kept: Edition | None, whole: dict[str, Any], *,
       reader: str = "") -> Paper:
    """The paper of an edition, or of what is being written now (`kept` None). Everything is in the
    brief's own language, whoever asks. Its links are whole addresses in that language; with
    `reader`, for a page, paths in the reader's."""
    with translation.override(brief.lang.lower()):
        return _Paper(brief, kept, whole, reader).made()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = (("docx", gettext_lazy("Word file (.docx)")), ("pdf", "PDF"),
         ("html", gettext_lazy("Letter (HTML)")), ("txt", gettext_lazy("Plain text")))
"""The files of a brief, the one to go on working with first."""
_UNITS = {"x": "×", "pp": gettext_lazy("percentage points")}
"""Units that are not written as they are called."""
_SYMBOLS = frozenset({
    "m2", "km2", "ha", "km", "m", "cm", "mm", "kg", "t", "m3", "l", "kWh", "MWh", "GWh", "TWh",
    "kW", "MW", "GW", "TEU", "PFLOPS", "EFLOPS", "TB", "PB", "°C"})
"""Units that are written the same in every language, or that `formats` knows."""
_CLDR = {"hour": "duration-hour", "min": "duration-minute", "day": "duration-day",
         "month": "duration-month", "year": "duration-year", "acre": "area-acre",
         "bbl": "volume-barrel"}
_LOCAL = {"mu": {"zh-Hans": "亩", "zh-Hant": "畝"}, "rai": {"th": "ไร่"}}
"""Measures of one country, as it writes them; others write them in Latin letters."""


class _Paper:
    def __init__(self, brief: Brief, kept: Edition | None, whole: dict[str, Any],
                 reader: str) -> None:
        self.brief, self.kept, self.whole = brief, kept, whole
        self.lang = str(whole["lang"])
        self.base = "" if reader else settings.BASE_URL
        self.link_lang = reader or self.lang
        self.numbers: dict[str, int] = {}
        for block in whole["content"]:
            if block.get("source"):
                self.numbers.setdefault(block["source"]["article"], len(self.numbers) + 1)

    def made(self) -> Paper:
        whole = self.whole
        approved = date.fromisoformat(whole["approved"]) if whole.get("approved") else None
        return Paper(
            lang=self.lang, title=whole["title"], standfirst=whole["standfirst"],
            letterhead=printing.letterhead(self.lang), labels=printing.labels(self.lang),
            number=whole["number"] or "",
            day=formats.day(approved, lang=self.lang) if approved else "", made=approved,
            notice=" ".join(self._notices()), blocks=tuple(self._blocks()),
            sources=tuple(self._sources()), closing=tuple(self._closing()))

    def _notices(self) -> list[str]:
        # A page of the house says in its foot that it is a sample.
        found = [printing.notice(self.lang) if self.base else ""]
        if self.kept is None:
            found.append(_("Draft: nobody has approved it yet."))
        if self.brief.state == Brief.State.WITHDRAWN:
            found.append(_("This brief was withdrawn."))
        if self.kept is not None and findings.fallen(self.whole["content"]):
            found.append(str(OVERTAKEN))
        if self.whole.get("corrects"):
            found.append(_("Edition %(number)d. It corrects edition %(old)d: %(what)s") % {
                "number": self.whole["edition"], "old": self.whole["corrects"],
                "what": self.whole["correction"]})
        return [notice for notice in found if notice]

    def _closing(self) -> list[str]:
        if self.kept is None:
            return []
        return [_("Fingerprint of this edition (SHA-256): %(digest)s") % {
            "digest": self.kept.digest}]

    def _blocks(self) -> list[Block]:
        """Figures that follow each other make one table."""
        found: list[Block] = []
        rows: list[dict[str, Any]] = []
        for block in [*self.whole["content"], None]:
            if block is not None and block["kind"] == "figure":
                rows.append(block)
                continue
            if rows:
                found.append(self._table(rows))
                rows = []
            if block is None:
                break
            if block["kind"] == "heading":
                found.append(Heading(block["text"], lang=block.get("lang") or self.lang))
            else:
                found.append(self._sentence(block))
        return found

    def _sentence(self, block: dict[str, Any]) -> Passage:
        source = block["source"]
        if source is None:
            return Passage(block["text"], note=_("without a source"))
        if not block["text"]:
            return Passage(source["quote"], self._cited(block), url=self._url(block),
                           lang=source["lang"])
        changed = block["text"] != source["quote"]
        return Passage(
            block["text"], self._cited(block), url=self._url(block), lang=self.lang,
            note=_("Machine translation") if block["origin"] == "machine" else "",
            original=Quote(source["quote"], source["lang"]) if changed else None)

    def _cited(self, block: dict[str, Any]) -> tuple[int, ...]:
        return (self.numbers[block["source"]["article"]],)

    def _url(self, block: dict[str, Any]) -> str:
        position = self.kept.position if self.kept else 0
        return self.base + quote_url(self.brief, block["id"], position, lang=self.link_lang)

    def _table(self, rows: list[dict[str, Any]]) -> Table:
        columns = (Column(_("What is counted"), width=2.4),
                   Column(pgettext("of a figure", "Value"), numeric=True, width=1.6),
                   Column(_("Period"), width=1.2), Column(_("Place"), width=1.2))
        return Table(columns, tuple(self._row(row) for row in rows), title=_("Figures"))

    def _row(self, block: dict[str, Any]) -> tuple[Cell, ...]:
        note = "" if block.get("verified", True) else _("not verified")
        said = value_of(block, self.lang)
        stated = block["stated"] if block["stated"] != said else ""
        return (Cell(block["text"], lang=block.get("lang") or self.lang),
                Cell(said, url=self._url(block), sources=self._cited(block),
                     note=" · ".join(part for part in (stated, note) if part)),
                Cell(period_of(block, self.lang)),
                Cell(block["place"], lang=block.get("place_lang") or block["source"]["lang"]))

    def _sources(self) -> list[Source]:
        shown = [(block["source"]["article"], block["source"]["quote"])
                 for block in self.whole["content"]
                 if block["kind"] == "sentence" and block.get("source")]
        found: dict[str, Source] = {}
        quotes: dict[str, dict[str, Quote]] = {}
        for block in self.whole["content"]:
            source = block.get("source")
            if not source:
                continue
            number = source["article"]
            found.setdefault(number, self._source(source))
            if block["kind"] == "figure" and not any(
                    number == article and source["quote"] in quote for article, quote in shown):
                quotes.setdefault(number, {})[source["quote"]] = Quote(
                    source["quote"], source["lang"])
        return [Source(one.title, one.url, one.lang, one.details,
                       tuple(quotes.get(number, {}).values()), one.record_url)
                for number, one in found.items()]

    def _source(self, source: dict[str, Any]) -> Source:
        published = formats.day(source["published"], lang=self.lang) if source["published"] else ""
        read = _("read on %(day)s") % {"day": formats.day(source["read"], lang=self.lang)}
        about = " · ".join(part for part in (source["outlet"], published, read,
                                             source["article"]) if part)
        record = article_url(source["article"], self.link_lang)
        return Source(source["title"], web(source["address"]), source["lang"], (about,),
                      record_url=self.base + record if record else "")


def article_url(number: str, lang: str) -> str:
    """The page of an article in the house: a path."""
    with translation.override(lang.lower()):
        try:
            return reverse("newsroom:article", args=[number])
        except NoReverseMatch:
            return ""


def value_of(block: dict[str, Any], lang: str) -> str:
    """A figure as its reader writes numbers, with its unit and how exact it is; no digit is
    rounded away. What is counted (`project`, `firm`) is left to the words beside it."""
    said = _number(block["value"], block["unit"], lang)
    if block["high"]:
        return f"{said} – {_number(block['high'], block['unit'], lang)}"
    with translation.override(lang.lower()):
        relation = block["relation"]
        return said if relation in ("=", "range", "") else f"{Relation(relation).label} {said}"


def _number(value: str, unit: str, lang: str) -> str:
    number = Decimal(value)
    places = max(0, -int(number.as_tuple().exponent))
    locale = formats.locale_of(lang)
    exact = format_decimal(number, f"#,##0.{'0' * places}" if places else "#,##0", locale=locale)
    if unit == "%":
        pattern = parse_pattern(locale.percent_formats[None].pattern)
        pattern.frac_prec = (places, places)
        return format_percent(number / 100, pattern, locale=locale)
    if len(unit) == 3 and unit.isupper() and unit not in _SYMBOLS:
        plain = formats.money(0, unit, lang=lang)
    elif unit in _CLDR:
        return _in_words(number, _CLDR[unit], locale, places)
    elif unit in _LOCAL:
        plain = f"0{formats.NBSP}{_LOCAL[unit].get(lang, unit)}"
    elif unit in _UNITS:
        plain = f"0{formats.NBSP}{_UNITS[unit]}"
    elif unit in _SYMBOLS:
        plain = formats.number(0, lang=lang, unit=unit)
        plain = plain if plain != "0" else f"0{formats.NBSP}{unit}"
    else:
        plain = "0"
    return plain.replace("0", exact, 1)


def _in_words(number: Decimal, unit: str, locale: Locale, places: int) -> str:
    """"9 hours": the long name of a unit of CLDR, the short one where a language has no other."""
    lengths: tuple[Literal["long"], Literal["short"]] = ("long", "short")
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    said = ""
    for length in lengths:
        said = format_unit(number, unit, length=length, format=pattern, locale=locale)
        if unit not in said:
            break
    return said


def period_of(block: dict[str, Any], lang: str) -> str:
    """The period in the reader's words and calendar, else the day for which it holds."""
    said = block["period"] or block["as_of"]
    return formats.period(said, lang=lang) if said else ""


def printed(paper: Paper, kind: str) -> tuple[bytes, str]:
    """The paper in one of `KINDS`, with its media type. Raises `FontMissing` for a PDF of whose
    letters some have no font here."""
    if kind == "docx":
        from saphan.engines.paper.docx import docx

        return docx(paper), DOCX
    if kind == "pdf":
        from saphan.engines.paper.pdf import pdf

        return pdf(paper, printing.shelf()), "application/pdf"
    if kind == "html":
        return html(paper).encode(), "text/html; charset=utf-8"
    return text(paper).encode(), "text/plain; charset=utf-8"


__all__ = ["DOCX", "KINDS", "article_url", "of", "period_of", "printed",
           "value_of"]
