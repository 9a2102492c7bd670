"""A number that an article states, tied to the characters that state it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Person
from saphan.rooms.newsroom.models.article import Article, Version
from saphan.rooms.newsroom.vocabulary import Relation


class Figure(HasLifecycle):
    """Value, unit, subject, place, period, and where in which version it stands."""

    class State(models.TextChoices):
        READ = "read", pgettext_lazy("of a figure", "Read by the house")
        VERIFIED = "verified", pgettext_lazy("of a figure", "Verified")
        REJECTED = "rejected", pgettext_lazy("of a figure", "Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    lifecycle = Lifecycle(State.READ, [
        ("verify", [State.READ, State.REJECTED], State.VERIFIED, pgettext_lazy(
            "a figure", "Verify")),
        ("reject", State.READ, State.REJECTED, pgettext_lazy("a figure", "Reject")),
        ("withdraw", [State.READ, State.VERIFIED], State.WITHDRAWN, pgettext_lazy(
            "a figure", "Withdraw")),
    ])

    key = models.CharField(max_length=20, unique=True, help_text="FIG-2026-000001")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="figures")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+",
                                db_index=False)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.READ)
    value = models.DecimalField(pgettext_lazy("of a figure", "Value"), max_digits=30,
                                decimal_places=8)
    high = models.DecimalField(max_digits=30, decimal_places=8, null=True, blank=True, help_text=(
        "the upper end of a range"))
    shown_decimals = models.PositiveSmallIntegerField(default=0, help_text=(
        "decimals that the source states"))
    unit = models.CharField(pgettext_lazy("of a figure", "Unit"), max_length=40, blank=True)
    kind = models.CharField(max_length=20, blank=True, help_text="amount, share, change, money …")
    relation = models.CharField(max_length=6, choices=Relation, default=Relation.EXACT)
    subject = models.CharField(_("What is counted"), max_length=300, blank=True)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    place_code = models.CharField(max_length=20, blank=True, help_text="TH, CN-GX, CN-GX-NNG …")
    period = models.CharField(_("Period"), max_length=25, blank=True, help_text=(
        "ISO 8601 in style: 2024, 2024-Q1, 2024-03, 2024-03-05, 2023/2024"))
    as_of = models.DateField(_("As of"), null=True, blank=True)
    compared_with = models.CharField(max_length=40, blank=True)
    start = models.PositiveIntegerField(help_text="first character of the number in the text")
    end = models.PositiveIntegerField()
    quote = models.CharField(_("Quote"), max_length=600)
    quote_start = models.PositiveIntegerField(default=0)
    selectors = models.JSONField(default=list, help_text="W3C text quote and text position")
    extractor = models.CharField(max_length=40, help_text="name and version of who read it")
    proposed = models.BooleanField(default=False, help_text="proposed by a language model")
    day = models.DateField(help_text="of the article")
    lang = models.CharField(max_length=10, help_text="of the article")
    indicator = models.CharField(max_length=80, blank=True, help_text=(
        "the indicator of the observatory to which it belongs"))
    flags = models.JSONField(default=list, blank=True, help_text=(
        "[{code: stale | contradicts, figure: key}]"))
    flagged = models.BooleanField(default=False, help_text="whether there are flags")
    verified_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                    related_name="+")
    verified_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, blank=True, help_text=(
        "why it was rejected or withdrawn"))
    example = models.BooleanField(default=False)

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["state", "-day", "-id"], name="news_fig_state"),
            models.Index(fields=["unit", "place_code", "period"], name="news_fig_same"),
            models.Index(fields=["place_code", "state", "-day", "-id"], name="news_fig_place"),
            models.Index(fields=["indicator", "-day"], name="news_fig_indicator"),
            models.Index(fields=["unit", "state", "-day", "-id"], name="news_fig_unit"),
            models.Index(fields=["period", "state", "-day", "-id"], name="news_fig_period"),
            models.Index(fields=["flagged", "state", "-day", "-id"], name="news_fig_flagged"),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("newsroom:figure", args=[self.key])
