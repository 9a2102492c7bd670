"""What stands in the market: listings (offers, needs, research results)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.people.models import Economy, Organisation, Person
from saphan.rooms.market.vocabulary import (
    NEEDS,
    OFFERS,
    IPStatus,
    Kind,
    ResultOwner,
    Sector,
    Stage,
    State,
)


class Listing(HasLifecycle):
    """An offer, a need or a research result. `number` is its accession number for ever."""

    State = State

    lifecycle = Lifecycle(State.DRAFT, [
        ("submit", State.DRAFT, State.SUBMITTED, _("Submit")),
        ("take_back", State.SUBMITTED, State.DRAFT, _("Withdraw the submission")),
        ("return_to_author", State.SUBMITTED, State.DRAFT, _("Return to the author")),
        ("publish", State.SUBMITTED, State.PUBLISHED, _("Publish")),
        ("pause", State.PUBLISHED, State.PAUSED, _("Pause")),
        ("resume", State.PAUSED, State.PUBLISHED, _("Resume")),
        ("expire", [State.PUBLISHED, State.PAUSED], State.EXPIRED, _("Let expire")),
        ("extend", State.EXPIRED, State.PUBLISHED, _("Extend by a year")),
        ("archive", [State.DRAFT, State.PUBLISHED, State.PAUSED, State.EXPIRED], State.ARCHIVED,
         _("Archive")),
    ])

    number = models.CharField(max_length=20, unique=True)
    key = models.SlugField(max_length=80, unique=True, null=True, help_text=_(
        "Identifier that import and export use."))
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    lang = models.CharField(_("Source language"), max_length=10, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="listings")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT,
                                     related_name="listings", verbose_name=_("Organisation"))
    organisation_name = models.CharField(max_length=200, blank=True, help_text=_(
        "As the author wrote it; it becomes an organisation when the draft is submitted."))
    discreet = models.BooleanField(_("Keep my organisation's name back"), default=False)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                verbose_name=_("Country or region"))
    example = models.BooleanField(default=False)

    title = TextField(_("Title"), limit=256)
    summary = TextField(_("Summary"), limit=500)
    description = TextField(_("Description"), limit=4000)
    partner_role = TextField(_("What the partner should do"), limit=4000)
    partnership = models.JSONField(_("Partnership types"), default=list, blank=True)
    partner_types = models.JSONField(_("Partner types"), default=list, blank=True)
    partner_size = models.JSONField(_("Partner size"), default=list, blank=True)
    target_economies = models.JSONField(_("Target countries or regions"), default=list, blank=True)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.GENERAL)
    keywords = models.JSONField(_("Keywords"), default=list, blank=True)

    # Offers and research results
    advantages = TextField(_("Advantages and innovations"), limit=2000)
    stage = models.CharField(_("Stage"), max_length=20, choices=Stage, blank=True)
    trl = models.PositiveSmallIntegerField(_("Technology readiness level"), null=True, blank=True)
    trl_evidence = TextField(_("Evidence for the level"), limit=2000)
    ip_status = models.CharField(_("IP status"), max_length=20, choices=IPStatus, blank=True)
    spdx = models.CharField(_("Licence (SPDX)"), max_length=60, blank=True)
    patents = models.JSONField(_("Patents"), default=list, blank=True)

    # Needs
    technical_specification = TextField(_("Technical specification"), limit=2000)
    indicators = models.JSONField(_("Indicators to reach"), default=list, blank=True)
    result_owner = models.CharField(_("Who will own the result"), max_length=12,
                                    choices=ResultOwner, blank=True)
    budget_amount = models.DecimalField(_("Budget"), max_digits=14, decimal_places=2, null=True,
                                        blank=True)
    budget_currency = models.CharField(_("Currency"), max_length=3, blank=True)
    deadline = models.DateField(_("Deadline"), null=True, blank=True)
    test_environment = TextField(_("Test environment"), limit=2000)
    data_available = TextField(_("Data that can be given"), limit=2000)

    # Where the record comes from, when it was not written here
    source_url = models.URLField(max_length=500, blank=True)
    source_title = models.CharField(max_length=300, blank=True)
    source_read = models.DateField(null=True, blank=True)

    concepts = models.JSONField(default=list, blank=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    submitted = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    notice_sent = models.BooleanField(default=False)
    returned_because = models.TextField(blank=True)
    objection = models.TextField(_("Why you think it is right"), blank=True, help_text=_(
        "The author's answer to what the quality gate refused."))
    findings = models.JSONField(default=list, blank=True, editable=False,
                                help_text="of the quality gate, when it was submitted")
    links = models.JSONField(default=dict, blank=True, editable=False,
                             help_text="address: when it was tried, since when it fails, dead")
    version = models.PositiveIntegerField(default=1, help_text=_("Grows with every saved change."))

    class Meta:
        ordering = ["-published", "-pk"]
        indexes = [models.Index(fields=["state", "kind", "-published"]),
                   models.Index(fields=["state", "sector"]),
                   models.Index(fields=["state", "economy"])]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("market:listing", args=[self.number])

    @property
    def is_offer(self) -> bool:
        return self.kind in OFFERS

    @property
    def is_need(self) -> bool:
        return self.kind in NEEDS

    @classmethod
    def label_of(cls, name: str) -> str | Promise:
        """What people call this field; `name` may be that of its column."""
        field = cls._meta.get_field(name.removesuffix("_id"))
        return getattr(field, "verbose_name", name)

    @property
    def maker(self) -> str:
        """Whose it is, also before the organisation has a record of its own. Never shown to
        strangers without asking `discreet` first (see `queries.plate_of`)."""
        return str(self.organisation) if self.organisation else self.organisation_name

    def is_valid_on(self, day: date) -> bool:
        return self.valid_until is None or day <= self.valid_until


class Media(models.Model):
    """A picture or document of a listing; stored as it was sent, named by its digest."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="media")
    file = models.FileField(upload_to="market/%Y/")
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    caption = TextField(_("Caption"), limit=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]


class ImportRun(models.Model):
    """One import: the file as sent, its report, and how far it came."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Checking")
        REFUSED = "refused", _("Nothing was loaded")
        LOADING = "loading", _("Loading")
        LOADED = "loaded", _("Loaded")

    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    file_name = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=5)
    content = models.TextField()
    take_good_rows = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en", help_text=_(
        "The language of the report: that of whoever sent the file."))
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    rows = models.PositiveIntegerField(default=0)
    loaded = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    started = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.REFUSED, self.State.LOADED)

    @property
    def bad_rows(self) -> int:
        return len({problem["row"] for problem in self.problems if not problem.get("warning")})

    @property
    def warned_rows(self) -> int:
        """Rows that were loaded although the quality gate would ask an author about them."""
        return len({problem["row"] for problem in self.problems if problem.get("warning")})

    @property
    def done(self) -> int:
        return self.loaded + self.unchanged
