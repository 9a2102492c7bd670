"""Long work beside the worker: once at a time, seen alive, taken up again when left alone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from saphan.ground import aside, clock
from saphan.ground.aside import Aside
from saphan.ground.models import Work

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def _left(work: Work, ago: timedelta) -> None:
    """`touched` sets itself on saving; here it is set to be older."""
    Work.objects.filter(pk=work.pk).update(touched=clock.now() - ago)


@pytest.mark.django_db
def test_a_row_is_taken_once_and_again_when_it_was_left_alone() -> None:
    work = Work.objects.create(name="long")
    rows = Work.objects.filter(pk=work.pk)
    assert not aside.take(rows)  # just made: somebody may be at it
    _left(work, aside.SILENT + timedelta(seconds=1))
    assert aside.take(rows)
    assert not aside.take(rows)
    with clock.stopped_at(clock.now() + aside.SILENT + timedelta(seconds=1)):
        assert aside.take(rows)


@pytest.mark.django_db
def test_a_sign_of_life_is_given_while_the_row_is_as_expected() -> None:
    work = Work.objects.create(name="long", state="running")
    _left(work, timedelta(seconds=25))
    assert aside.beat(Work, work.pk, state="running")
    assert not Work.objects.filter(aside.left_alone(), pk=work.pk).exists()
    Work.objects.filter(pk=work.pk).update(state="done")
    assert not aside.beat(Work, work.pk, state="running")


def _of(keys: list[int], work: object, **options: object) -> Aside:
    """Work on these keys, each claimed once."""
    left = list(keys)
    return Aside("test", claim=lambda: left.pop(0) if left else None, work=work,  # type: ignore[arg-type]
                 **{"alive": lambda key: True, **options})  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_work_runs_in_threads_of_its_own_and_no_more_than_allowed_at_once() -> None:
    gate, lock = threading.Event(), threading.Lock()
    threads: dict[int, str] = {}
    at_once: list[int] = []
    busy = 0

    def work(key: int, stop: threading.Event) -> None:
        nonlocal busy
        with lock:
            busy += 1
            at_once.append(busy)
            threads[key] = threading.current_thread().name
        gate.wait(10)
        with lock:
            busy -= 1

    line = _of([1, 2, 3, 4, 5], work, at_once=2)
    assert line.look() == 2
    assert line.look() == 0
    gate.set()
    while line._running:
        line.wait(10)
    assert sorted(threads) == [1, 2, 3, 4, 5]  # who waited was begun by who had ended
    assert max(at_once) <= 2
    assert threading.current_thread().name not in threads.values()


@pytest.mark.django_db(transaction=True)
def test_work_that_is_not_wanted_any_more_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "BEAT", 0.01)
    told: list[bool] = []
    line = _of([1], lambda key, stop: told.append(stop.wait(10)), alive=lambda key: False)
    line.look()
    line.wait(10)
    assert told == [True]


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_makes_room_for_the_next() -> None:
    done: list[int] = []

    def work(key: int, stop: threading.Event) -> None:
        if key == 1:
            raise RuntimeError("no memory")
        done.append(key)

    line = _of([1, 2], work, at_once=1)
    line.look()
    while line._running:
        line.wait(10)
    assert done == [2]


def test_everything_can_be_done_in_this_thread() -> None:
    names: list[str] = []
    line = _of([1, 2], lambda key, stop: names.append(threading.current_thread().name))
    assert line.do_all() == 2
    assert set(names) == {threading.current_thread().name}
