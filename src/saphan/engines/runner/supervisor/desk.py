"""The desk: tickets, turns, results."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from saphan.engines.runner.supervisor.cell import Broken, Cell, Ended
from saphan.engines.runner.supervisor.jail import Spec
from saphan.engines.runner.supervisor.keeper import Keeper, Unavailable
from saphan.engines.runner.supervisor.queue import FairQueue, Full
from saphan.engines.runner.supervisor.times import Times

log = logging.getLogger("saphan.hall")
FORGOTTEN, KEPT = 30.0, 600.0
"""Seconds: how long a waiting ticket lives unasked, how long a result is kept unfetched."""


@dataclass(eq=False)
class Ticket:
    """One run that somebody asked for. `inputs` is None for a mere start, which describes."""

    id: str
    visitor: str
    spec: Spec
    inputs: dict[str, Any] | None
    seconds: float
    asked_at: float = field(default_factory=time.monotonic)
    made_at: float = field(default_factory=time.monotonic)
    began_at: float | None = None
    ended_at: float = 0.0
    outcome: dict[str, Any] | None = None
    askers: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    cell: Cell | None = None
    cancelled: bool = False


class Desk:
    """`slots`: runs at a time. All in one event loop."""

    def __init__(self, keeper: Keeper, slots: int, queue: FairQueue[Ticket] | None = None) -> None:
        self.keeper, self.slots = keeper, max(1, slots)
        self.queue: FairQueue[Ticket] = FairQueue() if queue is None else queue
        self.times = Times()
        self.tickets: dict[str, Ticket] = {}
        self.running: set[Ticket] = set()
        self.descriptions: dict[Spec, dict[str, Any]] = {}
        self.counts: dict[str, int] = {}
        self.keeper.started = self.times.started

    def submit(self, ticket: Ticket) -> None:
        """Take a ticket; one that is known already (sent again) stays as it is."""
        if ticket.id in self.tickets:
            return
        self.tickets[ticket.id] = ticket
        try:
            self.queue.add(ticket)
        except Full as full:
            self._end(ticket, {"kind": "full", "reason": full.whose})
            return
        self._next()

    async def poll(self, name: str, at_most: float) -> dict[str, Any]:
        """What became of a ticket, after at most so many seconds. A result is given once."""
        ticket = self.tickets.get(name)
        if ticket is None:
            return {"state": "unknown"}
        ticket.askers += 1
        try:
            if at_most > 0 and not ticket.done.is_set():
                async with asyncio.timeout(at_most):
                    await ticket.done.wait()
        except TimeoutError:
            pass
        finally:
            ticket.askers -= 1
            ticket.asked_at = time.monotonic()
        if ticket.outcome is not None:
            self.tickets.pop(name, None)
            return {"state": "ended", **ticket.outcome}
        if ticket.began_at is not None:
            return {"state": "running", "since": time.monotonic() - ticket.began_at}
        return {"state": "waiting", "place": self.queue.place(ticket),
                "seconds": round(self._waits().get(ticket, 0.0), 3)}

    def cancel(self, name: str) -> bool:
        """Drop a ticket, killing its run if it is under way. False if it is not known."""
        ticket = self.tickets.pop(name, None)
        if ticket is None:
            return False
        if not self.queue.remove(ticket) and ticket.task:
            ticket.cancelled = True
            if ticket.cell:
                ticket.cell.end()
        ticket.done.set()
        return True

    def sweep(self) -> None:
        """Drop what nobody asks for any more."""
        now = time.monotonic()
        for ticket in list(self.tickets.values()):
            unasked = now - ticket.asked_at
            waits = ticket.outcome is None and ticket.began_at is None
            if ticket.askers == 0 and waits and unasked > FORGOTTEN:
                self.cancel(ticket.id)
            elif ticket.outcome is not None and now - ticket.ended_at > KEPT:
                self.tickets.pop(ticket.id, None)

    def _next(self) -> None:
        """Begin as many runs as there are free slots."""
        while len(self.running) < self.slots and len(self.queue):
            ticket = self.queue.pop()
            ticket.began_at = time.monotonic()
            self.running.add(ticket)
            ticket.task = asyncio.get_running_loop().create_task(self._run(ticket))

    async def _run(self, ticket: Ticket) -> None:
        try:
            outcome = await self._outcome(ticket)
        except Exception as wrong:  # a fault of ours must neither lose a slot nor a visitor
            log.exception("a run failed in the supervisor itself")
            outcome = {"kind": "crashed", "reason": f"the supervisor: {type(wrong).__name__}"}
        finally:
            self.running.discard(ticket)
        self._end(ticket, outcome)
        self._next()

    async def _outcome(self, ticket: Ticket) -> dict[str, Any]:
        spec = ticket.spec
        began = time.monotonic()
        try:
            cell, cold = await self.keeper.take(spec)
        except Broken as broken:
            return {"kind": "broken", "reason": str(broken)}
        except Unavailable as closed:
            return {"kind": "unavailable", "reason": str(closed)}
        self.descriptions[spec] = cell.description
        start = time.monotonic() - began
        if ticket.cancelled or ticket.inputs is None:
            await self.keeper.give(cell, True)
            return {"kind": "done", "answer": cell.description,
                    "usage": self._usage(ticket, Ended({}, 0, start, cell.memory_mb, True), cold)}
        ticket.cell = cell
        ended = await cell.call(ticket.inputs, ticket.seconds)
        ticket.cell, ticket.inputs = None, None
        await self.keeper.give(cell, ended.alive)
        self.times.ran(spec.slug, ended.wall_s)
        return {**ended.said, "usage": self._usage(ticket, ended, cold)}

    def _usage(self, ticket: Ticket, ended: Ended, cold: bool) -> dict[str, Any]:
        waited = (ticket.began_at or ticket.made_at) - ticket.made_at
        return {"cpu_s": round(ended.cpu_s, 6), "wall_s": round(ended.wall_s, 6),
                "peak_mb": round(ended.peak_mb, 1), "waited_s": round(waited, 6), "cold": cold}

    def _end(self, ticket: Ticket, outcome: dict[str, Any]) -> None:
        """Keep the outcome until it is fetched. The log gets no word of a visitor's."""
        ticket.outcome, ticket.ended_at, ticket.inputs = outcome, time.monotonic(), None
        kind = outcome["kind"]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        usage = outcome.get("usage", {})
        log.info("%s %s wall %.3f s cpu %.3f s", ticket.spec.slug, kind, usage.get("wall_s", 0.0),
                 usage.get("cpu_s", 0.0))
        ticket.done.set()

    def _waits(self) -> dict[object, float]:
        """Seconds until each waiting ticket's turn."""
        now = time.monotonic()
        busy = []
        for ticket in self.running:
            cold = 0.0 if ticket.cell else self.times.start(ticket.spec.slug)
            runs = self.times.run(ticket.spec.slug) if ticket.inputs is not None else 0.0
            busy.append(max(0.0, cold + runs - (now - (ticket.began_at or now))))
        workers: dict[str, int] = {}
        for cell in self.keeper.cells:
            workers[cell.spec.slug] = workers.get(cell.spec.slug, 0) + 1
        return self.times.waits(busy, self.slots, [(each, each.spec.slug)
                                                   for each in self.queue.ordered()], workers)

    def status(self) -> dict[str, Any]:
        """For the operator: workers, memory, queue. Nothing of what anybody asked."""
        return {
            "slots": self.slots, "running": len(self.running), "waiting": len(self.queue),
            "memory_mb": round(self.keeper.memory_mb(), 1), "budget_mb": self.keeper.budget_mb,
            "outcomes": self.counts,
            "workers": [{"slug": cell.spec.slug, "mode": cell.spec.mode, "busy": cell.busy,
                         "calls": cell.calls, "memory_mb": round(cell.memory_mb, 1),
                         "pid": cell.pid, "notes": cell.operator_notes}
                        for cell in self.keeper.cells],
            "broken": {spec.slug: held.reason for spec, held in self.keeper.failures.items()},
            "seconds": {slug: round(each.value, 3) for slug, each in self.times.runs.items()},
        }


Background = set[asyncio.Task[Any]]


def keep(tasks: Background, work: Coroutine[Any, Any, Any]) -> None:
    """Run in the background and hold on to it, because the loop alone does not."""
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
