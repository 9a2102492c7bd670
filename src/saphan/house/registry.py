"""Which rooms there are: every folder of `saphan.rooms` with a `room.py`, and every entry point in
the group `saphan.rooms`. Nothing lists them."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from saphan.house.room import Room

ENTRY_POINT_GROUP = "saphan.rooms"
ROOMS = Path(__file__).parents[1] / "rooms"


def packages() -> list[str]:
    """Dotted names of the packages that are rooms. Safe before Django is set up: imports none."""
    own = [f"saphan.rooms.{module.name}" for module in pkgutil.iter_modules([str(ROOMS)])
           if module.ispkg and find_spec(f"saphan.rooms.{module.name}.room")]
    brought = [point.value for point in entry_points(group=ENTRY_POINT_GROUP)]
    return sorted({*own, *brought})


_rooms: list[Room] | None = None


def open_rooms() -> list[Room]:
    """Import every room's declaration and its reactions. Called once the apps are ready."""
    global _rooms
    found = [import_module(f"{package}.room").room for package in packages()]
    by_number: dict[int, Room] = {}
    for room in found:
        if room.number in by_number:
            raise ValueError(f"rooms {by_number[room.number].slug} and {room.slug} "
                             f"both have the number {room.number}")
        by_number[room.number] = room
        if room.reactions:
            import_module(room.reactions)
    _rooms = [by_number[number] for number in sorted(by_number)]
    return _rooms


def rooms() -> list[Room]:
    """All rooms, by number."""
    return _rooms if _rooms is not None else open_rooms()


def room(slug: str) -> Room:
    """The room with this slug. Raises KeyError."""
    for candidate in rooms():
        if candidate.slug == slug:
            return candidate
    raise KeyError(slug)
