"""How often a host is asked: one request at a time, a pause after each, rest when it says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from saphan.engines.fetching.problems import FetchProblem

REST = 300.0
"""Seconds of rest for a host that says it is too much and not for how long."""
LONGEST_REST = 86_400.0
MOST_HOSTS = 20_000


class Manners:
    """Knows for each origin when it may be asked again. Safe among threads."""

    def __init__(self, delay: float, patience: float, now: Callable[[], float] = time.monotonic,
                 sleep: Callable[[float], object] = time.sleep) -> None:
        """`delay`: seconds between two requests to a host; `patience`: the longest that a thread
        waits for its turn, else it is told to come back."""
        self._delay, self._patience, self._now, self._sleep = delay, patience, now, sleep
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def ready_in(self, origin: str) -> float:
        """Seconds until the origin may be asked."""
        with self._lock:
            return max(0.0, self._next.get(origin, 0.0) - self._now())

    def turn(self, origin: str, delay: float = 0.0) -> None:
        """Wait for one's turn and take it. FetchProblem `asked_to_wait` where that is too long."""
        with self._lock:
            now = self._now()
            start = max(now, self._next.get(origin, 0.0))
            if start - now > self._patience:
                raise FetchProblem("asked_to_wait", f"{origin} may be asked again in "
                                   f"{start - now:.0f} s", wait=start - now)
            self._tidy(now)
            self._next[origin] = start + max(delay, self._delay)
        if start > now:
            self._sleep(start - now)

    def done(self, origin: str, delay: float = 0.0) -> None:
        """The request is over: the pause counts from here."""
        with self._lock:
            self._next[origin] = max(self._next.get(origin, 0.0),
                                     self._now() + max(delay, self._delay))

    def rest(self, origin: str, seconds: float) -> None:
        """Leave the origin alone for so long."""
        with self._lock:
            self._next[origin] = self._now() + min(seconds, LONGEST_REST)

    def _tidy(self, now: float) -> None:
        if len(self._next) > MOST_HOSTS:
            self._next = {key: when for key, when in self._next.items() if when > now}


def retry_after(said: str, now: datetime | None = None) -> float:
    """Seconds that a Retry-After header asks for: a number, or a date."""
    said = said.strip()
    if said.isdecimal():
        return min(float(said), LONGEST_REST)
    try:
        when = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return REST
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    left = (when - (now or datetime.now(UTC))).total_seconds()
    return min(max(left, 1.0), LONGEST_REST)
