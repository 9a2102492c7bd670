"""Two parties who should talk: because one wishes it, the market brought them together, or the
house thinks so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.rooms.meetings.models.event import Event, Slot
from saphan.rooms.meetings.models.people import Party
from saphan.rooms.meetings.vocabulary import Priority, Refusal


class Wish(HasLifecycle):
    """One row for one pair: who asked is `asker`; if the other side wishes it as well, its
    `answer_priority` says how much."""

    class Origin(models.TextChoices):
        HAND = "hand", _("Wished by a participant")
        SUGGESTION = "suggestion", _("Suggested by the house")
        MARKET = "market", _("Brought together in the market")
        STAFF = "staff", _("Set by the organiser")

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("wish", "Not answered yet")
        ACCEPTED = "accepted", pgettext_lazy("wish", "Both want to meet")
        REFUSED = "refused", pgettext_lazy("wish", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("wish", "Withdrawn")

    lifecycle = Lifecycle(State.SENT, [
        ("accept", [State.SENT, State.REFUSED], State.ACCEPTED, _("We want to meet")),
        ("refuse", [State.SENT, State.ACCEPTED], State.REFUSED, _("We do not want to meet")),
        ("withdraw", [State.SENT, State.ACCEPTED], State.WITHDRAWN, _("Withdraw the wish")),
        ("wish_again", State.WITHDRAWN, State.SENT, _("Wish again")),
    ])
    LIVE = frozenset({State.SENT, State.ACCEPTED})

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="wishes")
    asker = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="wishes_sent")
    invited = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="wishes_received")
    low = models.PositiveBigIntegerField(editable=False, help_text="the lower key of the pair")
    high = models.PositiveBigIntegerField(editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.SENT)
    priority = models.PositiveSmallIntegerField(_("How important"), choices=Priority,
                                                default=Priority.IMPORTANT)
    answer_priority = models.PositiveSmallIntegerField(choices=Priority, null=True, blank=True)
    must = models.BooleanField(_("Must take place"), default=False)
    words = TextField(_("What you want to talk about"), limit=500)
    because = models.JSONField(default=list, blank=True, help_text=(
        "why the house thinks so: [{concept or requirement, ...}] as the matching engine says it"))
    fit = models.FloatField(null=True, help_text="0 to 1, as the matching engine sees it")
    came_from = models.CharField(max_length=24, blank=True, help_text=(
        "number of the market's interest"))
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True)
    who_asks = models.JSONField(default=list, blank=True, help_text="keys of guests; []: anybody")
    who_answers = models.JSONField(default=list, blank=True)
    only_slots = models.ManyToManyField(Slot, blank=True, related_name="+")
    after = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="before")
    sent = models.DateTimeField()
    answered = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "low", "high"], name="wish_once_a_pair"),
            models.CheckConstraint(condition=~Q(asker=F("invited")), name="wish_for_another")]

    def save(self, *args: object, **kwargs: object) -> None:
        self.low, self.high = sorted((self.asker_id, self.invited_id))
        super().save(*args, **kwargs)  # type: ignore[arg-type]
