"""The centre that this installation runs: its names, its published figures, its planned rooms.

Read from `centre.toml` and `plan.toml` in the folder of the centre (`SAPHAN_CENTRE`). Names and
labels are words of the house's editors; a figure carries its source, or says that nobody has
checked it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from saphan.ground.text import Reading, Text
from saphan.house.registry import rooms
from saphan.house.room import WINGS, Room


@dataclass(frozen=True)
class Figure:
    """A published number. `value` counts `unit`; it holds at `as_of` or over `period` (ISO 8601,
    as exact as the source is). `at_least` stands for "more than". Unless `verified`, there is no
    quote and the number must be shown as not checked."""

    id: str
    value: float | int
    unit: str
    label: Text
    source: str
    url: str = ""
    as_of: str = ""
    period: str = ""
    subject: str = ""
    quote: str = ""
    quote_lang: str = ""
    note: str = ""
    read: date | None = None
    verified: bool = False
    at_least: bool = False
    differs_from: str = ""

    @property
    def name(self) -> Reading:
        return self.label.best()


@dataclass(frozen=True)
class Comparison:
    """Figures that may stand side by side in one picture: same unit, source and day."""

    title: Text
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Place:
    """A room on the floor plan: open (it has a `room`) or planned."""

    number: int
    wing: str
    planned_name: Text
    planned_purpose: Text
    room: Room | None = None

    @property
    def name(self) -> str:
        return str(self.room.name) if self.room else str(self.planned_name)

    @property
    def purpose(self) -> str:
        return str(self.room.purpose) if self.room else str(self.planned_purpose)


@dataclass(frozen=True)
class Centre:
    """Who runs this house. `official` is false for a sample that the centre did not issue."""

    id: str
    official: bool
    economy: str
    time_zone: str
    names: Text
    place: Text
    description: Text
    figures: tuple[Figure, ...] = ()
    planned: tuple[Place, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    province: str = ""
    """Where the economy's electricity differs by province: the code after ISO 3166-2's hyphen."""
    data_licence: str = "https://creativecommons.org/licenses/by/4.0/"
    """Under which others may use the numbers that the house collects."""

    @property
    def name(self) -> str:
        return str(self.names)

    def figure(self, key: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.id == key), None)

    def plan(self) -> list[Place]:
        """Every place on the floor plan, by number. An open room takes its planned place."""
        places = {place.number: place for place in self.planned}
        for room in rooms():
            planned = places.get(room.number)
            places[room.number] = replace(planned, wing=room.wing, room=room) if planned else Place(
                room.number, room.wing, Text(), Text(), room)
        return [places[number] for number in sorted(places)]


def centre() -> Centre:
    """The centre of this installation."""
    return read(settings.CENTRES / settings.CENTRE)


@lru_cache(maxsize=8)
def read(folder: Path) -> Centre:
    """The centre described in this folder. Raises ValueError where its files contradict themselves,
    KeyError where they leave something out."""
    data = tomllib.loads((folder / "centre.toml").read_text(encoding="utf-8"))
    plan = folder / "plan.toml"
    drawn = tomllib.loads(plan.read_text(encoding="utf-8")) if plan.exists() else {}
    about = data["centre"]
    figures = {entry["id"]: _figure(entry) for entry in data.get("figure", [])}
    found = Centre(
        id=about["id"], official=about.get("official", False), economy=about["economy"],
        time_zone=about.get("time_zone", "UTC"), province=about.get("province", ""),
        **({"data_licence": about["data_licence"]} if "data_licence" in about else {}),
        names=_words(about["name"]),
        place=_words(about.get("place", {})), description=_words(about.get("description", {})),
        figures=tuple(figures.values()),
        planned=tuple(_place(entry) for entry in drawn.get("room", [])),
        comparisons=tuple(Comparison(_words(entry["title"]),
                                     tuple(figures[key] for key in entry["figures"]))
                          for entry in drawn.get("chart", [])))
    for kind, keys in (("figure", [entry["id"] for entry in data.get("figure", [])]),
                       ("room", [place.number for place in found.planned])):
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"{folder}: {kind} given twice: {sorted(twice)}")
    return found


def _words(words: dict[str, str]) -> Text:
    return Text.of(words, source="en" if "en" in words else "", origin="house")


def _figure(entry: dict[str, Any]) -> Figure:
    plain = {key: entry[key] for key in (
        "id", "value", "unit", "as_of", "period", "subject", "quote", "quote_lang", "note", "read",
        "verified", "at_least", "differs_from") if key in entry}
    source = entry.get("source", {})
    if entry.get("verified") and not (entry.get("quote") and source.get("url")):
        raise ValueError(f"figure {entry['id']} says it is verified, but has no quote or address")
    return Figure(label=_words(entry["label"]), source=source.get("title", ""),
                  url=source.get("url", ""), **plain)


def _place(entry: dict[str, Any]) -> Place:
    if entry["wing"] not in WINGS:
        raise ValueError(f"room {entry['number']}: wing must be one of {', '.join(WINGS)}")
    return Place(entry["number"], entry["wing"], _words(entry["name"]),
                 _words(entry.get("purpose", {})))
