"""A record's words in one more language: wanted, drafted, reviewed, approved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Person


class Rendering(HasLifecycle):
    """The work of bringing one record into one language. What is approved stands in the record's
    own `Text`s; this row keeps the draft, sentence by sentence, and who does what."""

    class State(models.TextChoices):
        WANTED = "wanted", _("Wanted")
        DRAFTED = "drafted", _("Drafted")
        IN_REVIEW = "in_review", _("Waits for a second person")
        APPROVED = "approved", _("Approved")
        SET_ASIDE = "set_aside", _("Set aside")

    class Machine(models.TextChoices):
        NOT_ASKED = "", _("Not asked for")
        ASKED = "asked", _("A machine draft is asked for")
        FAILED = "failed", _("The machine could not")

    lifecycle = Lifecycle(State.WANTED, [
        ("draft", State.WANTED, State.DRAFTED, _("Save the draft")),
        ("hand_in", State.DRAFTED, State.IN_REVIEW, _("Hand in for review")),
        ("send_back", State.IN_REVIEW, State.DRAFTED, _("Send back")),
        ("approve", State.IN_REVIEW, State.APPROVED, _("Approve")),
        ("reopen", State.APPROVED, State.DRAFTED, _("Work on it again")),
        ("set_aside", [State.WANTED, State.DRAFTED, State.IN_REVIEW], State.SET_ASIDE,
         _("Set aside")),
        ("want_again", State.SET_ASIDE, State.WANTED, _("Take up again")),
    ])

    subject_type = models.CharField(max_length=80, help_text="label of the record's model")
    subject_id = models.BigIntegerField()
    lang = models.CharField(max_length=10)
    source_lang = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.WANTED)
    demand = models.PositiveIntegerField(default=0, help_text="readers who asked for it")
    sentences = models.JSONField(default=dict, help_text="field -> list of {s, t, o}")
    digest = models.CharField(max_length=64, blank=True, help_text="of the source it was made from")
    stale = models.BooleanField(default=False, help_text="approved, and the original changed since")
    version = models.PositiveIntegerField(default=1, help_text="grows with every saved change")
    writers = models.JSONField(default=list, help_text="references of who wrote words of it")
    claimed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                                   related_name="renderings")
    claimed = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=24, blank=True)
    remark = models.CharField(max_length=1000, blank=True, help_text="why it was sent back")
    minutes = models.PositiveIntegerField(default=0, help_text="told by those who worked on it")
    machine = models.CharField(max_length=6, choices=Machine, default=Machine.NOT_ASKED, blank=True)
    provider = models.CharField(max_length=120, blank=True, help_text="which machine drafted it")
    trouble = models.CharField(max_length=40, blank=True, help_text="kind of the machine's error")
    asked = models.DateTimeField(auto_now_add=True)
    since = models.DateTimeField(null=True, help_text="in this state")

    class Meta:
        app_label = "rendering"
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id", "lang"],
                                               name="rendering_once")]
        indexes = [models.Index(fields=["lang", "state", "-demand"]),
                   models.Index(fields=["machine"])]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} {self.lang}"


class Spent(models.Model):
    """Characters that were sent to the machine on one day."""

    day = models.DateField(primary_key=True)
    characters = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "rendering"
