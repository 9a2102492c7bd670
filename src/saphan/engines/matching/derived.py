"""Files made from the entries of an index, so that a question need not read the entries.

Every entry has a slot in columns of fixed width: its number, whether it is live, what filters look
at, its bits and its exact vector; and its postings are in segments. New entries are appended and
those taken out are marked, so a write costs what it brings. `state.json` says how much of the files
counts; it is replaced as a whole after everything else is written, so what a killed process left
behind it does not count and is written over. All of it can be deleted at any time.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np

from saphan.engines.language.embed import Vectors
from saphan.engines.matching import columns, segments
from saphan.engines.matching.columns import COMPARED, GONE, OTHER_MODEL, Columns
from saphan.engines.matching.filters import FIELDS
from saphan.engines.matching.index import Transform
from saphan.engines.matching.quantised import to_codes, to_fixed, unit_rows
from saphan.engines.matching.store import AT_ONCE, Store, labels, moment, vectors_of
from saphan.engines.matching.view import View

FORMAT: Final = 2
PATIENCE: Final = 10.0
"""Seconds that a reader waits for a process that is bringing the files up to date."""

_SYNC_AFTER: Final = 10_000
"""Slots after which the files are brought to the disk: what a power cut can undo, at most."""


@dataclass(frozen=True)
class State:
    """What counts of the files of a set."""

    generation: str
    """Begins the names of the column files: a set made anew never writes over mapped files."""
    version: int = 0
    slots: int = 0
    last: int = 0
    """Number of the last entry that was looked at."""
    dead: int = 0
    lists: tuple[tuple[str, int, int], ...] = ()
    """Segments: name, first slot, size."""
    synced: int = 0
    """Slots that are on the disk even if the machine stops."""
    boot: str = ""
    """Which start of the machine this was written in."""
    format: int = FORMAT

    @classmethod
    def empty(cls) -> State:
        return cls(generation=uuid.uuid4().hex[:8])


@dataclass
class DerivedSet:
    """The files for one epoch of an index and one way of comparing its vectors."""

    folder: Path
    store: Store
    model_id: str
    dimension: int
    transform: Transform | None
    _view: View | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _maps: columns.Maps = field(default_factory=columns.Maps, init=False)

    def view(self, version: int) -> View:
        """The files as they are at this version of the index or a later one.

        If another process is bringing them up to date for longer than `PATIENCE`, the view of
        before is given: readers never stand still while much is written.
        """
        known = self._view
        if known is not None and known.version >= version:
            return known
        with self._lock:
            if self._view is None or self._view.version < version:
                with self._locked(PATIENCE if self._view else None) as mine:
                    if mine:
                        self._view = self._load(self._catch_up())
            assert self._view is not None
            return self._view

    @contextmanager
    def _locked(self, patience: float | None) -> Iterator[bool]:
        """Hold the set against all other threads and processes; false if it could not be had."""
        self.folder.mkdir(parents=True, exist_ok=True)
        deadline = None if patience is None else time.monotonic() + patience
        with (self.folder / "lock").open("w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if deadline else 0))
                    break
                except BlockingIOError:
                    if deadline is not None and time.monotonic() > deadline:
                        yield False
                        return
                    time.sleep(0.002)
            yield True

    # -- bringing the files up to date --------------------------------------------------------

    def _catch_up(self) -> State:
        """Take in what was written to the index since; gives the state on disk."""
        state = self._state()
        with self.store.snapshot() as connection:
            _epoch, version = moment(connection)
            if version == state.version:
                return state
            if 2 * state.dead > state.slots + 1_000:
                state = State.empty()  # mostly dead: write the files anew
            state = self._take_in(connection, state, version)
        self._save(state)
        return state

    def _take_in(self, connection: sqlite3.Connection, state: State, version: int) -> State:
        model = next(iter(labels(connection, [self.model_id])), -1)
        parts = [self._segment(item) for item in state.lists]
        rows = connection.execute(
            "SELECT e.number, e.id, e.until, e.model, c.vector, c.postings,"  # noqa: S608
            f" {', '.join('e.' + name for name in FIELDS)}"
            " FROM entries e JOIN contents c USING (number) WHERE e.number > ? ORDER BY e.number",
            (state.last,),
        )
        gone = connection.execute("SELECT number FROM gone WHERE version > ?", (state.version,))
        slots, last, synced = state.slots, state.last, state.synced
        with Columns(self.folder, state.generation, self.dimension) as opened:
            while chunk := rows.fetchmany(AT_ONCE):
                parts.append(self._append(opened, slots, chunk, model))
                slots, last = slots + len(chunk), chunk[-1][0]
                while count := segments.due([part.size for part in parts]):
                    parts[-count:] = [segments.merge(self.folder, parts[-count:])]
            dead = state.dead + opened.bury(self._columns(state, slots), [n for (n,) in gone])
            lists = tuple((part.name, part.first, part.size) for part in parts)
            if slots - synced > _SYNC_AFTER:
                opened.sync()
                for name, _, _ in lists:
                    _sync(self.folder / name)
                synced = slots
        return replace(state, version=version, slots=slots, last=last, dead=dead, lists=lists,
                       synced=synced, boot=_boot())  # fmt: skip

    def _append(
        self, opened: Columns, slot: int, chunk: list[tuple[Any, ...]], model: int
    ) -> segments.Segment:
        numbers, ids, until, models, vectors, postings, *fields = zip(*chunk, strict=True)
        ours = np.array(models) == model
        unit = np.zeros((len(chunk), self.dimension), np.float32)
        if ours.any():
            chosen = [vectors[place] for place in np.flatnonzero(ours)]
            unit[ours] = self.compared(vectors_of(chosen, self.dimension))
        opened.write(slot, ids, {
            "numbers": numbers, "until": until, "exact": to_fixed(unit), "codes": to_codes(unit),
            "live": np.where(ours, COMPARED, OTHER_MODEL),
            **dict(zip(FIELDS, fields, strict=True)),
        })  # fmt: skip
        return segments.write_segment(self.folder, slot, postings)

    def compared(self, vectors: Vectors) -> Vectors:
        """Stored vectors [n, dimension] as they are compared: transformed, of length 1."""
        return unit_rows(vectors if self.transform is None else self.transform(vectors))

    # -- the state -------------------------------------------------------------------------

    def _state(self) -> State:
        try:
            plain = json.loads((self.folder / "state.json").read_text("utf-8"))
            plain["lists"] = tuple((str(name), int(at), int(n)) for name, at, n in plain["lists"])
            state = State(**plain)
            if state.format != FORMAT:
                return State.empty()
            if state.boot != _boot():
                state = self._after_a_stop(state)
            for item in state.lists:
                self._segment(item)
            self._columns(state, state.slots)
            return state
        except (OSError, ValueError, TypeError, KeyError):
            return State.empty()  # missing, damaged or of another make

    def _after_a_stop(self, state: State) -> State:
        """What is left when the machine has started again: only what surely was on the disk."""
        lists = tuple(item for item in state.lists if item[1] + item[2] <= state.synced)
        if not lists:
            return State.empty()
        slots = lists[-1][1] + lists[-1][2]
        held = self._columns(state, slots)
        return replace(
            state, version=0, slots=slots, last=int(held["numbers"][-1]), lists=lists,
            dead=int(np.count_nonzero(held["live"] == GONE)), synced=slots,
        )  # fmt: skip

    def _save(self, state: State) -> None:
        fresh = self.folder / "state.new"
        fresh.write_text(json.dumps(asdict(state)), "utf-8")
        if state.synced == state.slots:
            _sync(fresh)
        fresh.replace(self.folder / "state.json")
        kept = {name for name, _, _ in state.lists}
        for path in self.folder.iterdir():
            unused = (path.suffix == ".lists" and path.name not in kept) or (
                path.suffix == ".column" and not path.name.startswith(state.generation + "-")
            )
            if unused:
                path.unlink(missing_ok=True)

    def _load(self, state: State) -> View:
        held = self._columns(state, state.slots)
        parts = [self._segment(item) for item in state.lists]
        kept = {part.name for part in parts}
        self._maps.keep(lambda path: path.name.startswith(state.generation) or path.name in kept)
        return View(state.version, held, parts)

    def _columns(self, state: State, slots: int) -> dict[str, columns.Array]:
        return columns.read(self._maps, self.folder, state.generation, self.dimension, slots)

    def _segment(self, item: tuple[str, int, int]) -> segments.Segment:
        return segments.open_segment(self._maps, self.folder, *item)


def fingerprint(transform: Transform | None, dimension: int) -> str:
    """What a transform does to some fixed vectors: transforms that differ have different ones."""
    if transform is None:
        return "none"
    probes = unit_rows(np.sin(np.arange(1, 3 * dimension + 1, dtype=np.float32) ** 1.5)
                       .reshape(3, dimension))  # fmt: skip
    changed = np.round(np.asarray(transform(probes), np.float64), 3) + 0.0
    return blake2b(changed.tobytes(), digest_size=8).hexdigest()


def _boot() -> str:
    """Tells starts of the machine apart; where it cannot be told, every call differs."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return uuid.uuid4().hex


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
