"""The newsroom for software: what its corners offer, under one address."""

from ninja import Router

from saphan.rooms.newsroom.api.articles import router as articles
from saphan.rooms.newsroom.api.briefs import router as briefs
from saphan.rooms.newsroom.api.figures import router as figures
from saphan.rooms.newsroom.api.sources import router as sources
from saphan.rooms.newsroom.api.stories import router as stories
from saphan.rooms.newsroom.api.topics import router as topics

router = Router()
for _corner in (sources, articles, figures, stories, topics, briefs):
    router.add_router("", _corner)
