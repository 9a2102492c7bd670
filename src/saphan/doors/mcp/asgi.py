"""The MCP server at /mcp, built at its first call so that the house starts quickly without it."""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import trans_real

from saphan.doors.api.auth import TooMany, caller_of
from saphan.ground import limits
from saphan.house.callers import Unauthorised
from saphan.people.models import Person, Token

Scope = dict[str, Any]
LOOK_AGAIN_SECONDS = 30.0


class TooLarge(Exception):
    """The body is longer than the house takes at once."""


class LazyServer:
    """An ASGI application. Its session manager lives in one task of its own, because it must be
    closed by the task that opened it."""

    def __init__(self) -> None:
        self._app: Any = None
        self._opening = asyncio.Lock()
        self._close = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._server: Any = None
        self._offered: dict[str, str] = {}
        self._looked = 0.0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1")
                   for name, value in scope["headers"]}
        with translation.override(_language(headers.get("accept-language", ""))):
            await self._answer(scope, headers, receive, send)

    async def _answer(self, scope: Scope, headers: dict[str, str], receive: Any,
                      send: Any) -> None:
        try:
            body = await _read(receive)
            found = await sync_to_async(_caller, thread_sensitive=False)(
                headers.get("authorization", ""), (scope.get("client") or ("",))[0])
        except TooLarge:
            await _refuse(send, 413, _("This is too large"))
        except Unauthorised as error:
            await _refuse(send, 401, str(error), (b"www-authenticate", b"Bearer"))
        except TooMany as error:
            await _refuse(send, 429, str(error), (b"retry-after", str(error.seconds).encode()))
        else:
            app = await self._ready()
            from saphan.doors.mcp.server import caller

            caller.set(found)
            # Both /mcp and /mcp/ are the server.
            await app({**scope, "path": "/", "raw_path": b"/", "root_path": ""},
                      _again(body, receive), send)

    async def _ready(self) -> Any:
        async with self._opening:
            if self._app is None:
                app, self._server, self._offered = await asyncio.to_thread(_build)
                self._looked = time.monotonic()
                opened = asyncio.Event()
                self._task = asyncio.create_task(self._live(app, opened))
                await opened.wait()
                self._app = app
            elif time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
                self._looked = time.monotonic()
                self._offered = await asyncio.to_thread(_look_again, self._server, self._offered)
        return self._app

    async def _live(self, app: Any, opened: asyncio.Event) -> None:
        async with app.router.lifespan_context(app):
            opened.set()
            await self._close.wait()

    async def close(self) -> None:
        self._close.set()
        if self._task:
            await self._task


def _caller(authorization: str, address: str) -> tuple[Person | None, Token | None]:
    close_old_connections()
    try:
        return caller_of(authorization, address)
    finally:
        close_old_connections()


async def _read(receive: Any) -> bytes:
    """The whole body. Raises TooLarge as soon as it is."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limits.REQUEST_BYTES:
            raise TooLarge
    return body


def _again(body: bytes, receive: Any) -> Any:
    """A `receive` that gives the body that was read, and then what still comes."""
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _language(accepted: str) -> str:
    """The reader's language, as the site's own choice from Accept-Language."""
    for code, _weight in trans_real.parse_accept_lang_header(accepted[:500]):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _look_again(server: Any, offered: dict[str, str]) -> dict[str, str]:
    """In a thread of its own, with database connections of its own."""
    from saphan.doors.mcp.server import keep_current

    close_old_connections()
    try:
        return keep_current(server, offered)
    finally:
        close_old_connections()


def _build() -> tuple[Any, Any, dict[str, str]]:
    from mcp.server.transport_security import TransportSecuritySettings

    from saphan.doors.mcp import server

    hosts, built = server.hosts(), server.build()
    app = built.streamable_http_app(
        streamable_http_path="/", stateless_http=True, json_response=True,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection="*" not in hosts, allowed_hosts=hosts,
            allowed_origins=[f"{scheme}://{host}" for host in hosts
                             for scheme in ("http", "https")]))
    offered = {tool.name: str(inspect.signature(tool.run)) for tool in server.tools()}
    close_old_connections()
    return app, built, offered


async def _refuse(send: Any, status: int, message: str, *headers: tuple[bytes, bytes]) -> None:
    body = json.dumps({"title": message, "status": status}, ensure_ascii=False).encode()
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/problem+json"), *headers]})
    await send({"type": "http.response.body", "body": body})
