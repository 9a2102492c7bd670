from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from saphan.engines.runner.supervisor.queue import FairQueue, Full
from saphan.engines.runner.supervisor.times import Average, Times


@dataclass(eq=False)
class Run:
    visitor: str
    name: str = ""


def fill(queue: FairQueue[Run], order: str) -> list[Run]:
    """A run for each letter, which names its visitor."""
    runs = [Run(letter, f"{letter}{order[:at].count(letter)}") for at, letter in enumerate(order)]
    for run in runs:
        queue.add(run)
    return runs


def drain(queue: FairQueue[Run]) -> str:
    return " ".join(queue.pop().name for _ in range(len(queue)))


def test_turns_go_round_the_visitors_and_first_come_first_served_within_one() -> None:
    queue: FairQueue[Run] = FairQueue()
    fill(queue, "aaabbc")
    assert drain(queue) == "a0 b0 c0 a1 b1 a2"


def test_one_who_floods_delays_a_newcomer_by_no_run_that_has_not_begun() -> None:
    queue: FairQueue[Run] = FairQueue()
    fill(queue, "aaaa")
    queue.pop()  # runs now
    newcomer = Run("b", "b0")
    queue.add(newcomer)
    assert queue.place(newcomer) == 0
    assert queue.pop() is newcomer


def test_one_who_comes_again_after_each_run_does_not_pass_those_who_wait() -> None:
    queue: FairQueue[Run] = FairQueue()
    fill(queue, "abc")
    served = [queue.pop().visitor]
    for _ in range(5):
        queue.add(Run(served[-1]))
        served.append(queue.pop().visitor)
    assert served == ["a", "b", "c", "a", "b", "c"]


def test_a_place_is_the_number_of_runs_that_really_come_before() -> None:
    luck = random.Random(7)
    queue: FairQueue[Run] = FairQueue(each=10)
    runs = fill(queue, "".join(luck.choice("abcdefg") for _ in range(30)))
    for run in luck.sample(runs, 8):
        assert queue.remove(run)
    places = {run: queue.place(run) for run in runs}
    for came, run in enumerate([queue.pop() for _ in range(len(queue))]):
        assert places[run] == came
    assert list(places.values()).count(None) == 8


def test_a_run_that_is_given_up_frees_its_turn_for_the_visitors_next() -> None:
    queue: FairQueue[Run] = FairQueue()
    runs = fill(queue, "aaab")
    assert queue.remove(runs[0])
    assert not queue.remove(runs[0])
    assert drain(queue) == "a1 b0 a2"


def test_giving_up_a_run_never_brings_a_visitor_more_turns() -> None:
    queue: FairQueue[Run] = FairQueue()
    runs = fill(queue, "aabb")
    for _ in range(20):
        assert queue.remove(runs[1])
        runs[1] = Run("a", "a1")
        queue.add(runs[1])
    assert drain(queue) == "a0 b0 b1 a1"


def test_there_is_an_end_to_what_one_and_what_all_may_ask() -> None:
    queue: FairQueue[Run] = FairQueue(each=4, all=6)
    fill(queue, "aaaab")
    with pytest.raises(Full) as full:
        queue.add(Run("a"))
    assert full.value.whose == "visitor"
    queue.add(Run("b"))
    with pytest.raises(Full) as full:
        queue.add(Run("c"))
    assert full.value.whose == "all"
    with pytest.raises(IndexError):
        FairQueue().pop()


def test_a_wait_is_foretold_from_what_runs_took() -> None:
    times = Times()
    for _ in range(10):
        times.ran("fast", 1.0)
        times.ran("slow", 10.0)
        times.started("slow", 3.0)
    found = times.waits([4.0, 2.0], 2, [("a", "fast"), ("b", "slow"), ("c", "fast"), ("d", "fast")],
                        {"fast": 1})
    assert found == {"a": 2.0, "b": 3.0, "c": 4.0, "d": 5.0}
    idle = times.waits([], 2, [("a", "slow"), ("b", "slow"), ("c", "slow")], {})
    assert idle == {"a": 0.0, "b": 0.0, "c": 10.0}


def test_an_average_begins_as_a_mean_and_then_follows() -> None:
    average = Average(99.0)
    average.add(1.0)
    assert average.value == 1.0
    average.add(3.0)
    assert average.value == 2.0
    for _ in range(40):
        average.add(8.0)
    assert average.value == pytest.approx(8.0, abs=0.01)
