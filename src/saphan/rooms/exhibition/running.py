"""Run exhibits: hand the inputs to the sealed workers, wait for the turn, write down the cost.

What a visitor gave and got lives here in memory until it is fetched or ten minutes are over; it
never reaches the disk, the database or a log.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import stat
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from keyword import iskeyword
from pathlib import Path
from typing import Any

from django.conf import settings

from saphan.engines.runner import client, energy, grid, inputs, outside
from saphan.engines.runner.folder import BadFolder, Folder
from saphan.engines.runner.refusal import Refusal
from saphan.engines.runner.workbench import installed, missing_programs
from saphan.house.centre import centre
from saphan.rooms.exhibition import actions
from saphan.rooms.exhibition.answers import told_parts
from saphan.rooms.exhibition.catalogue import catalogue, folder, roots
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.vocabulary import WENT_WELL, Outcome

log = logging.getLogger(__name__)
KEPT_SECONDS = 600.0
RAN = WENT_WELL | {Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED}
"""Outcomes whose cost is known: what failed took its energy, too."""
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
    expect: str = ""
    """The sentence that the house's own example must bring."""
    cancelled: bool = False
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
    ours = Path(tempfile.gettempdir()) / f"saphan-{os.getuid()}-{name}"
    ours.mkdir(mode=0o700, exist_ok=True)
    found = ours.lstat()  # whoever made it before us would hear what visitors say
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Unavailable(f"{ours} is not this house's own folder")
    return ours / "hall.sock"


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
        told = _described(exhibit, found)
        _understood(told)
        actions.describe(exhibit, told)
    return inputs.read(exhibit.signature["inputs"])


KINDS = (*inputs.TEXTS, *inputs.FILES, *inputs.NUMBERS, "choice", "yes_no")


def _understood(told: Mapping[str, Any]) -> None:
    """A stranger's worker describes itself: what is no description must not reach the form, the
    schema or the tools of everybody. Raises Unavailable."""
    try:
        found = inputs.read(told["inputs"])
        names = [each.name for each in found]
        fine = len(names) == len(set(names)) and all(
            each.name.isidentifier() and not iskeyword(each.name) and each.kind in KINDS
            and all(isinstance(choice, str) for choice in each.choices) for each in found)
    except (KeyError, TypeError, ValueError, AttributeError):
        fine = False
    if not fine:
        raise Unavailable("it does not describe its inputs as the contract says")
    if "person" in names:
        raise Unavailable("name the input `person` otherwise: the house uses this name itself")


class Unavailable(Exception):
    """An exhibit cannot run here now, and why: a plain sentence for the staff."""


def _described(exhibit: Exhibit, found: Folder) -> Mapping[str, Any]:
    try:
        if exhibit.runs_outside:
            return outside.describe(found, _guard())
    except (outside.OutsideError, outside.BadEntry) as why:
        raise Unavailable(str(why)) from None
    _can_run(exhibit, found)
    try:
        told = hall().describe(found)
    except OSError as why:
        raise Unavailable(str(why)) from None
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
          by_house: bool = False, expect: str = "") -> str:
    """Ask for a run with checked inputs; returns its ticket. `visitor`: an opaque key, for fair
    turns only. `expect`: the key of a sentence without which the answer counts as a failure."""
    _sweep()
    found, ticket = folder(exhibit.slug), secrets.token_urlsafe(16)
    pending = _Pending(exhibit, dict(given), by_house, time.monotonic(), meter().start(), example,
                       expect)
    try:
        if found is None:
            raise Unavailable("the exhibit's folder is not there")
        if exhibit.runs_outside:
            pending.future = _abroad.submit(outside.run, found, dict(given), _guard(),
                                            found.seconds)
        else:
            _can_run(exhibit, found)
            if exhibit.slug not in catalogue().own:  # nothing of one visitor may reach the next
                found = replace(found, mode="fresh")
            pending.ticket = hall().submit(found, given, visitor=visitor)
    except (Unavailable, outside.BadEntry, OSError) as why:
        pending.over = _over(ticket, pending, Outcome.UNAVAILABLE, reason=str(why))
    with _lock:
        _pending[ticket] = pending
    return ticket


def look(ticket: str, *, wait: float = 0.0) -> Standing:
    """Where a run stands, after at most `wait` seconds. Raises NoSuchRun."""
    _sweep()
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
    try:
        found = hall().wait(pending.ticket, wait)
    except OSError as why:  # the supervisor is gone and none could be started
        pending.over = _over(ticket, pending, Outcome.UNAVAILABLE, reason=str(why))
        return pending.over
    if pending.cancelled:  # while we waited
        raise NoSuchRun(ticket)
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
    futures.wait([pending.future], timeout=wait)
    if not pending.future.done():
        return Standing(ticket, pending.exhibit.slug, "running")
    why = pending.future.exception()
    if why is None:
        pending.over = _over(ticket, pending, Outcome.DONE, answer=pending.future.result(),
                             sealed="outside")
    elif isinstance(why, Refusal):
        pending.over = _over(ticket, pending, Outcome.REFUSED, refusal=why.key, values=why.values,
                             sealed="outside")
    else:
        pending.over = _over(ticket, pending, Outcome.BROKEN, reason=str(why), sealed="outside")
    return pending.over


def _over(ticket: str, pending: _Pending, outcome: str, *, answer: Any = None, refusal: str = "",
          values: Mapping[str, Any] | None = None, reason: str = "", sealed: str = "",
          usage: Mapping[str, Any] | None = None) -> Standing:
    """The end of a run: its label is made and its cost written down."""
    cost = {"cpu_s": 0.0, "wall_s": time.monotonic() - pending.began, "peak_mb": 0.0,
            "waited_s": 0.0, "cold": False, **(usage or {})}
    label = _label(pending, cost) if outcome in RAN else None
    if outcome in WENT_WELL and pending.expect and pending.expect not in _said(answer, refusal):
        outcome, reason = Outcome.BROKEN, f"it did not say {pending.expect} on its own example"
    if outcome not in (Outcome.FULL,):
        actions.note_run(pending.exhibit, outcome, by_house=pending.by_house, reason=reason,
                         cost={**cost, **_columns(label)})
    if reason and pending.by_house:  # a visitor's would quote what she gave
        log.info("exhibit %s: %s (%s)", pending.exhibit.slug, outcome, reason)
    return Standing(ticket, pending.exhibit.slug, "over", outcome=outcome, answer=answer,
                    refusal=refusal, values=dict(values or {}), reason=reason, usage=cost,
                    label=label, sealed=sealed, given=pending.given, example=pending.example)


def _said(answer: Any, refusal: str) -> set[str]:
    """Keys of the sentences in an answer, or of the refusal."""
    return {refusal} | {str(part.get("key")) for part in told_parts(answer or {})}


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
    if pending is not None:
        pending.cancelled = True
        if pending.ticket is not None and pending.over is None:
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
    """Run an exhibit on its own first example and see that it says what it should. One without an
    example is well when it starts and describes itself."""
    found = folder(exhibit.slug)
    pending = _Pending(exhibit, {}, True, time.monotonic(), "not_asked")
    try:
        wanted = signature(exhibit)
        if found is None:
            raise Unavailable("the exhibit's folder is not there")
        if not found.examples:
            return _started(exhibit, found)
        example = found.examples[0]
        given = inputs.check(wanted, found.given(example))
    except (Unavailable, BadFolder, OSError, inputs.BadInputs) as why:
        return _over("", pending, Outcome.UNAVAILABLE, reason=str(why))
    ticket = begin(exhibit, given, visitor="house", example=example.key, by_house=True,
                   expect=example.expect)
    standing = look(ticket, wait=found.seconds + 60)
    cancel(ticket)
    return standing


def _started(exhibit: Exhibit, found: Folder) -> Standing:
    """It has no example: ask it what it takes, anew."""
    _described(exhibit, found)
    actions.note_success(exhibit)
    return Standing("", exhibit.slug, "over", outcome=Outcome.DONE)
