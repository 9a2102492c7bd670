"""Sources, looks at them and alarms: MCP tools, and what the API shares with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.forms.models import model_to_dict

from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import rounds, trying
from saphan.rooms.newsroom.actions import sources as actions
from saphan.rooms.newsroom.forms.sources import FIELDS, SourceForm, key_for
from saphan.rooms.newsroom.models import Source
from saphan.rooms.newsroom.queries import sources as queries
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.rules import sources as rules
from saphan.rooms.newsroom.troubles import said

MOST = 500


def _found(key: str, person: Person | None) -> Source:
    try:
        return queries.one(key, person)
    except queries.NotFound:
        raise callers.Missing(key) from None


def _told(source: Source, person: Person | None) -> dict[str, Any]:
    return queries.inside(source) if desk.works_here(person) else queries.public(source)


def _writing(person: Person | None) -> Person:
    if person is None:
        raise callers.Unauthorised
    return person


def sources(lang: str = "", economy: str = "", alarm: bool = False,
            person: Person | None = None) -> dict[str, Any]:
    found = queries.matching(queries.listed(person), lang=lang, economy=economy,
                             alarm=alarm and desk.works_here(person))
    return {"count": found.count(), "sources": [_told(each, person) for each in found[:MOST]]}


def read_source(key: str, person: Person | None = None) -> dict[str, Any]:
    return _told(_found(key, person), person)


def source_looks(key: str, person: Person | None = None) -> dict[str, Any]:
    rules.may_see_health(person).or_raise()
    return {"looks": [
        {name: getattr(each, name) for name in (
            "at", "outcome", "problem", "detail", "listed", "new", "corrected", "failed",
            "octets", "seconds")} for each in queries.looks(_found(key, person))]}


def _form(given: Mapping[str, Any], source: Source | None = None) -> SourceForm:
    data = {**(model_to_dict(source, FIELDS) if source else {}), **given}
    form = SourceForm(data, instance=source)
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form


def add_source(source: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    by = _writing(person)
    rules.may_add(by).or_raise()
    values = _form(source).values()
    made = actions.add(key_for(values["name"], values["address"]), values, by=by)
    return _told(made, by)


def try_source(source: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    by = _writing(person)
    rules.may_try(by).or_raise()
    tried = trying.try_it(_form({"name": "-", **source}).values(), by=by)
    return {**asdict(tried), "says": said(tried.problem or tried.text_problem)}


def change_source(key: str, changes: dict[str, Any],
                  person: Person | None = None) -> dict[str, Any]:
    by = _writing(person)
    rules.may_change(by).or_raise()
    values = _form(changes, _found(key, by)).values()
    actions.change(_found(key, by), values, by=by)
    return _told(_found(key, by), by)


def move_source(key: str, step: str, person: Person | None = None) -> dict[str, Any]:
    by = _writing(person)
    source = _found(key, by)
    if step == "look":
        rounds.look_now(source, by=by)
    elif step in source.lifecycle.transitions:
        actions.move(source, step, by=by)
    else:
        raise callers.Missing(step)
    return _told(_found(key, by), by)


def tools() -> Sequence[Tool]:
    """The tools for sources."""
    return [
        Tool("news_sources", "The sources that the newsroom reads, by language (BCP 47) or economy "
             "(ISO 3166). The desk also sees how each is doing; `alarm` shows those with an alarm.",
             sources),
        Tool("read_news_source", "One source by its key.", read_source),
        Tool("news_source_looks", "The last looks at a source: what was found, what went wrong. "
             "For the desk.", source_looks),
        Tool("add_news_source", "Add a source: name, way (feed, sitemap, page, by_hand), address, "
             "and for a page `links`, a CSS selector.", add_source, writes=True),
        Tool("try_news_source", "See what a source would give, without keeping anything.",
             try_source, writes=True),
        Tool("change_news_source", "Change fields of a source.", change_source, writes=True),
        Tool("move_news_source", "pause, resume, retire, or look now.", move_source, writes=True),
    ]
