"""Figures that were verified in the newsroom and name an indicator become observations here; what
the newsroom takes back is withdrawn. The rooms meet in the ledger alone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from saphan.engines.figures import tables
from saphan.engines.language import codes
from saphan.ground import jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Economy
from saphan.rooms.observatory import actions, units
from saphan.rooms.observatory.forms import Known, ObservationForm
from saphan.rooms.observatory.models import Indicator, Observation, Place
from saphan.rooms.observatory.vocabulary import Relation

log = logging.getLogger(__name__)
BY_NEWSROOM = gettext_noop("The newsroom has withdrawn the figure.")
_MEASURED = frozenset(tables.whole("units")["measure"]) | {"%", "pp", "x"}
SAID_OTHERWISE = gettext_noop("The newsroom has verified the figure again.")


@jobs.on("figure.verified", only=lambda fact: bool(fact.data.get("figure")))
def take_in(fact: Fact) -> None:
    """What a figure says now is what counts of it: an observation where it names an indicator, none
    where it names none or comes from made-up news."""
    if fact.data.get("indicator") and not fact.data.get("example"):
        problems = _taken(fact)
        if not problems:
            return
        ledger.record("figure.left_out", None, figure=fact.data["figure"],
                      indicator=fact.data["indicator"], problems=problems[:10])
    there = _of(fact.data)
    if there is not None:
        actions.withdraw(there, by=None, because=SAID_OTHERWISE)


def _taken(fact: Fact) -> list[str]:
    """An observation with everything that the newsroom knows of its source. What does not fit the
    indicator is left out, and the ledger says why, so that somebody can see to it."""
    data, known = fact.data, Known()
    form = ObservationForm(_row(data, known), lang=str(data.get("lang") or "en"), known=known)
    if not form.is_valid():
        return [str(problem) for rows in form.errors.values() for problem in rows]
    values = form.values() | {"figure": str(data["figure"])[:80],
                              "article": str(data.get("article") or "")[:40],
                              "place_said": _unknown_place(data, known),
                              "checked_by": fact.actor if form.cleaned_data["checked"] else ""}
    there = _of(data)
    try:
        if there is None:
            actions.add(values, by=None)
        elif any(getattr(there, name) != values[name] for name in values if name != "key"):
            actions.correct(there, values, by=None, because=SAID_OTHERWISE)
    except Refused as refusal:
        return [str(refusal)]
    return []


@jobs.on("figure.withdrawn", only=lambda fact: bool(fact.data.get("figure")))
def take_back(fact: Fact) -> None:
    """What came from this figure no longer counts."""
    there = _of(fact.data)
    if there is not None:
        actions.withdraw(there, by=None, because=BY_NEWSROOM)


def _of(data: Mapping[str, Any]) -> Observation | None:
    return Observation.objects.filter(figure=str(data["figure"])[:80],
                                      state=Observation.State.CURRENT).first()


def _row(data: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The fact's data as the form takes it."""
    subject, relation = data.get("subject"), data.get("relation") or Relation.EXACT
    indicator = known.indicators.get(str(data["indicator"]))
    row: dict[str, Any] = {name: str(data[name]) for name in (
        "indicator", "value", "high", "period", "as_of", "quote", "source", "address", "read",
        "evidence") if data.get(name) not in (None, "")}
    if "period" not in row and "as_of" in row:
        row["period"] = row["as_of"]  # it says how things stood on a day
    row |= {"unit": _unit(str(data.get("unit") or ""), indicator), "relation": relation,
            "place": _place(data, known), "quote_lang": _lang(data.get("lang")),
            "checked": bool(row.get("quote") and row.get("address") and row.get("read"))}
    if isinstance(subject, Mapping):
        row["subject"] = {lang: words for lang, words in subject.items() if words}
    elif subject:
        row["subject"] = str(subject)
    return row


def _lang(lang: Any) -> str:
    return str(lang) if lang in codes.LANGUAGES else ""


def _unit(unit: str, indicator: Indicator | None) -> str:
    """What is counted is called by the noun of the indicator: the figures desk knows firms, we
    write companies. Units that are measured must be the same."""
    measured = "/" in unit or unit in _MEASURED or units.is_money(unit)
    if measured or indicator is None or indicator.unit not in ("", *units.NOUNS):
        return unit
    return indicator.unit


def _place(data: Mapping[str, Any], known: Known) -> str:
    """A code that we know, from a code or from a name in any language."""
    for said in (data.get("place_code"), data.get("place")):
        if said in known.places:
            return str(said)
    said = str(data.get("place") or "").casefold()
    if said:
        known_as: list[Place | Economy] = [*Place.objects.all(), *Economy.objects.all()]
        for record in known_as:
            names = [*record.name.plain().values(), *getattr(record, "also", [])]
            if said in (name.casefold() for name in names):
                return str(record.code)
    return ""


def _unknown_place(data: Mapping[str, Any], known: Known) -> str:
    return "" if _place(data, known) else str(data.get("place") or "")[:200]
