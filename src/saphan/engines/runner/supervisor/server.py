"""The socket: one connection after another asks, each question is answered before the next."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from pathlib import Path
from typing import Any

from saphan.engines.runner import wire
from saphan.engines.runner.supervisor.desk import Desk, Ticket
from saphan.engines.runner.supervisor.jail import Spec

log = logging.getLogger("saphan.hall")
LONGEST_POLL = 30.0
WATCH, WEIGH = 0.25, 4
"""Seconds between looks at what runs; every so many looks idle workers are weighed."""


class Server:
    """Serves a desk. `linger`: seconds that it stays after its last house has gone."""

    def __init__(self, desk: Desk, linger: float = 60.0) -> None:
        self.desk, self.linger = desk, linger
        self.connections = 0
        self.left_at = time.monotonic()
        self.stop = asyncio.Event()

    async def serve(self, listening: Any) -> None:
        """Until nobody has been here for `linger` seconds, or `stop` is set."""
        server = await asyncio.start_unix_server(self._connected, sock=listening, limit=2**20)
        watch = asyncio.get_running_loop().create_task(self._watch())
        async with server:
            await self.stop.wait()
        watch.cancel()
        await self.desk.keeper.close()

    async def _watch(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(WATCH)
            looks += 1
            try:
                self.desk.keeper.watch()
                if looks % WEIGH == 0:
                    self.desk.sweep()
                    self.desk.keeper.weigh()
            except Exception:
                log.exception("the watch stumbled")
            if not self.connections and time.monotonic() - self.left_at > self.linger:
                self.stop.set()

    async def _connected(self, reader: asyncio.StreamReader,
                         writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                asked = await wire.receive_async(reader, wire.QUESTION_BYTES)
                writer.write(wire.pack(await self._answer(asked), wire.REPLY_BYTES))
                await writer.drain()
        except (wire.BadFrame, OSError):
            pass
        finally:
            self.connections -= 1
            self.left_at = time.monotonic()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, asked: Any) -> dict[str, Any]:
        desk = self.desk
        match asked:
            case {"ask": "submit", "ticket": str(name), "visitor": str(visitor)}:
                desk.submit(Ticket(name, visitor, spec_of(asked), asked.get("inputs"),
                                   float(asked.get("seconds", 20))))
                if "at_most" in asked:
                    return await desk.poll(name, min(LONGEST_POLL, float(asked["at_most"])))
                return {"ok": True}
            case {"ask": "poll", "ticket": str(name)}:
                return await desk.poll(name, min(LONGEST_POLL, float(asked.get("at_most", 0))))
            case {"ask": "cancel", "ticket": str(name)}:
                return {"ok": desk.cancel(name)}
            case {"ask": "description"}:
                return {"description": desk.descriptions.get(spec_of(asked))}
            case {"ask": "isolation"}:
                return desk.keeper.isolation.to_json()
            case {"ask": "status"}:
                return {**desk.status(), "isolation": desk.keeper.isolation.to_json()}
            case _:
                return {"error": "nothing that can be asked"}


def spec_of(asked: dict[str, Any]) -> Spec:
    """The exhibit that a question names. Raises BadFrame."""
    try:
        folder = str(asked["folder"])
        if not Path(folder).is_absolute():
            raise ValueError(folder)
        return Spec(folder, "warm" if asked.get("mode") == "warm" else "fresh",
                    int(asked.get("memory", 1_024)), bool(asked.get("models", False)),
                    tuple(map(str, asked.get("programs", ()))))
    except (KeyError, TypeError, ValueError):
        raise wire.BadFrame("no exhibit named") from None
