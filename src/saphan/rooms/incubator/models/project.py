"""What becomes of a chosen answer: work with milestones, validation, and later looks at it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground.lifecycle import HasLifecycle, Lifecycle
from saphan.ground.text import TextField
from saphan.rooms.incubator.models.answer import Answer
from saphan.rooms.incubator.vocabulary import Mode


class Project(HasLifecycle):
    """A chosen answer at work. It keeps the answer's number. *Signed is not running, running is not
    validated.*"""

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("Assigned")
        WORKING = "working", _("At work")
        VALIDATED = "validated", _("Validated")
        REJECTED = "rejected", pgettext_lazy("project", "Not validated")
        STOPPED = "stopped", pgettext_lazy("project", "Stopped")

    lifecycle = Lifecycle(State.ASSIGNED, [
        ("begin", State.ASSIGNED, State.WORKING, _("Begin the work")),
        ("validate", State.WORKING, State.VALIDATED, _("Validate")),
        ("reject", State.WORKING, State.REJECTED, pgettext_lazy("project", "Do not validate")),
        ("stop", [State.ASSIGNED, State.WORKING], State.STOPPED,
         pgettext_lazy("project", "Stop")),
        ("resume", State.REJECTED, State.WORKING, _("Go on after an appeal")),
    ])

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="project")
    state = models.CharField(max_length=10, choices=State, default=State.ASSIGNED)
    mode = models.CharField(_("Way of working together"), max_length=10, choices=Mode, blank=True)
    amount = models.DecimalField(_("Money in all"), max_digits=14, decimal_places=2, null=True,
                                 blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    signed = models.DateField(_("Signed on"), null=True, blank=True)
    starts = models.DateField(_("Begins"), null=True, blank=True)
    ends = models.DateField(_("Ends"), null=True, blank=True)
    assigned = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    reasons = TextField(_("Reasons"), limit=3000)
    verdict = models.JSONField(default=list, blank=True, help_text=(
        "[{id, name, direction, value, unit, must, measured, on, reached}] when it ended"))
    decided_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")

    def __str__(self) -> str:
        return self.answer.number

    def get_absolute_url(self) -> str:
        return reverse("incubator:project", args=[self.answer.call.number, self.answer.position])


class Milestone(HasLifecycle):
    """A step of the work with its day; approved on evidence."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HANDED_IN = "handed_in", _("Handed in")
        APPROVED = "approved", _("Approved")

    lifecycle = Lifecycle(State.PLANNED, [
        ("hand_in", State.PLANNED, State.HANDED_IN, _("Hand in")),
        ("approve", State.HANDED_IN, State.APPROVED, _("Approve")),
        ("return", State.HANDED_IN, State.PLANNED, pgettext_lazy("milestone", "Return")),
    ])

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    title = TextField(_("Milestone"), limit=256)
    due = models.DateField(_("Due on"))
    report = TextField(_("What was done"), limit=2000)
    returned_because = models.CharField(max_length=1000, blank=True)
    handed_in = models.DateTimeField(null=True)
    approved = models.DateTimeField(null=True)
    reminded = models.DateField(null=True)

    class Meta:
        ordering = ["due", "position"]


class Payment(HasLifecycle):
    """Money that was planned and released elsewhere: the house keeps the record, it moves none."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RELEASED = "released", _("Released")
        WITHHELD = "withheld", _("Withheld")

    lifecycle = Lifecycle(State.PLANNED, [
        ("release", [State.PLANNED, State.WITHHELD], State.RELEASED, _("Record as released")),
        ("withhold", State.PLANNED, State.WITHHELD, _("Withhold")),
    ])

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="payments")
    milestone = models.ForeignKey(Milestone, null=True, blank=True, on_delete=models.SET_NULL,
                                  related_name="payments")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    amount = models.DecimalField(_("Amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3)
    due = models.DateField(_("Planned for"))
    released = models.DateField(_("Released on"), null=True, blank=True)
    reference = models.CharField(_("Reference of the payment"), max_length=100, blank=True)
    because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["due", "pk"]


class Measurement(models.Model):
    """One measured value of a posted indicator. The last confirmed one counts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="measurements")
    indicator = models.CharField(max_length=20)
    value = models.DecimalField(_("Measured"), max_digits=18, decimal_places=6)
    on = models.DateField(_("Measured on"))
    method = TextField(_("How it was measured"), limit=1500)
    by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    at = models.DateTimeField()
    confirmed = models.DateTimeField(null=True, help_text="by the owner of the call or the centre")
    confirmed_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")

    class Meta:
        ordering = ["indicator", "on", "pk"]


class FollowUp(HasLifecycle):
    """A look at what is left of it 6, 18 and 36 months later, under the same number."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("follow-up", "Planned")
        REPORTED = "reported", pgettext_lazy("follow-up", "Reported")
        MISSED = "missed", pgettext_lazy("follow-up", "Not reported")

    class Use(models.TextChoices):
        DAILY = "daily", _("In daily use")
        PARTLY = "partly", _("In use in part")
        SPREAD = "spread", _("In use and taken over elsewhere")
        ENDED = "ended", _("No longer in use")

    lifecycle = Lifecycle(State.DUE, [
        ("report", [State.DUE, State.MISSED], State.REPORTED, _("Report")),
        ("miss", State.DUE, State.MISSED, _("Not reported")),
    ])

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    use = models.CharField(_("Is it in use?"), max_length=8, choices=Use, blank=True)
    words = TextField(_("What came of it"), limit=2000)
    figures = models.JSONField(_("Figures"), default=list, blank=True)
    reported = models.DateTimeField(null=True)
    reported_by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    reminded = models.DateField(null=True)

    class Meta:
        ordering = ["months"]
        constraints = [models.UniqueConstraint(fields=["project", "months"],
                                               name="follow_up_once")]


class Evidence(models.Model):
    """A document or an address that shows it; for the project as a whole or for one thing in it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    milestone = models.ForeignKey(Milestone, null=True, blank=True, on_delete=models.CASCADE,
                                  related_name="evidence")
    measurement = models.ForeignKey(Measurement, null=True, blank=True, on_delete=models.CASCADE,
                                    related_name="evidence")
    follow_up = models.ForeignKey(FollowUp, null=True, blank=True, on_delete=models.CASCADE,
                                  related_name="evidence")
    title = models.CharField(_("What is it?"), max_length=200)
    url = models.URLField(_("Link"), max_length=500, blank=True)
    file = models.FileField(_("Document"), upload_to="incubator/%Y/", blank=True)
    digest = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=24, blank=True, help_text="reference of a person")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
