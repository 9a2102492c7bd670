"""HTTP to one checked address: no redirects, no proxies, a deadline over all, a limit of bytes."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from saphan.engines.runner.outside.errors import (
    OutsideAnsweredBadly,
    OutsideError,
    OutsideRefused,
    OutsideUnreachable,
)
from saphan.engines.runner.outside.guard import Guard, Way

MOST_BYTES = 8 * 2**20
"""Of one answer with all its files; the same limit as for what a visitor sends in."""
MOST_LINE = 2**20 * 8
AGENT = "Saphan (an exhibit outside the hall)"


@dataclass
class Call:
    """What one visit to an exhibit may still use: seconds and bytes, over all its requests."""

    guard: Guard
    seconds: float
    most_bytes: int = MOST_BYTES
    trust: ssl.SSLContext | None = None
    """Certificates to trust instead of the system's."""
    _until: float = field(init=False)
    _read: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        """Seconds left. OutsideUnreachable `too_slow` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise self._slow()
        return left

    def get(self, url: str) -> bytes:
        """The body of a GET."""
        with self._asked("GET", url) as answer:
            return self._body(answer)

    def json(self, url: str, body: Any = None) -> Any:
        """The JSON that answers a GET, or a POST of `body`."""
        if body is None:
            raw = self.get(url)
        else:
            raw = self.post(url, json.dumps(body, ensure_ascii=False).encode(),
                            "application/json")
        return parsed(raw)

    def post(self, url: str, body: bytes, kind: str) -> bytes:
        """The body that answers a POST of `body`, whose media type is `kind`."""
        with self._asked("POST", url, body, {"Content-Type": kind}) as answer:
            return self._body(answer)

    def lines(self, url: str) -> Iterator[str]:
        """The lines of a GET whose answer goes on for a while (an event stream)."""
        with self._asked("GET", url) as answer:
            while line := answer.readline(MOST_LINE):
                self._count(len(line))
                yield line.decode("utf-8", "replace").rstrip("\r\n")

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        pieces = []
        while piece := answer.read(65_536):
            self._count(len(piece))
            pieces.append(piece)
        return b"".join(pieces)

    def _count(self, size: int) -> None:
        self._read += size
        if self._read > self.most_bytes:
            raise OutsideAnsweredBadly(
                "too_big", f"more than {self.most_bytes // 2**20} MiB came back")

    @contextmanager
    def _asked(self, method: str, url: str, body: bytes | None = None,
               heads: Mapping[str, str] | None = None) -> Iterator[http.client.HTTPResponse]:
        way = self.guard.way(url)
        connection = Connection(way, self.left, self.trust)
        with connection.limited(self.left) as late:
            try:
                connection.request(method, way.path or "/", body, {
                    "Accept-Encoding": "identity", "User-Agent": AGENT, **(heads or {})})
                with connection.getresponse() as answer:  # it may outlive the connection
                    self._check(answer, way)
                    yield answer
                if late.is_set():
                    raise self._slow()
            except OutsideError as named:
                raise self._slow() if late.is_set() else named from None
            except ssl.SSLCertVerificationError as wrong:
                raise OutsideUnreachable("no_trust", f"{way.origin.host}: {wrong.verify_message}"
                                         ) from None
            except (OSError, http.client.HTTPException, ValueError) as wrong:
                if late.is_set() or isinstance(wrong, TimeoutError):
                    raise self._slow() from None
                raise OutsideUnreachable(
                    "broken_off" if connection.reached else "no_connection",
                    f"{way.origin.host}: {type(wrong).__name__} {wrong}") from None

    def _check(self, answer: http.client.HTTPResponse, way: Way) -> None:
        status = answer.status
        if 300 <= status < 400:
            raise OutsideRefused("elsewhere", f"{way.origin.host} answered {status}: it is at "
                                 f"{answer.headers.get('Location', 'an address it did not say')}")
        if status >= 400:
            words = _words(answer.read(4_096))
            if status in (502, 503, 504):
                raise OutsideUnreachable("resting", f"it answered {status} {words}")
            if status >= 500:
                raise OutsideAnsweredBadly("failed", f"it answered {status} {words}")
            raise OutsideRefused("unknown_exhibit" if status == 404 else "refused",
                                 f"it answered {status} {words}")
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise OutsideAnsweredBadly("not_as_agreed", "it answered in a packed form")

    def _slow(self) -> OutsideUnreachable:
        return OutsideUnreachable("too_slow", f"no answer within {self.seconds:g} seconds")


class Connection(http.client.HTTPConnection):
    """A connection that goes to the address that was checked, whatever the name says now. The
    name still stands in the Host line and is what the certificate must be for."""

    def __init__(self, way: Way, seconds: float, trust: ssl.SSLContext | None) -> None:
        default = (way.origin.scheme, way.origin.port) in (("http", 80), ("https", 443))
        super().__init__(way.origin.host, way.origin.port, timeout=seconds)
        if default:
            self.default_port = way.origin.port
        self.reached = False
        self._way, self._trust = way, trust
        self._raw: socket.socket | None = None

    @contextmanager
    def limited(self, seconds: float) -> Iterator[threading.Event]:
        """Cut the connection when that many seconds are over, and close it at the end. The event
        says that it was cut: a cut stream looks like a finished one."""
        late = threading.Event()

        def stop() -> None:  # a peer that sends a byte a minute never runs into a socket's limit
            late.set()
            self.cut()

        clock = threading.Timer(seconds, stop)
        clock.daemon = True
        clock.start()
        try:
            yield late
        finally:
            clock.cancel()
            self.close()

    def connect(self) -> None:
        self._raw = socket.create_connection((self._way.address, self.port), self.timeout)
        self.reached = True
        self.sock = self._raw
        if self._way.origin.scheme == "https":
            trust = self._trust or ssl.create_default_context()
            self.sock = self._raw = trust.wrap_socket(self._raw, server_hostname=self.host)

    def cut(self) -> None:
        """End whatever is being waited for, from another thread."""
        if self._raw is not None:
            try:
                self._raw.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


def parsed(raw: bytes) -> Any:
    """JSON, or OutsideAnsweredBadly."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise OutsideAnsweredBadly("not_as_agreed", "it answered with something that is no JSON"
                                   ) from None


def _words(body: bytes) -> str:
    """What an answer to a refused call says, whichever of the usual forms it has."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if isinstance(said, dict):
        said = said.get("error") or said.get("detail") or said.get("message") or ""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)[:200]
