"""Figures and the desk that checks them: what the house does on its own."""

from __future__ import annotations

import time

from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.rooms.newsroom.actions import reading_figures
from saphan.rooms.newsroom.models import Article

SECONDS = 20.0
"""One round at most; what is left waits for the next."""


@clock.every(minutes=1)
def read() -> None:
    """The figures of articles that came in or were corrected."""
    until = time.monotonic() + SECONDS
    while reading_figures.take_up() and time.monotonic() < until:
        pass


@jobs.on("article.changed", "article.withdrawn", "article.restored")
def read_again(fact: Fact) -> None:
    """Another language or day changes what is read; a withdrawn article takes its figures along."""
    Article.objects.filter(pk=fact.subject_id).update(read=False)
