"""Fetching: pages, feeds, sitemaps and robots.txt from the web, and evidence of what came.

Plain Python without Django. Nothing here trusts the other side: not its address, size, speed,
packing, encoding or markup.
"""

from saphan.engines.fetching.feeds import Item
from saphan.engines.fetching.fetcher import AGENT, Fetched, Fetcher, Limits
from saphan.engines.fetching.problems import CODES, FetchProblem

__all__ = ["AGENT", "CODES", "FetchProblem", "Fetched", "Fetcher", "Item", "Limits"]
