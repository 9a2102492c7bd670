"""A cited brief: extracted sentences with their sources and a table of figures, in one language,
approved by a person before it goes out."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Person
from saphan.rooms.newsroom.models.topic import Topic


class Brief(HasLifecycle):
    """One brief. What is written now is in `content`; what went out is kept in `Edition`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", pgettext_lazy("a brief", "In review")
        APPROVED = "approved", pgettext_lazy("a brief", "Approved")
        SENT = "sent", pgettext_lazy("a brief", "Sent")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    lifecycle = Lifecycle(State.DRAFT, [
        ("hand_in", State.DRAFT, State.REVIEW, pgettext_lazy("a brief", "Hand in for review")),
        ("return_to_author", State.REVIEW, State.DRAFT, _("Return to the author")),
        ("approve", State.REVIEW, State.APPROVED, pgettext_lazy("a brief", "Approve")),
        ("send", State.APPROVED, State.SENT, pgettext_lazy("a brief", "Send")),
        ("reopen", [State.APPROVED, State.SENT], State.DRAFT, pgettext_lazy(
            "a brief", "Write a corrected edition")),
        ("withdraw", [State.DRAFT, State.REVIEW, State.APPROVED, State.SENT], State.WITHDRAWN,
         pgettext_lazy("a brief", "Withdraw")),
    ])

    number = models.CharField(max_length=20, unique=True, null=True, help_text=(
        "BRF-2026-0001, given when it is approved first"))
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    lang = models.CharField(_("Language"), max_length=10)
    title = models.CharField(_("Title"), max_length=300)
    standfirst = models.TextField(_("In short"), blank=True)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL,
                              related_name="briefs")
    since = models.DateField(_("First day"), null=True, blank=True)
    until = models.DateField(_("Last day"), null=True, blank=True)
    content = models.JSONField(default=list, blank=True, help_text=(
        "blocks in order: {id, kind: heading | sentence | figure, …}; see the README"))
    version = models.PositiveIntegerField(default=1, help_text="counts each saving")
    edition = models.PositiveSmallIntegerField(default=0, help_text="0 before the first approval")
    public = models.BooleanField(_("Everybody may read it"), default=False)
    author = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="briefs")
    approved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                    related_name="+")
    approved = models.DateTimeField(null=True)
    sent = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=500, blank=True)
    correction = models.CharField(_("What is corrected"), max_length=500, blank=True, help_text=(
        "why a later edition replaces the one before"))
    example = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-approved", "-pk"]
        indexes = [models.Index(fields=["state", "-approved"], name="news_brief_state")]

    def __str__(self) -> str:
        return f"{self.number or ''} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("newsroom:brief", args=[self.pk])


class Edition(models.Model):
    """A brief as it was approved: never changed afterwards."""

    brief = models.ForeignKey(Brief, on_delete=models.CASCADE, related_name="editions")
    position = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    whole = models.JSONField(help_text="title, standfirst, blocks, sources, figures as approved")
    digest = models.CharField(max_length=64)
    sent_to = models.PositiveIntegerField(default=0, help_text="how many letters")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["brief", "position"],
                                               name="newsroom_edition_once")]


class Subscriber(models.Model):
    """Who gets briefs by e-mail: of one language, of one topic or of all."""

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.CASCADE,
                               related_name="+")
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=10)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE,
                              related_name="subscribers")
    token = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]


class Posting(models.Model):
    """A letter that still has to leave. The row goes when the letter has left, so that the house
    keeps no list of addresses longer than it needs."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="postings")
    email = models.EmailField()
    token = models.CharField(max_length=40, blank=True, help_text="of the subscriber, if one")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "email"],
                                               name="newsroom_posting_once")]
