"""Meter watch: times read, the usual day learnt, faults named, the cold chain counted."""

from datetime import datetime

import numpy as np
import pytest

from saphan.engines.runner import Refusal
from saphan.engines.runner.media import table
from saphan.exhibits.meter_watch import cold, made
from saphan.exhibits.meter_watch.exhibit import watch
from saphan.exhibits.meter_watch.reading import Log, read_log, read_time
from saphan.exhibits.meter_watch.unusual import false_alarms, find
from saphan.exhibits.meter_watch.usual import learn, running_median


@pytest.mark.parametrize("text", ["2026-06-01 13:45", "1/6/2026 13:45", "2026-06-01T13:45:00Z",
                                  "1/6/2569 13:45", "๒๕๖๙-๐๖-๐๑ ๑๓:๔๕", "2026/6/1 13.45"])
def test_times_are_read_as_people_write_them(text):
    assert read_time(text) == datetime(2026, 6, 1, 13, 45)


@pytest.mark.parametrize("text", ["", "13:45", "2026-13-45 10:00", "kWh"])
def test_what_is_no_time_is_none(text):
    assert read_time(text) is None


def test_a_log_survives_being_pasted_with_its_gap():
    log = made.meter(1, 5)
    values = log.values.copy()
    values[30:36] = np.nan
    read = read_log(table(made.text(Log(log.start, 60, values), "kWh")))
    assert read.start == log.start
    assert np.array_equal(read.values, values, equal_nan=True)


@pytest.mark.parametrize(("text", "key"), [
    ("a,b\n" + "1,2\n" * 30, "no_time_column"),
    ("t,v\n" + "\n".join(f"2026-06-01 {h:02d}:00,{h}" for h in range(24)), "too_few_days"),
    ("t,v\n" + "\n".join(f"2026-06-{d:02d} 00:00,{d}" for d in range(1, 25)), "uneven_times"),
])
def test_what_is_no_log_is_refused(text, key):
    with pytest.raises(Refusal) as no:
        read_log(table(text))
    assert no.value.key == key


def spoiled(start, end, change):
    log = made.meter(2, 21)
    values = log.values.copy()
    values[start:end] = change(values[start:end])
    return Log(log.start, 60, values)


@pytest.mark.parametrize(("reason", "start", "end", "change"), [
    ("high", 200, 203, lambda v: v + 30), ("low", 202, 206, lambda v: v - 30),
    ("stuck", 201, 212, lambda v: v[0]), ("gap", 200, 206, lambda v: np.nan),
    ("shift", 264, 504, lambda v: v + 12)])
def test_each_fault_is_found_at_its_place_with_its_reason(reason, start, end, change):
    log = spoiled(start, end, change)
    events = find(log, learn(log), 5)
    assert [each.reason for each in events if each.reason == reason] == [reason]
    assert abs(next(each for each in events if each.reason == reason).start - start) <= 6


def test_a_log_without_faults_has_no_alarms_to_speak_of():
    alarms = [len(find(log, learn(log), 5)) for log in map(made.meter, range(8))]
    assert sum(alarms) <= 2


def test_a_lower_threshold_gives_more_alarms_and_says_so():
    log = made.meter(3)
    assert len(find(log, learn(log), 3)) > len(find(log, learn(log), 6))
    assert false_alarms(log, 3) > false_alarms(log, 4) > false_alarms(log, 5)


def test_faults_do_not_spoil_the_usual_day():
    clean, wrong = made.meter(2, 21), spoiled(100, 130, lambda v: v * 3)
    assert np.abs(learn(clean).day - learn(wrong).day).max() < 2


def test_the_running_median_leaves_out_what_is_missing():
    values = np.array([1, 1, np.nan, 1, 50, 1, 1, 2, 2])
    assert running_median(values, 3).tolist() == [1, 1, 1, 25.5, 1, 1, 1, 2, 2]


def test_a_steady_temperature_is_its_own_kinetic_mean():
    assert cold.mean_kinetic(np.full(20, 13.5)) == pytest.approx(13.5)


def test_warm_hours_weigh_more_in_the_kinetic_mean():
    half = cold.mean_kinetic(np.array([5.0, 25.0]))
    by_hand = 1e4 / -np.log((np.exp(-1e4 / 278.15) + np.exp(-1e4 / 298.15)) / 2) - 273.15
    assert half == pytest.approx(by_hand)
    assert half > 15


def test_minutes_above_the_limit_are_counted_and_gaps_are_not():
    values = np.array([14.0, 16, 16, np.nan, 16, 14])
    found = cold.judge(values, 15, 15, 10)
    assert (found.minutes_above, found.longest) == (45, 30)


def test_at_the_limit_a_day_is_a_day_of_life():
    found = cold.judge(np.full(96, 15.0), 15, 15, 10)
    assert found.used_low == pytest.approx(.1)
    assert found.used_high == pytest.approx(.1)


def test_ten_degrees_more_age_by_q10():
    assert cold.faster(np.array([20.0]), 10, 1)[0] == pytest.approx(2.0)
    assert cold.faster(np.array([20.0]), 10, 2)[0] == pytest.approx(2.5)
    assert cold.faster(np.array([25.0]), 15, 2)[0] == pytest.approx((2.5 * 2) ** .5)
    assert cold.faster(np.array([0.0]), 10, 2)[0] == pytest.approx(1 / 4)


def test_the_answer_frames_every_event_and_lists_it():
    log = spoiled(200, 203, lambda v: v + 30)
    answer = watch(made.text(log, "kWh"))
    say, picture, rows = answer.parts[:3]
    assert say.values["count"] == len(picture.boxes) == len(rows.rows) >= 1
    assert all(0 <= box.left <= box.left + box.width <= 1 for box in picture.boxes)


def test_a_cold_room_that_stayed_cold_is_told_so():
    text = made.text(made.cold_room(4, 5), "celsius")
    assert watch(text, "cold", limit=25.0).parts[0].key == "cold_enough"
    assert watch(text, "cold", limit=13.0).parts[0].key == "warm"
