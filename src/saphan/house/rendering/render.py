"""The translation desk as plain data: one rendering for the API, MCP and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from saphan.house import callers
from saphan.house.rendering import actions, checking, jobs, kinds, queries, rules
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.work import Work, open_work
from saphan.people.models import Person

PAGE = 50
MOVES = ("claim", "release", "hand_in", "approve", "send_back", "set_aside", "reopen",
         "want_again", "ask_machine")


def progress() -> list[dict[str, Any]]:
    """How far each language is."""
    return [{"lang": row.lang, "records": row.needed, "approved": row.approved,
             "stale": row.stale, "in_review": row.in_review, "drafted": row.drafted,
             "wanted": row.wanted, "readers_asking": row.demand} for row in queries.progress()]


def line(row: queries.Line) -> dict[str, Any]:
    found = row.rendering
    return {"id": found.pk, "number": row.number, "room": row.room, "title": row.title.text,
            "source_lang": found.source_lang, "lang": found.lang, "state": found.state,
            "stale": found.stale, "readers_asking": found.demand,
            "asked": found.asked.isoformat(), "claimed": found.claimed_by_id is not None,
            "machine": found.machine, "url": settings.BASE_URL + row.url}


def wanted(lang: str, *, state: str = "", page: int = 1, person: Person) -> dict[str, Any]:
    """What is to be done for a language."""
    rules.may_work(person, lang).or_raise()
    found, start = queries.queue(lang, state=state), (max(1, page) - 1) * PAGE
    return {"count": found.count(), "page": max(1, page),
            "translations": [line(row) for row in queries.lines(found[start:start + PAGE])]}


def opened(pk: int, *, person: Person) -> Work:
    """Raises `callers.Missing`; `Refused` for a language that is not hers."""
    try:
        rendering, record = queries.rendering(pk)
    except (Rendering.DoesNotExist, OverflowError):
        raise callers.Missing(str(pk)) from None
    rules.may_work(person, rendering.lang).or_raise()
    return open_work(rendering, record)


def whole(work: Work) -> dict[str, Any]:
    """A rendering with its sentences and what the comparison says of them."""
    found = work.check().rendering
    return {"id": found.pk, "number": work.number, "state": found.state, "lang": work.lang,
            "source_lang": work.source_lang, "version": found.version, "digest": work.digest,
            "remark": found.remark, "sentences_done": work.done, "places_to_mend": work.blocking,
            "original_changed": work.changed, "url": settings.BASE_URL + work.url,
            "fields": [{"field": passage.name, "label": passage.label, "limit": passage.limit,
                        "sentences": [{"source": one.source,
                                       "translation": None if one.joined else one.target,
                                       "origin": one.origin,
                                       "findings": [finding.to_json()
                                                    for finding in one.findings]}
                                      for one in passage.sentences]}
                       for passage in work.passages]}


def submit(pk: int, sentences: Mapping[str, Any], *, person: Person, version: int | None = None,
           digest: str = "", minutes: Any = 0, hand_in: bool = False) -> dict[str, Any]:
    """Save a draft: field -> list of sentences; None says it together with the one before."""
    work = opened(pk, person=person)
    actions.save(work, sentences, by=person, version=version, digest=digest,
                 minutes=checking.minutes(minutes))
    if hand_in:
        actions.hand_in(work, by=person)
    return whole(work)


def move(pk: int, name: str, *, person: Person, remark: str = "") -> dict[str, Any]:
    """Move a rendering along by the name of a step. Raises `callers.Missing` for no step."""
    if name not in MOVES:
        raise callers.Missing(name)
    work = opened(pk, person=person)
    if name == "ask_machine":
        jobs.ask_for(work.rendering, by=person)
    else:
        actions.by_transition(name, work, by=person, remark=remark)
    return whole(work)


def wish(record: str, lang: str, *, who: str) -> dict[str, Any]:
    """A reader would like to read a record in a language. `record`: `market.listing.42`, or an
    accession number."""
    found, code = record_named(record), callers.reader(lang)
    counted = actions.wish(found, code, who=who)
    return {"lang": code, "counted": counted,
            "message": _("Thank you. The translators can see that you asked.")}


def record_named(name: str) -> Any:
    """A public record by the label of its model and its key, or by its number. Raises
    `callers.Missing`."""
    label, _dot, key = name.rpartition(".")
    if label:
        kind = kinds.kinds().get(label)
        known = kind is not None and key.isdecimal() and len(key) < 18
        found = kind.visible_to(None).filter(pk=key).first() if kind and known else None
    else:
        tries = (kind.visible_to(None).filter(**{kind.number: name.upper()}).first()
                 for kind in kinds.kinds().values())
        found = next((record for record in tries if record is not None), None)
    if found is None:
        raise callers.Missing(name)
    return found
