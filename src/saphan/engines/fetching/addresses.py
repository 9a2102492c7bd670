"""Web addresses as they are sent: host in ASCII, path percent-encoded, no fragment."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from saphan.engines.fetching.problems import FetchProblem

KEPT = "%/:=&?~+!$,;'@()*[]"
MOST = 2_000
"""Characters of an address; a longer one is a trap or a mistake."""


def clean(url: str, base: str = "") -> str:
    """The address to send for `url` as people and pages write it, read against `base`. Raises
    FetchProblem `bad_address`."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            raise ValueError
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
        port = parts.port
    except ValueError:  # UnicodeError is one of these
        raise FetchProblem("bad_address", f"{url[:200]!r} is no web address") from None
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        place += f":{port}"
    made = urlunsplit((parts.scheme, place, quote(parts.path, safe=KEPT) or "/",
                       quote(parts.query, safe=KEPT), ""))
    if len(made) > MOST:
        raise FetchProblem("bad_address", f"an address of {len(made)} characters")
    return made


def origin(url: str) -> str:
    """Scheme, host and port: whom one asks when asking for `url`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
