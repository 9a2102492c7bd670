"""What a plan is worth and why a wish is not met, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from saphan.design import formats
from saphan.engines.timetable import explain
from saphan.engines.timetable import problem as engine
from saphan.engines.timetable.explain import Reason
from saphan.rooms.meetings import assembling, breaking
from saphan.rooms.meetings.assembling import Assembled
from saphan.rooms.meetings.models import Event, Party, Plan, Wish
from saphan.rooms.meetings.queries import board

REASONS: dict[Reason, str | Promise] = {
    Reason.NOBODY: gettext_lazy("One side sends nobody who may go to this meeting."),
    Reason.NEVER: gettext_lazy("One side wants no meetings."),
    Reason.NO_COMMON_SLOT: gettext_lazy("The two sides are never free at the same time."),
    Reason.NO_WORDS: gettext_lazy(
        "They share no language, and no interpreter speaks the languages of both."),
    Reason.NO_INTERPRETER_THEN: gettext_lazy(
        "The interpreters who could help are not there when both sides are free."),
    Reason.NO_PLACE: gettext_lazy("When both sides are free, no suitable place has a table."),
    Reason.TOO_FAR: gettext_lazy(
        "They cannot get there in time from where else they have to be."),
    Reason.ROOM_LEFT: gettext_lazy(
        "It could be added, but it would break up the day more than it is worth."),
    Reason.GIVES_WAY: gettext_lazy("Others have better use of the time or the table."),
}
COULD_BE_ADDED = gettext_lazy("It could be added now.")
GOALS: tuple[tuple[str, str | Promise], ...] = (
    ("held", gettext_lazy("Meetings")), ("value", gettext_lazy("Worth of the meetings")),
    ("musts_missed", gettext_lazy("Must-meets that are missing")),
    ("below_floor", gettext_lazy("Participants with too few meetings")),
    ("floor_short", gettext_lazy("Meetings that these lack together")),
    ("breaks", gettext_lazy("Breaks in somebody's day")),
    ("table_changes", gettext_lazy("Changes of table")),
    ("overload", gettext_lazy("Meetings of the busiest interpreter above the fair share")),
    ("points", gettext_lazy("Points altogether")),
)


def gap_words(plan: Plan) -> str:
    """How good a plan is, as far as that is proven."""
    if plan.gap is None:
        return ""
    if plan.gap < 0.00005:
        return _("No plan can be better (proven).")
    return _("At most %(gap)s below the best that is possible (proven).") % {
        "gap": formats.number(round(100 * plan.gap, 1), unit="%")}


def goals(plan: Plan, other: Plan | None = None) -> list[tuple[str, int, int | None]]:
    """Per goal: its name, the number, and that of another plan to compare with."""
    return [(str(label), plan.score[name], other.score.get(name) if other else None)
            for name, label in GOALS if name in plan.score]


# --- wishes that are not met ------------------------------------------------------------------

@dataclass(frozen=True)
class Unmet:
    wish: Wish
    one: Party
    other: Party
    words: str
    """Why not, in a sentence or two."""
    kind: str
    """The engine's name of the reason."""
    where: str = ""
    """Where it would cost least."""


def unmet_wishes(found: Assembled, rows: Sequence[Sequence[object]]) -> list[int]:
    """Positions of wishes that a plan leaves out, the most valuable first."""
    held = {row[0] for row in rows}
    left = [at for at, wish in enumerate(found.wishes) if wish.pk not in held]
    return sorted(left, key=lambda at: (not found.problem.wishes[at].must,
                                        -found.problem.wishes[at].value, at))


def explained(found: Assembled, meetings: Sequence[engine.Meeting],
              wishes: Sequence[int]) -> list[Unmet]:
    """Why these wishes (positions) are not met."""
    return [_unmet(found, explain.why_not(found.problem, meetings, wish)) for wish in wishes]


def _unmet(found: Assembled, why: explain.Why) -> Unmet:
    wish = found.problem.wishes[why.wish]
    words = str(REASONS[why.reason])
    if why.reason is Reason.ROOM_LEFT and why.gain > 0:
        words = str(COULD_BE_ADDED)
    if why.reason is Reason.GIVES_WAY:
        words = f"{words} {board.giving_way(found, why.gives_way)}"
    if why.below_floor:
        words += " " + ngettext("Then %(names)s would have too few meetings.",
                                "Then %(names)s would have too few meetings.",
                                len(why.below_floor)) % {
            "names": ", ".join(str(found.parties[at]) for at in why.below_floor[:3])}
    where = ""
    if why.slot >= 0:
        where = _("%(time)s, %(place)s") % {"time": breaking.time(found, why.slot),
                                            "place": found.places[why.place]}
    return Unmet(found.wishes[why.wish], found.parties[wish.a], found.parties[wish.b], words,
                 why.reason.value, where)


@dataclass(frozen=True)
class Short:
    """A party that has fewer meetings than everybody should have."""

    party: Party
    held: int
    target: int
    words: str


def below_floor(found: Assembled, meetings: Sequence[engine.Meeting], *,
                at_most: int = 40) -> list[Short]:
    """Who has too few meetings, and why: what keeps the most valuable of her open wishes from
    being met."""
    has, wished = Counter[int](), Counter[int]()
    held = {one.wish for one in meetings}
    for at, wish in enumerate(found.problem.wishes):
        for side in (wish.a, wish.b):
            wished[side] += 1
            has[side] += at in held
    short = []
    for at, party in enumerate(found.problem.parties):
        target = min(party.floor, party.most, wished[at])
        if has[at] < target:
            short.append((at, target))
    told = []
    for at, target in short[:at_most]:
        left = [(one, wish) for one, wish in enumerate(found.problem.wishes)
                if at in (wish.a, wish.b) and one not in held]
        best = max(left, key=lambda pair: (pair[1].must, pair[1].value))[0]
        told.append(Short(found.parties[at], has[at], target,
                          explained(found, meetings, [best])[0].words))
    return told


def load(found: Assembled, meetings: Sequence[engine.Meeting]) -> list[tuple[str, int]]:
    """Meetings per interpreter, the busiest first."""
    count = Counter(one for meeting in meetings for one in meeting.interpreters)
    return sorted(((str(who), count[at]) for at, who in enumerate(found.interpreters)),
                  key=lambda pair: (-pair[1], pair[0]))


# --- before anything is computed --------------------------------------------------------------

@dataclass(frozen=True)
class Check:
    """A line of the checklist: `tone` good, warn or wrong."""

    tone: str
    words: str
    names: tuple[str, ...] = ()


NAMES = 12


def checklist(event: Event) -> list[Check]:
    """What to know before a plan is computed."""
    found = assembling.assemble(event)
    lines = [_wishes_check(found), _supply(found)]
    lines += _lonely(found)
    lines += _tongues(found)
    waiting = event.parties.filter(state=Party.State.APPLIED).count()
    if waiting:
        lines.append(Check("warn", ngettext(
            "%(number)s registration waits for approval.",
            "%(number)s registrations wait for approval.", waiting) % {
                "number": formats.number(waiting)}))
    open_wishes = event.wishes.filter(state=Wish.State.SENT).count()
    if open_wishes and not event.unanswered:
        lines.append(Check("warn", ngettext(
            "%(number)s wish has no answer yet and is not planned.",
            "%(number)s wishes have no answer yet and are not planned.", open_wishes) % {
                "number": formats.number(open_wishes)}))
    return lines


def _wishes_check(found: Assembled) -> Check:
    musts = sum(wish.must for wish in found.problem.wishes)
    if not found.wishes:
        return Check("wrong", _("There are no wishes yet."))
    told = ngettext("%(number)s wish can be planned.", "%(number)s wishes can be planned.",
                    len(found.wishes)) % {"number": formats.number(len(found.wishes))}
    if musts:
        told += " " + ngettext("%(number)s of them must take place.",
                               "%(number)s of them must take place.", musts) % {
            "number": formats.number(musts)}
    return Check("good", told)


def _supply(found: Assembled) -> Check:
    tables = sum(sum(place.tables) for place in found.problem.places)
    enough = tables >= len(found.wishes)
    told = _("Tables and times together have room for %(number)s meetings.") % {
        "number": formats.number(tables)}
    return Check("good" if enough and tables else "warn" if tables else "wrong", told)


def _lonely(found: Assembled) -> list[Check]:
    wished = {side for wish in found.problem.wishes for side in (wish.a, wish.b)}
    alone = [str(party) for at, party in enumerate(found.parties) if at not in wished]
    if not alone:
        return []
    told = ngettext("%(number)s participant has no wishes.",
                    "%(number)s participants have no wishes.", len(alone)) % {
        "number": formats.number(len(alone))}
    return [Check("warn", told, tuple(alone[:NAMES]))]


def _tongues(found: Assembled) -> list[Check]:
    """Pairs of languages that wishes need and no interpreter has."""
    problem, missing = found.problem, Counter[str]()
    for wish in problem.wishes:
        sides = [tuple(sorted({lang for one in problem.parties[side].people
                               for lang, level in problem.people[one].speaks.items()
                               if level >= problem.needs})) for side in (wish.a, wish.b)]
        if set(sides[0]) & set(sides[1]) or _interpreted(problem, sides):
            continue
        missing[" – ".join(", ".join(formats.language_name(lang) for lang in side) or "?"
                           for side in sorted(sides))] += 1
    if not missing:
        return []
    number = sum(missing.values())
    told = ngettext("%(number)s wish has no shared language and no interpreter.",
                    "%(number)s wishes have no shared language and no interpreter.", number) % {
        "number": formats.number(number)}
    return [Check("warn", told, tuple(
        f"{pair} ({count})" for pair, count in missing.most_common(NAMES)))]


def _interpreted(problem: engine.Problem, sides: Sequence[Sequence[str]]) -> bool:
    fluent = [{lang for lang, level in one.speaks.items() if level >= engine.Level.FLUENT}
              for one in problem.interpreters]
    if any(one & set(sides[0]) and one & set(sides[1]) for one in fluent):
        return True
    relay = [one for one in fluent if engine.RELAY in one] if problem.relay else []
    return all(any(one & set(side) for one in relay) for side in sides) and len(relay) > 1


__all__ = ["Check", "Short", "Unmet", "below_floor", "checklist", "explained", "gap_words",
           "goals", "load", "unmet_wishes"]
