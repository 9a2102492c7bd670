"""How a source is doing, judged from its usual ways. No database here: numbers in, alarms out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

LATEST = 30
"""Articles from which the usual length and rhythm are taken."""
ENOUGH = 5
"""Articles from which on anything is usual."""
TIMES = 3
"""Looks in a row that failed before a source counts as not to be reached."""
SILENCE = 4.0
"""Times the usual gap."""
AT_LEAST = timedelta(hours=24)
UNKNOWN_RHYTHM = timedelta(days=14)
NEVER = timedelta(days=3)
SHORT = 0.25
"""Of the usual length."""
BY_NAME = frozenset({"robots", "private_address", "too_large"})
"""Troubles that are alarms of their own, at once."""
LAYOUT = frozenset({"nothing_listed", "bad_recipe"})


@dataclass(frozen=True)
class Usual:
    """What is known of a source."""

    created: datetime
    last_article: datetime | None = None
    length: int | None = None
    gap_hours: float | None = None
    articles: int = 0
    failures: int = 0


@dataclass
class Seen:
    """What one look saw. `problem` with the list itself; `troubles` of pages by code, `doubts` by
    code of new articles, `read` articles of which `short` are short."""

    problem: str = ""
    read: int = 0
    short: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)


def is_short(length: int, usual: Usual) -> bool:
    """Whether a text is short against the source's usual."""
    return usual.length is not None and usual.articles >= ENOUGH and length < usual.length * SHORT


def alarms(usual: Usual, seen: Seen, now: datetime) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """The alarms that ring now, with what to say of each; and the codes that this look could
    judge at all. An alarm of another code stays as it was."""
    found: dict[str, dict[str, Any]] = {}
    judged = {"unreachable"}
    if usual.failures >= TIMES:
        found["unreachable"] = {"problem": seen.problem, "times": usual.failures}
    if seen.problem:
        if seen.problem in BY_NAME:
            found[seen.problem] = {"problem": seen.problem}
            found.pop("unreachable", None)
        elif seen.problem in LAYOUT:
            found["layout"] = {"problem": seen.problem}
            found.pop("unreachable", None)
        return found, judged | set(found)
    judged |= {"private_address", "silent"}
    since = silent_since(usual, now)
    if since is not None:
        found["silent"] = {"since": since.isoformat()}
    pages = seen.read + seen.troubles.total()
    if not pages:  # a list that can be read says nothing of its pages
        return found, judged
    judged |= {"layout", "short_text", "too_large", "robots", "wrong_encoding"}
    for code, alarm in (("too_large", "too_large"), ("robots", "robots"),
                        ("private_address", "private_address")):
        if seen.troubles[code]:
            found[alarm] = {"problem": code, "pages": seen.troubles[code]}
    for count, alarm in ((seen.doubts["recipe_missed"] + seen.troubles["no_text"], "layout"),
                         (seen.short, "short_text"),
                         (seen.doubts["wrong_charset"], "wrong_encoding")):
        if count * 2 >= pages:
            found[alarm] = {"pages": count, "of": pages}
    return found, judged


def silent_since(usual: Usual, now: datetime) -> datetime | None:
    """Since when a source is silent, if that is longer than usual."""
    if usual.last_article is None:
        return usual.created if now - usual.created > NEVER else None
    patience = UNKNOWN_RHYTHM if usual.gap_hours is None else max(
        AT_LEAST, timedelta(hours=usual.gap_hours * SILENCE))
    return usual.last_article if now - usual.last_article > patience else None


def usual_length(lengths: Sequence[int]) -> int | None:
    """Median of the last articles' lengths, None where too few are known."""
    return round(median(lengths)) if len(lengths) >= ENOUGH else None


def usual_gap(taken: Sequence[datetime]) -> float | None:
    """Median hours between articles, given when they came, newest first. Those that came in one
    look count as one."""
    moments = sorted(set(taken), reverse=True)
    gaps = [(later - earlier).total_seconds() / 3600
            for later, earlier in pairwise(moments)
            if later - earlier > timedelta(minutes=5)]
    return round(median(gaps), 2) if len(gaps) >= ENOUGH - 1 else None
