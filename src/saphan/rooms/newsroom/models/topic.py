"""What somebody follows: a question that stands, and what it has found."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.people.models import Person
from saphan.rooms.newsroom.models.article import Article
from saphan.rooms.newsroom.vocabulary import Sharing


class Topic(models.Model):
    """A watch query in any language over all sources."""

    number = models.CharField(max_length=20, unique=True, help_text="TPC-2026-0001")
    name = models.CharField(pgettext_lazy("of a thing", "Name"), max_length=120)
    query = models.CharField(_("What to watch for"), max_length=500)
    lang = models.CharField(max_length=10, blank=True, help_text="of the query")
    filters = models.JSONField(default=dict, blank=True, help_text=(
        "{langs: [], economies: [], sources: []}; empty means all"))
    sharing = models.CharField(_("Who sees it"), max_length=6, choices=Sharing, default=Sharing.OWN)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="topics")
    understood = models.JSONField(default=dict, blank=True, help_text=(
        "what the matching engine made of the query: {concepts: []}"))
    filled = models.BooleanField(default=False, help_text="whether past articles were looked at")
    looked_at = models.PositiveIntegerField(default=0, help_text=(
        "past articles that were compared so far"))
    to_look_at = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    example = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("newsroom:topic", args=[self.number])


class Match(models.Model):
    """An article that belongs to a topic, and why. Kept when the article comes in, so that a page
    with 100,000 articles in the house reads only what it shows."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="matches",
                              db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="matches")
    score = models.FloatField()
    why = models.JSONField(default=dict, blank=True, help_text="{concepts: [], words: []}")
    day = models.DateField(help_text="of the article")
    at = models.DateTimeField()
    dropped = models.BooleanField(default=False, help_text="an officer said it does not belong")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "article"],
                                               name="newsroom_match_once")]
        indexes = [models.Index(fields=["topic", "dropped", "-day", "-id"], name="news_match_day")]
