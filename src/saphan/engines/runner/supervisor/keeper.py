"""Keeps cells warm within a memory budget."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from saphan.engines.runner.supervisor import processes
from saphan.engines.runner.supervisor.cell import Broken, Cell
from saphan.engines.runner.supervisor.isolation import Isolation
from saphan.engines.runner.supervisor.jail import PACKAGE, Spec

OWN = PACKAGE / "exhibits"
START_SECONDS = 60.0
LONGEST_PAUSE = 60.0
FIRST_GUESS_MB = 64.0


class Unavailable(Exception):
    """This exhibit may not run here, and why."""


@dataclass
class _Failures:
    count: int
    until: float
    reason: str
    changed: int


@dataclass
class Keeper:
    """`budget_mb`: memory that all workers together may hold; idle ones are ended, the least
    recently used first, before another is started above it. `own`: folders whose exhibits are the
    house's own and may run where nothing can be sealed."""

    isolation: Isolation
    budget_mb: float = 1_500
    models: str = ""
    own: tuple[Path, ...] = (OWN,)
    started: Callable[[str, float], None] = lambda slug, seconds: None
    cells: list[Cell] = field(default_factory=list)
    failures: dict[Spec, _Failures] = field(default_factory=dict)
    sizes: dict[Spec, float] = field(default_factory=dict)
    _stamps: dict[Cell, int] = field(default_factory=dict)
    _freed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def idle(self, spec: Spec) -> Cell | None:
        """A warm worker of this exhibit as its files are now, if one is free."""
        stamp = _changed(spec)
        return next((cell for cell in self.cells
                     if cell.spec == spec and not cell.busy and self._stamps[cell] == stamp), None)

    async def take(self, spec: Spec) -> tuple[Cell, bool]:
        """(a worker for one run, whether it was started for it). Raises Broken, Unavailable."""
        if cell := self.idle(spec):
            cell.busy = True
            return cell, False
        for old in [each for each in self.cells if each.spec == spec and not each.busy]:
            await self.drop(old)  # of files that were changed since
        self._refuse(spec)
        await self._make_room(spec)
        cell = Cell(spec, self.isolation.level, self.isolation.landlock, self.models)
        self._stamps[cell] = _changed(spec)
        self.cells.append(cell)
        began = time.monotonic()
        try:
            await cell.start(START_SECONDS)
        except BaseException as wrong:
            await self.drop(cell)
            if isinstance(wrong, Broken):
                self._failed(spec, str(wrong))
            raise
        self.failures.pop(spec, None)
        self.sizes[spec] = cell.memory_mb
        self.started(spec.slug, time.monotonic() - began)
        return cell, True

    async def give(self, cell: Cell, alive: bool) -> None:
        """Take a worker back after a run."""
        if not alive:
            await self.drop(cell)
            return
        cell.busy, cell.last_used = False, time.monotonic()
        while self.memory_mb() > self.budget_mb and len(self.cells) > 1:  # larger than guessed
            if (oldest := self._oldest_idle()) is None:
                break
            await self.drop(oldest)
        async with self._freed:
            self._freed.notify_all()

    async def drop(self, cell: Cell) -> None:
        """End a worker."""
        if cell in self.cells:
            self.cells.remove(cell)
        self._stamps.pop(cell, None)
        cell.end()
        async with self._freed:
            self._freed.notify_all()

    async def close(self) -> None:
        """End all."""
        for cell in list(self.cells):
            await self.drop(cell)

    def memory_mb(self) -> float:
        """What all workers hold together, as last measured."""
        return sum(cell.memory_mb for cell in self.cells)

    def weigh(self) -> None:
        """Measure idle workers again, and end those that have died."""
        for cell in self.cells:
            if not cell.busy:
                cell.weigh()
                self.sizes[cell.spec] = cell.memory_mb

    def watch(self) -> None:
        """Look at running workers from outside."""
        busy = [cell for cell in self.cells if cell.busy and cell.process]
        if busy:
            seen = processes.everyone()
            for cell in busy:
                cell.watch(seen)

    async def _make_room(self, spec: Spec) -> None:
        """End idle workers until another fits; wait for one that runs if none is idle. With no
        worker at all one is started whatever it takes."""
        size = self.sizes.get(spec, FIRST_GUESS_MB)
        while self.cells and self.memory_mb() + size > self.budget_mb:
            if oldest := self._oldest_idle():
                await self.drop(oldest)
                continue
            async with self._freed:
                await self._freed.wait()

    def _oldest_idle(self) -> Cell | None:
        return min((cell for cell in self.cells if not cell.busy),
                   key=lambda cell: cell.last_used, default=None)

    def _refuse(self, spec: Spec) -> None:
        if self.isolation.level == "none" and not self._is_own(spec):
            raise Unavailable("Exhibits of others run only where they can be sealed off. "
                              + " ".join(self.isolation.reasons))
        held = self.failures.get(spec)
        if held and time.monotonic() < held.until and held.changed == _changed(spec):
            raise Broken(held.reason)

    def _is_own(self, spec: Spec) -> bool:
        folder = Path(os.path.realpath(spec.folder))
        return any(folder.is_relative_to(os.path.realpath(each)) for each in self.own)

    def _failed(self, spec: Spec, reason: str) -> None:
        changed = _changed(spec)
        held = self.failures.get(spec)
        count = held.count + 1 if held and held.changed == changed else 1
        pause = min(LONGEST_PAUSE, 2.0 ** (count - 1))
        self.failures[spec] = _Failures(count, time.monotonic() + pause, reason, changed)


_names: dict[str, tuple[int, list[str]]] = {}
"""For each folder: when its list of files was last changed, and its Python files and facts."""


def _changed(spec: Spec) -> int:
    """When the newest Python file or the facts of an exhibit, or the list of its files, were
    changed; 0 for none. Asked for each run, so names are listed only when they change."""
    try:
        listed = os.stat(spec.folder).st_mtime_ns
        if spec.folder not in _names or _names[spec.folder][0] != listed:
            _names[spec.folder] = listed, [
                f"{spec.folder}/{name}" for name in os.listdir(spec.folder)
                if name.endswith((".py", ".toml"))]
        return max(listed, *(os.stat(path).st_mtime_ns for path in _names[spec.folder][1]), 0)
    except OSError:
        return 0
