"""Work that takes minutes, beside the worker.

The worker of `jobs` is one thread, and letters wait while it works. Long work runs in a thread of
its own instead. The row that it works on says that somebody is at it: a time in the row is set
again every few seconds, and a row whose time is too old was left alone, by a process that died.
Whoever sets the time first has the row, so of several processes one works on it, and after
a restart another one goes on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections, connections
from django.db.models import Model, Q, QuerySet

from saphan.ground import clock

__all__ = ["SILENT", "Aside", "beat", "left_alone", "take"]

log = logging.getLogger(__name__)

BEAT = 5.0  # seconds between two signs of life
SILENT = timedelta(seconds=30)
"""Who gives no sign of life for so long is taken for dead."""


def left_alone(field: str = "touched") -> Q:
    """The rows on which nobody works: never touched, or not for a while."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": clock.now() - SILENT})


def take(rows: QuerySet[Any], *, field: str = "touched") -> bool:
    """Take a row that was left alone. Of several who try at once one gets True."""
    return bool(rows.filter(left_alone(field)).update(**{field: clock.now()}))


class Aside:
    """One kind of long work.

    `claim()` takes the next row that is due (with `take`) and returns its key, or None. `work(key,
    stop)` does it in a thread of its own and leaves early when the event `stop` is set.
    `alive(key)` gives a sign of life every few seconds; if it returns False the work is not wanted
    any more and `stop` is set. At most `at_once` run in one process; what they may not do together
    `claim` decides.
    """

    def __init__(self, name: str, *, claim: Callable[[], int | None],
                 work: Callable[[int, threading.Event], None],
                 alive: Callable[[int], bool], at_once: int = 4) -> None:
        self.name, self.claim, self.work, self.alive = name, claim, work, alive
        self.at_once = at_once
        self._running: dict[int, threading.Thread] = {}
        self._lock = threading.RLock()

    def look(self) -> int:
        """Begin what is due. Returns how many threads were started."""
        begun = 0
        while True:
            with self._lock:
                if len(self._running) >= self.at_once or (key := self.claim()) is None:
                    return begun
                thread = threading.Thread(target=self._thread, args=(key,), daemon=True,
                                          name=f"saphan-{self.name}-{key}")
                self._running[key] = thread
                thread.start()  # before anybody can see it and wait for it
            begun += 1

    def do_all(self) -> int:
        """Do everything that is due now, in this thread, one after the other. For tests and the
        command line. Returns how much it was."""
        done = 0
        while (key := self.claim()) is not None:
            self.work(key, threading.Event())
            done += 1
        return done

    def wait(self, timeout: float | None = None) -> None:
        """Wait until what runs now has ended."""
        for thread in list(self._running.values()):
            thread.join(timeout)

    def _thread(self, key: int) -> None:
        stop, over = threading.Event(), threading.Event()
        heart = threading.Thread(target=self._beat, args=(key, stop, over), daemon=True,
                                 name=f"saphan-{self.name}-{key}-alive")
        heart.start()
        try:
            self.work(key, stop)
        except Exception:
            log.exception("%s %s failed", self.name, key)
        finally:
            over.set()
            heart.join()
            close_old_connections()
            try:
                with self._lock:  # nobody sees the moment between this one and the next
                    self._running.pop(key, None)
                    self.look()
            except DatabaseError:
                log.exception("could not look for more of %s", self.name)
            connections.close_all()

    def _beat(self, key: int, stop: threading.Event, over: threading.Event) -> None:
        while not over.wait(BEAT):
            try:
                if not self.alive(key):
                    stop.set()
            except DatabaseError:  # busy for once: the next beat will do
                log.warning("%s %s could not give a sign of life", self.name, key)
        connections.close_all()


def beat(model: type[Model], key: int, *, field: str = "touched", **still: Any) -> bool:
    """A sign of life for `alive`: sets the time while the row still is as `still` says."""
    rows = model._default_manager.filter(pk=key, **still)
    return bool(rows.update(**{field: clock.now()}))
