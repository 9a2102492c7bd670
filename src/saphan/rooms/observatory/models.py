"""Indicators, what sources say of them, and the places they are about."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import Text, TextField
from saphan.people.models import Economy
from saphan.rooms.observatory.vocabulary import STALE_AFTER, Kind, Relation, Sector, SourceKind


class Place(models.Model):
    """A part of an economy for which there are numbers. Whole economies are in `people`."""

    code = models.CharField(primary_key=True, max_length=20, help_text=(
        "ISO 3166-2 (`CN-GX`); below that with a part of one's own (`CN-GX-NNG`)"))
    name = TextField(pgettext_lazy("of a thing", "Name"), limit=200)
    economy = models.ForeignKey(Economy, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.name)


class Indicator(HasLifecycle):
    """Something that is counted or measured, again and again, in one unit."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    lifecycle = Lifecycle(State.DRAFT, [
        ("publish", [State.DRAFT, State.ARCHIVED], State.PUBLISHED, _("Publish")),
        ("archive", State.PUBLISHED, State.ARCHIVED, _("Archive")),
    ])

    slug = models.SlugField(pgettext_lazy("on the web", "Address"), max_length=60, unique=True)
    name = TextField(pgettext_lazy("of a thing", "Name"), limit=200)
    meaning = TextField(_("What it means"), limit=1000)
    unit = models.CharField(_("Unit"), max_length=30, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.COUNT)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector, default=Sector.GENERAL)
    source_kind = models.CharField(_("Where its numbers come from"), max_length=12,
                                   choices=SourceKind, default=SourceKind.OBSERVATIONS)
    counts = models.CharField(_("What is counted"), max_length=60, blank=True, help_text=(
        "of a count of facts: the number of the house, `market.signed`"))
    places = models.JSONField(_("Places"), default=list, blank=True, help_text=(
        "codes of the places it is meant for; empty: any"))
    stale_after = models.PositiveSmallIntegerField(
        _("Months until it counts as out of date"), default=STALE_AFTER)
    position = models.PositiveSmallIntegerField(default=100)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    example = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("observatory:indicator", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.state != self.State.DRAFT

    @property
    def counts_facts(self) -> bool:
        return self.source_kind == SourceKind.FACTS


class Observation(HasLifecycle):
    """What one source says: a value for a period and a place, with the words it was read in.

    Never edited: a correction is a new observation that `replaces` the old one, and both stay.
    """

    class State(models.TextChoices):
        CURRENT = "current", pgettext_lazy("observation", "Current")
        CORRECTED = "corrected", pgettext_lazy("observation", "Corrected")
        WITHDRAWN = "withdrawn", pgettext_lazy("observation", "Withdrawn")

    lifecycle = Lifecycle(State.CURRENT, [
        ("correct", State.CURRENT, State.CORRECTED, pgettext_lazy("verb", "Correct")),
        ("withdraw", State.CURRENT, State.WITHDRAWN, pgettext_lazy("observation", "Withdraw")),
        ("restore", State.WITHDRAWN, State.CURRENT, _("Restore")),
    ])

    number = models.CharField(max_length=20, unique=True)
    key = models.CharField(max_length=120, null=True, blank=True, help_text=(
        "identifier that import and export use; the current observation holds it"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT,
                                  related_name="observations", verbose_name=_("Indicator"))
    value = models.DecimalField(_("Value"), max_digits=24, decimal_places=6)
    high = models.DecimalField(_("Upper value"), max_digits=24, decimal_places=6, null=True,
                               blank=True)
    relation = models.CharField(_("The source says"), max_length=5, choices=Relation,
                                default=Relation.EXACT)
    unit = models.CharField(_("Unit"), max_length=30, blank=True)
    period = models.CharField(_("Period"), max_length=24)
    begins = models.DateField()
    ends = models.DateField()
    as_of = models.DateField(_("As it stood on"), null=True, blank=True)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+", verbose_name=_("Country or region"))
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT,
                              related_name="+", verbose_name=_("Place"))
    place_said = models.CharField(max_length=200, blank=True, help_text=(
        "the source's own words for a place that has no code here"))
    subject = TextField(_("What exactly is counted"), limit=300)

    quote = models.TextField(_("Words of the source"), blank=True)
    quote_lang = models.CharField(_("Language of the source"), max_length=10, blank=True)
    source = models.CharField(_("Source"), max_length=300)
    address = models.URLField(_("Web address"), max_length=1000, blank=True)
    read = models.DateField(_("Read on"), null=True, blank=True)
    evidence = models.CharField(_("Digest of the kept copy"), max_length=80, blank=True)
    article = models.CharField(max_length=40, blank=True, help_text="number of the article")
    figure = models.CharField(max_length=80, blank=True, db_index=True,
                              help_text="key of the figure in the newsroom")
    checked = models.BooleanField(_("Checked at the source"), default=False)
    checked_by = models.CharField(max_length=40, blank=True, help_text="reference of the person")
    note = TextField(_("Note"), limit=1000)

    state = models.CharField(_("State"), max_length=10, choices=State, default=State.CURRENT)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT,
                                    related_name="replaced_by")
    because = TextField(limit=500, help_text="why it was corrected or withdrawn")
    example = models.BooleanField(default=False)
    created = models.DateTimeField()

    class Meta:
        ordering = ["-ends", "-begins", "pk"]
        indexes = [models.Index(fields=["indicator", "state", "-ends"]),
                   models.Index(fields=["state", "-created"])]
        constraints = [models.UniqueConstraint(
            fields=["key"], condition=models.Q(state="current"), name="observation_key_once")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("observatory:observation", args=[self.number])

    @property
    def place_code(self) -> str:
        """`CN`, `CN-GX`, or empty."""
        return self.place_id or self.economy_id or ""

    @property
    def place_words(self) -> Text:
        if self.place is not None:
            return self.place.name
        return self.economy.name if self.economy is not None else Text()

    @property
    def exact(self) -> Decimal:
        """The value without zeros that nobody said."""
        return self.value.normalize() + 0
