"""JSON over HTTP to the translation server that the operator chose.

No redirect is followed, since a key would travel with it; no proxy of the environment is used. One
deadline covers an answer from first to last byte, and an answer has a largest size.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from saphan.engines.translation.errors import (
    KeyRefused,
    RateLimited,
    Refused,
    TooLong,
    TooSlow,
    TranslationError,
    Unreachable,
    Unreadable,
)

MOST_BYTES: Final = 4 * 2**20
_AGENT: Final = "Saphan (translation of records)"
_LONGEST_WAIT: Final = 30.0
"""Seconds of waiting between tries; a server that asks for more is left to the caller."""


@dataclass(frozen=True)
class Line:
    """The way to one server. `url` is the address that paths are added to.

    `seconds` for one answer, `tries` for one request, `pause` seconds before the second try and
    twice that before each further one. `sleep` waits; tests give their own.
    Raises ValueError for an address that is not http.
    """

    url: str
    seconds: float = 60.0
    tries: int = 3
    pause: float = 1.0
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http address: {self.url}")
        if parts.username or parts.password:
            raise ValueError("a key does not belong into an address")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def ask(self, path: str, body: Any = None, heads: Mapping[str, str] | None = None) -> Any:
        """The JSON that answers a GET, or a POST of `body`.

        A busy, resting or unreachable server is asked again; every other failure is final, and so
        is one that took all its time.
        Raises TranslationError.
        """
        pause = self.pause
        for number in range(1, self.tries + 1):
            try:
                return self._once(path, body, heads or {})
            except TooSlow:
                raise  # it had all its time
            except (Unreachable, RateLimited) as error:
                wanted = getattr(error, "retry_after", None)
                wait = pause if wanted is None else wanted
                if number == self.tries or wait > _LONGEST_WAIT:
                    raise
                self.sleep(wait)
                pause *= 2
        raise AssertionError("unreachable: the last try returns or raises")

    def _once(self, path: str, body: Any, heads: Mapping[str, str]) -> Any:
        parts = urlsplit(self.url.rstrip("/") + path)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else (
            http.client.HTTPConnection)
        connection = kind(parts.hostname or "", parts.port, timeout=self.seconds)
        late = threading.Event()

        def stop() -> None:  # a server that sends a byte now and then never runs into a timeout
            late.set()
            with contextlib.suppress(OSError, AttributeError):
                connection.sock.shutdown(socket.SHUT_RDWR)

        clock = threading.Timer(self.seconds, stop)
        clock.daemon = True
        clock.start()
        try:
            way = parts.path + (f"?{parts.query}" if parts.query else "")
            sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
            connection.request("GET" if body is None else "POST", way or "/", sent, {
                "Content-Type": "application/json", "Accept": "application/json",
                "Accept-Encoding": "identity", "User-Agent": _AGENT, **heads})
            answer = connection.getresponse()
            raw = answer.read(MOST_BYTES + 1)
            if answer.length and len(raw) <= MOST_BYTES:
                raise http.client.IncompleteRead(raw, answer.length)
            status, retry = answer.status, answer.headers.get("Retry-After", "")
        except (OSError, http.client.HTTPException, ValueError) as wrong:
            if late.is_set() or isinstance(wrong, TimeoutError):
                raise self._slow() from None
            raise Unreachable(f"{self.host}: {type(wrong).__name__} {wrong}") from None
        finally:
            clock.cancel()
            connection.close()
        if late.is_set():  # a connection that was cut looks like one that ended
            raise self._slow()
        if status != 200:
            raise _error(status, said(raw), retry)
        return _json(raw)

    def _slow(self) -> TooSlow:
        return TooSlow(f"{self.host}: no whole answer within {self.seconds:g} seconds")


def _json(raw: bytes) -> Any:
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"more than {MOST_BYTES // 2**20} MiB came back")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("the answer is no JSON") from None


def _error(status: int, words: str, retry: str) -> TranslationError:
    detail = f"it answered {status} {words}"
    if status == 429:
        return RateLimited(detail, _seconds(retry))
    if status in (401, 402, 403):
        return KeyRefused(detail)
    if status == 413 or (status == 400 and _too_long(words)):
        return TooLong(detail)
    return Unreachable(detail) if status >= 500 else Refused(detail)


def _too_long(words: str) -> bool:
    low = words.lower()
    return any(sign in low for sign in (
        "context length", "context_length", "maximum context", "text limit", "too long",
        "too many tokens"))


def _seconds(retry: str) -> float | None:
    """Seconds of a Retry-After line, which holds a number or a date."""
    if retry.strip().isdigit():
        return float(retry)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(retry).timestamp() - time.time())
    return None


def said(raw: bytes) -> str:
    """What an answer to a refused request says, whichever of the usual forms it has."""
    try:
        body = json.loads(raw[:MOST_BYTES])
    except (ValueError, RecursionError):
        return raw[:200].decode("utf-8", "replace")
    if isinstance(body, dict):
        body = body.get("error") or body.get("detail") or body.get("message") or ""
    if isinstance(body, dict):
        body = body.get("message") or body.get("code") or ""
    return body[:200] if isinstance(body, str) else json.dumps(body, ensure_ascii=False)[:200]
