"""Concepts as plain data: one rendering for the API, MCP and the command line."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from saphan.engines.language.terms import Concept
from saphan.house import callers, engine
from saphan.house.wording import queries

FOUND_AT_MOST = 50


def concept(found: Concept, lang: str) -> dict[str, Any]:
    """One concept; `label` is what readers of `lang` are shown."""
    return {"id": found.id, "label": queries.label(found.id, lang), "sector": found.sector,
            "labels": {code: list(words) for code, words in found.labels.items()},
            "needs_review": sorted(found.unsure), "broader": list(found.broader),
            "narrower": queries.narrower(found.id),
            "url": settings.BASE_URL + queries.address(found.id)}


def one(name: str, lang: str) -> dict[str, Any]:
    """Raises `callers.Missing`."""
    known = engine.terms().concepts.get(name)
    if known is None:
        raise callers.Missing(name)
    return concept(known, lang)


def listed(*, q: str = "", sector: str = "", lang: str = "", offset: int = 0,
           limit: int = FOUND_AT_MOST) -> dict[str, Any]:
    """Concepts that a word finds in any language, or all in the order of their labels."""
    if q.strip():
        found = [hit.concept for hit in queries.search(q)]
        found = [known for known in found if not sector or known.sector == sector]
    else:
        found = queries.concepts(sector=sector, lang=lang)
    return {"count": len(found), "concepts": [
        concept(known, lang) for known in found[offset:offset + limit]]}
