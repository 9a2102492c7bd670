"""Many errands at once: threads fetch and read, one thread decides and writes.

An errand is a generator that yields what it wants fetched and is sent what came of it. It runs in
the thread that called `run`, so it may use a database that has one writer; only fetching, and what
an `Ask` says should be done with the answer, happens in other threads. While a host rests or is
being asked, the threads ask others; who wants rest for longer than a minute gets it, and the errand
is told.
"""

from __future__ import annotations

import heapq
import itertools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from saphan.engines.fetching.addresses import origin
from saphan.engines.fetching.fetcher import Fetched
from saphan.engines.fetching.problems import FetchProblem

LONGEST_NAP = 1.0
LONGEST_REST = 60.0
BUSY = 0.05
"""Seconds after which a host is looked at again that was just being asked."""
TURN = 5.0
"""Seconds between two calls of `each_turn`."""


@dataclass(frozen=True)
class Ask:
    """What an errand wants fetched. `then` is done with the answer in the thread that fetched it:
    what takes long and needs no database."""

    url: str
    etag: str = ""
    modified: str = ""
    then: Callable[[Fetched], Any] | None = None


@dataclass(frozen=True)
class Came:
    """What came of an `Ask`: `fetched` or `problem`; `made` is what `then` gave. `failure` is what
    `then` raised."""

    fetched: Fetched | None = None
    problem: FetchProblem | None = None
    made: Any = None
    failure: Exception | None = None


Errand = Generator[Ask, Came, None]


class Fetches(Protocol):
    """The part of `Fetcher` that is needed."""

    def get(self, url: str, etag: str = "", modified: str = "") -> Fetched: ...
    def ready_in(self, url: str) -> float: ...


@dataclass(frozen=True)
class _Waiting:
    errand: Errand
    ask: Ask


class Runner:
    """Runs errands. `threads` fetch at once; of their answers at most as many wait to be dealt
    with, which is what bounds the memory; `readers` do `then` at once."""

    def __init__(self, fetcher: Fetches, *, threads: int = 8, at_once: int = 80,
                 readers: int = 2, now: Callable[[], float] = time.monotonic) -> None:
        self._fetcher, self._at_once, self._now = fetcher, at_once, now
        self._threads = threads
        self._reading = threading.Semaphore(readers)
        self._asked: queue.Queue[_Waiting | None] = queue.Queue()
        self._came: queue.Queue[tuple[_Waiting, Came]] = queue.Queue(maxsize=threads)

    def run(self, errands: Iterator[Errand], stop: threading.Event, *,
            each_turn: Callable[[], object] = lambda: None) -> int:
        """Run them to their ends, or until `stop` is set; then what is open is closed. Returns how
        many ended. `each_turn` is called every few seconds. What an errand raises ends all."""
        workers = [threading.Thread(target=self._work, daemon=True, name=f"saphan-fetch-{each}")
                   for each in range(self._threads)]
        for worker in workers:
            worker.start()
        open_errands: set[Errand] = set()
        try:
            return self._turn(errands, open_errands, stop, each_turn)
        finally:
            for _worker in workers:
                self._asked.put(None)
            for worker in workers:
                while worker.is_alive():  # it may be waiting to hand over its answer
                    self._drop()
                    worker.join(0.05)
            for errand in open_errands:
                errand.close()

    def _turn(self, errands: Iterator[Errand], running: set[Errand], stop: threading.Event,
              each_turn: Callable[[], object]) -> int:
        waiting: list[tuple[float, int, _Waiting]] = []
        count, busy, ended, told = itertools.count(), set[str](), 0, self._now()

        def go_on(errand: Errand, came: Came | None) -> int:
            running.add(errand)
            while True:
                try:
                    ask = next(errand) if came is None else errand.send(came)
                except StopIteration:
                    running.discard(errand)
                    return 1
                rest = self._fetcher.ready_in(ask.url)
                if rest <= LONGEST_REST:
                    break
                came = Came(problem=FetchProblem("asked_to_wait", f"{rest:.0f} s", wait=rest))
            heapq.heappush(waiting, (self._now() + rest, next(count), _Waiting(errand, ask)))
            return 0

        while not stop.is_set():
            while len(running) < self._at_once and (fresh := next(errands, None)) is not None:
                ended += go_on(fresh, None)
            if not running:
                return ended
            self._hand_out(waiting, busy)
            nap = LONGEST_NAP if not waiting or len(busy) >= self._threads else min(
                max(waiting[0][0] - self._now(), 0.01), LONGEST_NAP)
            try:
                one, came = self._came.get(timeout=nap)
                busy.discard(origin(one.ask.url))
                ended += go_on(one.errand, came)
            except queue.Empty:
                pass
            if self._now() - told > TURN:
                told = self._now()
                each_turn()
        return ended

    def _hand_out(self, waiting: list[tuple[float, int, _Waiting]], busy: set[str]) -> None:
        """Give the threads that are free what may be asked now: of each host one page."""
        later = []
        while waiting and len(busy) < self._threads and waiting[0][0] <= self._now():
            _when, place, one = heapq.heappop(waiting)
            host, rest = origin(one.ask.url), self._fetcher.ready_in(one.ask.url)
            if host in busy or rest > 0:
                later.append((self._now() + max(rest, BUSY), place, one))
                continue
            busy.add(host)
            self._asked.put(one)
        for each in later:
            heapq.heappush(waiting, each)

    def _work(self) -> None:
        while (one := self._asked.get()) is not None:
            self._came.put((one, self._fetched(one.ask)))

    def _fetched(self, ask: Ask) -> Came:
        try:
            found = self._fetcher.get(ask.url, ask.etag, ask.modified)
        except FetchProblem as problem:
            return Came(problem=problem)
        except Exception as failure:  # ours, not theirs: the errand says so in its log
            return Came(problem=FetchProblem("bad_answer", repr(failure)), failure=failure)
        if ask.then is None or found.not_modified:
            return Came(found)
        try:
            with self._reading:
                return Came(found, made=ask.then(found))
        except Exception as failure:
            return Came(found, failure=failure)

    def _drop(self) -> None:
        while True:
            try:
                self._came.get_nowait()
            except queue.Empty:
                return
