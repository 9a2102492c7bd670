"""Visits to the centre: delegations and public tours, the stations that they see, who leads them,
and the plan of a day."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.people.models import Economy, Person


def new_token() -> str:
    """128 bits: whoever holds the address reads the routes."""
    return secrets.token_urlsafe(16)


class Station(models.Model):
    """Something that groups see: an exhibit, a room, a table where something is tried."""

    key = models.SlugField(max_length=80, unique=True, null=True, help_text=(
        "where it was taken over from: room and key there"))
    name = TextField(_("Name"), limit=120)
    about = TextField(_("What is to be seen"), limit=500)
    where = TextField(_("Where"), limit=200)
    address = models.CharField(_("Page in this house"), max_length=300, blank=True, help_text=(
        "a path without language: exhibition/…"))
    minutes = models.PositiveSmallIntegerField(_("Minutes for a group"), default=8)
    capacity = models.PositiveSmallIntegerField(_("People at once"), default=20)
    value = models.PositiveSmallIntegerField(_("How much it is worth seeing"), default=3,
                                             help_text="1 to 5")
    must = models.BooleanField(_("Every group should see it"), default=False)
    opens = models.TimeField(pgettext_lazy("opening hours", "Opens"), null=True, blank=True)
    closes = models.TimeField(pgettext_lazy("opening hours", "Closes"), null=True, blank=True)
    langs = models.JSONField(_("Languages of its texts"), default=list, blank=True)
    x = models.FloatField(_("Metres to the right of the door"), default=0)
    y = models.FloatField(_("Metres from the door into the house"), default=0)
    floor = models.SmallIntegerField(_("Floor"), default=0)
    shown = models.BooleanField(_("Can be visited"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class VisitGuide(models.Model):
    """Somebody who leads groups or interprets for them."""

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="guiding")
    name = models.CharField(_("Name"), max_length=200)
    speaks = models.JSONField(_("Languages"), default=dict, help_text="{BCP 47: level 1 to 3}")
    leads = models.BooleanField(_("Leads groups"), default=True)
    interprets = models.BooleanField(_("Interprets"), default=False)
    begins = models.TimeField(_("Works from"), default=time(9))
    ends = models.TimeField(_("Works until"), default=time(18))
    away = models.JSONField(_("Days off"), default=list, blank=True, help_text="[ISO dates]")
    run = models.PositiveSmallIntegerField(_("Minutes without a rest, at most"), default=180)
    active = models.BooleanField(_("Works here"), default=True)
    example = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Visit(HasLifecycle):
    """People who come on one day at one time and see the centre."""

    class Kind(models.TextChoices):
        DELEGATION = "delegation", pgettext_lazy("visit", "Delegation")
        PUBLIC = "public", pgettext_lazy("visit", "Public tour")

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("visit", "Requested")
        PLANNED = "planned", pgettext_lazy("visit", "Planned")
        CONFIRMED = "confirmed", pgettext_lazy("visit", "Confirmed")
        UNDER_WAY = "under_way", pgettext_lazy("visit", "In the house")
        DONE = "done", pgettext_lazy("visit", "Over")
        CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")

    lifecycle = Lifecycle(State.REQUESTED, [
        ("plan", State.REQUESTED, State.PLANNED, pgettext_lazy("visit", "Plan")),
        ("confirm", State.PLANNED, State.CONFIRMED, pgettext_lazy("visit", "Confirm")),
        ("reopen", [State.PLANNED, State.CONFIRMED], State.REQUESTED,
         pgettext_lazy("visit", "Plan anew")),
        ("arrive", State.CONFIRMED, State.UNDER_WAY, pgettext_lazy("visit", "They are here")),
        ("leave", State.UNDER_WAY, State.DONE, pgettext_lazy("visit", "They have left")),
        ("cancel", [State.REQUESTED, State.PLANNED, State.CONFIRMED], State.CANCELLED,
         pgettext_lazy("visit", "Cancel")),
    ])
    STANDING = frozenset({State.REQUESTED, State.PLANNED, State.CONFIRMED, State.UNDER_WAY})
    SHOWN = frozenset({State.CONFIRMED, State.UNDER_WAY, State.DONE})

    number = models.CharField(max_length=20, unique=True)
    key = models.SlugField(max_length=80, unique=True, null=True, help_text=(
        "identifier that import and export use"))
    example = models.BooleanField(default=False)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.DELEGATION)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.REQUESTED)
    asker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="visits")
    host = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                             related_name="hosted_visits", verbose_name=_("Host"))
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+", verbose_name=_("Country or region"))
    lang = models.CharField(_("Source language"), max_length=10, blank=True)
    title = TextField(_("Who comes"), limit=200)
    about = TextField(_("What you want to learn"), limit=1500)
    needs = TextField(_("Special needs"), limit=1000)
    day = models.DateField(_("Day"))
    begins = models.TimeField(_("Begins"))
    minutes = models.PositiveSmallIntegerField(_("Minutes"), default=90)
    crowd = models.JSONField(_("People by language"), default=dict, help_text="{BCP 47: people}")
    slow = models.JSONField(_("Of them, people who walk slowly"), default=dict, blank=True)
    wishes = models.ManyToManyField(Station, blank=True, related_name="+",
                                    verbose_name=_("What you want to see"))
    guided = models.BooleanField(_("With a guide"), default=True)
    group_size = models.PositiveSmallIntegerField(_("People in a group, at most"), default=15)
    token = models.CharField(max_length=24, unique=True, default=new_token)
    sequence = models.PositiveIntegerField(default=0, help_text="of its calendar entries")
    cancelled_because = models.CharField(max_length=500, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["day", "begins", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:visit", args=[self.number])

    @property
    def people(self) -> int:
        return sum(int(each) for each in self.crowd.values())

    @property
    def starts_at(self) -> datetime:
        """The moment at which they are at the door."""
        return datetime.combine(self.day, self.begins, ZoneInfo(settings.TIME_ZONE))

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class DayPlan(HasLifecycle):
    """The routes of all visits of a day, as the engine made them."""

    class Kind(models.TextChoices):
        PLAN = "plan", pgettext_lazy("day of visits", "Planned anew")
        REPLAN = "replan", pgettext_lazy("day of visits", "Mended after something happened")

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
        ("retry", State.RUNNING, State.WAITING, _("Try again")),
        ("publish", State.READY, State.PUBLISHED, _("Publish")),
        ("replace", State.PUBLISHED, State.REPLACED, _("Replace")),
        ("discard", [State.WAITING, State.READY, State.FAILED], State.DISCARDED, _("Discard")),
    ])

    day = models.DateField()
    number = models.PositiveIntegerField(help_text="counts the plans of a day from 1")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PLAN)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.WAITING)
    effort = models.FloatField(default=10.0, help_text="seconds of the solver")
    since = models.PositiveSmallIntegerField(null=True, help_text=(
        "minute of the day from which it changes"))
    late = models.JSONField(default=dict, help_text="{primary key of a group: minutes}")
    broken = models.JSONField(default=dict, help_text="{primary key of a station: minute}")
    missing = models.JSONField(default=list, help_text="primary keys of guides who are not there")
    lines = models.JSONField(default=list, help_text=(
        "[{visit, people, languages, pace, group, guide, interpreter, stops}]; keys are primary "
        "keys, a stop is [station, begins, ends] in minutes of the day"))
    score = models.JSONField(default=dict)
    bound = models.FloatField(null=True)
    advice = models.JSONField(default=dict)
    message = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    touched = models.DateTimeField(null=True)
    made = models.DateTimeField()
    published = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="day_plan_number"),
            models.UniqueConstraint(fields=["day"], condition=Q(state="published"),
                                    name="one_published_day_plan")]

    @property
    def gap(self) -> float | None:
        """How far below the proven bound, as a share of it."""
        if not self.bound or "points" not in self.score:
            return None
        return max(0.0, (self.bound - self.score["points"]) / abs(self.bound))


class VisitGroup(models.Model):
    """People of a visit who walk together, with the route that they hold."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="groups")
    position = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()
    languages = models.JSONField(default=list)
    pace = models.PositiveSmallIntegerField(default=100)
    guide = models.ForeignKey(VisitGuide, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="groups")
    interpreter = models.ForeignKey(VisitGuide, null=True, blank=True, on_delete=models.SET_NULL,
                                    related_name="interpreted")
    stops = models.JSONField(default=list, help_text="[[station, begins, ends]], minutes of day")

    class Meta:
        ordering = ["visit", "position"]
        constraints = [models.UniqueConstraint(fields=["visit", "position"],
                                               name="visit_group_position")]
