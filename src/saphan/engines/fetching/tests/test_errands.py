"""Many errands at once: who waits for whom, and who does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from saphan.engines.fetching import Fetched, FetchProblem
from saphan.engines.fetching.errands import Ask, Came, Errand, Runner

PAGE = Fetched("", "", 200, (), b"x", b"x", "text/html", False, 0.0, "")


class Web:
    """A web of which every page is there, except those called `gone`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.resting: set[str] = set()

    def get(self, url: str, etag: str = "", modified: str = "") -> Fetched:
        self.asked.append(url)
        if "gone" in url:
            raise FetchProblem("not_found")
        return replace(PAGE, url=url, body=url.encode())

    def ready_in(self, url: str) -> float:
        return 0.05 if url in self.resting else 0.0


def errand(kept: list[tuple[str, Came]], *urls: str, then=None) -> Errand:
    for url in urls:
        came = yield Ask(url, then=then)
        kept.append((url, came))


def run(*errands: Errand, web: Web | None = None, **more) -> int:
    return Runner(web or Web(), **more).run(iter(errands), threading.Event())


def test_every_errand_gets_its_own_answers_in_its_own_order() -> None:
    kept: list[list[tuple[str, Came]]] = [[] for _each in range(30)]
    assert run(*(errand(kept[each], f"{each}/a", f"{each}/b", f"{each}/c")
                 for each in range(30)), at_once=7) == 30
    for each, answers in enumerate(kept):
        assert [url for url, _came in answers] == [f"{each}/{name}" for name in "abc"]
        assert [came.fetched.body.decode() for url, came in answers if came.fetched] == [
            f"{each}/{name}" for name in "abc"]


def test_a_problem_is_told_to_the_errand_whose_it_is() -> None:
    kept: list[tuple[str, Came]] = []
    assert run(errand(kept, "gone", "there")) == 1
    assert [came.problem and came.problem.code for _url, came in kept] == ["not_found", None]


def test_what_takes_long_is_done_elsewhere_and_writing_in_one_place() -> None:
    here = threading.get_ident()
    kept: list[tuple[str, Came]] = []
    run(errand(kept, "a", "b", then=lambda fetched: threading.get_ident()))
    assert {came.made for _url, came in kept}.isdisjoint({here, None})

    def where() -> Errand:
        yield Ask("https://a.example/")
        kept.append((str(threading.get_ident()), Came()))

    run(where())
    assert kept[-1][0] == str(here)


def test_what_goes_wrong_with_reading_reaches_the_errand() -> None:
    kept: list[tuple[str, Came]] = []

    def fails(fetched: Fetched) -> None:
        raise RuntimeError("unreadable")

    run(errand(kept, "a", then=fails))
    assert repr(kept[0][1].failure) == "RuntimeError('unreadable')"


def test_while_a_host_rests_others_are_asked() -> None:
    web = Web()
    web.resting = {"slow"}
    kept: list[tuple[str, Came]] = []

    def wake() -> Errand:
        for each in range(5):
            yield Ask(f"quick/{each}")
        web.resting.clear()

    run(errand(kept, "slow"), wake(), web=web, threads=1)
    assert web.asked == [*(f"quick/{each}" for each in range(5)), "slow"]


def test_who_wants_a_long_rest_gets_it_and_the_errand_is_told() -> None:
    web = Web()
    web.ready_in = lambda url: 7_200.0  # type: ignore[method-assign]
    kept: list[tuple[str, Came]] = []
    assert run(errand(kept, "a"), web=web) == 1
    assert kept[0][1].problem and kept[0][1].problem.wait == 7_200
    assert web.asked == []


def test_no_more_errands_are_begun_than_agreed() -> None:
    begun: list[int] = []
    ended: list[int] = []

    def one(number: int) -> Errand:
        begun.append(number)
        assert len(begun) - len(ended) <= 3
        yield Ask("a")
        ended.append(number)

    assert run(*(one(each) for each in range(20)), at_once=3) == 20


def test_when_it_is_to_stop_what_is_open_is_closed() -> None:
    stop, closed = threading.Event(), []

    def endless() -> Errand:
        try:
            while True:
                yield Ask("a")
                stop.set()
        finally:
            closed.append(True)

    assert Runner(Web()).run(iter([endless()]), stop) == 0
    assert closed == [True]


def test_an_errand_that_breaks_ends_the_run_and_leaves_no_thread() -> None:
    def breaks() -> Errand:
        yield Ask("a")
        raise ZeroDivisionError

    def all_of_them() -> Iterator[Errand]:
        yield breaks()

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        Runner(Web()).run(all_of_them(), threading.Event())
    assert threading.active_count() == before
