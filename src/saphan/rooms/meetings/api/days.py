"""One's own day for software: read it, keep it in a calendar, change a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from saphan.house import callers
from saphan.rooms.meetings.tools import days as tools

router = Router()


class Link(BaseModel):
    """Where two people meet online: an address that begins with https://, or nothing."""

    link: str = ""


@router.get("/{number}/my-day", summary="Your meetings and sessions at an event")
def my_day(request: HttpRequest, number: str) -> dict[str, Any]:
    person = callers.asker(request)
    if person is None:
        callers.writer(request)  # says that this call needs a token
    return tools.read_my_day(number, person=person)


@router.post("/{number}/meetings/{word}/link", summary="Set the link of a meeting online")
def set_link(request: HttpRequest, number: str, word: str, body: Link) -> dict[str, Any]:
    return tools.set_meeting_link(number, word, body.link, person=callers.writer(request))
