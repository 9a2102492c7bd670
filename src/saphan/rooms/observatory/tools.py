"""What other people's software can do in the observatory (MCP), and what its API shares with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers, numbers, render
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.observatory import actions, opendata, queries, rules, shown
from saphan.rooms.observatory.forms import ObservationForm
from saphan.rooms.observatory.models import Indicator, Observation

PAGE = 20
ROWS = 100


def _indicator(slug: str, person: Person | None) -> Indicator:
    try:
        return queries.indicator(slug, asker=person)
    except queries.NotFound:
        raise callers.Missing(slug) from None


def told(one: Observation, *, differs: bool = False) -> dict[str, Any]:
    """An observation with its words and its provenance."""
    return {**{name: value for name, value in opendata.row(one).items() if value not in (None, "")},
            "said": shown.said(one), "state": one.state, "sources_disagree": differs}


def list_indicators(sector: str = "", page: int = 1,
                    person: Person | None = None) -> dict[str, Any]:
    found = queries.listed(person, sector=sector)
    start = (min(max(page, 1), 100_000) - 1) * PAGE
    chosen = list(found[start:start + PAGE])
    latest = queries.newest(chosen)
    return {"count": found.count(), "indicators": [
        {**render.plate(queries.plate_of(one, latest=latest.get(one.pk, ()))), "unit": one.unit,
         "kind_of_number": one.kind, "sector": one.sector} for one in chosen]}


def read_indicator(slug: str, place: str = "", person: Person | None = None) -> dict[str, Any]:
    of = _indicator(slug, person)
    if of.counts_facts:
        counted = queries.counted(of)
        return {**opendata.about(of), "total": counted.total if counted else None,
                "months": {f"{month:%Y-%m}": count for month, count in counted.months}
                if counted else {}, "economies": dict(counted.economies) if counted else {},
                "sectors": dict(counted.sectors) if counted else {}}
    apart = queries.disagreements(of)
    disputed = {one.pk for difference in apart for one in difference.observations}
    found = queries.current(of=of, place=place)
    return {**opendata.about(of), "count": found.count(),
            "observations": [told(one, differs=one.pk in disputed) for one in found[:ROWS]],
            "disagreements": [{"observations": [one.number for one in difference.observations],
                               "gap": f"{difference.gap.normalize() + 0:f}",
                               "unit": difference.unit} for difference in apart[:ROWS]]}


def read_observation(number: str, person: Person | None = None) -> dict[str, Any]:
    try:
        return told(queries.observation(number, asker=person))
    except queries.NotFound:
        raise callers.Missing(number) from None


def signed_running_outcome(economy: str = "", sector: str = "", period: str = "",
                           person: Person | None = None) -> dict[str, Any]:
    part = numbers.Part.read({"economy": economy, "sector": sector, "period": period})
    return {stage.name: {"total": stage.total, "economies": stage.economies,
                         "sectors": stage.sectors,
                         "months": {f"{month:%Y-%m}": count
                                    for month, count in stage.months.items()}}
            for stage in numbers.stages(part)}


def add_observation(indicator: str, value: str, period: str, source: str, unit: str = "",
                    relation: str = "=", high: str = "", place: str = "", quote: str = "",
                    address: str = "", read: str = "", as_of: str = "",
                    person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(rules.signed_in(None).reason)
    return added({"indicator": indicator, "value": value, "period": period, "source": source,
                  "unit": unit, "relation": relation, "high": high, "place": place, "quote": quote,
                  "address": address, "read": read, "as_of": as_of}, person)


def added(given: dict[str, Any], person: Person) -> dict[str, Any]:
    """A new observation from what software sent. Raises Refused, Invalid."""
    rules.may_edit(person).or_raise()
    form = ObservationForm(given)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return told(actions.add(form.values(by=person.ref), by=person))


def corrected(number: str, given: dict[str, Any], because: str, person: Person) -> dict[str, Any]:
    rules.may_edit(person).or_raise()
    try:
        old = queries.observation(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None
    form = ObservationForm(given)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return told(actions.correct(old, form.values(by=person.ref), by=person, because=because))


def withdrawn(number: str, because: str, person: Person) -> dict[str, Any]:
    try:
        old = queries.observation(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None
    return told(actions.withdraw(old, by=person, because=because))


def tools() -> Sequence[Tool]:
    """The observatory's MCP tools."""
    return [
        Tool("list_indicators", "List what is counted and measured, each with its newest number. "
                                "sector narrows the list.", list_indicators),
        Tool("read_indicator", "Read one indicator: every number with unit, period, place, the "
                               "quoted words of its source and its address, and where sources "
                               "disagree. place: TH, CN-GX, …", read_indicator),
        Tool("read_observation", "Read one number by its accession number, for example "
                                 "OBS-2026-0042.", read_observation),
        Tool("signed_running_outcome", "How much is signed, running and has an outcome at the "
                                       "centre; never added up. economy (two letters), sector and "
                                       "period (2026 or 2026-03) narrow it.",
             signed_running_outcome),
        Tool("add_observation", "Add what a source says. period is ISO 8601 (2024, 2024-Q1, "
                                "2024-03); value has a decimal point and no separators; quote is "
                                "the source's own words. Only for those who keep the numbers.",
             add_observation, writes=True),
    ]
