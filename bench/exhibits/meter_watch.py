"""Meter watch: how many faults are found, and how many alarms are faults?

Made logs of four weeks (kWh every hour, a cold room every half hour) with five faults each, from
seeds that were not looked at while the rules were written (those were 0 to 99). A fault counts as
found when an alarm touches it; an alarm is right when it touches a fault or its end
(two values beside it are near enough, for a shift of level six hours). Intervals draw logs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import intervals
import numpy as np
from common import Row, costs

from saphan.exhibits.meter_watch import made
from saphan.exhibits.meter_watch.reading import Log
from saphan.exhibits.meter_watch.unusual import Event, find, joined, runs
from saphan.exhibits.meter_watch.usual import learn

SET = "own: 200 made logs of 28 days, 1000 faults (seeds 3000 to 3099)"
CLEAN = "own: 200 made logs of 28 days without faults (seeds 3000 to 3099)"
PLAIN = "3 standard deviations"
THRESHOLD = 4.0
SEEDS = range(3000, 3100)
NEAR = 2


def ours(log: Log) -> list[Event]:
    return find(log, learn(log), THRESHOLD)


def three_sigma(log: Log) -> list[Event]:
    far = np.abs(log.values - np.nanmean(log.values)) > 3 * np.nanstd(log.values)
    return [Event(start, end, "far") for start, end in joined(runs(far))]


def by_hour(log: Log) -> list[Event]:
    """The better plain rule: 3 standard deviations by time of day, and gaps."""
    slot = (np.arange(len(log.values)) + log.first_slot) % log.per_day
    far = np.zeros(len(slot), bool)
    for each in range(log.per_day):
        here = slot == each
        values = log.values[here]
        far[here] = np.abs(values - np.nanmean(values)) > 3 * np.nanstd(values)
    return [Event(start, end, "far")
            for start, end in joined(runs(far | ~np.isfinite(log.values)))]


def logs(seeds: range) -> list[Log]:
    return [make(seed) for seed in seeds for make in (made.meter, made.cold_room)]


def meets(event: Event, fault: made.Fault, per_day: int) -> bool:
    near = per_day // 4 if event.reason == "shift" else NEAR
    return event.start < fault.end + near and fault.start - near < event.end


def counted(rule: Callable[[Log], list[Event]], seeds: range) -> np.ndarray:
    """By log: faults found, faults, alarms right, alarms, faults with the right reason."""
    rows = []
    for number, clean in enumerate(logs(seeds)):
        log, faults = made.spoil(clean, seeds[0] + number)
        events = rule(log)
        pairs = [(event, fault) for event in events for fault in faults
                 if meets(event, fault, log.per_day)]
        named = {id(fault) for event, fault in pairs if event.reason == fault.reason}
        rows.append((len({id(fault) for _, fault in pairs}), len(faults),
                     len({id(event) for event, _ in pairs}), len(events), len(named)))
    return np.array(rows, float)


def ratio(over: int, under: int) -> Callable[[np.ndarray], float]:
    return lambda rows: float(rows[:, over].sum() / max(rows[:, under].sum(), 1))


def false_a_week(seeds: range, threshold: float) -> np.ndarray:
    """By clean log: alarms in 168 values."""
    return np.array([len(find(log, learn(log), threshold)) / len(log.values) * 168
                     for log in logs(seeds)])


def measure(data: Path | None) -> list[Row]:
    mine, plain, hourly = (counted(rule, SEEDS) for rule in (ours, three_sigma, by_hour))
    n = len(mine)
    alarms = false_a_week(SEEDS, THRESHOLD)
    made_logs = [made.spoil(log, 5)[0] for log in logs(SEEDS)[:20]]
    return [
        Row("faults_found", *intervals.bootstrap(mine, ratio(0, 1)), n, "share", SET,
            ratio(0, 1)(plain), PLAIN),
        Row("alarms_right", *intervals.bootstrap(mine, ratio(2, 3)), n, "share", SET,
            ratio(2, 3)(plain), PLAIN),
        Row("reason_right", *intervals.bootstrap(mine, ratio(4, 1)), n, "share", SET),
        Row("hourly_found", *intervals.bootstrap(hourly, ratio(0, 1)), n, "share", SET),
        Row("hourly_right", *intervals.bootstrap(hourly, ratio(2, 3)), n, "share", SET),
        Row("false_a_week", *intervals.bootstrap(alarms), n, "alarms in 168 values", CLEAN),
        *costs(ours, made_logs, set=SET)]
