"""Visits for assistants (MCP)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.meetings.visits import told


def visit_stations(person: Person | None = None) -> dict[str, Any]:
    return {"stations": told.stations()}


def request_visit(title: str, day: str, begins: str, crowd: dict[str, int], minutes: int = 90,
                  about: str = "", needs: str = "", economy: str = "",
                  wishes: list[int] | None = None, lang: str = "",
                  person: Person | None = None) -> dict[str, Any]:
    her = told.known(person)
    return told.whole(told.request({
        "title": title, "day": day, "begins": begins, "crowd": crowd, "minutes": minutes,
        "about": about, "needs": needs, "economy": economy, "wishes": wishes or [],
        "lang": lang}, by=her), her)


def read_route(number: str, person: Person | None = None) -> dict[str, Any]:
    return told.whole(told.find(number, person), person)


def tools() -> Sequence[Tool]:
    """The tools of visits."""
    return [
        Tool("visit_stations", "What a group can see on a visit to the centre, with ids to wish "
                               "for.", visit_stations),
        Tool("request_visit", "Ask for a visit of a group to the centre. day: 2027-03-10; begins: "
                              "10:00 on the clock of the centre; crowd: people by language, for "
                              "example {\"th\": 15, \"en\": 8}; wishes: ids of stations.",
             request_visit, writes=True),
        Tool("read_route", "Read one visit, for example VST-2027-0003: where each group goes and "
                           "when, once it is confirmed.", read_route),
    ]
