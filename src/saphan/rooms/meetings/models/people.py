"""Who takes part: companies, the people whom they send, delegations, interpreters."""

from __future__ import annotations

import secrets

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.house.vocabulary import Sector
from saphan.people.models import Economy, Organisation, Person
from saphan.rooms.meetings.models.event import Event, Session
from saphan.rooms.meetings.vocabulary import Presence


def new_token() -> str:
    """128 bits: whoever holds the address holds the day."""
    return secrets.token_urlsafe(16)


class Delegation(models.Model):
    """Parties who travel together. A host may sit in on all their meetings."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="delegations")
    name = TextField(_("Name"), limit=200)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+", verbose_name=_("Country or region"))
    host = models.ForeignKey("meetings.Guest", null=True, blank=True, on_delete=models.SET_NULL,
                             related_name="hosts", verbose_name=_("Host"))
    host_sits_in = models.BooleanField(_("The host sits in on every meeting"), default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)


class Party(HasLifecycle):
    """A company, university or office at the event."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("registration", "Waiting for approval")
        APPROVED = "approved", pgettext_lazy("registration", "Registered")
        WAITING = "waiting", pgettext_lazy("registration", "On the waiting list")
        DECLINED = "declined", pgettext_lazy("registration", "Not admitted")
        WITHDRAWN = "withdrawn", pgettext_lazy("registration", "Withdrawn")

    lifecycle = Lifecycle(State.APPLIED, [
        ("approve", [State.APPLIED, State.WAITING], State.APPROVED, _("Approve")),
        ("put_on_list", State.APPLIED, State.WAITING, _("Put on the waiting list")),
        ("decline", [State.APPLIED, State.WAITING], State.DECLINED, _("Do not admit")),
        ("withdraw", [State.APPLIED, State.WAITING, State.APPROVED], State.WITHDRAWN,
         _("Withdraw the registration")),
        ("apply_again", [State.DECLINED, State.WITHDRAWN], State.APPLIED, _("Register again")),
    ])

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="parties")
    position = models.PositiveIntegerField(help_text="counts the registrations of an event from 1")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT,
                                     related_name="event_parties", verbose_name=_("Organisation"))
    economy = models.ForeignKey(Economy, on_delete=models.PROTECT, related_name="+",
                                verbose_name=_("Country or region"))
    contact = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                related_name="event_parties", help_text=(
                                    "who registered it and speaks for it"))
    delegation = models.ForeignKey(Delegation, null=True, blank=True, on_delete=models.SET_NULL,
                                   related_name="parties", verbose_name=_("Delegation"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.APPLIED)
    lang = models.CharField(_("Source language"), max_length=10, blank=True)
    about = TextField(_("What you do and offer"), limit=2000)
    seeks = TextField(_("Whom you want to meet, and what for"), limit=2000)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.GENERAL)
    most = models.PositiveSmallIntegerField(_("Meetings at most"), null=True, blank=True)
    declined_because = models.CharField(max_length=500, blank=True)
    remark = models.CharField(max_length=300, blank=True, help_text="of the staff, for the staff")
    applied = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    concepts = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="party_position"),
            models.UniqueConstraint(fields=["event", "organisation"], name="party_once")]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("meetings:party", args=[self.event.number, self.position])


class Guest(models.Model):
    """Somebody whom a party sends. With the address of `token` she opens her day without an
    account; `badge` is what the code on her badge says."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="guests")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="event_guests")
    name = models.CharField(_("Name"), max_length=200)
    email = models.EmailField(_("E-mail address"), blank=True)
    function = models.CharField(_("Function"), max_length=120, blank=True)
    language = models.CharField(_("Language to write in"), max_length=10, default="en")
    speaks = models.JSONField(_("Languages"), default=dict, help_text="{BCP 47: level 1 to 3}")
    presence = models.CharField(_("On site or online"), max_length=6, choices=Presence,
                                default=Presence.ONSITE)
    time_zone = models.CharField(_("Time zone"), max_length=40, blank=True, help_text=(
        "of who joins online; empty: the event's"))
    away = models.JSONField(_("Not free"), default=list, blank=True, help_text=(
        "[[begin, end]] as ISO 8601 with offset"))
    most = models.PositiveSmallIntegerField(_("Meetings at most"), null=True, blank=True)
    token = models.CharField(max_length=24, unique=True, default=new_token)
    badge = models.CharField(max_length=24, unique=True, default=new_token)
    checked_in = models.DateTimeField(null=True)
    sessions = models.ManyToManyField(Session, blank=True, related_name="guests")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["party", "position"]

    def __str__(self) -> str:
        return self.name


class Interpreter(models.Model):
    """Somebody who interprets at an event, between any two languages spoken fluently."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="interpreters")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="+")
    name = models.CharField(_("Name"), max_length=200)
    email = models.EmailField(_("E-mail address"), blank=True)
    language = models.CharField(_("Language to write in"), max_length=10, default="en")
    speaks = models.JSONField(_("Languages"), default=dict, help_text="{BCP 47: level 1 to 3}")
    presence = models.CharField(_("On site or online"), max_length=6, choices=Presence,
                                default=Presence.ONSITE)
    shifts = models.JSONField(_("Shifts"), default=list, blank=True, help_text=(
        "[[begin, end]] as ISO 8601 with offset; none: the whole event"))
    most = models.PositiveSmallIntegerField(_("Meetings at most"), default=12)
    run = models.PositiveSmallIntegerField(_("Meetings in a row, at most"), default=4)
    token = models.CharField(max_length=24, unique=True, default=new_token)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
