"""Those who read the answers, what they may not read, what they think; and appeals."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.people.models import Person
from saphan.rooms.incubator.models.answer import Answer
from saphan.rooms.incubator.models.call import Call
from saphan.rooms.incubator.vocabulary import ConflictKind


class Reviewer(models.Model):
    """A member of the panel. Reads nothing before she has promised confidence and impartiality."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="reviewers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited = models.DateTimeField()
    promised = models.DateTimeField(null=True)
    left = models.DateTimeField(null=True)
    languages = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="reviewer_once")]


class Conflict(models.Model):
    """Why this reviewer must not read this answer. Found by the house, or said by the reviewer."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="conflicts")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=12, choices=ConflictKind)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "answer"], name="conflict_once")]


class Review(HasLifecycle):
    """What one reviewer thinks of one answer. The first round is blind: no names, and nobody sees
    what others wrote. In the second all of that is open, and marks may be changed."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("review", "To be read")
        HANDED_IN = "handed_in", _("Handed in")
        WITHDRAWN = "withdrawn", pgettext_lazy("review", "Not counted")

    lifecycle = Lifecycle(State.OPEN, [
        ("hand_in", State.OPEN, State.HANDED_IN, _("Hand in")),
        ("reopen", State.HANDED_IN, State.OPEN, _("Look at it again")),
        ("withdraw", [State.OPEN, State.HANDED_IN], State.WITHDRAWN, _("Do not count it")),
    ])

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="reviews")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    marks = models.JSONField(default=dict, blank=True, help_text="{criterion: 0 to 5}")
    remarks = models.JSONField(default=dict, blank=True, help_text="{criterion: words}")
    lang = models.CharField(max_length=10, blank=True)
    handed_in = models.DateTimeField(null=True)

    class Meta:
        ordering = ["answer_id", "reviewer_id", "round"]
        constraints = [models.UniqueConstraint(fields=["reviewer", "answer", "round"],
                                               name="review_once_a_round")]


class Appeal(HasLifecycle):
    """Somebody thinks that a decision was wrong. Somebody else than before looks at it."""

    class State(models.TextChoices):
        FILED = "filed", pgettext_lazy("appeal", "Filed")
        UPHELD = "upheld", pgettext_lazy("appeal", "Upheld")
        DISMISSED = "dismissed", pgettext_lazy("appeal", "Dismissed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class About(models.TextChoices):
        ELIGIBILITY = "eligibility", _("Eligibility")
        DECISION = "decision", _("The choice")
        VALIDATION = "validation", _("The validation")

    lifecycle = Lifecycle(State.FILED, [
        ("uphold", State.FILED, State.UPHELD, pgettext_lazy("appeal", "Uphold")),
        ("dismiss", State.FILED, State.DISMISSED, pgettext_lazy("appeal", "Dismiss")),
        ("withdraw", State.FILED, State.WITHDRAWN, pgettext_lazy("appeal", "Withdraw")),
    ])

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="appeals")
    about = models.CharField(max_length=12, choices=About)
    state = models.CharField(max_length=10, choices=State, default=State.FILED)
    lang = models.CharField(max_length=10, blank=True)
    words = TextField(_("What was wrong, and why you think so"), limit=3000)
    filed = models.DateTimeField()
    due = models.DateField(null=True)
    reasons = TextField(_("Reasons"), limit=3000)
    decided = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")

    class Meta:
        ordering = ["filed"]
