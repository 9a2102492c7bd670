"""The same event, as many sources tell it in many languages; and what officers decided about it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.people.models import Person


class Story(models.Model):
    """Articles about one event. Its title is that of its first article."""

    number = models.CharField(max_length=20, unique=True, help_text="STY-2026-000001")
    title = models.CharField(max_length=500, blank=True)
    lang = models.CharField(max_length=10, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    size = models.PositiveIntegerField(default=0, help_text="articles")
    languages = models.JSONField(default=list, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL,
                                    related_name="+")
    example = models.BooleanField(default=False)

    class Meta:
        ordering = ["-last_day", "-pk"]
        indexes = [models.Index(fields=["-last_day", "-id"], name="news_story_day"),
                   models.Index(fields=["-size", "-last_day"], name="news_story_size")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("newsroom:story", args=[self.number])


class Decision(models.Model):
    """What an officer said about which articles belong together. It binds the house afterwards:
    articles of `together` stay in one story, none of `apart` goes to that of the others."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Put together")
        SPLIT = "split", _("Taken apart")
        MOVE = "move", _("Moved")

    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="decisions")
    other = models.ForeignKey(Story, null=True, on_delete=models.CASCADE, related_name="+")
    articles = models.JSONField(default=list, help_text="keys of the articles it was about")
    before = models.JSONField(default=dict, help_text="{article: story} before it, to undo")
    undone = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
