"""The hall as one walks it: zones on the floor plan, and routes through them.

A centre may draw its own zones in `centres/NAME/exhibition/hall.toml`; otherwise there is one for
each sector that has an exhibit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.ground.text import Text
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.vocabulary import Sector

WALK_MINUTES = 1
"""From one exhibit to the next."""
TIMED = (30, 60, 90)


@dataclass(frozen=True)
class Zone:
    """A part of the hall with its exhibits, in the order of walking. `letter` is on the wall."""

    key: str
    letter: str
    name: str | Promise | Text
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True)
class Route:
    """A way through the hall. `key`: "30" … or a sector. `minutes`: to see and to walk."""

    key: str
    name: str | Promise
    stops: tuple[Exhibit, ...]

    @property
    def minutes(self) -> int:
        return sum(each.minutes + WALK_MINUTES for each in self.stops)


@dataclass(frozen=True)
class _Drawn:
    key: str
    name: Text
    exhibits: tuple[str, ...]
    sectors: tuple[str, ...]


@lru_cache(maxsize=8)
def _drawn(path: Path) -> tuple[_Drawn, ...]:
    if not path.is_file():
        return ()
    data = tomllib.loads(path.read_text("utf-8"))
    return tuple(_Drawn(entry["key"], Text.of(entry["name"], source="en", origin="house"),
                        tuple(entry.get("exhibits", ())), tuple(entry.get("sectors", ())))
                 for entry in data.get("zone", ()))


def zones(exhibits: Sequence[Exhibit]) -> list[Zone]:
    """Every zone that has an exhibit; each exhibit stands in one."""
    left = list(exhibits)
    found: list[tuple[str, str | Promise | Text, list[Exhibit]]] = []
    order = list(Sector)
    drawn = _drawn(settings.CENTRES / settings.CENTRE / "exhibition" / "hall.toml")
    for zone in drawn:
        inside = [each for each in left if each.slug in zone.exhibits
                  or (each.sector in zone.sectors)]
        inside.sort(key=lambda each: (zone.exhibits.index(each.slug) if each.slug in zone.exhibits
                                      else len(zone.exhibits), each.pk))
        found.append((zone.key, zone.name, inside))
        left = [each for each in left if each not in inside]
    for sector in order:
        inside = [each for each in left if each.sector == sector.value]
        found.append((sector.value, sector.label, inside))
    full = [zone for zone in found if zone[2]]
    return [Zone(key, chr(ord("A") + at) if at < 26 else str(at), name, tuple(inside))
            for at, (key, name, inside) in enumerate(full)]


TIMED_NAMES = {30: _("The hall in 30 minutes"), 60: _("The hall in 60 minutes"),
               90: _("The hall in 90 minutes")}


def routes(exhibits: Sequence[Exhibit]) -> list[Route]:
    """Three routes by time, and one for each sector that has two exhibits or more."""
    drawn = zones(exhibits)
    found = [Route(str(minutes), TIMED_NAMES[minutes], _within(drawn, minutes))
             for minutes in TIMED]
    by_sector = [(sector, [each for zone in drawn for each in zone.exhibits
                           if each.sector == sector.value]) for sector in Sector]
    found += [Route(sector.value, sector.label, tuple(inside)) for sector, inside in by_sector
              if len(inside) >= 2]
    return [route for route in found if route.stops]


def _within(drawn: Sequence[Zone], minutes: int) -> tuple[Exhibit, ...]:
    """As many exhibits as fit, one from every zone before a second from any, in walking order."""
    chosen: set[str] = set()
    spent = 0
    for turn in range(max((len(zone.exhibits) for zone in drawn), default=0)):
        for zone in drawn:
            if turn >= len(zone.exhibits):
                continue
            each = zone.exhibits[turn]
            if spent + each.minutes + WALK_MINUTES <= minutes:
                chosen.add(each.slug)
                spent += each.minutes + WALK_MINUTES
    return tuple(each for zone in drawn for each in zone.exhibits if each.slug in chosen)


def route(exhibits: Sequence[Exhibit], key: str) -> Route | None:
    return next((each for each in routes(exhibits) if each.key == key), None)
