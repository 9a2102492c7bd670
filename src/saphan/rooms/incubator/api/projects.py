"""Projects for software."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.incubator.models import Project
from saphan.rooms.incubator.queries import calls
from saphan.rooms.incubator.tools import projects as tools

router = Router()


class Done(BaseModel):
    """The fields of the verb's form, as on the project's page; `part`: the key of the milestone,
    payment, measurement or follow-up that it is about."""

    model_config = ConfigDict(extra="allow")

    part: int = 0


def _project(request: HttpRequest, number: str, position: int, person: Person | None) -> Project:
    try:
        return tools.find(number, position, person)
    except calls.NotFound:
        raise callers.Missing(number) from None


@router.get("/{number}/projects", summary="The projects of a call, as everybody may know them")
def of_call(request: HttpRequest, number: str) -> dict[str, Any]:
    return tools.projects(number, person=callers.asker(request))


@router.get("/{number}/answers/{position}/project", summary="One project, as you may see it")
def read(request: HttpRequest, number: str, position: int) -> dict[str, Any]:
    person = callers.asker(request)
    return tools.told(_project(request, number, position, person), person)


@router.post("/{number}/answers/{position}/project/{verb}",
             summary="sign, milestone, payment, begin, hand_in, approve, measure, confirm, "
                     "validate, reject, report, …")
def act(request: HttpRequest, number: str, position: int, verb: str,
        body: Done | None = None) -> dict[str, Any]:
    person = callers.writer(request)
    found = _project(request, number, position, person)
    given = body.model_dump() if body else {}
    return tools.act(found, verb, int(given.pop("part", 0)), given, by=person)
