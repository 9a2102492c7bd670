"""Rounds of reading: every source that is due, beside the worker, many hosts at once.

One row of `Work` is the round that goes on now; whoever has it reads, in one process. When that
dies, the row is left alone and another process goes on: a source that was not finished is still
due.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import transaction

from saphan.engines.fetching.errands import Errand, Runner
from saphan.ground import aside, clock
from saphan.ground.models import Work
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import looking, outward
from saphan.rooms.newsroom.models import Source
from saphan.rooms.newsroom.queries import sources as queries
from saphan.rooms.newsroom.rules import sources as rules

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
THREADS = 8
AT_ONCE = 60
ASK_AGAIN = 5.0
"""Seconds between two questions to the database for what is due."""
State = Work.State


def ask_for() -> Work:
    """The round that goes on, or a new one that begins as soon as somebody takes it."""
    work = queries.round_now()
    if work is None:
        work = Work.objects.create(name=queries.ROUND)
        Work.objects.filter(pk=work.pk).update(touched=LONG_AGO)
    return work


def look_now(source: Source, *, by: Person) -> Work:
    """Somebody does not want to wait until a source is due."""
    rules.may_look_now(by, source).or_raise()
    Source.objects.filter(pk=source.pk).update(next_look=clock.now())
    work = ask_for()
    transaction.on_commit(line.look)
    return work


def claim() -> int | None:
    """The round, if nobody is at it."""
    for work in Work.objects.filter(aside.left_alone(), name=queries.ROUND,
                                    state__in=[State.WAITING, State.RUNNING]).order_by("pk"):
        if aside.take(Work.objects.filter(pk=work.pk)):
            Work.objects.filter(pk=work.pk).update(state=State.RUNNING)
            return int(work.pk)
    return None


def alive(key: int) -> bool:
    return aside.beat(Work, key, state=State.RUNNING)


class Due(Iterator[Errand]):
    """Looks at what is due; asked again after it had nothing, it may have something new."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._next: list[Source] = []
        self._asked = 0.0
        self.begun = self.done = 0

    def __next__(self) -> Errand:
        if not self._next and time.monotonic() - self._asked >= ASK_AGAIN:
            self._asked = time.monotonic()
            self._next = list(queries.due().exclude(pk__in=self._open).select_related(
                "economy")[:AT_ONCE])
            self._next.reverse()
        if not self._next:
            raise StopIteration
        if len(self._next) == 1:
            self._asked = 0.0
        return self._look(self._next.pop())

    def _look(self, source: Source) -> Errand:
        self._open.add(source.pk)
        self.begun += 1
        try:
            yield from looking.look(source)
            self.done += 1
        finally:
            self._open.discard(source.pk)


def work(key: int, stop: threading.Event) -> None:
    """Read everything that is due. What is left when `stop` is set stays due."""
    due = Due()

    def tell() -> None:
        waiting = queries.due().count()
        Work.objects.filter(pk=key).update(done=due.done, total=max(due.done + waiting, due.begun))

    tell()
    Runner(outward.fetcher(), threads=THREADS, at_once=AT_ONCE).run(due, stop, each_turn=tell)
    if stop.is_set():
        return
    Work.objects.filter(pk=key).update(state=State.DONE, done=due.done, total=due.done)
    Work.objects.filter(name=queries.ROUND, state=State.DONE, pk__lt=key).delete()


line = aside.Aside("reading", claim=claim, work=work, alive=alive, at_once=1)
