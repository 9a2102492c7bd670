"""Room 2: the market. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.house.rendering import writing
from saphan.house.room import Entrance, Feed, Room, Translatable
from saphan.rooms.market import commands, numbers, queries, sample, tools
from saphan.rooms.market.models import Interest, Listing

room = Room(
    slug="market",
    number=2,
    wing="match",
    name=_("Market"),
    purpose=_("Post an offer or a need in any language, and be matched with reasons."),
    entrances=[
        Entrance("market:offers", _("Offers")),
        Entrance("market:needs", _("Needs")),
        Entrance("market:results", _("Research results")),
    ],
    urls="saphan.rooms.market.urls",
    live_fact=queries.live_fact,
    entries=[queries.ListingEntries()],
    translatable=[Translatable(Listing, queries.TRANSLATED, queries.visible_to, writing.put,
                               names=queries.names_in)],
    api="saphan.rooms.market.api.router",
    tools=tools.tools,
    feeds=[Feed("offers", _("New offers"), queries.new_offers),
           Feed("needs", _("New needs"), queries.new_needs)],
    indicators=numbers.INDICATORS,
    commands=commands.COMMANDS,
    load_sample=sample.load,
    make_examples=sample.make_examples,
    post_need="market:post_need",
    reactions="saphan.rooms.market.reactions",
    lifecycles=[Listing, Interest],
)
