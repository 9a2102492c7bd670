"""Room 1: the exhibition. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.house.room import Entrance, Feed, Room
from saphan.rooms.exhibition import commands, queries, sample, tools
from saphan.rooms.exhibition.models import Exhibit, Tour

room = Room(
    slug="exhibition",
    number=1,
    wing="show",
    name=_("Exhibition"),
    purpose=_("Try AI that really runs, and see where it fails and what it costs."),
    entrances=[
        Entrance("exhibition:home", _("The hall")),
        Entrance("exhibition:visit", _("My visit")),
        Entrance("exhibition:join", _("Join a tour")),
        Entrance("exhibition:energy", _("Energy of the exhibits")),
    ],
    urls="saphan.rooms.exhibition.urls",
    live_fact=queries.live_fact,
    entries=[queries.ExhibitEntries()],
    api="saphan.rooms.exhibition.api.router",
    tools=tools.tools,
    feeds=[Feed("exhibits", _("New exhibits"), queries.new_exhibits)],
    commands=commands.COMMANDS,
    load_sample=sample.load,
    make_examples=sample.make_examples,
    reactions="saphan.rooms.exhibition.reactions",
    lifecycles=[Exhibit, Tour],
)
