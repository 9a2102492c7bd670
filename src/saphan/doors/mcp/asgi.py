"""The MCP server at /mcp, built at its first call so that the house starts quickly without it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from asgiref.sync import sync_to_async

Scope = dict[str, Any]


class LazyServer:
    """An ASGI application. Its session manager lives in one task of its own, because it must be
    closed by the task that opened it."""

    def __init__(self) -> None:
        self._app: Any = None
        self._opening = asyncio.Lock()
        self._close = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        from saphan.doors.api.auth import TooMany, caller_of
        from saphan.house.callers import Unauthorised

        headers = {name.decode("latin-1"): value.decode("latin-1")
                   for name, value in scope["headers"]}
        try:
            found = await sync_to_async(caller_of, thread_sensitive=False)(
                headers.get("authorization", ""), (scope.get("client") or ("",))[0])
        except Unauthorised as error:
            return await _refuse(send, 401, str(error))
        except TooMany as error:
            return await _refuse(send, 429, str(error))
        app = await self._ready()
        from saphan.doors.mcp.server import caller

        caller.set(found)
        # Both /mcp and /mcp/ are the server.
        await app({**scope, "path": "/", "raw_path": b"/", "root_path": ""}, receive, send)

    async def _ready(self) -> Any:
        async with self._opening:
            if self._app is None:
                app = await asyncio.to_thread(_build)
                opened = asyncio.Event()
                self._task = asyncio.create_task(self._live(app, opened))
                await opened.wait()
                self._app = app
        return self._app

    async def _live(self, app: Any, opened: asyncio.Event) -> None:
        async with app.router.lifespan_context(app):
            opened.set()
            await self._close.wait()

    async def close(self) -> None:
        self._close.set()
        if self._task:
            await self._task


def _build() -> Any:
    from mcp.server.transport_security import TransportSecuritySettings

    from saphan.doors.mcp import server

    return server.build().streamable_http_app(
        streamable_http_path="/", stateless_http=True, json_response=True,
        transport_security=TransportSecuritySettings(
            allowed_hosts=server.hosts(),
            allowed_origins=[f"{scheme}://{host}" for host in server.hosts()
                             for scheme in ("http", "https")]))


async def _refuse(send: Any, status: int, message: str) -> None:
    body = json.dumps({"title": message, "status": status}, ensure_ascii=False).encode()
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/problem+json")]})
    await send({"type": "http.response.body", "body": body})
