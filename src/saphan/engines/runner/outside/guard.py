"""Where exhibits outside the hall may lie: an allow-list, and an address that was looked at.

Nothing is allowed unless the house lists it (`SAPHAN_OUTSIDE`). An entry is one origin:

    demo.example.org                 https at port 443
    https://demo.example.org:8443    https at that port
    gpu.example.org=10.0.0.5         a machine in the house's own network, at that address only
    http://127.0.0.1:7860            this machine; the one place where http is allowed

A name that resolves to a private, loopback or link-local address is refused unless the entry says
that address itself: else whoever runs the name could lead the house into its own network. The name
is resolved once for each connection, and the connection goes to the address that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from saphan.engines.runner.outside.errors import OutsideNotAllowed, OutsideUnreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], list[str]]
PORTS = {"http": 80, "https": 443}
TRANSLATED = tuple(map(ipaddress.ip_network, (
    "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 ranges that carry an IPv4 address inside and so could hide a private one."""


class BadEntry(ValueError):
    """An entry of the allow-list that says no origin; a sentence for the operator."""


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port; `address` where the entry pins it."""

    scheme: str
    host: str
    port: int
    address: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


@dataclass(frozen=True)
class Way:
    """An origin that may be spoken to, the address to connect to, and the path on it."""

    origin: Origin
    address: str
    path: str


def lookup(host: str, seconds: float = 5) -> list[str]:
    """The addresses of a name. OutsideUnreachable where there are none, or none in time: the
    system's resolver knows no limit, so it works beside us."""
    found: list[str] = []

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(entry[4][0]) for entry in entries))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if asking.is_alive() or not found:
        raise OutsideUnreachable("unknown_host", f"{host} has no address that we could find")
    return list(found)


class Guard:
    """Says for each address of an exhibit whether the house may call it."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve = lookup) -> None:
        """`allowed`: entries as above. Raises BadEntry."""
        self._origins = {origin.key: origin for origin in map(entry, filter(None, allowed))}
        self._resolve = resolve

    def __bool__(self) -> bool:
        return bool(self._origins)

    def way(self, url: str) -> Way:
        """The checked way to `url`. OutsideNotAllowed or OutsideUnreachable."""
        scheme, host, port, path = _split(url)
        origin = self._origins.get((scheme, host, port))
        if origin is None:
            if scheme == "http" and ("https", host, 443) in self._origins:
                raise OutsideNotAllowed("not_https", f"{host} is called by https only")
            raise OutsideNotAllowed(
                "not_listed", f"{scheme}://{host}:{port} is not in this house's list")
        if origin.address:
            return Way(origin, origin.address, path)
        return Way(origin, public_address(host, self._resolve), path)


class Open(Guard):
    """Lets through what is on the public web, and the listed origins as `Guard` does."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve = lookup,
                 ports: frozenset[int] = frozenset({80, 443, 8080, 8443})) -> None:
        super().__init__(allowed, resolve)
        self._ports = ports

    def way(self, url: str) -> Way:
        """The checked way to `url`. OutsideNotAllowed or OutsideUnreachable."""
        scheme, host, port, path = _split(url)
        if (scheme, host, port) in self._origins:
            return super().way(url)
        if port not in self._ports:
            raise OutsideNotAllowed("bad_address", f"port {port} is not one that pages come from")
        return Way(Origin(scheme, host, port), public_address(host, self._resolve), path)


def public_address(host: str, resolve: Resolve = lookup) -> str:
    """The address to connect to for a name. OutsideNotAllowed where it leads to one that is not
    public, OutsideUnreachable where it leads nowhere."""
    addresses = resolve(host)
    for each in addresses:  # one bad address among good ones is reason enough for doubt
        if not _public(_address(each)):
            raise OutsideNotAllowed(
                "private_address", f"{host} leads to {each}, which is no public address")
    return addresses[0]


def entry(text: str) -> Origin:
    """Read an entry of the allow-list. Raises BadEntry."""
    named, _, pinned = text.strip().partition("=")
    if "://" not in named:
        named = f"https://{named}"
    try:
        scheme, host, port, path = _split(named)
        literal = _literal(host)
        fixed = _address(pinned) if pinned else literal
    except (OutsideNotAllowed, ValueError):
        raise BadEntry(f"{text!r} is no address of the form https://host:port") from None
    if path not in ("", "/"):
        raise BadEntry(f"{text!r}: leave out the path; a whole origin is allowed or not")
    if host == "localhost" and fixed is None:
        fixed = ipaddress.ip_address("127.0.0.1")
    if fixed is not None and (fixed.is_multicast or fixed.is_unspecified):
        raise BadEntry(f"{text!r}: nobody answers at {fixed}")
    if literal is not None and fixed != literal:
        raise BadEntry(f"{text!r} says two addresses")
    if scheme == "http" and not (fixed is not None and fixed.is_loopback):
        raise BadEntry(f"{text!r}: http is for this machine only; use https")
    return Origin(scheme, host, port, str(fixed) if fixed is not None else "")


def _split(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise OutsideNotAllowed("bad_address", f"{url!r} is no web address") from None
    if (parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc
            or "\\" in url or any(ord(c) <= 32 or ord(c) == 127 for c in url)):
        raise OutsideNotAllowed("bad_address", f"{url!r} is no web address")
    host = parts.hostname.rstrip(".").lower()
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or PORTS[parts.scheme], path


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _address(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])


def _public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _public(address.ipv4_mapped)
        if address.is_site_local or any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
