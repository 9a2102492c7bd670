"""The hard rules of a timetable in words: what is broken, where, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.engines.timetable import problem as engine
from saphan.engines.timetable.check import Breach, Rule
from saphan.rooms.meetings.assembling import Assembled

SHORT: dict[Rule, str | Promise] = {
    Rule.UNKNOWN: _("Something of this meeting does not exist any more."),
    Rule.WISH_TWICE: _("The two would meet twice."),
    Rule.WISH_SLOT: _("The wish names other times."),
    Rule.WISH_PLACE: _("The wish names another place."),
    Rule.ORDER: _("Another meeting has to come first."),
    Rule.NOT_OF_SIDE: _("Somebody does not belong to this side."),
    Rule.PERSON_NOT_FREE: _("Somebody is not free then."),
    Rule.PERSON_TWICE: _("Somebody is in another meeting then."),
    Rule.PERSON_MOST: _("Somebody would have too many meetings."),
    Rule.PARTY_MOST: _("One side would have too many meetings."),
    Rule.HOST_NOT_FREE: _("The host of the delegation is not free then."),
    Rule.HOST_TWICE: _("The host of the delegation is in another meeting then."),
    Rule.NO_TABLE: _("No table is left."),
    Rule.TABLE_TWICE: _("The table is taken."),
    Rule.HOME: _("These tables belong to somebody else."),
    Rule.NEEDS_ONLINE: _("One side joins online."),
    Rule.NEEDS_SITE: _("Both sides are on site."),
    Rule.LANGUAGE: _("They do not share this language."),
    Rule.INTERPRETER_COUNT: _("Interpreters are missing, or too many."),
    Rule.INTERPRETER_LANGUAGE: _("No interpreter knows both languages."),
    Rule.RELAY: _("Interpreting through English is not allowed at this event."),
    Rule.INTERPRETER_NOT_FREE: _("The interpreter is not there then."),
    Rule.INTERPRETER_TWICE: _("The interpreter is in another meeting then."),
    Rule.INTERPRETER_MOST: _("The interpreter would have too many meetings."),
    Rule.INTERPRETER_RUN: _("The interpreter would have no rest."),
    Rule.INTERPRETER_ONLINE: _("The interpreter works online only."),
    Rule.WALK: _("The way from the meeting before, or to the next one, is too long."),
    Rule.INTERPRETER_WALK: _("The interpreter's way between two meetings is too long."),
}

LONG: dict[Rule, str | Promise] = {
    Rule.UNKNOWN: _("%(meeting)s: something of this meeting does not exist any more."),
    Rule.WISH_TWICE: _("%(meeting)s: they would meet twice."),
    Rule.WISH_SLOT: _("%(meeting)s: the wish names other times than %(time)s."),
    Rule.WISH_PLACE: _("%(meeting)s: the wish names another place than %(place)s."),
    Rule.ORDER: _("%(meeting)s: this meeting has to wait for another one that ends later."),
    Rule.NOT_OF_SIDE: _("%(meeting)s: %(person)s does not belong to %(party)s."),
    Rule.PERSON_NOT_FREE: _("%(person)s is not free at %(time)s."),
    Rule.PERSON_TWICE: _("%(person)s would be in two meetings at %(time)s."),
    Rule.PERSON_MOST: _("%(person)s would have more than %(most)s meetings."),
    Rule.PARTY_MOST: _("%(party)s would have more than %(most)s meetings."),
    Rule.HOST_NOT_FREE: _("The host %(person)s is not free at %(time)s."),
    Rule.HOST_TWICE: _("The host %(person)s would be in two meetings at %(time)s."),
    Rule.NO_TABLE: _("%(place)s has no table for %(meeting)s at %(time)s."),
    Rule.TABLE_TWICE: _("Table %(table)s in %(place)s would have two meetings at %(time)s."),
    Rule.HOME: _("%(meeting)s: the tables in %(place)s belong to somebody else."),
    Rule.NEEDS_ONLINE: _("%(meeting)s: %(person)s joins online, but %(place)s is on site."),
    Rule.NEEDS_SITE: _("%(meeting)s: both are on site, but %(place)s is online."),
    Rule.LANGUAGE: _("%(meeting)s: they do not share the language of the meeting."),
    Rule.INTERPRETER_COUNT: _("%(meeting)s: interpreters are missing, or too many."),
    Rule.INTERPRETER_LANGUAGE: _("%(meeting)s: %(interpreter)s does not know both languages."),
    Rule.RELAY: _("%(meeting)s: interpreting through English is not allowed at this event."),
    Rule.INTERPRETER_NOT_FREE: _("The interpreter %(interpreter)s is not there at %(time)s."),
    Rule.INTERPRETER_TWICE: _(
        "The interpreter %(interpreter)s would be in two meetings at %(time)s."),
    Rule.INTERPRETER_MOST: _(
        "The interpreter %(interpreter)s would have more than %(most)s meetings."),
    Rule.INTERPRETER_RUN: _(
        "The interpreter %(interpreter)s would have more than %(run)s meetings without a rest."),
    Rule.INTERPRETER_ONLINE: _(
        "The interpreter %(interpreter)s works online only, but %(place)s is on site."),
    Rule.WALK: _(
        "%(person)s cannot get to %(meeting)s in time: the way takes %(minutes)s minutes."),
    Rule.INTERPRETER_WALK: _(
        "The interpreter %(interpreter)s cannot get to %(meeting)s in time: "
        "the way takes %(minutes)s minutes."),
}

TWO = pgettext_lazy("two sides of a meeting", "%(one)s and %(other)s")


def words(breach: Breach, found: Assembled, meetings: Sequence[engine.Meeting]) -> str:
    """One broken rule as a sentence in the active language. `meetings` is what was checked."""
    detail = breach.detail
    there = [meetings[at] for at in breach.meetings if at < len(meetings)]
    last = there[-1] if there else None
    slot = detail.get("slot", last.slot if last else -1)
    given: dict[str, Any] = {
        "meeting": pair(found, last.wish) if last else "",
        "time": time(found, slot), "most": detail.get("most", ""), "run": detail.get("run", ""),
        "minutes": detail.get("minutes", ""),
        "person": _at(found.guests, detail.get("person")),
        "party": _at(found.parties, detail.get("party")),
        "interpreter": _at(found.interpreters, detail.get("interpreter")),
        "place": _at(found.places, detail.get("place", last.place if last else None)),
        "table": _table(found, detail)}
    return str(LONG[breach.rule]) % given


def pair(found: Assembled, wish: int) -> str:
    """The two sides of a wish, by its position."""
    if not 0 <= wish < len(found.wishes):
        return ""
    one, other = found.problem.wishes[wish].a, found.problem.wishes[wish].b
    return str(TWO) % {"one": found.parties[one], "other": found.parties[other]}


def time(found: Assembled, slot: int) -> str:
    """When a slot begins, as the event's clocks show it; with the day if it has several."""
    if not 0 <= slot < len(found.slots):
        return ""
    begins = found.slots[slot].begins
    zone = found.slots[slot].event.zone
    told = formats.clock(begins, zone=str(zone))
    days = {each.day for each in found.problem.slots}
    if len(days) > 1:
        day = formats.day(begins, style="medium", zone=str(zone))
        told = str(pgettext_lazy("day and time", "%(day)s, %(time)s")) % {"day": day, "time": told}
    return told


def _at(records: Sequence[Any], position: int | None) -> str:
    return str(records[position]) if position is not None and 0 <= position < len(records) else ""


def _table(found: Assembled, detail: dict[str, int]) -> str:
    place = detail.get("place", -1)
    if "table" not in detail or not 0 <= place < len(found.places):
        return ""
    return str(found.places[place].first_table + detail["table"])
