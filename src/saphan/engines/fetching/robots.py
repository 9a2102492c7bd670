"""robots.txt as RFC 9309 reads it: groups of one name joined, the longest rule wins, `*` and `$`.

`urllib.robotparser` takes the first rule that fits and knows no wildcards, so that
`Disallow: /` before `Allow: /news/` would close what the site left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

MOST = 500 * 1024
"""Bytes that are read of a robots.txt; the RFC asks for at least so many."""
MOST_RULES = 5_000
MOST_DELAY = 3_600.0


@dataclass(frozen=True)
class Rule:
    """One line of a group: the parts between its stars, in order."""

    allow: bool
    parts: tuple[str, ...]
    anchored: bool
    length: int

    def fits(self, path: str) -> bool:
        """Whether the rule is about the path. Takes each part where it first comes: no pattern
        of a hostile site can make that slow."""
        first, *rest = self.parts
        if not rest:
            return path == first if self.anchored else path.startswith(first)
        if not path.startswith(first):
            return False
        at = len(first)
        last = rest.pop() if self.anchored else ""
        for part in rest:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return not self.anchored or (path.endswith(last) and len(path) - len(last) >= at)


@dataclass(frozen=True)
class Robots:
    """What a site asks of us. `delay` in seconds, 0 where it says none."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()
    closed: str = ""
    """Why nothing may be asked at all, whatever the rules say; for the log."""

    def may(self, url: str) -> bool:
        """Whether we may ask for the address."""
        if self.closed:
            return False
        parts = urlsplit(url)
        path = _plain(parts.path or "/") + (f"?{_plain(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        found = [rule for rule in self.rules if rule.fits(path)]
        if not found:
            return True
        return max(found, key=lambda rule: (rule.length, rule.allow)).allow


def read(body: bytes, name: str) -> Robots:
    """What a robots.txt says to the crawler called `name` (its product token, in small letters).
    What cannot be understood is passed over."""
    text = body[:MOST].decode("utf-8-sig", "replace")
    groups: dict[str, list[tuple[str, str]]] = {}
    names: list[str] = []
    in_rules = False
    sitemaps: list[str] = []
    for line in text.splitlines():
        key, colon, value = line.split("#", 1)[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if in_rules:
                names, in_rules = [], False
            names.append(value.split("/")[0].strip().lower())
            groups.setdefault(names[-1], [])
        elif key == "sitemap":
            sitemaps.append(value)
        elif key in ("allow", "disallow", "crawl-delay"):
            in_rules = True
            for each in names:
                groups[each].append((key, value))
    said = groups[name] if name in groups else groups.get("*", [])
    rules = tuple(_rule(key == "allow", value) for key, value in said[:MOST_RULES]
                  if key != "crawl-delay" and value)
    return Robots(rules, _delay(said), tuple(sitemaps[:50]))


def _delay(said: list[tuple[str, str]]) -> float:
    for key, value in said:
        if key == "crawl-delay":
            try:
                return min(max(float(value), 0.0), MOST_DELAY)
            except ValueError:
                continue
    return 0.0


def _rule(allow: bool, value: str) -> Rule:
    anchored = value.endswith("$")
    parts = re.split(r"\*+", _plain(value[:-1] if anchored else value))
    return Rule(allow, tuple(parts), anchored, len(value))


def _plain(path: str) -> str:
    """One spelling for a path that may be percent-encoded in part."""
    return quote(unquote(path), safe="/*$?=&:@!'(),;~+%")
