"""Events with a plan, for tests, without the engine: lines are written down by hand."""

from __future__ import annotations

from typing import Any

from saphan.engines.timetable import check, trial
from saphan.engines.timetable import problem as engine
from saphan.engines.timetable.progress import Progress
from saphan.ground import clock
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.actions import publishing
from saphan.rooms.meetings.models import Event, Plan, Wish
from saphan.rooms.meetings.tests import making


def line(event: Event, wish: Wish, *, slot: int, table: int = 0, place: int = 0) -> list[Any]:
    """A line of a plan: a wish in a slot and at a table, counted from 0."""
    slots, places = list(event.slots.all()), list(event.places.all())
    return [wish.pk, slots[slot].pk, places[place].pk, table, wish.asker.guests.first().pk,
            wish.invited.guests.first().pk, "en", []]


def ready(event: Event, lines: list[list[Any]], **values: Any) -> Plan:
    """A plan with these lines that waits to be published."""
    found = assembling.assemble(event)
    number = (event.plans.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    return Plan.objects.create(**{
        "event": event, "number": number, "state": Plan.State.READY, "lines": lines,
        "score": publishing.scored(found, lines), "bound": 900.0, "made": clock.now(), **values})


def published(event: Event, *, parties: int = 4) -> Event:
    """Four parties who all meet: six meetings in the first three slots, two tables. Its plan is
    number 1."""
    there = [making.party(event) for _ in range(parties)]
    lines = []
    for slot, pairs in enumerate(rounds(parties)):
        for table, (one, other) in enumerate(pairs):
            wish = making.wish(there[one], there[other])
            lines.append(line(event, wish, slot=slot, table=table))
    publishing.publish(ready(event, lines), by=making.organiser())
    return event


def rounds(parties: int) -> list[list[tuple[int, int]]]:
    """Everybody against everybody, each once a round (the circle method). An even number."""
    ring, found = list(range(parties)), []
    for _turn in range(parties - 1):
        found.append([(ring[at], ring[-1 - at]) for at in range(parties // 2)])
        ring = [ring[0], ring[-1], *ring[1:-1]]
    return found


def small_engine(request: dict[str, Any], *, report: Any = None, seconds: float) -> engine.Plan:
    """In place of the engine's process: keeps of `meetings` what is possible still and adds
    wishes wherever nothing breaks. Slow and plain, for a handful of meetings."""
    problem = request["problem"]
    since = request.get("since", 0)
    held = list(request.get("meetings", ()))
    past = [one for one in held if one.slot < since]
    ahead = [one for one in held if one.slot >= since]
    while ahead:
        broken = [each for each in check.breaches(problem, past + ahead)
                  if max(each.meetings) >= len(past)]
        if not broken:
            break
        ahead.pop(max(broken[0].meetings) - len(past))
    kept = past + ahead
    for wish in range(len(problem.wishes)):
        if any(one.wish == wish for one in kept):
            continue
        for spot in trial.spots(problem, kept, wish):
            if spot.slot >= since and spot.state == trial.State.FREE:
                kept.append(trial.try_meeting(problem, kept, wish, slot=spot.slot,
                                              place=spot.place).meeting)
                break
    score = check.score(problem, kept)
    plan = engine.Plan(tuple(kept), score, float(score.points) + 10)
    if report is not None:
        report(Progress("first", 0.1, score.points, score.held, float("inf"), float("inf"), plan))
    return plan
