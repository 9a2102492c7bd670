"""Room 3: meetings. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.house.room import Entrance, Room
from saphan.rooms.meetings import tools
from saphan.rooms.meetings.models import Event, Meeting, Notice, Party, Plan, Wish

room = Room(
    slug="meetings",
    number=3,
    wing="match",
    name=_("Meetings"),
    purpose=_("Say whom you want to meet, and get a timetable without conflicts."),
    entrances=[Entrance("meetings:home", _("Events"))],
    urls="saphan.rooms.meetings.urls",
    api="saphan.rooms.meetings.api.router",
    tools=tools.tools,
    reactions="saphan.rooms.meetings.reactions",
    lifecycles=[Event, Party, Wish, Plan, Meeting, Notice],
)
