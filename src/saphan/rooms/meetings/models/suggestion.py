"""Whom the house thinks that a party should meet. Derived from texts: made anew as they change."""

from __future__ import annotations

from django.db import models

from saphan.rooms.meetings.models.event import Event
from saphan.rooms.meetings.models.people import Party


class Suggestion(models.Model):
    """`party` should talk to `other`, because."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="suggestions")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="suggestions")
    other = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(help_text="from 1, best first")
    fit = models.FloatField(help_text="0 to 1: how well the two fit, in both directions together")
    because = models.JSONField(default=list, help_text=(
        "[{side: seeks or offers, concepts, requirements, record}], as seen by `party`"))
    languages = models.JSONField(default=list, help_text="that both speak well enough")
    made = models.DateTimeField()

    class Meta:
        ordering = ["party", "position"]
        constraints = [models.UniqueConstraint(fields=["party", "other"], name="suggestion_once")]
