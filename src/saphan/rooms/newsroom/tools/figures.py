"""Figures and the desk that checks them: MCP tools, and what the API shares with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import figures as actions
from saphan.rooms.newsroom.actions import proposing
from saphan.rooms.newsroom.forms.figures import FigureForm
from saphan.rooms.newsroom.models import Article, Figure
from saphan.rooms.newsroom.queries import articles
from saphan.rooms.newsroom.queries import figures as queries


def _found(key: str, person: Person | None) -> Figure:
    try:
        return queries.figure(key, person)
    except queries.NotFound:
        raise callers.Missing(key) from None


def _article(number: str, person: Person | None) -> Article:
    try:
        return articles.article(number, asker=person)
    except articles.NotFound:
        raise callers.Missing(number) from None


def _told(figures: list[Figure], person: Person | None) -> list[dict[str, Any]]:
    flags = queries.flags_for(figures, person)
    return [queries.public(each, flags) for each in figures]


def _writing(person: Person | None) -> Person:
    if person is None:
        raise callers.Unauthorised
    return person


def find_figures(q: str = "", state: str = "", source: str = "", unit: str = "", place: str = "",
                 period: str = "", topic: str = "", indicator: str = "", flagged: bool = False,
                 after: str = "", person: Person | None = None) -> dict[str, Any]:
    filters = queries.Filters.read({
        "q": q, "state": state, "source": source, "unit": unit, "place": place, "period": period,
        "topic": topic, "indicator": indicator, "flagged": "on" if flagged else ""}, person)
    page = queries.page(filters, person, after)
    return {"figures": _told(page.figures, person), "after": page.after}


def read_figure(key: str, person: Person | None = None) -> dict[str, Any]:
    return _told([_found(key, person)], person)[0]


def _values(figure: Figure, given: Mapping[str, Any]) -> dict[str, Any]:
    form = FigureForm(given, figure=figure)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form.values()


def check_figure(key: str, step: str, values: dict[str, Any] | None = None, because: str = "",
                 person: Person | None = None) -> dict[str, Any]:
    by, figure = _writing(person), _found(key, person)
    if step == "verify":
        actions.verify(figure, by=by, values=_values(figure, values or {}))
    elif step == "correct":
        actions.correct(figure, _values(figure, values or {}), by=by)
    elif step == "reject":
        actions.reject(figure, by=by, because=because)
    elif step == "withdraw":
        actions.withdraw(figure, by=by, because=because)
    else:
        raise callers.Invalid([{"field": "step",
                                "message": "verify, correct, reject or withdraw"}])
    return _told([figure], person)[0]


def add_figure(article: str, quote: str, person: Person | None = None) -> dict[str, Any]:
    by = _writing(person)
    return {"figures": _told(actions.add(_article(article, person), quote, by=by), person)}


def propose_figures(article: str, person: Person | None = None) -> dict[str, Any]:
    outcome = proposing.propose(_article(article, person), by=_writing(person))
    return {"accepted": _told(outcome.accepted, person), "refused": outcome.refused,
            "reasons": dict(outcome.reasons)}


def tools() -> Sequence[Tool]:
    return [
        Tool("newsroom_find_figures",
             "Figures that articles state, newest first: value, unit, what is counted, place, "
             "period, the quoted words and their source. Everybody gets verified ones; liaison "
             "officers also `state` read or rejected, and only `flagged` ones. Narrow by words "
             "(q), unit (%, CNY, m2, firm), place (TH, CN-GX), period (2024, 2024-Q1). "
             "Give `after` to go on.",
             find_figures),
        Tool("newsroom_read_figure",
             "One figure by key (FIG-2026-0001) with W3C selectors of the words that state it.",
             read_figure),
        Tool("newsroom_check_figure",
             "Verify, correct, reject or withdraw a figure; `values` corrects fields. Value and "
             "unit must be readable from the quote. For liaison officers.", check_figure,
             writes=True),
        Tool("newsroom_add_figure",
             "Keep the figures that a quote from an article states (NWS-… and the words, letter "
             "for letter). For liaison officers.", add_figure, writes=True),
    ]
