"""Who has to do what until when: the next step of every call under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.ground import clock
from saphan.ground.text import Reading
from saphan.rooms.incubator.models import (
    Answer,
    Appeal,
    Call,
    FollowUp,
    KeyHolder,
    Milestone,
    Project,
    Review,
)

State = Call.State
TEAMS = pgettext_lazy("who", "Teams")
DESK = pgettext_lazy("who", "Programme manager")
HOLDERS = pgettext_lazy("who", "Key holders")
PANEL = pgettext_lazy("who", "Panel")
OWNER = pgettext_lazy("who", "Owner and team")


@dataclass(frozen=True)
class NextStep:
    """One thing that somebody has to do. `due` is a moment, a day, or None; `count` says how far
    it is (`2 / 3`)."""

    call: Call
    who: str | Promise
    what: str | Promise
    due: datetime | date | None = None
    count: str = ""

    @property
    def title(self) -> Reading:
        return self.call.title.best()

    @property
    def is_late(self) -> bool:
        if isinstance(self.due, datetime):
            return self.due < clock.now()
        return self.due is not None and self.due < clock.today()

    @property
    def order(self) -> date:
        """What has no day is due today."""
        if self.due is None:
            return clock.today()
        return self.due.date() if isinstance(self.due, datetime) else self.due


@dataclass
class _Known:
    """What the database says of many calls at once, by their keys."""

    slips: dict[int, tuple[int, int, int]]  # holders, with a slip, who released their part
    reviews: dict[int, tuple[int, int]]  # all that count, handed in
    undecided: dict[int, int]
    milestones: dict[int, date]
    handed_in: dict[int, date]
    follow_ups: dict[int, date]
    unbegun: dict[int, int]
    appeals: dict[int, date]


def next_steps(calls: Iterable[Call]) -> list[NextStep]:
    """What is due next in these calls, the most urgent first. As many queries for one call as for
    a hundred."""
    calls = list(calls)
    known = _look(calls)
    found = [step for call in calls for step in _of(call, known)]
    return sorted(found, key=lambda step: (step.order, step.call.pk))


def _of(call: Call, known: _Known) -> list[NextStep]:
    if call.state == State.SUBMITTED:
        return [NextStep(call, DESK, _("Read it, and announce or return it"))]
    if call.state == State.POSTED:
        return _before_opening(call, known)
    if call.state == State.ANSWERING:
        return [NextStep(call, TEAMS, _("Answer"), call.deadline)]
    if call.state == State.EVALUATION:
        return [*_evaluating(call, known), *_appeals(call, known)]
    if call.state == State.ASSIGNED:
        return [*_working(call, known), *_appeals(call, known)]
    return []


def _before_opening(call: Call, known: _Known) -> list[NextStep]:
    holders, slips, _released = known.slips.get(call.pk, (0, 0, 0))
    if not holders:
        return [NextStep(call, DESK, _("Name key holders"), call.deadline)]
    if slips < holders and not call.key_public:
        return [NextStep(call, HOLDERS, _("Take their slips"), call.deadline,
                         count=_of_all(slips, holders))]
    return [NextStep(call, DESK, _("Open the call for answers"), call.deadline)]


def _evaluating(call: Call, known: _Known) -> list[NextStep]:
    if not call.is_unsealed:
        _holders, _slips, released = known.slips.get(call.pk, (0, 0, 0))
        return [NextStep(call, HOLDERS, _("Unseal the answers"), call.deadline,
                         count=_of_all(released, call.key_needed))]
    reviews, handed_in = known.reviews.get(call.pk, (0, 0))
    if not known.undecided.get(call.pk):
        return [NextStep(call, DESK, _("Announce the decision, or close the call"))]
    if not reviews:
        return [NextStep(call, DESK, _("Invite a panel and give out the answers"))]
    if handed_in < reviews:
        return [NextStep(call, PANEL, _("Read and mark the answers"),
                         count=_of_all(handed_in, reviews))]
    return [NextStep(call, DESK, _("Decide, or let the panel talk"))]


def _working(call: Call, known: _Known) -> list[NextStep]:
    steps = []
    if known.unbegun.get(call.pk):
        steps.append(NextStep(call, OWNER, _("Sign, and begin the work")))
    if due := known.handed_in.get(call.pk):
        steps.append(NextStep(call, DESK, _("Approve or return a milestone"), due))
    if due := known.milestones.get(call.pk):
        steps.append(NextStep(call, TEAMS, _("Hand in a milestone"), due))
    if due := known.follow_ups.get(call.pk):
        steps.append(NextStep(call, OWNER, _("Report what became of it"), due))
    return steps or [NextStep(call, DESK, _("Follow the pilots, and close the call at their end"))]


def _appeals(call: Call, known: _Known) -> list[NextStep]:
    if call.pk in known.appeals:
        return [NextStep(call, DESK, _("Answer an appeal"), known.appeals[call.pk])]
    return []


def _of_all(done: int, total: int) -> str:
    return f"{formats.number(done)} / {formats.number(total)}"


def _look(calls: list[Call]) -> _Known:
    keys = [call.pk for call in calls]
    slips = KeyHolder.objects.filter(call__in=keys).order_by().values_list("call").annotate(
        holders=Count("pk"), with_slip=Count("pk", filter=~Q(public="")),
        gave=Count("pk", filter=Q(released_at__isnull=False)))
    reviews = Review.objects.filter(answer__call__in=keys).exclude(
        state=Review.State.WITHDRAWN).order_by().values_list("answer__call").annotate(
        total=Count("pk"), done=Count("pk", filter=Q(state=Review.State.HANDED_IN)))
    milestones: dict[str, dict[int, date]] = defaultdict(dict)
    for call, state, due in Milestone.objects.filter(
            project__answer__call__in=keys, project__state=Project.State.WORKING).exclude(
            state=Milestone.State.APPROVED).order_by().values_list(
            "project__answer__call", "state").annotate(first=Min("due")):
        milestones[state][call] = due
    return _Known(
        slips={call: (holders, with_slip, gave) for call, holders, with_slip, gave in slips},
        reviews={call: (total, done) for call, total, done in reviews},
        undecided=dict(Answer.objects.filter(
            call__in=keys, state=Answer.State.OPENED).order_by().values_list("call").annotate(
            number=Count("pk"))),
        unbegun=dict(Project.objects.filter(
            answer__call__in=keys, state=Project.State.ASSIGNED).order_by().values_list(
            "answer__call").annotate(number=Count("pk"))),
        milestones=milestones[Milestone.State.PLANNED],
        handed_in=milestones[Milestone.State.HANDED_IN],
        follow_ups=dict(FollowUp.objects.filter(
            project__answer__call__in=keys, state=FollowUp.State.DUE).order_by().values_list(
            "project__answer__call").annotate(first=Min("due"))),
        appeals=dict(Appeal.objects.filter(
            answer__call__in=keys, state=Appeal.State.FILED).order_by().values_list(
            "answer__call").annotate(first=Min("due"))))
