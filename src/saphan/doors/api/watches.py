"""Saved searches for software: list, make, change, delete, read what they found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from saphan.house import callers
from saphan.house.watching import actions, render

router = Router()


class Changed(BaseModel):  # Ninja's own Schema drops what it does not declare
    """What a search asks for and how it tells. What is left out stays as it is."""

    model_config = ConfigDict(extra="allow")

    question: str | None = Field(None, max_length=20_000, description="In any language.")
    name: str | None = None
    often: str | None = Field(None, description="at_once, daily, weekly, feed")
    language: str | None = Field(None, description="Language of the letters and the feed.")
    side: str | None = Field(None, description="answers, offers, needs, all")
    room: str | None = Field(None, description="Slug of a room; see /rooms.")
    kind: str | None = Field(None, description="Kind of the record, such as technology_offer.")
    sector: str | None = None
    economy: str | None = Field(None, description="ISO 3166 code of the maker's economy.")
    lang: str | None = Field(None, description="Language in which the record is written.")
    like: str | None = Field(None, description="`entry` of a record that it shall be like.")

    def given(self) -> dict[str, Any]:
        return {name: value or "" for name, value in self.model_dump(exclude_unset=True).items()}


@router.get("/", summary="My saved searches")
def watches(request: HttpRequest) -> list[dict[str, Any]]:
    return render.listed(callers.asker(request))


@router.post("/", summary="Save a search: words in any language, filters, or both",
             response={201: dict[str, Any]})
def save(request: HttpRequest, given: Changed) -> Any:
    return Status(201, render.watch(render.save(given.given(), callers.writer(request))))


@router.get("/{int:pk}", summary="One saved search")
def watch(request: HttpRequest, pk: int) -> dict[str, Any]:
    return render.watch(render.one(pk, callers.asker(request)))


@router.patch("/{int:pk}", summary="Change a saved search")
def change(request: HttpRequest, pk: int, given: Changed) -> dict[str, Any]:
    person = callers.writer(request)
    return render.watch(render.change(render.one(pk, person), given.given(), person))


@router.delete("/{int:pk}", summary="Delete a saved search", response={204: None})
def remove(request: HttpRequest, pk: int) -> Any:
    person = callers.writer(request)
    actions.remove(render.one(pk, person), by=person)
    return Status(204, None)


@router.post("/{int:pk}/pause", summary="Pause a saved search")
def pause(request: HttpRequest, pk: int) -> dict[str, Any]:
    person = callers.writer(request)
    found = render.one(pk, person)
    actions.pause(found, by=person)
    return render.watch(found)


@router.post("/{int:pk}/resume", summary="Resume a paused search")
def resume(request: HttpRequest, pk: int) -> dict[str, Any]:
    person = callers.writer(request)
    found = render.one(pk, person)
    actions.resume(found, by=person)
    return render.watch(found)


@router.get("/{int:pk}/results", summary="What it found since it was saved, the latest first")
def results(request: HttpRequest, pk: int, lang: str = "") -> dict[str, Any]:
    with translation.override(callers.reader(lang).lower()):
        return render.results(render.one(pk, callers.asker(request)))


@router.get("/{int:pk}/trial", summary="What it would have found in the last 30 days")
def trial(request: HttpRequest, pk: int, lang: str = "") -> dict[str, Any]:
    with translation.override(callers.reader(lang).lower()):
        return render.trial(render.one(pk, callers.asker(request)))
