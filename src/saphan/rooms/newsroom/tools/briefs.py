"""Briefs, their editions and who gets them: MCP tools."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.newsroom import findings
from saphan.rooms.newsroom.actions import briefs as actions
from saphan.rooms.newsroom.forms.briefs import DraftForm
from saphan.rooms.newsroom.models import Brief
from saphan.rooms.newsroom.queries import briefs as queries
from saphan.rooms.newsroom.rules import desk

AT_MOST = 50


def listed(text: str = "", lang: str = "", year: str = "", *,
           person: Person | None = None) -> list[dict[str, Any]]:
    """Briefs that went out, newest first; for the desk also drafts."""
    filters = queries.Filters.read({"text": text, "lang": lang, "year": year})
    return [{"id": found.pk, "number": found.number, "title": found.title, "lang": found.lang,
             "state": found.state, "edition": found.edition, "example": found.example,
             "approved": found.approved.isoformat() if found.approved else None}
            for found in queries.archive(filters, asker=person)[:AT_MOST]]


def found(number: str, person: Person | None) -> Brief:
    """A brief by its number or key. Raises `callers.Missing`."""
    try:
        return queries.brief(int(number), asker=person) if number.isdecimal() \
            else queries.numbered(number, asker=person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def one(number: str, *, person: Person | None = None) -> dict[str, Any]:
    """A brief by its number (BRF-2026-0001) or key, with sources, quotes and selectors. `fallen`:
    what its sources no longer say; for the desk also what stands against a draft."""
    brief = found(number, person)
    if queries.is_gone(brief, person):
        return {"id": brief.pk, "number": brief.number, "state": brief.state}
    kept = queries.shown_edition(brief, person)
    said = queries.whole(brief, kept)
    if kept is None:
        said["findings"] = [each.to_json() for each in findings.of(brief)]
    else:
        said["fallen"] = [{"block": each.block, "code": each.code}
                          for each in findings.fallen(said["content"])]
    return said


def drafted(lang: str, topic: str = "", stories: str = "", articles: str = "",
            since: str = "", until: str = "", sentences: int = 4, title: str = "", *,
            person: Person) -> dict[str, Any]:
    """A new draft; raises `callers.Invalid` for what the form does not take."""
    form = DraftForm({"lang": lang, "topic": topic, "stories": stories, "articles": articles,
                      "since": since, "until": until, "sentences": sentences, "title": title},
                     by=person)
    desk.at_the_desk(person).or_raise()
    if not form.is_valid():
        raise callers.Invalid.form(form)
    made = actions.draft(form.wish(), by=person, title=form.cleaned_data["title"])
    return one(str(made.pk), person=person)


def _list(text: str = "", lang: str = "", year: str = "", *,
          person: Person | None = None) -> list[dict[str, Any]]:
    return listed(text, lang, year, person=person)


def _draft(lang: str, topic: str = "", stories: list[str] | None = None,
           articles: list[str] | None = None, since: date | None = None,
           until: date | None = None, *, person: Person) -> dict[str, Any]:
    return drafted(lang, topic, " ".join(stories or []), " ".join(articles or []),
                   since.isoformat() if since else "", until.isoformat() if until else "",
                   person=person)


def tools() -> Sequence[Tool]:
    return [
        Tool("newsroom_briefs", "Cited briefs that went out, newest first.", _list),
        Tool("newsroom_brief", "One brief by number, with its sentences, figures, sources and the "
             "quoted words of each.", one),
        Tool("newsroom_draft_brief", "Make a draft brief in a language from a topic (TPC-…), "
             "stories (STY-…) or articles (NWS-…). Sentences are extracted, never reworded; a "
             "person approves it before it goes out.", _draft, writes=True),
    ]
