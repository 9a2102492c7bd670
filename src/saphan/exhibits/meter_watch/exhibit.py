"""The log of a meter or a cold room: the usual day, what is unusual and why, and the cold chain."""

from typing import Annotated, Literal

import numpy as np

from saphan.engines.runner import (
    Box,
    Chart,
    Facts,
    Field,
    Picture,
    Result,
    Rows,
    Say,
    Table,
    Unit,
    exhibit,
)
from saphan.engines.runner import Word as W
from saphan.engines.runner.media import png, table
from saphan.engines.runner.parts import Label, Part, Value

from . import cold, view
from .reading import LEAST_DAYS, MOST_VALUES, Log, read_log
from .unusual import Event, false_alarms, find
from .usual import Usual, learn

MOST_EVENTS = 30
JOURNEY_DAYS = 1.0
"""A container's log is of use from one day on; a usual day needs three."""


@exhibit
def watch(
    log: Annotated[Table, Field(most=600_000)],
    kind: Literal["meter", "cold"] = "meter",
    threshold: Annotated[float, Field(at_least=3, at_most=8, step=0.5)] = 4.0,
    limit: Annotated[float, Field(at_least=-30, at_most=40, unit="°C")] = 15.0,
    keeps: Annotated[float, Field(at_least=1, at_most=400, unit="d")] = 14.0,
) -> Result:
    """Learn the usual day of a log and mark what is unusual in it."""
    is_cold = kind == "cold"
    read = read_log(table(log, least=20, most=MOST_VALUES),
                    JOURNEY_DAYS if is_cold else LEAST_DAYS)
    usual = learn(read)
    events = find(read, usual, threshold)
    says = [Say("unusual", "warn", count=len(events)) if events else Say("nothing", "good")]
    facts: list[tuple[Label, Value]] = []
    if is_cold:
        first, facts = _cold(read, limit, keeps)
        says.insert(0, first)
    if len(read.values) < LEAST_DAYS * read.per_day:
        says.append(Say("short_log", "info"))
    frames = []
    for event in events[:MOST_EVENTS]:
        left, width = view.place(event, len(read.values))
        frames.append(Box(left, .06, width, .85, W(event.reason), "warn"))
    drawn = view.draw(read, usual, events, threshold, limit if is_cold else None)
    parts: list[Part] = [Picture(W("picture"), png(drawn), boxes=frames)]
    if events:
        parts.append(_table(read, usual, events))
    return Result(
        *says, *parts,
        Facts([*facts, (W("values"), int(np.isfinite(read.values).sum())),
               (W("every"), Unit(read.minutes, "min", 0)),
               (W("days"), round(len(read.values) / read.per_day, 1)),
               (W("false_alarms"), round(false_alarms(read, threshold), 1))]),
        _usual_day(read, usual))


def _cold(read: Log, limit: float, keeps: float) -> tuple[Say, list[tuple[Label, Value]]]:
    found = cold.judge(read.values, read.minutes, limit, keeps)
    say = Say("warm", "wrong", limit=limit, hours=Unit(found.minutes_above / 60, "h", 1),
              longest=Unit(found.longest / 60, "h", 1)) if found.minutes_above else \
        Say("cold_enough", "good", limit=limit)
    return say, [
        (W("used_low"), Unit(found.used_low, "share", 0)),
        (W("used_high"), Unit(found.used_high, "share", 0)),
        (W("kinetic"), Unit(found.kinetic, "°C", 1)), (W("mean"), Unit(found.mean, "°C", 1)),
        (W("highest"), Unit(found.highest, "°C", 1)),
        (W("above"), Unit(found.minutes_above, "min", 0))]


def _table(read: Log, usual: Usual, events: list[Event]) -> Rows:
    rows: list[list[Value]] = []
    for event in events[:MOST_EVENTS]:
        part = read.values[event.start:event.end]
        known = part[np.isfinite(part)]
        worst = None
        if len(known):
            far = np.abs(part - usual.middle[event.start:event.end])
            worst = round(float(part[int(np.nanargmax(far))]), 2)
        rows.append([read.label(event.start), read.label(event.end - 1), W(event.reason), worst,
                     round(float(usual.middle[event.start]), 2),
                     round(event.far, 1) if event.far else None])
    return Rows([W("from"), W("to"), W("reason"), W("value"), W("usual"), W("far")], rows,
                title=W("events"))


def _usual_day(read: Log, usual: Usual) -> Chart:
    """The learnt day, at most one point for half an hour."""
    each = max(1, 30 // read.minutes)
    day = usual.day[::each] + float(np.median(usual.level))
    hours = [f"{at * each * read.minutes // 60:02d}:{at * each * read.minutes % 60:02d}"
             for at in range(len(day))]
    return Chart(W("usual_day"), hours, [(W("usual"), np.round(day, 2).tolist())])
