"""Tell Zawgyi from Unicode Burmese, and convert it."""

from __future__ import annotations


def is_zawgyi(text: str) -> bool:
    return False


def to_unicode(text: str) -> str:
    return text
