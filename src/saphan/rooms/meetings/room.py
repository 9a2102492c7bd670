"""Room 3: meetings. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.rendering import writing
from saphan.house.room import Entrance, Feed, Room, Translatable
from saphan.rooms.meetings import numbers, sample, tools
from saphan.rooms.meetings.models import (
    DayPlan,
    Event,
    Meeting,
    Notice,
    Party,
    Plan,
    Visit,
    Wish,
)
from saphan.rooms.meetings.queries import events, plates

room = Room(
    slug="meetings",
    number=3,
    wing="match",
    name=pgettext_lazy("room", "Meetings"),
    purpose=_("Say whom you want to meet, and get a timetable without conflicts."),
    entrances=[Entrance("meetings:home", _("Events")), Entrance("meetings:visits", _("Visits"))],
    urls="saphan.rooms.meetings.urls",
    live_fact=events.live_fact,
    entries=[plates.EventEntries()],
    translatable=[Translatable(Event, events.TRANSLATED, events.visible_to, writing.put)],
    api="saphan.rooms.meetings.api.router",
    tools=tools.tools,
    feeds=[Feed("events", _("Matchmaking events"), events.new_events)],
    indicators=numbers.INDICATORS,
    load_sample=sample.load,
    make_examples=sample.make_examples,
    reactions="saphan.rooms.meetings.reactions",
    lifecycles=[Event, Party, Wish, Plan, Meeting, Notice, Visit, DayPlan],
)
