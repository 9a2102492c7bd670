"""An open call: somebody posts a problem, others answer, one number from first word to outcome."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground import clock
from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.people.models import Economy, Organisation, Person
from saphan.rooms.incubator.vocabulary import KEY_NEEDED, REVIEWS_EACH, Form, Sector


class Call(HasLifecycle):
    """A challenge, an incubation cohort or a pilot grant: one machine in three forms."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        POSTED = "posted", _("Announced")
        ANSWERING = "answering", _("Open for answers")
        EVALUATION = "evaluation", _("Being evaluated")
        ASSIGNED = "assigned", _("Decided")
        CLOSED = "closed", pgettext_lazy("call", "Closed")
        CANCELLED = "cancelled", _("Cancelled")

    lifecycle = Lifecycle(State.DRAFT, [
        ("submit", State.DRAFT, State.SUBMITTED, _("Submit")),
        ("take_back", State.SUBMITTED, State.DRAFT, _("Withdraw the submission")),
        ("return_to_author", State.SUBMITTED, State.DRAFT, _("Return to the author")),
        ("post", State.SUBMITTED, State.POSTED, _("Announce")),
        ("open", State.POSTED, State.ANSWERING, _("Open for answers")),
        ("end_answers", State.ANSWERING, State.EVALUATION, _("End the time for answers")),
        ("decide", State.EVALUATION, State.ASSIGNED, _("Announce the decision")),
        ("finish", [State.EVALUATION, State.ASSIGNED], State.CLOSED, _("Close the call")),
        ("cancel", [State.DRAFT, State.SUBMITTED, State.POSTED, State.ANSWERING,
                    State.EVALUATION], State.CANCELLED, _("Cancel the call")),
    ])
    PUBLIC = frozenset({State.POSTED, State.ANSWERING, State.EVALUATION, State.ASSIGNED,
                        State.CLOSED})
    OPEN = frozenset({State.POSTED, State.ANSWERING})

    number = models.CharField(max_length=20, unique=True)
    key = models.SlugField(max_length=80, unique=True, null=True, help_text=(
        "identifier that import and export use"))
    form = models.CharField(_("Form"), max_length=10, choices=Form)
    lang = models.CharField(_("Source language"), max_length=10, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="calls")
    manager = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                related_name="managed_calls", help_text=_(
                                    "The programme manager who looks after it."))
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT,
                                     related_name="calls", verbose_name=_("Owner of the problem"))
    organisation_name = models.CharField(max_length=200, blank=True)
    organisation_kind = models.CharField(
        _("Kind of organisation"), max_length=12, blank=True, help_text=(
            "as the author said it, until the organisation has a record of its own"))
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+", verbose_name=_("Country or region"))
    registered = models.DateField(_("Registered since"), null=True, blank=True)
    came_from = models.CharField(max_length=24, blank=True, help_text=_(
        "Accession number of the record that it began with."))
    example = models.BooleanField(default=False)

    title = TextField(_("Title"), limit=256)
    summary = TextField(_("Summary"), limit=500)
    scenario = TextField(_("The problem and where it occurs"), limit=4000)
    environment = TextField(_("Where it can be tried"), limit=2000)
    data_available = TextField(_("Data that can be given"), limit=2000)
    ip_terms = TextField(_("Who owns what afterwards"), limit=2000)
    support = TextField(_("What the centre and the owner give"), limit=2000)
    eligibility = TextField(_("Who may answer"), limit=2000)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.GENERAL)
    keywords = models.JSONField(_("Keywords"), default=list, blank=True)
    modes = models.JSONField(_("Ways of working together"), default=list, blank=True)
    indicators = models.JSONField(_("Indicators to reach"), default=list, blank=True, help_text=(
        "[{id, name, direction, value, unit, must}]"))

    budget_amount = models.DecimalField(_("Budget"), max_digits=14, decimal_places=2, null=True,
                                        blank=True)
    budget_currency = models.CharField(_("Currency"), max_length=3, blank=True)
    places = models.PositiveSmallIntegerField(_("How many can be chosen"), default=1)
    months = models.PositiveSmallIntegerField(_("Months of work"), null=True, blank=True)

    lead_types = models.JSONField(_("Who may lead"), default=list, blank=True)
    lead_economies = models.JSONField(_("Where the lead may be"), default=list, blank=True)
    economies_at_least = models.PositiveSmallIntegerField(
        _("Countries or regions in a team, at least"), default=1)
    deadline = models.DateTimeField(_("Deadline"), null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    extended = models.DateTimeField(null=True, help_text="when the deadline was moved, once")
    extended_because = TextField(limit=1000)

    rubric = models.JSONField(default=list, blank=True, help_text=(
        "[{id, name: {lang: words}, weight, guide: {lang: words}}]; weights add up to 100"))
    reviews_each = models.PositiveSmallIntegerField(default=REVIEWS_EACH)
    round = models.PositiveSmallIntegerField(default=0, help_text="0 before, 1 blind, 2 open")

    key_needed = models.PositiveSmallIntegerField(default=KEY_NEEDED)
    key_public = models.CharField(max_length=64, blank=True, help_text="base64")
    key_parts = models.JSONField(default=dict, blank=True)
    unsealed = models.DateTimeField(null=True)

    concepts = models.JSONField(default=list, blank=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    submitted = models.DateTimeField(null=True)
    posted = models.DateTimeField(null=True)
    decided = models.DateTimeField(null=True)
    returned_because = models.TextField(blank=True)
    objection = models.CharField(max_length=1000, blank=True, help_text=(
        "why the author thinks right what the gate refuses"))
    findings = models.JSONField(default=list, blank=True, help_text=(
        "what the quality gate found when it was submitted"))
    cancelled_because = TextField(limit=1000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-posted", "-pk"]
        indexes = [models.Index(fields=["state", "form", "-posted"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("incubator:call", args=[self.number])

    @property
    def maker(self) -> str:
        return str(self.organisation) if self.organisation else self.organisation_name

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC or (
            self.state == self.State.CANCELLED and self.posted is not None)

    @property
    def is_over(self) -> bool:
        """Whether the time for answers has passed. No time passes without a deadline."""
        return self.deadline is not None and clock.now() >= self.deadline

    @property
    def is_unsealed(self) -> bool:
        return self.unsealed is not None


class KeyHolder(models.Model):
    """One of those who together open the answers. The house keeps the public half alone; the slip
    that goes with it was shown to its holder once."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="holders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    public = models.CharField(max_length=64, blank=True, help_text="base64; empty: no slip yet")
    given = models.DateTimeField(null=True)
    released = models.JSONField(default=dict, blank=True, help_text="parts of the call's key")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="holder_once")]
