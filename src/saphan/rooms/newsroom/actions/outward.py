"""The house's way to the web: one fetcher for all threads, which remembers whom it asked when."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from saphan.engines.fetching import Fetcher, Limits

LIMITS = Limits(wire=6 * 2**20, unpacked=8 * 2**20, seconds=30)
"""Of a page, feed or PDF; what limits the memory of a round of reading."""
DELAY = 1.0
"""Seconds between two requests to one host, unless its robots.txt asks for more."""


def fetcher() -> Fetcher:
    """The fetcher of this process. Who we are, and where to complain, stands in each request."""
    return _made(tuple(settings.NEWS_INSIDE), settings.BASE_URL, DELAY)


@lru_cache(maxsize=4)
def _made(inside: tuple[str, ...], base: str, delay: float) -> Fetcher:
    return Fetcher(allow=inside, limits=LIMITS, delay=delay,
                   agent=f"Saphan/0.1 (+{base}/en/newsroom/sources/)")
