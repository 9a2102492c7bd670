"""Saved searches, and what they found."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Person

NAME_CHARACTERS = 120


def new_key() -> str:
    """A part of an address that nobody can guess: 192 bits."""
    return secrets.token_urlsafe(24)


class Watch(HasLifecycle):
    """A question that stays: its owner is told when something that fits appears or changes."""

    class Often(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        FEED = "feed", _("No letters, only the feed")

    class Side(models.TextChoices):
        ANSWERS = "answers", _("What answers my words")
        OFFERS = "offers", _("Offers")
        NEEDS = "needs", _("Needs")
        ALL = "all", _("Everything")

    class State(models.TextChoices):
        ON = "on", pgettext_lazy("a saved search", "On")
        PAUSED = "paused", _("Paused")

    lifecycle = Lifecycle(State.ON, [
        ("pause", State.ON, State.PAUSED, _("Pause")),
        ("resume", State.PAUSED, State.ON, _("Resume")),
    ])

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="watches")
    name = models.CharField(max_length=NAME_CHARACTERS)
    question = models.TextField(blank=True)
    like = models.CharField(max_length=120, blank=True,
                            help_text="identifier in the index of the record that it is like")
    side = models.CharField(max_length=8, choices=Side, default=Side.ANSWERS)
    room = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    economy = models.CharField(max_length=2, blank=True)
    lang = models.CharField(max_length=10, blank=True, help_text="in which records are written")
    often = models.CharField(max_length=8, choices=Often, default=Often.DAILY)
    language = models.CharField(max_length=10, help_text="of letters and of the feed")
    state = models.CharField(max_length=8, choices=State, default=State.ON)
    created = models.DateTimeField()
    changed = models.DateTimeField()
    since = models.BigIntegerField(help_text="facts up to this one are no news to it")
    next_letter = models.DateTimeField(null=True, db_index=True)
    feed_key = models.CharField(max_length=40, unique=True, default=new_key)
    stop_key = models.CharField(max_length=40, unique=True, default=new_key)
    fed_by = models.CharField(max_length=60, blank=True, db_index=True, help_text=(
        "what of a room finds for it (newsroom.topic.7); empty if it searches itself"))
    vector = models.BinaryField(default=b"", help_text="float32, the model's own")
    vector_of = models.CharField(max_length=64, blank=True, help_text="model and text of vector")

    class Meta:
        app_label = "watching"
        ordering = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("watch", args=(self.pk,))

    @property
    def is_on(self) -> bool:
        return bool(self.state == self.State.ON)


class Found(models.Model):
    """A record that fits one search; once for each, whatever happens to the record later."""

    class State(models.TextChoices):
        KNOWN = "known", _("There before")
        WAITING = "waiting", _("Waits for the next letter")
        TOLD = "told", _("Told")
        FEED = "feed", _("In the feed")

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="found")
    entry = models.CharField(max_length=120, help_text="identifier in the index")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    at = models.DateTimeField()
    told = models.DateTimeField(null=True)
    score = models.FloatField(default=0.0)
    why: Any = models.JSONField(default=dict, help_text="codes, to be said in any language")

    class Meta:
        app_label = "watching"
        constraints = [models.UniqueConstraint(fields=["watch", "entry"], name="found_once")]
        indexes = [models.Index(fields=["watch", "state", "at"])]
