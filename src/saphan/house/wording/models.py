"""What the term base's own people have changed of it since it was shipped."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.people.models import Person


class TermChange(HasLifecycle):
    """One change of one concept: proposed, then taken or not. What is taken stays taken; to undo
    it is another change."""

    class Act(models.TextChoices):
        ADD = "add", _("New concept")
        LABELS = "labels", _("Words of a language")
        REVIEW = "review", _("Checked by a native speaker")
        PLACE = "place", _("Sector and broader concepts")
        WITHDRAW = "withdraw", _("Concept taken out")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        TAKEN_BACK = "taken_back", _("Taken back")

    lifecycle = Lifecycle(State.PROPOSED, [
        ("accept", State.PROPOSED, State.ACCEPTED, _("Accept")),
        ("decline", State.PROPOSED, State.DECLINED, _("Decline")),
        ("take_back", State.PROPOSED, State.TAKEN_BACK, _("Take back")),
    ])

    concept = models.CharField(max_length=64, db_index=True)
    act = models.CharField(max_length=10, choices=Act)
    lang = models.CharField(max_length=10, blank=True, help_text="of labels and review")
    after = models.JSONField(default=dict, help_text="labels by language, sector, broader")
    before = models.JSONField(default=dict, help_text="the same, as it was")
    reviewed = models.BooleanField(default=False, help_text="a native speaker stands behind it")
    reason = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="name of an imported file")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL,
                               related_name="term_changes")
    proposed = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    decision = models.CharField(max_length=500, blank=True)
    applied = models.PositiveBigIntegerField(
        null=True, unique=True, help_text="the order in which changes were taken; empty: not yet")
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT,
                                  related_name="undone_by")

    class Meta:
        app_label = "wording"
        indexes = [models.Index(fields=["state", "proposed"])]

    def __str__(self) -> str:
        return f"{self.concept} {self.act} {self.lang}".strip()

    def labels(self, lang: str = "") -> list[str]:
        """The words that it gives, in `lang` or its own language."""
        return list(self.after.get("labels", {}).get(lang or self.lang, ()))

    def labels_before(self, lang: str = "") -> list[str]:
        return list(self.before.get("labels", {}).get(lang or self.lang, ()))


class Reindexed(models.Model):
    """Up to which change the documents' concepts have been brought up to date: one row."""

    applied = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "wording"

    @classmethod
    def up_to(cls) -> int:
        return cls.objects.filter(pk=1).values_list("applied", flat=True).first() or 0


Plain = dict[str, Any]
