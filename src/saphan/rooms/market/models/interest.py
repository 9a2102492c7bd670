"""The brokered path: one party would like to meet another, through people whom both trust."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.house.vocabulary import NextStep
from saphan.people.models import Economy, Organisation, Person
from saphan.rooms.market.models.listing import Listing


class Interest(HasLifecycle):
    """Somebody's interest in a listing. Its number is the listing's, with a running one behind:
    `MKT-2026-0042-03` names it from the first word to the outcome.

    Neither side learns who the other is before both have agreed and a broker has introduced them.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", pgettext_lazy("interest", "Accepted")
        DECLINED = "declined", pgettext_lazy("interest", "Declined")
        INTRODUCED = "introduced", _("Introduced")
        AGREED = "agreed", _("Signed")
        RUNNING = "running", pgettext_lazy("cooperation", "Running")
        OUTCOME = "outcome", _("Outcome")
        CLOSED = "closed", pgettext_lazy("interest", "Closed")

    class Reason(models.TextChoices):
        """Why not. The first six are those of brokers everywhere."""

        TOO_EARLY = "too_early", _("Too early")
        BENEFIT = "benefit_unclear", _("The benefit is not clear")
        ROUTE = "route_unclear", _("How it would be sold is not clear")
        DESCRIPTION = "description_unclear", _("The description is not clear")
        FIELD = "not_our_field", _("Not our field")
        CAPACITY = "no_capacity", _("No capacity now")

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NO_ANSWER = "no_answer", _("Nobody answered in time")
        NOT_AGREED = "not_agreed", _("They met and did not agree")
        ENDED_EARLY = "ended_early", _("Ended before an outcome")

    class Side(models.TextChoices):
        OWNER = "owner", _("Who posted it")
        ASKER = "asker", _("Who is interested")
        BROKER = "broker", _("The broker")

    lifecycle = Lifecycle(State.SENT, [
        ("accept", State.SENT, State.ACCEPTED, pgettext_lazy("interest", "Accept")),
        ("decline", State.SENT, State.DECLINED, _("Decline")),
        ("withdraw", [State.SENT, State.ACCEPTED], State.CLOSED,
         pgettext_lazy("interest", "Withdraw")),
        ("lapse", [State.SENT, State.ACCEPTED], State.CLOSED, _("Close without an answer")),
        ("introduce", State.ACCEPTED, State.INTRODUCED, _("Introduce them")),
        ("sign", State.INTRODUCED, State.AGREED, _("Record what was signed")),
        ("start", State.AGREED, State.RUNNING, _("Record that it runs")),
        ("conclude", State.RUNNING, State.OUTCOME, _("Record the outcome")),
        ("close", [State.INTRODUCED, State.AGREED, State.RUNNING], State.CLOSED,
         pgettext_lazy("interest", "Close")),
    ])

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="interests")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    asker = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL,
                              related_name="interests")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT,
                                     related_name="+", verbose_name=_("Organisation"))
    economy = models.ForeignKey(Economy, on_delete=models.PROTECT, related_name="+",
                                verbose_name=_("Country or region"))
    own_listing = models.ForeignKey(Listing, null=True, blank=True, on_delete=models.SET_NULL,
                                    related_name="answers_with",
                                    verbose_name=_("Your own record that fits"))
    lang = models.CharField(max_length=10)
    purpose = TextField(_("What would you like to do together?"), limit=1500)
    brings = TextField(_("What do you bring?"), limit=1500)
    timing = TextField(_("How soon, and how large?"), limit=800)

    asker_agreed = models.DateTimeField(null=True, help_text="to be introduced")
    owner_agreed = models.DateTimeField(null=True, help_text="to be introduced")
    reply = TextField(_("Words with the answer"), limit=1500)
    reason = models.CharField(_("Reason"), max_length=20, choices=Reason, blank=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)

    broker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="brokered")
    due = models.DateField(null=True, help_text="until when the next step is expected")
    due_from = models.CharField(max_length=6, choices=Side, blank=True)
    reminded = models.DateField(null=True)

    meets_at = models.DateTimeField(_("First meeting"), null=True, blank=True)
    meets_minutes = models.PositiveSmallIntegerField(default=45)
    meets_where = models.CharField(_("Where, or the link"), max_length=300, blank=True)
    invitation = models.PositiveSmallIntegerField(default=0, help_text="SEQUENCE of RFC 5545")

    sent = models.DateTimeField()
    introduced = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent", "-pk"]
        indexes = [models.Index(fields=["state", "due"]), models.Index(fields=["broker", "state"])]
        constraints = [models.UniqueConstraint(fields=["listing", "position"],
                                               name="interest_position_once")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("market:interest", args=[self.listing.number, self.position])

    @property
    def is_disclosed(self) -> bool:
        """Whether both sides know each other: they agreed and were introduced."""
        return self.introduced is not None

    @property
    def both_agreed(self) -> bool:
        return self.asker_agreed is not None and self.owner_agreed is not None

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DECLINED, self.State.CLOSED, self.State.OUTCOME)


class Progress(models.Model):
    """What was signed, what runs, what came out: three things, each with its evidence."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        CONTRACT = "contract", _("Contract")
        LICENCE = "licence", _("Licence agreement")
        ORDER = "order", pgettext_lazy("outcome", "Order")
        PILOT = "pilot", _("Pilot")
        DEPLOYMENT = "deployment", _("In daily use")
        VENTURE = "venture", _("Joint venture")
        RESEARCH = "research", _("Research result")
        OTHER = "other", pgettext_lazy("kind of progress", "Other")

    interest = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="progress")
    stage = models.CharField(max_length=10, choices=[
        (state.value, state.label) for state in (
            Interest.State.AGREED, Interest.State.RUNNING, Interest.State.OUTCOME)])
    kind = models.CharField(_("What is it?"), max_length=12, choices=Kind)
    on = models.DateField(_("On which day?"))
    words = TextField(_("In your words"), limit=1500)
    amount = models.DecimalField(_("Value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    url = models.URLField(_("Link to evidence"), max_length=500, blank=True)
    file = models.FileField(_("Document"), upload_to="market/evidence/%Y/", blank=True)
    digest = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    side = models.CharField(max_length=6, choices=Interest.Side)
    by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    at = models.DateTimeField()
    confirmed = models.DateTimeField(null=True, help_text="by the other side or the broker")
    confirmed_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")

    class Meta:
        ordering = ["at", "pk"]


class Encounter(models.Model):
    """The two sides met at an event of the house: what one side says of it. How useful she found
    it stays with the event's organisers."""

    interest = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="encounters")
    event = models.CharField(max_length=20, help_text="number of the event")
    side = models.CharField(max_length=6, choices=Interest.Side)
    took_place = models.BooleanField()
    next_step = models.CharField(_("Next step"), max_length=10, choices=NextStep, blank=True)
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["interest", "event", "side"],
                                               name="encounter_once_a_side")]


class Refusal(models.Model):
    """A reason why a listing did not convince: advice for its next edit. Says nothing of who."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="refusals")
    interest = models.ForeignKey(Interest, null=True, on_delete=models.SET_NULL,
                                 related_name="refusals")
    reason = models.CharField(max_length=20, choices=Interest.Reason)
    at = models.DateTimeField()
    answered = models.DateTimeField(null=True, help_text="when the owner changed the listing since")

    class Meta:
        ordering = ["-at"]


class Note(models.Model):
    """What a broker writes down for the next one; no party reads it."""

    interest = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="notes")
    by = models.CharField(max_length=24, help_text="reference of a person")
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
