"""Plans, the meetings of the plan that people hold, what went otherwise, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.rooms.meetings.models.event import Event, Place, Slot
from saphan.rooms.meetings.models.people import Guest, Interpreter, Party
from saphan.rooms.meetings.models.wish import Wish
from saphan.rooms.meetings.vocabulary import IncidentKind, NextStep


class Plan(HasLifecycle):
    """A timetable as the engine or a person made it. The newest published one is what people
    hold; its meetings stand as `Meeting`s."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("Planned anew")
        REPLAN = "replan", _("Mended after something happened")
        HAND = "hand", _("Changed by hand")
        UNDO = "undo", _("Undone")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("plan", "Waiting")
        RUNNING = "running", pgettext_lazy("plan", "Being computed")
        READY = "ready", pgettext_lazy("plan", "Ready")
        PUBLISHED = "published", pgettext_lazy("plan", "Published")
        REPLACED = "replaced", pgettext_lazy("plan", "Replaced by a newer one")
        DISCARDED = "discarded", pgettext_lazy("plan", "Discarded")
        FAILED = "failed", pgettext_lazy("plan", "Failed")

    lifecycle = Lifecycle(State.WAITING, [
        ("start", State.WAITING, State.RUNNING, _("Compute")),
        ("end", State.RUNNING, State.READY, _("Take the plan as it is now")),
        ("fail", [State.WAITING, State.RUNNING], State.FAILED, _("Give up")),
        ("retry", [State.RUNNING, State.FAILED], State.WAITING, _("Try again")),
        ("publish", State.READY, State.PUBLISHED, _("Publish")),
        ("replace", State.PUBLISHED, State.REPLACED, _("Replace")),
        ("discard", [State.WAITING, State.READY, State.FAILED], State.DISCARDED, _("Discard")),
    ])

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField(help_text="counts the plans of an event from 1")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PLAN)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL,
                             related_name="+", help_text="the published plan that it changes")
    since = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="+", help_text="earlier slots stay as they are")
    seed = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=(
        "how often it was begun: more than once after a restart"))
    effort = models.FloatField(default=1.0)
    by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    lines = models.JSONField(default=list, help_text=(
        "[[wish, slot, place, table, guest of the asker, guest of the invited, language, "
        "[interpreters]]], by primary keys; table counts from 0"))
    changes = models.JSONField(default=list, help_text="against `base`, set when it is published")
    score = models.JSONField(default=dict)
    bound = models.FloatField(null=True)
    progress = models.JSONField(default=list, help_text=(
        "[[CPU seconds, points, bound, meetings]], as it went"))
    message = models.CharField(max_length=500, blank=True)
    made = models.DateTimeField()
    touched = models.DateTimeField(null=True, help_text="last sign of life of the computation")
    finished = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="plan_number"),
            models.UniqueConstraint(fields=["event"], condition=Q(state="published"),
                                    name="one_published_plan")]

    @property
    def gap(self) -> float | None:
        """How far below the proven bound, as a share of it."""
        if not self.bound or "points" not in self.score:
            return None
        return max(0.0, (self.bound - self.score["points"]) / abs(self.bound))


class Meeting(HasLifecycle):
    """A meeting that people have in their plan."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        HELD = "held", pgettext_lazy("meeting", "Took place")
        MISSED = "missed", pgettext_lazy("meeting", "Did not take place")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "Called off")

    lifecycle = Lifecycle(State.PLANNED, [
        ("hold", [State.PLANNED, State.MISSED], State.HELD, _("It took place")),
        ("miss", [State.PLANNED, State.HELD], State.MISSED, _("It did not take place")),
        ("cancel", State.PLANNED, State.CANCELLED, _("Call off")),
        ("plan_again", State.CANCELLED, State.PLANNED, _("Plan again")),
    ])

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="meetings")
    wish = models.OneToOneField(Wish, on_delete=models.PROTECT, related_name="meeting")
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PLANNED)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="meetings")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="meetings")
    table = models.PositiveSmallIntegerField(help_text="from 0")
    guest_a = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="meetings_a",
                                help_text="of the asker")
    guest_b = models.ForeignKey(Guest, on_delete=models.PROTECT, related_name="meetings_b",
                                help_text="of the invited")
    language = models.CharField(max_length=10, blank=True)
    interpreters = models.ManyToManyField(Interpreter, blank=True, related_name="meetings")
    word = models.CharField(max_length=24, unique=True, help_text="for links and calendars")
    link = models.CharField(_("Link"), max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0, help_text="of its invitations (RFC 5545)")
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["slot__begins", "place", "table"]

    @property
    def table_number(self) -> int:
        return self.place.first_table + self.table


class Incident(models.Model):
    """Something went otherwise than planned. Open ones change what can be planned; one that was
    undone does not any more."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=16, choices=IncidentKind)
    party = models.ForeignKey(Party, null=True, on_delete=models.CASCADE, related_name="+")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.CASCADE, related_name="+")
    interpreter = models.ForeignKey(Interpreter, null=True, on_delete=models.CASCADE,
                                    related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.CASCADE, related_name="+")
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True, help_text="empty: to the end of the event")
    tables = models.PositiveSmallIntegerField(null=True, help_text="that are left")
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    at = models.DateTimeField()
    undone = models.DateTimeField(null=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="incidents",
                             help_text="the plan that answered it")

    class Meta:
        ordering = ["-at", "-pk"]


class Feedback(models.Model):
    """What one side says of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="feedback")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    took_place = models.BooleanField(_("It took place"), default=True)
    useful = models.PositiveSmallIntegerField(_("How useful was it?"), null=True, blank=True,
                                              help_text="1 to 4")
    next_step = models.CharField(_("Next step"), max_length=10, choices=NextStep, blank=True)
    words = TextField(_("In your words"), limit=1000)
    by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "party"], name="feedback_once")]
