"""What somebody who has a day at an event was told of it, and the letters about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.rooms.meetings.models.event import Event
from saphan.rooms.meetings.models.people import Guest, Interpreter
from saphan.rooms.meetings.models.plan import Plan


class Copy(models.Model):
    """What one person knows of her day: as it was when the house last wrote to her, when she last
    looked, when her sheet was last printed. Each is {word of a meeting: line}, see
    `queries.days.Line`. `gone` keeps what was called off, so that calendars hear of it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="copies")
    guest = models.OneToOneField(Guest, null=True, on_delete=models.CASCADE, related_name="copy")
    interpreter = models.OneToOneField(Interpreter, null=True, on_delete=models.CASCADE,
                                       related_name="copy")
    told = models.JSONField(default=dict)
    told_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=dict)
    seen_at = models.DateTimeField(null=True)
    printed = models.JSONField(default=dict)
    printed_at = models.DateTimeField(null=True)
    gone = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(
            condition=Q(guest__isnull=False) ^ Q(interpreter__isnull=False), name="copy_of_one")]


class Notice(HasLifecycle):
    """A letter about one's day, waiting or sent; or word that has to be given in person. What it
    says is put together when it leaves, so that it is never out of date."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("letter", "Waiting")
        LEAVING = "leaving", pgettext_lazy("letter", "Leaving")
        SENT = "sent", pgettext_lazy("letter", "Sent")
        FAILED = "failed", pgettext_lazy("letter", "Could not be sent")
        NO_ADDRESS = "no_address", pgettext_lazy("letter", "No e-mail address")
        NEEDLESS = "needless", pgettext_lazy("letter", "Not needed any more")

    lifecycle = Lifecycle(State.WAITING, [
        ("leave", State.WAITING, State.LEAVING, pgettext_lazy("letter", "Send")),
        ("arrive", State.LEAVING, State.SENT, pgettext_lazy("letter", "Sent")),
        ("fail", State.LEAVING, State.FAILED, pgettext_lazy("letter", "Give up")),
        ("drop", [State.WAITING, State.LEAVING], State.NEEDLESS,
         pgettext_lazy("letter", "Do not send")),
        ("try_again", [State.LEAVING, State.FAILED], State.WAITING,
         pgettext_lazy("letter", "Send again")),
    ])

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notices")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.CASCADE, related_name="notices")
    interpreter = models.ForeignKey(Interpreter, null=True, on_delete=models.CASCADE,
                                    related_name="notices")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    urgent = models.BooleanField(default=False)
    in_person = models.BooleanField(default=False, help_text=(
        "no letter reaches her in time: somebody has to tell her"))
    told_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    told_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict, help_text="her day as she knew it")
    soonest = models.DateTimeField(null=True, help_text="when the first change matters")
    made = models.DateTimeField()
    due = models.DateTimeField()
    done = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-urgent", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(guest__isnull=False) ^ Q(interpreter__isnull=False),
                name="notice_to_one"),
            models.UniqueConstraint(fields=["guest"], condition=Q(state="waiting"),
                                    name="one_waiting_notice_a_guest"),
            models.UniqueConstraint(fields=["interpreter"], condition=Q(state="waiting"),
                                    name="one_waiting_notice_an_interpreter")]
