"""Room 10: the observatory. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.house.rendering import writing
from saphan.house.room import Entrance, Feed, Room, Translatable
from saphan.rooms.observatory import queries, sample, tools
from saphan.rooms.observatory.models import Indicator, Observation

room = Room(
    slug="observatory",
    number=10,
    wing="know",
    name=_("Observatory"),
    purpose=_("See the numbers; each opens its records or the words of its source."),
    entrances=[Entrance("observatory:home", _("Indicators")),
               Entrance("observatory:board", _("The director's board")),
               Entrance("observatory:reports", _("Reports of the year")),
               Entrance("observatory:data", _("Open data"))],
    urls="saphan.rooms.observatory.urls",
    live_fact=queries.live_fact,
    entries=[queries.IndicatorEntries()],
    translatable=[Translatable(Indicator, queries.TRANSLATED, queries.visible_to, writing.put,
                               title="name", number="slug")],
    api="saphan.rooms.observatory.api.router",
    tools=tools.tools,
    takes_figures=queries.takes_figures,
    feeds=[Feed("new", _("New numbers"), queries.new_observations)],
    load_sample=sample.load,
    make_examples=sample.make_examples,
    reactions="saphan.rooms.observatory.reactions",
    lifecycles=[Indicator, Observation],
)
