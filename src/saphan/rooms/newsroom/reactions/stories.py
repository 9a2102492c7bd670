"""Stories, and what officers decide about them: what the house does on its own."""

from __future__ import annotations

import logging
import time

from saphan.engines.matching.index import IndexDamaged
from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.house.engine import NotReady
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.actions import placing
from saphan.rooms.newsroom.actions import stories as actions
from saphan.rooms.newsroom.models import Article

log = logging.getLogger(__name__)
SECONDS = 20.0
"""One round at most; what is left waits for the next."""


@clock.every(minutes=1)
def place() -> None:
    """Articles that came in find their stories and topics."""
    until = time.monotonic() + SECONDS
    try:
        while placing.take_up() and time.monotonic() < until:
            pass
    except NotReady as error:
        log.warning("articles wait for their stories: %s", error)
    except IndexDamaged:
        log.exception("the index of the archive is damaged; making it anew")
        meaning.discard()
        placing.brought_up_to_date()


@clock.every(hours=6)
def tidy() -> None:
    """Stories that turned out to be one as they grew are joined; the index holds what it should."""
    actions.tidy()
    try:
        placing.brought_up_to_date()
    except NotReady as error:
        log.warning("the index of the archive waits: %s", error)


@jobs.on("article.corrected", "article.changed")
def look_again(fact: Fact) -> None:
    """What an article says now may belong to other topics; its story stays."""
    Article.objects.filter(pk=fact.subject_id).update(placed=False)


@jobs.on("article.withdrawn", "article.restored")
def count_again(fact: Fact) -> None:
    """A story without an article that is withdrawn; with it when it is taken back in."""
    article = Article.objects.filter(pk=fact.subject_id).first()
    if article is None:
        return
    if article.story_id is not None:
        actions.recount([article.story_id])
    if article.state == Article.State.WITHDRAWN:
        meaning.forget(article.pk)
    else:
        Article.objects.filter(pk=article.pk).update(placed=False)
