"""Fetches one address: politely, within limits, never from the house's own network."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from saphan.engines.fetching.addresses import clean, origin
from saphan.engines.fetching.manners import REST, Manners, retry_after
from saphan.engines.fetching.problems import Code, FetchProblem
from saphan.engines.fetching.robots import MOST as ROBOTS_BYTES
from saphan.engines.fetching.robots import Robots
from saphan.engines.fetching.robots import read as read_robots
from saphan.engines.fetching.unpack import ACCEPTED, Unpacker
from saphan.engines.runner.outside.errors import OutsideError
from saphan.engines.runner.outside.guard import Open, Resolve, lookup
from saphan.engines.runner.outside.wire import Connection

NAME = "saphan"
"""The product token: what a robots.txt calls us."""
AGENT = "Saphan/0.1 (reads public news for a cooperation centre)"
MOVED = frozenset({301, 302, 303, 307, 308})
STATUS: dict[int, Code] = {404: "not_found", 410: "not_found", 401: "forbidden",
                           403: "forbidden", 451: "forbidden"}
CODE_OF: dict[str, Code] = {
    "bad_address": "bad_address", "private_address": "private_address",
    "unknown_host": "unknown_host"}
DAY, HOUR = 86_400.0, 3_600.0
MOST_ROBOTS = 5_000
STEP = 65_536


@dataclass(frozen=True)
class Limits:
    """What one fetch may use up."""

    wire: int = 8 * 2**20
    unpacked: int = 16 * 2**20
    heads: int = 64 * 2**10
    seconds: float = 30.0
    """Over all hops, without waiting for one's turn."""
    redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """An answer. `raw` is the body as it came (evidence keeps that), `body` what is in it."""

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes = field(repr=False)
    content_type: str
    not_modified: bool
    seconds: float
    """Of the network; without waiting for one's turn."""
    address: str
    """The IP address that answered."""
    request: tuple[tuple[str, str], ...] = ()
    """The headers that were sent for `final_url`."""
    when: datetime = field(default_factory=lambda: datetime.now(UTC))

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def etag(self) -> str:
        return self.header("ETag")

    @property
    def modified(self) -> str:
        return self.header("Last-Modified")


class Fetcher:
    """Fetches for many threads at once. One per process: it remembers who was asked when."""

    def __init__(self, *, resolve: Resolve = lookup, allow: Iterable[str] = (),
                 agent: str = AGENT, limits: Limits | None = None, delay: float = 1.0,
                 patience: float = 20.0, trust: ssl.SSLContext | None = None,
                 now: Callable[[], float] = time.monotonic,
                 sleep: Callable[[float], object] = time.sleep) -> None:
        """`allow`: origins that may lie in a private network (see the guard); `agent`: who we
        are and how to reach us; `delay`: seconds between two requests to one host; `patience`:
        the longest that `get` waits for its turn."""
        self._guard = Open(allow, resolve)
        self.agent, self.limits = agent, limits or Limits()
        self._manners = Manners(delay, patience, now, sleep)
        self._trust = trust or ssl.create_default_context()
        self._now = now
        self._robots: dict[str, tuple[Robots, float]] = {}
        self._lock = threading.Lock()

    def get(self, url: str, etag: str = "", modified: str = "", *, ask_robots: bool = True,
            limits: Limits | None = None) -> Fetched:
        """The page at `url`; with `etag` or `modified` of an earlier answer perhaps only word
        that nothing has changed. Raises FetchProblem."""
        heads = {key: value for key, value in (
            ("If-None-Match", etag), ("If-Modified-Since", modified)) if _one_line(value)}
        return self._follow(url, heads, limits or self.limits, ask_robots)

    def ready_in(self, url: str) -> float:
        """Seconds until the host of `url` may be asked again: ask another one meanwhile."""
        return self._manners.ready_in(origin(url))

    def robots(self, url: str) -> Robots:
        """What the site of `url` asks of us; remembered for a day. Raises FetchProblem where
        the site cannot be reached at all."""
        site = origin(url)
        with self._lock:
            known = self._robots.get(site)
        if known and known[1] > self._now():
            return known[0]
        said, until = self._ask_robots(site)
        with self._lock:
            if len(self._robots) >= MOST_ROBOTS:
                self._robots.clear()
            self._robots[site] = said, self._now() + until
        return said

    def _ask_robots(self, site: str) -> tuple[Robots, float]:
        limits = replace(self.limits, wire=ROBOTS_BYTES * 2, unpacked=ROBOTS_BYTES * 2)
        try:
            answer = self._follow(f"{site}/robots.txt", {}, limits, ask_robots=False)
        except FetchProblem as problem:
            if 400 <= problem.status < 500 and problem.code != "asked_to_wait":
                return Robots(), DAY
            if problem.status >= 500 or problem.code in (
                    "too_large", "bad_answer", "too_many_redirects"):
                return Robots(closed=problem.detail), HOUR
            raise
        return read_robots(answer.body, NAME), DAY

    def _follow(self, url: str, heads: dict[str, str], limits: Limits,
                ask_robots: bool) -> Fetched:
        asked = here = clean(url)
        seen: set[str] = set()
        spent = 0.0
        while True:
            delay = 0.0
            if ask_robots:
                said = self.robots(here)
                if not said.may(here):
                    raise FetchProblem("robots", said.closed or f"robots.txt closes {here}")
                delay = said.delay
            self._manners.turn(origin(here), delay)
            began = time.monotonic()
            try:
                answer = self._once(here, heads, limits, limits.seconds - spent)
            finally:
                self._manners.done(origin(here), delay)
            spent += time.monotonic() - began
            answer = replace(answer, url=asked, seconds=spent)
            to = answer.header("Location")
            if answer.status not in MOVED or not to:
                return self._judged(answer)
            seen.add(here)
            here = clean(to, here)
            if here in seen or len(seen) > limits.redirects:
                raise FetchProblem("too_many_redirects", f"sent on {len(seen)} times, to {here}")

    def _judged(self, answer: Fetched) -> Fetched:
        """The answer, where it is one. Raises FetchProblem where it is a refusal."""
        status = answer.status
        if 200 <= status < 300 or status == 304:
            return answer
        after = answer.header("Retry-After")
        if status == 429 or (status == 503 and after):
            wait = retry_after(after) if after else REST
            self._manners.rest(origin(answer.final_url), wait)
            raise FetchProblem("asked_to_wait", f"it answered {status}", status=status, wait=wait)
        raise FetchProblem(STATUS.get(status, "http_error"), f"it answered {status}",
                           status=status)

    def _once(self, url: str, extra: dict[str, str], limits: Limits, seconds: float) -> Fetched:
        """One request, no redirects. Raises FetchProblem."""
        if seconds <= 0:
            raise FetchProblem("timeout", f"not done in {limits.seconds:g} s")
        try:
            way = self._guard.way(url)
        except OutsideError as refused:
            raise FetchProblem(CODE_OF.get(refused.key, "unreachable"), refused.detail) from None
        heads = {"User-Agent": self.agent, "Accept": "text/html,application/xhtml+xml,"
                 "application/xml;q=0.9,*/*;q=0.8", "Accept-Encoding": ACCEPTED,
                 "Connection": "close", **extra}
        connection = Connection(way, seconds, self._trust)
        with connection.limited(seconds) as late:
            try:
                connection.request("GET", way.path or "/", headers=heads)
                with connection.getresponse() as answer:
                    raw, body = _read(answer, limits)
                if late.is_set():
                    raise TimeoutError
            except ssl.SSLCertVerificationError as wrong:
                raise FetchProblem("no_trust", f"{way.origin.host}: {wrong.verify_message}"
                                   ) from None
            except (OSError, http.client.HTTPException, ValueError) as wrong:
                raise _named(wrong, late.is_set(), limits, way.origin.host) from None
            except FetchProblem:
                if late.is_set():  # what was cut looks broken
                    raise FetchProblem("timeout", f"not done in {limits.seconds:g} s") from None
                raise
        return Fetched(
            url, url, answer.status, tuple(answer.headers.items()), body, raw,
            answer.headers.get("Content-Type", "") or "", answer.status == 304, 0.0, way.address,
            (("Host", way.origin.host), *heads.items()))


def _read(answer: http.client.HTTPResponse, limits: Limits) -> tuple[bytes, bytes]:
    """The body as it came and unpacked. A redirect's or a refusal's is left unread."""
    if sum(len(key) + len(value) for key, value in answer.headers.items()) > limits.heads:
        raise FetchProblem("too_large", f"more than {limits.heads:,} bytes of headers")
    if not 200 <= answer.status < 300:
        return b"", b""
    if (answer.length or 0) > limits.wire:
        raise FetchProblem("too_large", f"{answer.length:,} bytes announced")
    unpacker = Unpacker(answer.headers.get("Content-Encoding", ""), limits.unpacked)
    raw: list[bytes] = []
    body: list[bytes] = []
    size = 0
    while piece := answer.read(STEP):
        size += len(piece)
        if size > limits.wire:
            raise FetchProblem("too_large", f"more than {limits.wire:,} bytes")
        raw.append(piece)
        body.append(unpacker.feed(piece))
    if answer.length:  # fewer bytes than announced: http.client does not mind
        raise http.client.IncompleteRead(b"", answer.length)
    whole = b"".join(raw)
    out = b"".join(body)
    return whole, whole if out == whole else out


def _named(wrong: Exception, late: bool, limits: Limits, host: str) -> FetchProblem:
    if late or isinstance(wrong, TimeoutError):
        return FetchProblem("timeout", f"{host}: not done in {limits.seconds:g} s")
    if isinstance(wrong, http.client.LineTooLong) or "got more than" in str(wrong):
        return FetchProblem("too_large", f"{host}: {wrong}")
    if isinstance(wrong, http.client.HTTPException | ValueError) and not isinstance(
            wrong, OSError | http.client.IncompleteRead):
        return FetchProblem("bad_answer", f"{host}: {type(wrong).__name__} {wrong}")
    return FetchProblem("unreachable", f"{host}: {type(wrong).__name__} {wrong}")


def _one_line(value: str) -> bool:
    """Whether a value that came from outside may be sent back in a header."""
    return bool(value) and value.isascii() and value.isprintable() and len(value) < 1_000
