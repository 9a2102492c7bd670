"""What time it is, in one place, so that tests can stop it; and what is due, for the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _stopped.get() or timezone.now()


def today(zone: str | None = None) -> date:
    """The calendar day at the centre, or in `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone or settings.TIME_ZONE)).date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (timezone-aware) within the block."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)


@dataclass(frozen=True)
class Chore:
    """A function without arguments that the worker runs every `interval`."""

    name: str
    interval: timedelta
    run: Callable[[], None]


_chores: dict[str, Chore] = {}


def every(**interval: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a chore: `@every(hours=1)`. Keywords are those of `timedelta`."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        name = f"{function.__module__}.{function.__qualname__}"
        _chores[name] = Chore(name, timedelta(**interval), function)
        return function

    return register


def chores() -> list[Chore]:
    return list(_chores.values())
