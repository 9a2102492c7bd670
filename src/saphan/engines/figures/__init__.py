"""Figures: read numbers with their unit, subject, place and period, and prove claims about them."""

from saphan.engines.figures.finder import find
from saphan.engines.figures.found import VERSION, Found

__all__ = ["VERSION", "Found", "find"]
