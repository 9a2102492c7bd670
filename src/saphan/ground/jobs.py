"""Work done after the answer: reactions to facts, queued jobs, regular chores.

Reactions follow the ledger with a cursor each. The cursor moves in the same transaction as the
effect, so a reaction happens once even if the process dies in the middle; its order is the
ledger's. Jobs that a person starts (an import, an export) go through django-tasks' queue in the
same database. One worker does all three: a thread inside the web process by default, or
`saphan worker`.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import IO

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django_tasks import task as job
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from saphan.ground import clock
from saphan.ground.models import Chore, Fact, Follower, Missed, Work

__all__ = ["Reaction", "Worker", "begin_work", "catches_up", "drain", "follow_all", "job", "on",
           "wake"]

log = logging.getLogger(__name__)

GIVE_UP_AFTER = 8  # failures; the waits double from 2 s, so about eight minutes in all


@dataclass(frozen=True)
class Reaction:
    """`run(fact)` for every fact whose name matches one of `patterns` (`listing.*`) and which
    `only`, a look at the fact alone, lets pass."""

    name: str
    patterns: tuple[str, ...]
    run: Callable[[Fact], None]
    only: Callable[[Fact], bool] = lambda fact: True

    def wants(self, fact: Fact) -> bool:
        return self.only(fact) and any(fnmatchcase(fact.name, one) for one in self.patterns)


_reactions: dict[str, Reaction] = {}


def on(*patterns: str, only: Callable[[Fact], bool] = lambda fact: True
       ) -> Callable[[Callable[[Fact], None]], Callable[[Fact], None]]:
    """Register a reaction: `@on("listing.published")`. What `only` leaves aside costs nothing,
    where a wanted fact costs a transaction: it matters when thousands come at once."""

    def register(function: Callable[[Fact], None]) -> Callable[[Fact], None]:
        name = f"{function.__module__}.{function.__qualname__}"
        _reactions[name] = Reaction(name, patterns, function, only)
        return function

    return register


_followers: list[Callable[[], object]] = []


def catches_up(function: Callable[[], int]) -> None:
    """Register something that follows the ledger with a cursor of its own: the search index."""
    if function not in _followers:
        _followers.append(function)


def reactions() -> list[Reaction]:
    return list(_reactions.values())


def follow(reaction: Reaction, *, batch: int = 200) -> int:
    """Let one reaction read on, `batch` facts at most. Returns how many facts it passed."""
    cursor, _created = Follower.objects.get_or_create(name=reaction.name)
    if cursor.retry_at and cursor.retry_at > clock.now():
        return 0
    facts = list(Fact.objects.filter(seq__gt=cursor.seq).order_by("seq")[:batch])
    for fact in facts:
        if not reaction.wants(fact):
            continue
        try:
            with transaction.atomic():
                # Two workers may race for one fact: the one that moves the cursor does the work.
                won = Follower.objects.filter(name=reaction.name, seq__lt=fact.seq).update(
                    seq=fact.seq, failures=0, retry_at=None, last_error="")
                if won:
                    reaction.run(fact)
        except Exception:
            _failed(reaction, fact)
            return 0
    if facts:
        Follower.objects.filter(name=reaction.name, seq__lt=facts[-1].seq).update(seq=facts[-1].seq)
    return len(facts)


def _failed(reaction: Reaction, fact: Fact) -> None:
    error = traceback.format_exc(limit=8)
    log.warning("reaction %s failed on fact %s\n%s", reaction.name, fact.seq, error)
    cursor = Follower.objects.get(name=reaction.name)
    cursor.failures += 1
    cursor.last_error = error
    if cursor.failures >= GIVE_UP_AFTER:
        Missed.objects.get_or_create(follower=reaction.name, seq=fact.seq,
                                     defaults={"error": error, "at": clock.now()})
        cursor.seq, cursor.failures, cursor.retry_at = fact.seq, 0, None
    else:
        cursor.retry_at = clock.now() + timedelta(seconds=2 ** cursor.failures)
    cursor.save()


def follow_all() -> int:
    """Let every reaction catch up. Returns how many facts were passed."""
    passed = 0
    for reaction in reactions():
        while step := follow(reaction):
            passed += step
    for catch_up in _followers:
        catch_up()
    return passed


def run_chores() -> None:
    """Run what is due. The row is claimed first, so of several processes one runs a chore."""
    for chore in clock.chores():
        row, _created = Chore.objects.get_or_create(name=chore.name)
        moment = clock.now()
        if row.last_run and row.last_run + chore.interval > moment:
            continue
        if not Chore.objects.filter(name=chore.name, last_run=row.last_run).update(last_run=moment):
            continue
        try:
            chore.run()
            Chore.objects.filter(name=chore.name).update(last_error="")
        except Exception:
            log.exception("chore %s failed", chore.name)
            Chore.objects.filter(name=chore.name).update(last_error=traceback.format_exc(limit=8))


def begin_work(name: str, *, owner: str = "", total: int = 0) -> Work:
    """A row that shows the progress of a job; the job updates `done`, `message`, `state`."""
    return Work.objects.create(name=name, owner=owner, total=total)


def drain() -> None:
    """Do everything that is waiting, now, in this thread. For tests and the command line."""
    follow_all()
    _run_queue()
    follow_all()


def _run_queue() -> None:
    # The queue's own loop takes a write lock at every look; look with a plain read first.
    if DBTaskResult.objects.ready().exists():
        QueueWorker(queue_names=["*"], interval=0, batch=True, backend_name="default",
                    startup_delay=False, max_tasks=None, worker_id="saphan",
                    excluded_queue_names=[]).run()


def resume_interrupted() -> int:
    """Put jobs back into the queue that a killed process left half done. Jobs are written so that
    doing one again does no harm. Only the one active worker calls this."""
    return DBTaskResult.objects.running().update(status="READY", started_at=None)


_wake = threading.Event()


def wake() -> None:
    """Tell the worker of this process that there is something to do."""
    _wake.set()


class Worker(threading.Thread):
    """The loop: facts, queue, chores; then wait for a poke, `idle` seconds at most.

    Of all the workers of one house one is active: it holds a lock on `worker.lock` in the house's
    folder, which the system releases however the process ends. The others stand by.
    """

    def __init__(self, *, idle: float = 2.0) -> None:
        super().__init__(name="saphan-worker", daemon=True)
        self.idle = idle
        self._stop_asked = threading.Event()

    def stop(self, *, timeout: float = 10.0) -> None:
        self._stop_asked.set()
        _wake.set()
        if self.is_alive():
            self.join(timeout)

    def run(self) -> None:
        with open(settings.HOME / "worker.lock", "a") as lock:
            while not self._stop_asked.is_set() and not _take(lock):
                self._stop_asked.wait(self.idle)
            self._work()

    def _work(self) -> None:
        resumed = False
        while not self._stop_asked.is_set():
            close_old_connections()
            try:
                if not resumed:
                    resume_interrupted()
                    resumed = True
                drain()
                run_chores()
            except DatabaseError:
                log.exception("the database did not answer; trying again")
            except Exception:
                log.exception("the worker stumbled; going on")
            finally:
                close_old_connections()
            _wake.wait(self.idle)
            _wake.clear()


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
