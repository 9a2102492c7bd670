"""What is still missing before an event can open, or be planned; which interpreters it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.design import formats
from saphan.engines.timetable.problem import RELAY
from saphan.ground import clock
from saphan.rooms.meetings.models import Event, Guest, Interpreter, Party, Slot, Wish
from saphan.rooms.meetings.queries import events
from saphan.rooms.meetings.vocabulary import Level, Mode

Tongues = frozenset[str]


@dataclass(frozen=True)
class Check:
    """One line of the checklist. `part` is the page of the set-up where it is done."""

    part: str
    words: str
    done: bool
    needed: bool = True
    """Without it the event cannot open, or not be planned; else it is only worth a look."""


def to_open(event: Event) -> list[Check]:
    """What an event needs before people can register."""
    slots, places = event.slots.count(), list(event.places.all())
    online = [place for place in places if place.online]
    found = [
        Check("slots", ngettext("%(number)s time for meetings", "%(number)s times for meetings",
                                slots) % {"number": formats.number(slots)}, slots > 0),
        Check("places", _tables_words(places), bool(places)),
        Check("edit", _("Registration ends in the future"),
              clock.now() < event.registration_ends)]
    if event.mode != Mode.ONSITE:
        found.append(Check("places", _("A place for meetings online"), bool(online)))
        if online:
            found.append(Check("places", _("The link for meetings online"),
                               all(place.link for place in online), needed=False))
    if event.mode != Mode.ONLINE and places:
        found.append(Check("places", _("A place for meetings on site"),
                           len(online) < len(places)))
    rooms = [place for place in places if not place.online]
    if len(rooms) > 1:
        found.append(Check("places", _("Minutes on foot between the places"),
                           any(place.walks for place in rooms), needed=False))
    return found


def _tables_words(places: Iterable[Any]) -> str:
    tables = sum(place.tables for place in places)
    return ngettext("%(number)s table", "%(number)s tables", tables) % {
        "number": formats.number(tables)}


def to_plan(event: Event) -> list[Check]:
    """What an event needs before its timetable can be made."""
    states = dict(event.parties.order_by().values_list("state").annotate(Count("pk")))
    applied = states.get(Party.State.APPLIED, 0)
    wishes = event.wishes.filter(state__in=Wish.LIVE).count()
    silent = (Guest.objects.filter(party__event=event, party__state=Party.State.APPROVED,
                                   speaks={}).count())
    uncovered = [need for need in needs(event) if not need.interpreters]
    return [
        Check("registrations", ngettext("%(number)s participant admitted",
                                        "%(number)s participants admitted",
                                        states.get(Party.State.APPROVED, 0)) % {
            "number": formats.number(states.get(Party.State.APPROVED, 0))},
            states.get(Party.State.APPROVED, 0) > 1),
        Check("registrations", _("No registration waits for a decision") if not applied else
              ngettext("%(number)s registration waits for a decision",
                       "%(number)s registrations wait for a decision", applied) % {
                           "number": formats.number(applied)}, not applied, needed=False),
        Check("all_wishes", ngettext("%(number)s wish", "%(number)s wishes", wishes) % {
            "number": formats.number(wishes)}, wishes > 0),
        Check("registrations", _("Everybody says which languages she speaks"), not silent,
              needed=False),
        Check("interpreters", _("An interpreter for each pair of languages that is needed"),
              not uncovered, needed=False)]


@dataclass(frozen=True)
class Need:
    """Two languages between which somebody has to interpret."""

    languages: tuple[str, str]
    pairs: int
    """Pairs of participants without a language that both speak well enough."""
    wishes: int
    """How many of them want to meet."""
    interpreters: int
    """How many interpret between the two, alone or, where that is allowed, in two through
    English."""

    @property
    def names(self) -> tuple[str, str]:
        one, other = self.languages
        return formats.language_name(one), formats.language_name(other)


def needs(event: Event) -> list[Need]:
    """The pairs of languages that admitted participants need, those most wished for first. Each
    participant counts with its best language; who speaks nothing is left out."""
    tongues, main = _tongues(event)
    groups = Counter((main[key], known) for key, known in tongues.items())
    pairs: Counter[tuple[str, str]] = Counter()
    for (one, other), (a, b) in zip(combinations(groups, 2), combinations(groups.values(), 2),
                                    strict=True):
        if not one[1] & other[1]:
            pairs[_pair(one[0], other[0])] += a * b
    wished: Counter[tuple[str, str]] = Counter()
    for asker, invited in event.wishes.filter(state__in=Wish.LIVE).values_list(
            "asker", "invited"):
        if asker in tongues and invited in tongues and not tongues[asker] & tongues[invited]:
            wished[_pair(main[asker], main[invited])] += 1
    interpreters = list(event.interpreters.all())
    found = [Need(pair, number, wished[pair], _covering(pair, interpreters, event.relay))
             for pair, number in pairs.items()]
    return sorted(found, key=lambda need: (-need.wishes, -need.pairs, need.languages))


def _tongues(event: Event) -> tuple[dict[int, Tongues], dict[int, str]]:
    """Per party: the languages that one of its people speaks well enough, and the best one."""
    best: dict[int, dict[str, int]] = {}
    for party, speaks in Guest.objects.filter(
            party__event=event, party__state=Party.State.APPROVED).values_list("party", "speaks"):
        levels = best.setdefault(party, {})
        for lang, level in speaks.items():
            levels[lang] = max(level, levels.get(lang, 0))
    tongues = {key: frozenset(lang for lang, level in levels.items()
                              if level >= event.language_level)
               for key, levels in best.items() if levels}
    return tongues, {key: _best(levels) for key, levels in best.items() if levels}


def _best(levels: Mapping[str, int]) -> str:
    """The language spoken best; English last, since it is whoever's second one."""
    return max(sorted(levels), key=lambda lang: (levels[lang], lang != RELAY))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _covering(pair: tuple[str, str], interpreters: Iterable[Interpreter], relay: bool) -> int:
    def between(one: str, other: str) -> int:
        return sum(each.speaks.get(one) == each.speaks.get(other) == Level.FLUENT
                   for each in interpreters)

    alone = between(*pair)
    if not relay or RELAY in pair:
        return alone
    return alone + min(between(pair[0], RELAY), between(pair[1], RELAY))


def slots_by_day(event: Event) -> list[tuple[Any, list[Slot]]]:
    """The slots of each day of the event, on its own clock; days without slots too."""
    days: dict[Any, list[Slot]] = {day: [] for day in events.days(event)}
    for slot in event.slots.annotate(held=Count("meetings")):
        days.setdefault(slot.begins.astimezone(event.zone).date(), []).append(slot)
    return list(days.items())
