"""Is a web address still there? Asked rarely, carefully, and never of the house's own network.

An address counts as gone only where a server said so (404, 410), or where its name leads nowhere
while other addresses answered in the same round: a house without the internet knows nothing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Literal
from urllib.parse import urljoin, urlsplit

from saphan.engines.runner.outside.errors import OutsideNotAllowed, OutsideUnreachable
from saphan.engines.runner.outside.guard import Resolve, lookup, public_address

State = Literal["there", "gone", "unknown"]
SECONDS = 8.0
HOPS = 4
AT_MOST = 20
"""Addresses asked in one round; of a record with more the first ones."""
GONE = frozenset({404, 410})
MOVED = frozenset({301, 302, 303, 307, 308})
NO_HEAD = frozenset({400, 403, 404, 405, 410, 501})
"""Answers to HEAD after which GET is tried: some servers do not know HEAD."""

Fetch = Callable[[str, str, str], tuple[int, str]]
"""Method, address, IP address to connect to: status and where it has moved."""


class _Nowhere(Exception):
    """The name has no address."""


def look(urls: Iterable[str], *, fetch: Fetch | None = None,
         resolve: Resolve = lookup) -> dict[str, State]:
    """The state of each address. Never raises for an address."""
    found: dict[str, State] = {}
    nowhere: list[str] = []
    for url in list(dict.fromkeys(urls))[:AT_MOST]:
        try:
            found[url] = _state(url, fetch or _fetch, resolve)
        except _Nowhere:
            found[url] = "unknown"
            nowhere.append(url)
    if any(state != "unknown" for state in found.values()):  # the internet is there
        found.update(dict.fromkeys(nowhere, "gone"))
    return found


def _state(url: str, fetch: Fetch, resolve: Resolve) -> State:
    for _hop in range(HOPS):
        try:
            address = _public_address(url, resolve)
            status, moved = fetch("HEAD", url, address)
            if status in NO_HEAD:
                status, moved = fetch("GET", url, address)
        except (OSError, http.client.HTTPException, OutsideNotAllowed, ValueError):
            return "unknown"
        if status not in MOVED or not moved:
            return "gone" if status in GONE else "there" if status < 500 else "unknown"
        url = urljoin(url, moved)
    return "unknown"


def _public_address(url: str, resolve: Resolve) -> str:
    """The address to connect to, looked at before. Raises OutsideNotAllowed for one that is not
    public or was written as a number, _Nowhere for a name without any."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or parts.scheme not in ("http", "https") or host.replace(".", "").isdigit() \
            or ":" in host or "." not in host:
        raise OutsideNotAllowed("bad_address", f"{url!r} is not asked")
    try:
        return public_address(host.rstrip(".").lower(), resolve)
    except OutsideUnreachable as error:
        raise _Nowhere from error


class _Pinned(http.client.HTTPSConnection):
    """Speaks to the address that was looked at, in the name of the host."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address, self._named, self._tls = address, host, ssl.create_default_context()

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self._named)


def _fetch(method: str, url: str, address: str) -> tuple[int, str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    if port not in (80, 443):
        raise ValueError(port)
    connection: http.client.HTTPConnection = _Pinned(host, port, address) if secure else (
        http.client.HTTPConnection(address, port, timeout=SECONDS))
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, headers={
            "Host": host, "User-Agent": "Saphan (checks links)", "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()
