"""Answers to a call: sealed until the deadline, then read by a panel."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.people.models import Economy, Organisation, Person
from saphan.rooms.incubator.models.call import Call


class Answer(HasLifecycle):
    """What a team answers. Its number is the call's with a running one: `INC-2026-0007-03`.

    Until the call is unsealed the house holds `sealed` alone: ciphertext that needs the team's own
    code or the key holders. Afterwards `content` is what was in it, and `team` who they are.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", pgettext_lazy("answer", "Sent and sealed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OPENED = "opened", pgettext_lazy("answer", "Opened")
        INELIGIBLE = "ineligible", _("Not eligible")
        ACCEPTED = "accepted", pgettext_lazy("answer", "Chosen")
        DECLINED = "declined", pgettext_lazy("answer", "Not chosen")

    lifecycle = Lifecycle(State.DRAFT, [
        ("send", State.DRAFT, State.SENT, _("Send and seal")),
        ("withdraw", [State.DRAFT, State.SENT], State.WITHDRAWN,
         pgettext_lazy("answer", "Withdraw")),
        ("unseal", State.SENT, State.OPENED, _("Unseal")),
        ("exclude", State.OPENED, State.INELIGIBLE, _("Not eligible")),
        ("accept", State.OPENED, State.ACCEPTED, pgettext_lazy("answer", "Choose")),
        ("decline", State.OPENED, State.DECLINED, pgettext_lazy("answer", "Do not choose")),
        ("reinstate", [State.INELIGIBLE, State.DECLINED], State.OPENED,
         _("Look at it again after an appeal")),
    ])

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    lead = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="answers")

    sealed = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what is sealed")
    sent = models.DateTimeField(null=True)
    unreadable = models.CharField(max_length=40, blank=True, help_text=(
        "why it could not be unsealed; empty: it could"))

    lang = models.CharField(max_length=10, blank=True)
    content = models.JSONField(default=dict, blank=True, help_text=(
        "title, solution, plan, experience, risks, indicators {id: value}, mode, amount, months"))
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT,
                                     related_name="+")
    organisation_name = models.CharField(max_length=200, blank=True)
    economy = models.ForeignKey(Economy, null=True, blank=True, on_delete=models.PROTECT,
                                related_name="+")
    eligibility = models.JSONField(default=list, blank=True, help_text=(
        "[{rule, met, found}], as found when it was opened"))

    proposal = models.CharField(max_length=10, blank=True, help_text=(
        "the state that is proposed for it, until the decision is announced"))
    reasons = TextField(_("Reasons"), limit=3000)
    decided = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    told = models.DateTimeField(null=True, help_text="when the team heard of it")

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["call", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="answer_position_once")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("incubator:answer", args=[self.call.number, self.position])

    @property
    def title(self) -> str:
        return str(self.content.get("title", ""))

    @property
    def is_opened(self) -> bool:
        return bool(self.content)


class Partner(models.Model):
    """An organisation in the team beside the lead, known once the answer was opened."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(max_length=200)
    economy = models.ForeignKey(Economy, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, blank=True)
    role = models.CharField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    asked = models.DateTimeField(null=True)
    confirmed = models.DateTimeField(null=True)
    refused = models.DateTimeField(null=True)
    token = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]

    @property
    def as_row(self) -> dict[str, Any]:
        return {"name": self.name, "economy": self.economy_id, "kind": self.kind,
                "role": self.role}
