"""What every page knows of the house it stands in: the template variable `house`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from saphan.design.formats import bcp47
from saphan.doors.web import language
from saphan.house.centre import Centre, Place, centre
from saphan.house.registry import rooms
from saphan.house.room import LiveFact, Room

KIOSK_COOKIE = "saphan_kiosk"
SCRIPT_FONTS = {"th": "thai", "lo": "lao", "km": "khmer", "my": "burmese", "ta": "tamil"}
SCRIPTS = {"th": "Thai", "lo": "Laoo", "km": "Khmr", "my": "Mymr", "zh-Hans": "Hans",
           "zh-Hant": "Hant"}


@dataclass(frozen=True)
class DoorLink:
    url: str
    label: str


@dataclass(frozen=True)
class FeedLink:
    atom: str
    json: str
    title: str
    room: str


@dataclass(frozen=True)
class Cell:
    """A place on the floor plan with its address, if it is open."""

    place: Place
    url: str = ""

    @property
    def number(self) -> int:
        return self.place.number

    @property
    def wing(self) -> str:
        return self.place.wing

    @property
    def name(self) -> str:
        return self.place.name

    @property
    def purpose(self) -> str:
        return self.place.purpose

    @property
    def room(self) -> Room | None:
        return self.place.room

    @property
    def entrances(self) -> list[DoorLink]:
        """The room's further pages, as links."""
        found = []
        for entrance in self.room.entrances if self.room else ():
            try:
                found.append(DoorLink(reverse(entrance.url_name), str(entrance.label)))
            except NoReverseMatch:
                continue
        return found

    @cached_property
    def fact(self) -> LiveFact | None:
        return self.room.live_fact() if self.room and self.room.live_fact else None


def room_url(room: Room) -> str:
    """Where one enters a room: its own front page, else its first entrance."""
    for name in (f"{room.slug}:home", *[entrance.url_name for entrance in room.entrances]):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


class House:
    """Everything is worked out when a template asks for it, and at most once."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def lang(self) -> str:
        return bcp47(get_language() or settings.LANGUAGE_CODE)

    @property
    def script(self) -> str:
        return SCRIPTS.get(self.lang, "Latn")

    @property
    def fonts(self) -> list[str]:
        """The fonts that the first paint needs."""
        script = SCRIPT_FONTS.get(self.lang)
        return [f"saphan/fonts/{script}-400.woff2"] if script else []

    @cached_property
    def centre(self) -> Centre:
        return centre()

    @property
    def rooms(self) -> list[Room]:
        return rooms()

    @cached_property
    def plan(self) -> list[Cell]:
        return [Cell(place, room_url(place.room) if place.room else "")
                for place in self.centre.plan()]

    @cached_property
    def room(self) -> Room | None:
        """The room in which the visitor stands."""
        match = self.request.resolver_match
        spaces = match.app_names if match else []
        return next((room for room in self.rooms if room.slug in spaces), None)

    @property
    def room_url(self) -> str:
        return room_url(self.room) if self.room else ""

    @cached_property
    def languages(self) -> list[language.LanguageLink]:
        return language.links(self.request)

    @property
    def kiosk(self) -> bool:
        """Whether this is the screen in the hall."""
        return bool(getattr(self.request, "kiosk", False)
                    or self.request.COOKIES.get(KIOSK_COOKIE))

    @property
    def kiosk_home(self) -> str:
        """Where a screen in the hall begins anew: at its own exhibit, or at the plan."""
        home = self.request.COOKIES.get(KIOSK_COOKIE, "")
        return home if home.startswith("/") else self.plan_url

    @property
    def plan_url(self) -> str:
        return reverse("kiosk:plan" if self.kiosk else "plan")

    @property
    def ask_url(self) -> str:
        return reverse("kiosk:ask" if self.kiosk else "ask")

    @cached_property
    def feeds(self) -> list[FeedLink]:
        """What is new, for readers of feeds: in the room where one is, or in all of them."""
        return [FeedLink(reverse("feeds:atom", args=(self.lang, room.slug, feed.slug)),
                         reverse("feeds:json", args=(self.lang, room.slug, feed.slug)),
                         str(feed.title), str(room.name))
                for room in ([self.room] if self.room else self.rooms) for feed in room.feeds]

    @property
    def openapi_url(self) -> str:
        """Where the API describes itself."""
        try:
            return reverse("api:openapi-json")
        except NoReverseMatch:
            return ""

    @property
    def source_url(self) -> str:
        """Where the source of this software can be read, if the installation says so."""
        return str(getattr(settings, "SOURCE_URL", ""))


def house(request: HttpRequest) -> dict[str, Any]:
    return {"house": House(request)}
