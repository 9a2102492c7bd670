"""The report of a year, from the same data as the pages: one assembly for the page, for print, for
.docx and PDF. Every number cites: what the house counts its ledger, what others say their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saphan.design import charts, formats
from saphan.engines.paper import (
    Block,
    Cell,
    Column,
    Heading,
    Labels,
    Letterhead,
    Paper,
    Passage,
    Quote,
    Source,
    Table,
)
from saphan.ground import clock
from saphan.ground.text import reader_language
from saphan.house import numbers
from saphan.house.centre import centre
from saphan.people import queries as people
from saphan.rooms.observatory import queries, shown, units
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.vocabulary import Sector

ROWS = 12
"""Of each indicator the report shows so many numbers, the newest first; its page has all."""
INDICATORS = 60
APART = 30


@dataclass(frozen=True)
class Picture:
    """A chart; on paper its table stands for it."""

    svg: SafeString


@dataclass
class Cited:
    """The sources in the order in which they are first cited, numbered from 1."""

    sources: list[dict[str, Any]] = field(default_factory=list)
    places: dict[tuple[str, str], int] = field(default_factory=dict)

    def ledger(self) -> int:
        return self._number(("", "ledger"), title=_("The ledger of this centre"), lang="",
                            url=settings.BASE_URL + reverse("observatory:board"), details=[
                                _("Every count opens the entries that it counts.")])

    def of(self, one: Observation) -> int:
        read = _("Read on %(day)s") % {"day": formats.day(one.read)} if one.read else ""
        checked = _("Read in the source") if one.checked else _("Not checked")
        number = self._number((one.source, one.address), title=one.source, url=one.address,
                              lang=one.quote_lang, details=[part for part in (read, checked)
                                                            if part])
        kept = self.sources[number - 1]
        if one.quote and one.quote not in [quote.text for quote in kept["quotes"]]:
            kept["quotes"].append(Quote(one.quote, one.quote_lang))
        kept["record_url"] = kept["record_url"] or settings.BASE_URL + one.get_absolute_url()
        return number

    def _number(self, key: tuple[str, str], **said: Any) -> int:
        if key not in self.places:
            self.sources.append({"quotes": [], "record_url": "", **said})
            self.places[key] = len(self.sources)
        return self.places[key]

    def listed(self) -> tuple[Source, ...]:
        return tuple(Source(one["title"], one["url"], one["lang"], tuple(one["details"]),
                            tuple(one["quotes"]), one["record_url"]) for one in self.sources)


@dataclass(frozen=True)
class Report:
    """A year in one language: what pages and papers are made of."""

    year: int
    title: str
    standfirst: str
    parts: tuple[Block | Picture, ...]
    sources: tuple[Source, ...]
    ended: bool
    """Whether the year is over; until then the report says so."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(part for part in self.parts if not isinstance(part, Picture))


def report(year: int) -> Report:
    """The report of a year in the active language."""
    cited, parts, count = Cited(), list[Block | Picture](), numbers.Count()
    parts += _stages(year, cited, count)
    parts += _indicators(year, cited, count)
    parts += _apart(year, cited)
    parts += _method(year)
    return Report(year, _("Report of the year %(year)s") % {"year": formats.day(str(year))}, _(
        "What was agreed, what runs, what came of it, and what sources say of the field. Every "
        "number cites where it comes from."), tuple(parts), cited.listed(),
        clock.today() > date(year, 12, 31))


LABELS = {"signed": lambda: _("Agreements signed"), "running": lambda: _("Cooperations running"),
          "outcome": lambda: _("Outcomes")}


def _stages(year: int, cited: Cited, count: numbers.Count) -> list[Block | Picture]:
    """What the ledger recorded in the year, three counts that are never added up."""
    part = numbers.Part.read({"period": str(year)})
    stages, ever = numbers.stages(part, count=count), numbers.stages(count=count)
    source = cited.ledger()
    labels = [LABELS[stage.name]() for stage in stages]
    rows = tuple((Cell(label), _count(stage, part, source), _count(whole, numbers.Part(), source))
                 for label, stage, whole in zip(labels, stages, ever, strict=True))
    parts: list[Block | Picture] = [
        Heading(_("Signed, running, outcome")),
        Passage(_("Signed is not running, and running is not an outcome: the three are counted "
                  "apart, from the ledger of the centre. Examples are not counted."), (source,)),
        Table((Column(_("What is counted"), width=2), Column(formats.day(str(year)), numeric=True),
               Column(_("In all"), numeric=True)), rows)]
    if not any(stage.total for stage in stages):
        return [*parts, Passage(_("Nothing was recorded in this year."))]
    months = [date(year, month, 1) for month in range(1, 13)]
    parts.append(Picture(charts.lines([f"{month:%Y-%m}" for month in months], [
        (label, [float(stage.months.get(month, 0)) for month in months])
        for label, stage in zip(labels, stages, strict=True)], title=_("Over time"))))
    names, sectors = people.economy_names(), dict(Sector.choices)
    for title, label, what, name, words in (
            (_("By country or region"), _("Country or region"), "economies", "economy", names),
            (_("By sector"), _("Sector"), "sectors", "sector", sectors)):
        codes = sorted({code for stage in stages for code in getattr(stage, what)},
                       key=lambda code: -sum(getattr(one, what).get(code, 0) for one in stages))
        if codes:
            parts += [Heading(title, 3), Table(
                (Column(label, width=2), *(Column(each, numeric=True) for each in labels)),
                tuple((Cell(str(words.get(code, code))), *(
                    _count(stage, part, source, getattr(stage, what).get(code, 0), **{name: code})
                    for stage in stages)) for code in codes[:20]))]
    return parts


def _counted_url(stage: str, part: numbers.Part, **narrower: str) -> str:
    return (settings.BASE_URL + reverse("observatory:counted", args=[stage])
            + part.query(**narrower))


def _count(stage: numbers.Stage, part: numbers.Part, source: int, count: int | None = None,
           **narrower: str) -> Cell:
    """A count that cites the ledger; where there is something to open, it opens it."""
    count = stage.total if count is None else count
    return Cell(formats.number(count), _counted_url(stage.name, part, **narrower) if count else "",
                (source,))


def _indicators(year: int, cited: Cited, count: numbers.Count) -> list[Block | Picture]:
    """Each published indicator with what sources say of it up to the end of the year."""
    parts: list[Block | Picture] = []
    single: list[tuple[Cell, ...]] = []
    until, since = date(year, 12, 31), date(year - 4, 1, 1)
    listed = list(queries.listed()[:INDICATORS])
    said = queries.up_to(listed, until, since=since, at_most=ROWS)
    for of in listed:
        if of.counts_facts:
            single += _counted(of, year, cited, count)
            continue
        found = said.get(of.pk, [])
        if len(found) == 1:
            single.append(_single(of, found[0], cited))
        elif found:
            parts += [*_head(of), Picture(shown.picture(of, found)), _table(of, found, cited),
                      *_asides(shown.rows(found))]
    if single:
        parts.insert(0, Table((Column(_("Indicator"), width=3), Column(_("Period")),
                               Column(_("Place")), Column(_("Value"), numeric=True, width=1.5)),
                              tuple(single)))
    return [Heading(_("Indicators")), *(parts or [
        Passage(_("There are no numbers for this year yet."))])]


def _single(of: Indicator, one: Observation, cited: Cited) -> tuple[Cell, ...]:
    """An indicator with one number: a row of a common table."""
    row, name, unit = shown.rows([one])[0], of.name.best(), units.noun(of.unit)
    notes = [*([unit] if unit else []), *([] if one.checked else [_("Not checked")]),
             *([_("Out of date")] if queries.is_stale(of, one.ends) else [])]
    about = " ".join(words.text for words in (of.meaning.best(), *row.asides))
    return (Cell(name.text, lang=name.lang, note=about), Cell(row.when),
            Cell(row.place, lang=row.place_lang),
            Cell(row.said, settings.BASE_URL + row.url, (cited.of(one),), note=" · ".join(notes)))


def _head(of: Indicator) -> list[Block]:
    name, meaning = of.name.best(), of.meaning.best()
    return [Heading(name.text, 3, name.lang), *([Passage(meaning.text, lang=meaning.lang)]
                                               if meaning.text else [])]


def _table(of: Indicator, found: Sequence[Observation], cited: Cited) -> Table:
    """Period, place, value. What is older than it should be says so."""
    rows = shown.rows(found)
    newest = max(one.ends for one in found)
    stale = queries.is_stale(of, newest)
    unit = units.noun(of.unit)
    return Table(
        (Column(_("Period")), Column(_("Place"), width=1.5),
         Column(f"{_('Value')} ({unit})" if unit else _("Value"), numeric=True, width=1.5)),
        tuple((Cell(row.when), Cell(row.place, lang=row.place_lang),
               Cell(row.said, settings.BASE_URL + row.url, (cited.of(row.observation),),
                    note="" if row.observation.checked else _("Not checked"))) for row in rows),
        note=_("Out of date: look for a newer number.") if stale else "")


def _counted(of: Indicator, year: int, cited: Cited,
             count: numbers.Count) -> list[tuple[Cell, ...]]:
    """An indicator that counts facts, as a row of the same table."""
    part = numbers.Part.read({"period": str(year)})
    counted, name = queries.counted(of, part=part, count=count), of.name.best()
    if counted is None:
        return []
    url = settings.BASE_URL + reverse("number", args=[counted.slug]) + part.query()
    return [(Cell(name.text, lang=name.lang, note=of.meaning.best().text),
             Cell(formats.day(str(year))), Cell(centre().name),
             Cell(formats.number(counted.total), url, (cited.ledger(),),
                  note=units.noun(of.unit)))]


def _apart(year: int, cited: Cited) -> list[Block]:
    """Where sources say different things about the same: both, and how far they are apart."""
    found = queries.whole(queries.disagreements(
        since=date(year, 1, 1), until=date(year, 12, 31), at_most=APART))
    parts: list[Block] = [Heading(_("Where sources disagree"))]
    if not found:
        return [*parts, Passage(_("No two sources disagree about this year."))]
    for difference in found:
        told = shown.told(difference)
        name = told.head.observation.indicator.name.best()
        parts += [Heading(" · ".join(part for part in (name.text, told.head.when, told.head.place)
                                     if part), 3, name.lang), Table(
            (Column(_("Source"), width=2), Column(_("Value"), numeric=True)),
            tuple((Cell(row.observation.source, lang=row.observation.quote_lang),
                   Cell(row.said, settings.BASE_URL + row.url, (cited.of(row.observation),)))
                  for row in told.rows),
            note=_("They differ by %(gap)s.") % {"gap": told.gap}), *_asides(told.rows)]
    return parts


def _asides(rows: Sequence[shown.Row]) -> list[Block]:
    """What a reader should know of single numbers, below the table that they stand in."""
    return [Passage(f"{row.when}, {row.said}: {aside.text}", lang=aside.lang)
            for row in rows for aside in row.asides]


def _method(year: int) -> list[Block]:
    return [Heading(pgettext("report", "Method")), Passage(_(
        "Counts come from the ledger of the centre, in which every step is recorded once and "
        "nothing is changed afterwards. Each count leads to the entries that it counts; the staff "
        "of the centre can open their records.")), Passage(_(
            "Published numbers stand as their sources give them, with unit, period and place, the "
            "quoted words, the address and the day on which they were read there. What nobody has "
            "read at the source is marked as not checked. Where sources disagree, all of them "
            "stay.")), Passage(_(
                "The same numbers are open data: %(address)s. Licence: %(licence)s") % {
                    "address": f"{settings.BASE_URL}{reverse('observatory:data')}",
                    "licence": centre().data_licence})]


def paper(told: Report) -> Paper:
    """The report as something to print."""
    here, today = centre(), clock.today()
    return Paper(
        lang=reader_language(), title=told.title,
        letterhead=Letterhead(here.name, (str(here.place), settings.BASE_URL)),
        day=formats.day(today), made=today,
        notice="" if told.ended else _("The year is not over: these are the numbers so far."),
        standfirst=told.standfirst, blocks=told.blocks, sources=told.sources,
        labels=Labels(sources=pgettext("of numbers", "Sources"), record=_("Quote and source"),
                      page=_("Page {page} of {pages}"), number=_("Number"), date=_("Date")))
