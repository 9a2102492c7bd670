"""An article, its versions, and the evidence that each was there."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Economy, Person
from saphan.rooms.newsroom.models.source import Source
from saphan.rooms.newsroom.models.story import Story
from saphan.rooms.newsroom.vocabulary import Origin


class Article(HasLifecycle):
    """One article of one source. What lists show is kept here, whole texts in `Version`."""

    class State(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("an article", "In the archive")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    lifecycle = Lifecycle(State.TAKEN, [
        ("withdraw", State.TAKEN, State.WITHDRAWN, pgettext_lazy("an article", "Withdraw")),
        ("restore", State.WITHDRAWN, State.TAKEN, pgettext_lazy("an article", "Take it back in")),
    ])

    number = models.CharField(max_length=20, unique=True, help_text="NWS-2026-000001")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT,
                               related_name="+", db_index=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.FETCHED)
    address = models.CharField(pgettext_lazy("on the web", "Address"), max_length=1000, blank=True)
    fingerprint = models.CharField(max_length=64, db_index=True, help_text=(
        "SHA-256 of the address, or of the text where there is no address"))
    title = models.CharField(_("Title"), max_length=500)
    lead = models.CharField(max_length=300, blank=True, help_text="the first words of the text")
    byline = models.CharField(_("Author"), max_length=200, blank=True)
    lang = models.CharField(_("Language"), max_length=10)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+", db_index=False,
                                verbose_name=_("Country or region"))
    published = models.DateField(_("Published on"), null=True, blank=True)
    day = models.DateField(help_text="published, or else taken: what lists are ordered by")
    taken = models.DateTimeField()
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.TAKEN)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    length = models.PositiveIntegerField(default=0, help_text="characters of the current text")
    versions_count = models.PositiveSmallIntegerField(default=1)
    warnings = models.JSONField(default=list, blank=True, help_text="codes of doubts about it")
    story = models.ForeignKey(Story, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="articles")
    copy_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL,
                                related_name="copies")
    vector = models.BinaryField(null=True, editable=False, help_text=(
        "384 float16: title and first words, as the model of the house reads them"))
    vector_model = models.CharField(max_length=80, blank=True)
    placed = models.BooleanField(default=False, help_text="whether it was looked at for stories")
    read = models.BooleanField(default=False, help_text="whether its figures were read")
    example = models.BooleanField(default=False)
    added_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                 related_name="+", db_index=False)

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["state", "-day", "-id"], name="news_by_day"),
            models.Index(fields=["lang", "-day", "-id"], name="news_by_lang"),
            models.Index(fields=["source", "-day", "-id"], name="news_by_source"),
            models.Index(fields=["economy", "-day", "-id"], name="news_by_economy"),
            models.Index(fields=["placed", "id"], name="news_to_place"),
            models.Index(fields=["read", "id"], name="news_to_read"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("newsroom:article", args=[self.number])

    @property
    def outlet(self) -> str:
        """Whose article it is: the source's name, or the host of its address."""
        if self.source is not None:
            return self.source.name
        return self.address.split("/")[2] if self.address.count("/") >= 2 else ""


class Version(models.Model):
    """The text of an article as it was read at one time, with its evidence."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    at = models.DateTimeField(help_text="when it was read")
    title = models.CharField(max_length=500)
    text = models.TextField(help_text="paragraphs, with an empty line between")
    text_digest = models.CharField(max_length=64, help_text="SHA-256 of the text")
    signature = models.BinaryField(null=True, editable=False, help_text=(
        "engines.stories.duplicates: how like it is to other texts"))
    how = models.CharField(max_length=12, help_text=(
        "recipe, trafilatura, density, pdf, docx, plain"))
    encoding = models.CharField(max_length=20, blank=True)
    evidence_file = models.CharField(max_length=200, blank=True, help_text="within SAPHAN_HOME")
    evidence_offset = models.PositiveBigIntegerField(default=0)
    evidence_length = models.PositiveBigIntegerField(default=0)
    evidence_digest = models.CharField(max_length=80, blank=True, help_text="sha256:… of the body")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["article", "position"],
                                               name="newsroom_version_once")]
