"""What stands in the hall: exhibits, what their runs cost, runs a visitor chose to keep, tours."""

from __future__ import annotations

import secrets

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.people.models import Person
from saphan.rooms.exhibition.vocabulary import Outcome, Sector, State


class Exhibit(HasLifecycle):
    """An exhibit as the house last saw its folder, and how it is doing. What it says of itself in
    full, its code and its words stay in the folder (see `catalogue`)."""

    State = State
    lifecycle = Lifecycle(State.RUNNING, [
        ("fail", State.RUNNING, State.FAULTY, _("Mark as out of order")),
        ("recover", State.FAULTY, State.RUNNING, _("Mark as running again")),
        ("close", [State.RUNNING, State.FAULTY], State.CLOSED, _("Close the exhibit")),
        ("open", State.CLOSED, State.RUNNING, _("Open the exhibit")),
        ("withdraw", [State.RUNNING, State.FAULTY, State.CLOSED], State.WITHDRAWN,
         _("Take out of the hall")),
        ("return_to_hall", State.WITHDRAWN, State.RUNNING, _("Bring back to the hall")),
    ])

    number = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.RUNNING)
    own = models.BooleanField(default=True, help_text="Comes with the house itself.")
    kind = models.CharField(max_length=10, default="seal")
    title = TextField(_("Title"), limit=120)
    does = TextField(_("What it does"), limit=600)
    fails = TextField(_("Where it fails"), limit=600)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.OTHER)
    maker = models.CharField(_("Maker"), max_length=200)
    maker_economy = models.CharField(max_length=2, blank=True)
    licence = models.CharField(_("Licence"), max_length=120)
    languages = models.JSONField(default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Minutes of a visit"), default=5)
    digest = models.CharField(max_length=64, blank=True)
    signature = models.JSONField(default=dict, blank=True, help_text=(
        "Inputs as the sealed worker described them; empty until it did."))
    example = models.BooleanField(default=False)
    placed = models.DateTimeField()
    changed = models.DateTimeField()
    last_success = models.DateTimeField(null=True)
    last_failure = models.DateTimeField(null=True)
    failure = models.CharField(max_length=400, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")

    class Meta:
        ordering = ["sector", "pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("exhibition:exhibit", args=[self.slug])

    @property
    def runs_outside(self) -> bool:
        return self.kind != "seal"


class Run(models.Model):
    """One run and what it cost. Holds nothing of who ran it or what was given and answered; the
    time is the hour."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="runs")
    hour = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    by_house = models.BooleanField(default=False, help_text="Exercised by the house itself.")
    cold = models.BooleanField(default=False)
    cpu_s = models.FloatField(default=0)
    wall_s = models.FloatField(default=0)
    peak_mb = models.FloatField(default=0)
    waited_s = models.FloatField(default=0)
    tier = models.CharField(max_length=10, blank=True)
    joules_low = models.FloatField(null=True)
    joules = models.FloatField(null=True)
    joules_high = models.FloatField(null=True)
    grams_low = models.FloatField(null=True)
    grams = models.FloatField(null=True)
    grams_high = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["exhibit", "hour"])]


def new_token() -> str:
    return secrets.token_urlsafe(16)


class KeptRun(models.Model):
    """A run that a visitor asked the house to keep, for this once. Whoever has the link may read
    and delete it; after `KEPT_DAYS` it goes by itself."""

    token = models.CharField(max_length=32, unique=True, default=new_token)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="kept")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    usage = models.JSONField(default=dict)
    kept = models.DateTimeField()
    until = models.DateField()


def new_code() -> str:
    """Six characters that nobody mistakes for others when they are read out."""
    return "".join(secrets.choice("23456789ACDEFGHJKLMNPQRTUVWXYZ") for _ in range(6))


class Tour(HasLifecycle):
    """A guided visit: the screens of a group follow what its guide opens."""

    class State(models.TextChoices):
        OPEN = "open", _("Under way")
        ENDED = "ended", _("Ended")

    lifecycle = Lifecycle(State.OPEN, [("end", State.OPEN, State.ENDED, _("End the tour"))])

    code = models.CharField(max_length=6, unique=True, default=new_code)
    guide = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    route = models.CharField(max_length=40, blank=True)
    stops = models.JSONField(default=list)
    exhibit = models.ForeignKey(Exhibit, null=True, on_delete=models.SET_NULL, related_name="+")
    moves = models.PositiveIntegerField(default=0)
    opened = models.DateTimeField()
    moved = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
