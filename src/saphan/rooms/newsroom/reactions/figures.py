"""Figures and the desk that checks them: what the house does on its own."""

from __future__ import annotations

import time

from saphan.ground import clock, jobs, ledger
from saphan.ground.models import Fact
from saphan.rooms.newsroom.actions import reading_figures
from saphan.rooms.newsroom.models import Article
from saphan.rooms.newsroom.queries import articles

SECONDS = 20.0
"""One round at most; what is left waits for the next."""


@clock.every(minutes=1)
def read() -> None:
    """The figures of articles that came in or were corrected."""
    until = time.monotonic() + SECONDS
    while reading_figures.take_up() and time.monotonic() < until:
        pass


@jobs.on("figure.verified", "figure.withdrawn")
def offer(fact: Fact) -> None:
    """Ask the house knows an article while a figure of it is verified. The index follows facts
    about what it holds, so the ledger says of the article what changed."""
    article = Article.objects.filter(figures__key=fact.data.get("figure")).first()
    if article is None:
        return
    offered = articles.found_by_asking().filter(pk=article.pk).exists()
    last = Fact.objects.filter(name="article.offered", subject_type=Article._meta.label_lower,
                               subject_id=str(article.pk)).order_by("-seq").first()
    if offered != bool(last and last.data["offered"]):
        ledger.record("article.offered", article, number=article.number, offered=offered)


@jobs.on("article.changed", "article.withdrawn", "article.restored")
def read_again(fact: Fact) -> None:
    """Another language or day changes what is read; a withdrawn article takes its figures along."""
    Article.objects.filter(pk=fact.subject_id).update(read=False)
