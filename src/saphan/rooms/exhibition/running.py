"""Run exhibits: hand the inputs to the sealed workers, wait for the turn, write down the cost.

What a visitor gave and got lives here in memory until it is fetched or ten minutes are over; it
never reaches the disk, the database or a log.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from saphan.engines.runner import client, energy, grid, inputs, outside
from saphan.engines.runner.folder import Folder
from saphan.engines.runner.workbench import installed, missing_programs
from saphan.house.centre import centre
from saphan.rooms.exhibition import actions
from saphan.rooms.exhibition.catalogue import folder, roots
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.vocabulary import Outcome

log = logging.getLogger(__name__)
KEPT_SECONDS = 600.0
AT_ONCE = 2_000
"""Runs remembered at most; the oldest go first."""


@dataclass
class Standing:
    """Where a run stands. `state`: waiting, running or over. `place`: runs before it; `seconds`:
    how long it will probably wait, None where nobody can say. The rest once it is over."""

    ticket: str
    slug: str
    state: str
    place: int = 0
    seconds: float | None = None
    outcome: str = ""
    answer: dict[str, Any] | None = None
    refusal: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    usage: dict[str, Any] = field(default_factory=dict)
    label: energy.Label | None = None
    sealed: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    example: str = ""

    @property
    def is_over(self) -> bool:
        return self.state == "over"


@dataclass
class _Pending:
    exhibit: Exhibit
    given: dict[str, Any]
    by_house: bool
    began: float
    before: Any
    example: str = ""
    ticket: Any = None
    future: Future[Any] | None = None
    over: Standing | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class NoSuchRun(Exception):
    """The ticket is unknown: its time is over, or the house was started anew."""


_pending: dict[str, _Pending] = {}
_lock = threading.Lock()
_abroad = ThreadPoolExecutor(max_workers=8, thread_name_prefix="outside")


@lru_cache(maxsize=1)
def hall() -> client.Hall:
    """The sealed workers of this house."""
    folders = roots()
    return client.Hall(socket_path(settings.HOME), client.Settings(
        models=str(settings.MODELS.absolute()), budget_mb=settings.HALL_MB,
        own=tuple(str(path) for path, own in folders if own),
        guests=tuple(str(path) for path, own in folders if not own)))


def socket_path(home: Path) -> Path:
    """Where the supervisor of a house listens: in its folder, or where that is too deep for a
    socket's name (107 bytes), under a digest of it among the temporary files."""
    path = home / "hall" / "hall.sock"
    if len(str(path)) < 100:
        return path
    name = hashlib.sha256(str(home).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"saphan-{os.getuid()}-{name}" / "hall.sock"


@lru_cache(maxsize=4)
def meter() -> energy.Meter:
    """What labels are made with, for the place where the house stands."""
    here = centre()
    return energy.Meter(grid.grid(here.economy, settings.PROVINCE or here.province))


def signature(exhibit: Exhibit) -> tuple[inputs.Input, ...]:
    """The inputs of an exhibit, asked of its sealed worker once and remembered. Raises
    Unavailable with the reason where it cannot be asked."""
    found = folder(exhibit.slug)
    if not exhibit.signature:
        if found is None:
            raise Unavailable("the exhibit's folder is not there")
        actions.describe(exhibit, _described(exhibit, found))
    return inputs.read(exhibit.signature["inputs"])


class Unavailable(Exception):
    """An exhibit cannot run here now, and why: a plain sentence for the staff."""


def _described(exhibit: Exhibit, found: Folder) -> Mapping[str, Any]:
    try:
        if exhibit.runs_outside:
            return outside.describe(found, _guard())
    except outside.OutsideError as why:
        raise Unavailable(str(why)) from None
    _can_run(exhibit, found)
    told = hall().describe(found)
    if told.kind != Outcome.DONE or told.answer is None:
        raise Unavailable(told.reason or told.kind)
    return told.answer


def _can_run(exhibit: Exhibit, found: Folder) -> None:
    """What the machine lacks, said before anything is started."""
    if missing := installed(found.needs):
        raise Unavailable(f"not installed: {', '.join(missing)}")
    if missing := missing_programs(found.programs):
        raise Unavailable(f"not installed: {', '.join(missing)}")


def _guard() -> outside.Guard:
    return outside.Guard(settings.OUTSIDE)


def begin(exhibit: Exhibit, given: Mapping[str, Any], *, visitor: str, example: str = "",
          by_house: bool = False) -> str:
    """Ask for a run with checked inputs; returns its ticket. `visitor`: an opaque key, for fair
    turns only."""
    _sweep()
    found, ticket = folder(exhibit.slug), secrets.token_urlsafe(16)
    pending = _Pending(exhibit, dict(given), by_house, time.monotonic(), meter().start(), example)
    try:
        if found is None:
            raise Unavailable("the exhibit's folder is not there")
        if exhibit.runs_outside:
            pending.future = _abroad.submit(outside.run, found, dict(given), _guard(),
                                            found.seconds)
        else:
            _can_run(exhibit, found)
            pending.ticket = hall().submit(found, given, visitor=visitor)
    except (Unavailable, OSError) as why:
        pending.over = _over(ticket, pending, Outcome.UNAVAILABLE, reason=str(why))
    with _lock:
        _pending[ticket] = pending
    return ticket


def look(ticket: str, *, wait: float = 0.0) -> Standing:
    """Where a run stands, after at most `wait` seconds. Raises NoSuchRun."""
    with _lock:
        pending = _pending.get(ticket)
    if pending is None:
        raise NoSuchRun(ticket)
    with pending.lock:  # two askers: its cost is written down once
        if pending.over is None:
            if pending.future is not None:
                return _look_abroad(ticket, pending, wait)
            return _look_in_hall(ticket, pending, wait)
        return pending.over


def _look_in_hall(ticket: str, pending: _Pending, wait: float) -> Standing:
    slug = pending.exhibit.slug
    found = hall().wait(pending.ticket, wait)
    if isinstance(found, client.Waiting):
        return Standing(ticket, slug, "waiting", place=found.place, seconds=found.seconds)
    if isinstance(found, client.Running):
        return Standing(ticket, slug, "running")
    pending.over = _over(ticket, pending, found.kind, answer=found.answer, refusal=found.key,
                         values=found.values, reason=found.reason, sealed=found.level,
                         usage=asdict(found.usage))
    return pending.over


def _look_abroad(ticket: str, pending: _Pending, wait: float) -> Standing:
    assert pending.future is not None
    try:
        answer = pending.future.result(timeout=wait)
    except TimeoutError:
        return Standing(ticket, pending.exhibit.slug, "running")
    except outside.OutsideError as why:
        pending.over = _over(ticket, pending, Outcome.BROKEN, reason=str(why), sealed="outside")
    else:
        pending.over = _over(ticket, pending, Outcome.DONE, answer=answer, sealed="outside")
    return pending.over


def _over(ticket: str, pending: _Pending, outcome: str, *, answer: Any = None, refusal: str = "",
          values: Mapping[str, Any] | None = None, reason: str = "", sealed: str = "",
          usage: Mapping[str, Any] | None = None) -> Standing:
    """The end of a run: its label is made and its cost written down."""
    cost = {"cpu_s": 0.0, "wall_s": time.monotonic() - pending.began, "peak_mb": 0.0,
            "waited_s": 0.0, "cold": False, **(usage or {})}
    label = _label(pending, cost) if outcome in (Outcome.DONE, Outcome.REFUSED) else None
    if outcome not in (Outcome.FULL,):
        actions.note_run(pending.exhibit, outcome, by_house=pending.by_house, reason=reason,
                         cost={**cost, **_columns(label)})
    if reason:
        log.info("exhibit %s: %s (%s)", pending.exhibit.slug, outcome, reason)
    return Standing(ticket, pending.exhibit.slug, "over", outcome=outcome, answer=answer,
                    refusal=refusal, values=dict(values or {}), reason=reason, usage=cost,
                    label=label, sealed=sealed, given=pending.given, example=pending.example)


@dataclass(frozen=True)
class _Usage:
    cpu_s: float
    wall_s: float
    peak_mb: float


def _label(pending: _Pending, cost: Mapping[str, Any]) -> energy.Label:
    if pending.exhibit.runs_outside:
        found = folder(pending.exhibit.slug)
        return energy.declared(found.declared_joules if found else None, grid.grid())
    usage = _Usage(cost["cpu_s"], cost["wall_s"], cost["peak_mb"])
    # A counter that ran while others had their turn would tell about them.
    before = pending.before if cost["waited_s"] < 0.05 else "not_asked"
    return meter().label(usage, before)


def _columns(label: energy.Label | None) -> dict[str, Any]:
    if label is None:
        return {}
    found: dict[str, Any] = {"tier": label.tier}
    for name, quantity in (("joules", label.energy), ("grams", label.co2e)):
        if quantity is not None:
            found |= {f"{name}_low": quantity.low, name: quantity.central,
                      f"{name}_high": quantity.high}
    return found


def cancel(ticket: str) -> None:
    """The visitor does not want it any more."""
    with _lock:
        pending = _pending.pop(ticket, None)
    if pending is not None and pending.ticket is not None and pending.over is None:
        hall().cancel(pending.ticket)


def _sweep() -> None:
    """Forget what is over and old, and the oldest beyond what is bearable."""
    limit = time.monotonic() - KEPT_SECONDS
    with _lock:
        old = [ticket for ticket, each in _pending.items() if each.began < limit]
        old += list(_pending)[:max(0, len(_pending) - AT_ONCE)]
        for ticket in old:
            _pending.pop(ticket, None)


def exercise(exhibit: Exhibit) -> Standing:
    """Run an exhibit on its own first example and see that it says what it should."""
    found = folder(exhibit.slug)
    if found is None or not found.examples:
        ticket = begin(exhibit, {}, visitor="house", by_house=True)
        return look(ticket, wait=60)
    example = found.examples[0]
    try:
        given = inputs.check(signature(exhibit), found.given(example))
    except (Unavailable, inputs.BadInputs) as why:
        pending = _Pending(exhibit, {}, True, time.monotonic(), "not_asked")
        return _over("", pending, Outcome.UNAVAILABLE, reason=str(why))
    ticket = begin(exhibit, given, visitor="house", example=example.key, by_house=True)
    standing = look(ticket, wait=found.seconds + 60)
    cancel(ticket)
    if standing.outcome == Outcome.DONE and example.expect and standing.answer is not None:
        said = {part.get("key") for part in standing.answer.get("parts", ())}
        if example.expect not in said:
            actions.note_run(exhibit, Outcome.BROKEN, by_house=True, cost={},
                             reason=f"it did not say {example.expect} on its own example")
            standing.outcome = Outcome.BROKEN
    return standing
