"""An event: when, where, in which rooms, with which sessions."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground import clock
from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.house.vocabulary import Sector
from saphan.people.models import Economy, Person
from saphan.rooms.meetings.vocabulary import Level, Mode


class Event(HasLifecycle):
    """A matchmaking event of one or several days."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", pgettext_lazy("event", "Open for registration")
        PLANNING = "planning", pgettext_lazy("event", "Being planned")
        RUNNING = "running", pgettext_lazy("event", "Taking place")
        OVER = "over", pgettext_lazy("event", "Over")
        CANCELLED = "cancelled", _("Cancelled")

    lifecycle = Lifecycle(State.DRAFT, [
        ("open", State.DRAFT, State.OPEN, _("Open for registration")),
        ("close", State.OPEN, State.PLANNING, _("Close registration and wishes")),
        ("reopen", State.PLANNING, State.OPEN, _("Open registration again")),
        ("begin", State.PLANNING, State.RUNNING, _("Begin the event")),
        ("finish", State.RUNNING, State.OVER, _("End the event")),
        ("cancel", [State.DRAFT, State.OPEN, State.PLANNING], State.CANCELLED,
         _("Cancel the event")),
    ])
    PUBLIC = frozenset({State.OPEN, State.PLANNING, State.RUNNING, State.OVER})

    number = models.CharField(max_length=20, unique=True)
    key = models.SlugField(max_length=80, unique=True, null=True, help_text=(
        "identifier that import and export use"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    manager = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                related_name="managed_events")
    economy = models.ForeignKey(Economy, on_delete=models.PROTECT, related_name="+",
                                verbose_name=_("Country or region"))
    example = models.BooleanField(default=False)
    lang = models.CharField(_("Source language"), max_length=10, blank=True)

    title = TextField(_("Title"), limit=200)
    summary = TextField(_("Summary"), limit=500)
    description = TextField(_("Description"), limit=4000)
    venue = TextField(_("Where"), limit=300)
    address = models.CharField(_("Address"), max_length=300, blank=True)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.GENERAL)
    mode = models.CharField(_("On site or online"), max_length=8, choices=Mode,
                            default=Mode.ONSITE)
    time_zone = models.CharField(_("Time zone"), max_length=40, default="Asia/Shanghai")
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    capacity = models.PositiveIntegerField(_("Places for participants"), default=200)
    registration_ends = models.DateTimeField(_("Registration ends"))
    wishes_end = models.DateTimeField(_("Wishes end"))
    needs_approval = models.BooleanField(_("Each registration is approved"), default=True)

    floor = models.PositiveSmallIntegerField(_("Meetings that everybody should have"), default=3)
    most = models.PositiveSmallIntegerField(_("Meetings of one company, at most"), default=20)
    language_level = models.PositiveSmallIntegerField(
        _("How well both must speak a language to do without interpreter"), choices=Level,
        default=Level.WORKING)
    relay = models.BooleanField(_("Interpret through English where needed"), default=False)
    automatic = models.PositiveSmallIntegerField(
        _("Publish a mended plan at once if it changes at most so many meetings"), default=0)
    unanswered = models.BooleanField(_("Plan wishes that nobody answered"), default=True)

    registered_first = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    opened = models.DateTimeField(null=True)
    cancelled_because = TextField(limit=1000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-first_day", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:event", args=[self.number])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC or (
            self.state == self.State.CANCELLED and self.opened is not None)

    @property
    def takes_registrations(self) -> bool:
        return (self.state == self.State.OPEN and clock.now() < self.registration_ends
                and not self.example)

    @property
    def takes_wishes(self) -> bool:
        return self.state == self.State.OPEN and clock.now() < self.wishes_end


class Slot(models.Model):
    """A stretch of time in which a meeting may be. Breaks are where no slot is."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="slots")
    begins = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        ordering = ["begins"]
        constraints = [models.UniqueConstraint(fields=["event", "begins"], name="slot_once")]


class Place(models.Model):
    """A room with tables, or the lines for meetings online."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="places")
    name = TextField(_("Name"), limit=100)
    online = models.BooleanField(_("Online"), default=False)
    tables = models.PositiveSmallIntegerField(_("Tables"), default=10)
    first_table = models.PositiveSmallIntegerField(_("Number of the first table"), default=1)
    link = models.CharField(_("Link for online meetings"), max_length=500, blank=True, help_text=(
        "An address in which {meeting} stands for the meeting's own word."))
    walks = models.JSONField(default=dict, blank=True, help_text=(
        "minutes on foot to other places: {primary key of the place: minutes}; both ways alike"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.name)


class Session(models.Model):
    """Something that people attend together: a talk, a panel, a visit. Whoever attends is in no
    meeting at that time."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="sessions")
    title = TextField(_("Title"), limit=200)
    about = TextField(_("Description"), limit=2000)
    track = models.CharField(_("Track"), max_length=60, blank=True)
    speakers = models.CharField(_("Speakers"), max_length=300, blank=True)
    langs = models.JSONField(_("Languages"), default=list, blank=True)
    begins = models.DateTimeField(_("Begins"))
    ends = models.DateTimeField(_("Ends"))
    capacity = models.PositiveIntegerField(_("Seats"), null=True, blank=True)
    everybody = models.BooleanField(_("For everybody: no meetings at that time"), default=False)

    class Meta:
        ordering = ["begins", "pk"]

    def __str__(self) -> str:
        return str(self.title)
