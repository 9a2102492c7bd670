"""Room 8: the incubator. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.house.rendering import writing
from saphan.house.room import Entrance, Feed, Room, Translatable
from saphan.rooms.incubator import commands, numbers, sample, tools
from saphan.rooms.incubator.models import (
    Answer,
    Appeal,
    Call,
    FollowUp,
    Milestone,
    Payment,
    Project,
    Review,
)
from saphan.rooms.incubator.queries import calls as queries

room = Room(
    slug="incubator",
    number=8,
    wing="match",
    name=_("Incubator"),
    purpose=_("Post a problem as an open call, or answer one, and follow it to its outcome."),
    entrances=[Entrance("incubator:home", _("Open calls"))],
    urls="saphan.rooms.incubator.urls",
    live_fact=queries.live_fact,
    entries=[queries.CallEntries()],
    translatable=[Translatable(Call, queries.TRANSLATED, queries.visible_to, writing.put,
                               names=queries.names_in)],
    api="saphan.rooms.incubator.api.router",
    tools=tools.tools,
    feeds=[Feed("open", _("Open calls"), queries.open_calls),
           Feed("decided", _("Decided calls"), queries.decided_calls)],
    indicators=numbers.INDICATORS,
    commands=commands.COMMANDS,
    load_sample=sample.load,
    make_examples=sample.make_examples,
    reactions="saphan.rooms.incubator.reactions",
    lifecycles=[Call, Answer, Review, Appeal, Project, Milestone, Payment, FollowUp],
)
