"""The term base for software: look words up, read one concept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from saphan.house import callers, engine
from saphan.house.wording import render

router = Router()
PAGE = 50


class Looked(Schema):
    """What is looked up; leave all out for the whole term base, page by page."""

    q: str = Field("", max_length=200, description="A word, in any language.")
    sector: str = ""
    lang: str = Field("", description="Language of `label`; default: Accept-Language.")
    page: int = Field(1, ge=1, le=10_000)


@router.get("/", summary="Concepts with their words in every language")
def terms(request: HttpRequest, looked: Query[Looked]) -> dict[str, Any]:
    engine.look_again()
    return {"page": looked.page, **render.listed(
        q=looked.q, sector=looked.sector, lang=callers.reader(looked.lang),
        offset=(looked.page - 1) * PAGE, limit=PAGE)}


@router.get("/{concept}", summary="One concept: words, broader and narrower concepts")
def term(request: HttpRequest, concept: str, lang: str = "") -> dict[str, Any]:
    engine.look_again()
    return render.one(concept, callers.reader(lang))
