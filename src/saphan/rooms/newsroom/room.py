"""Room 11: the newsroom. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.room import Entrance, Feed, Room
from saphan.rooms.newsroom import examples, sample, stating, tools
from saphan.rooms.newsroom.models import Article, Brief, Figure, Source
from saphan.rooms.newsroom.queries import articles, briefs, hall

room = Room(
    slug="newsroom",
    number=11,
    wing="know",
    name=_("Newsroom"),
    purpose=_("Follow sources in many languages and get a cited brief in your own."),
    entrances=[Entrance("newsroom:home", _("Newsroom")),
               Entrance("newsroom:briefs", _("Briefs")),
               Entrance("newsroom:stories", pgettext_lazy("news", "Stories"))],
    urls="saphan.rooms.newsroom.urls",
    live_fact=hall.live_fact,
    entries=[briefs.BriefEntries(), articles.ArticleEntries()],
    feeds=[Feed("briefs", _("Briefs"), briefs.public_feed),
           Feed("articles", _("Articles"), articles.feed),
           Feed("figures", _("Verified figures"), stating.feed)],
    api="saphan.rooms.newsroom.api.router",
    tools=tools.tools,
    load_sample=sample.load,
    make_examples=examples.make_examples,
    reactions="saphan.rooms.newsroom.reactions",
    lifecycles=[Source, Article, Figure, Brief],
)
