"""Where news comes from, and how each source is doing."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Economy, Person
from saphan.rooms.newsroom.vocabulary import Outcome, Way


class Source(HasLifecycle):
    """A place on the web that is read again and again, or whose articles are brought in by hand."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("of a source", "Being read")
        PAUSED = "paused", _("Paused")
        RETIRED = "retired", pgettext_lazy("of a source", "No longer read")

    lifecycle = Lifecycle(State.ACTIVE, [
        ("pause", State.ACTIVE, State.PAUSED, pgettext_lazy("a source", "Pause")),
        ("resume", State.PAUSED, State.ACTIVE, pgettext_lazy("a source", "Read it again")),
        ("retire", [State.ACTIVE, State.PAUSED], State.RETIRED, pgettext_lazy(
            "a source", "Read it no longer")),
    ])

    key = models.SlugField(max_length=80, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "Name"), max_length=200)
    home = models.URLField(_("Its page on the web"), max_length=500, blank=True)
    way = models.CharField(_("How it is read"), max_length=10, choices=Way, default=Way.FEED)
    address = models.URLField(_("Address of the feed, sitemap or page"), max_length=1000,
                              blank=True)
    links = models.CharField(_("Which links of the page are articles"), max_length=300, blank=True,
                             help_text=_("A CSS selector, such as ul.news a"))
    recipe = models.CharField(_("Where the text of an article stands"), max_length=300, blank=True,
                              help_text=_("A CSS selector, such as div.article. "
                                          "Leave it empty to let the house find the text."))
    lang = models.CharField(_("Language"), max_length=10, blank=True)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+", verbose_name=_("Country or region"))
    official = models.BooleanField(_("An official source"), default=False)
    every_minutes = models.PositiveIntegerField(_("Minutes between two looks"), default=60)
    at_most = models.PositiveSmallIntegerField(_("New articles in one look, at most"), default=40)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.ACTIVE)
    example = models.BooleanField(default=False, help_text="never fetched")
    added_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                 related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    # What the last looks found; kept here so that a list needs no counting.
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    next_look = models.DateTimeField(null=True, db_index=True)
    touched = models.DateTimeField(null=True, help_text="sign of life of who reads it now")
    last_look = models.DateTimeField(null=True)
    last_success = models.DateTimeField(null=True)
    last_article = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    last_problem = models.CharField(max_length=40, blank=True, help_text="code of the last trouble")
    usual_length = models.PositiveIntegerField(null=True, help_text=(
        "median characters of the last articles"))
    usual_gap_hours = models.FloatField(null=True, help_text="median hours between articles")
    articles = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("newsroom:source", args=[self.key])


class Look(models.Model):
    """One look at a source: what happened. The health page is read from these."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    problem = models.CharField(max_length=40, blank=True, help_text="a code, empty if none")
    detail = models.CharField(max_length=300, blank=True)
    listed = models.PositiveIntegerField(default=0, help_text="addresses in the feed or list")
    new = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    octets = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["source", "-at"])]


class Page(models.Model):
    """An address that a source has named: so that it is fetched once, and tried again after
    trouble."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="pages")
    address = models.CharField(max_length=1000)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the address")
    seen = models.DateTimeField()
    fetched = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "fingerprint"],
                                               name="newsroom_page_once")]


class Alarm(models.Model):
    """Something about a source that somebody should look at: from when to when."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="alarms")
    code = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                related_name="+")

    class Meta:
        ordering = ["-began", "-pk"]
        constraints = [models.UniqueConstraint(
            fields=["source", "code"], condition=models.Q(ended__isnull=True),
            name="newsroom_alarm_once")]
