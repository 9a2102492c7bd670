"""Questions about projects. What is not public leaves only to those who may look inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.ground import clock, ledger
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.incubator import verdicts
from saphan.rooms.incubator.models import (
    Call,
    FollowUp,
    Measurement,
    Milestone,
    Payment,
    Project,
)
from saphan.rooms.incubator.rules import calls

RELATED = ("answer", "answer__call", "answer__call__organisation", "answer__call__economy",
           "answer__organisation", "answer__economy", "answer__lead", "answer__call__author",
           "answer__call__manager")


class NotFound(Exception):
    """No such project, or none that the asker may know of."""


def project(call: Call, position: int, *, asker: Person | None) -> Project:
    """One project by its call and the number of its answer. Once the decision was announced
    everybody may know that it is there. Raises `NotFound`."""
    found = Project.objects.select_related(*RELATED).filter(
        answer__call=call, answer__position=position).first()
    if found is None or not (call.decided or calls.is_concerned(asker, call)):
        raise NotFound(f"{call.number}-{position:02d}")
    return found


def of_call(call: Call) -> list[Project]:
    """The projects of a call, with all that its page tells of them, in few queries."""
    return list(Project.objects.select_related(*RELATED).prefetch_related(
        "measurements", Prefetch("follow_ups", FollowUp.objects.order_by("months")),
    ).filter(answer__call=call).order_by("answer__position"))


def projects_of(person: Person) -> QuerySet[Project]:
    """Those in whose team she is, the newest first."""
    return Project.objects.select_related(*RELATED).filter(
        Q(answer__lead=person) | Q(answer__organisation__in=people.organisations_of(person)),
    ).order_by("-assigned").distinct()


@dataclass(frozen=True)
class Due:
    """What is due next in a project, and whose turn it is."""

    who: str | Promise
    what: str | Promise
    day: date | None = None

    @property
    def is_late(self) -> bool:
        return self.day is not None and self.day < clock.today()


def due_next(found: Project) -> Due | None:
    """The one thing that the project waits for."""
    if found.state == Project.State.ASSIGNED:
        return Due(_("Programme manager and team"), _("Plan the milestones, sign, and begin."))
    if found.state == Project.State.WORKING:
        handed = found.milestones.filter(state=Milestone.State.HANDED_IN).order_by("due").first()
        if handed is not None:
            return Due(_("Owner of the call"), _("Look at the milestone that was handed in."),
                       handed.due)
        planned = found.milestones.filter(state=Milestone.State.PLANNED).order_by("due").first()
        if planned is not None:
            return Due(_("Team"), _("Hand in the next milestone."), planned.due)
        if found.measurements.filter(confirmed__isnull=True).exists():
            return Due(_("Owner of the call"), _("Confirm what was measured."), found.ends)
        return Due(_("Owner of the call"), _("Decide on the validation."), found.ends)
    follow_up = found.follow_ups.filter(state=FollowUp.State.DUE).order_by("due").first()
    if follow_up is not None:
        return Due(_("Team"), _("Report what came of it."), follow_up.due)
    return None


def money(found: Project) -> dict[str, Any]:
    """What is planned, released and withheld; in the currency of the project."""
    totals = {"planned": 0, "released": 0, "withheld": 0}
    sums: dict[str, Any] = dict(totals)
    for each in found.payments.all():
        sums[each.state] += each.amount
    return sums


HISTORY = {
    "project.assigned": _("Assigned"), "project.signed": _("Signed"),
    "project.begun": _("Work begun"), "milestone.handed_in": _("Milestone handed in"),
    "milestone.approved": _("Milestone approved"), "milestone.returned": _("Milestone returned"),
    "payment.released": _("Payment recorded as released"),
    "payment.withheld": _("Payment withheld"),
    "measurement.recorded": _("Something was measured"),
    "measurement.confirmed": _("A measurement was confirmed"),
    "project.validated": _("Validated"), "project.rejected": _("Not validated"),
    "project.stopped": _("Stopped"), "project.resumed": _("Went on after an appeal"),
    "follow_up.reported": _("Follow-up reported"), "follow_up.missed": _("Follow-up not reported"),
}


def history(found: Project) -> list[tuple[Any, Any]]:
    """What happened, oldest first: of the project and of all that hangs on it."""
    facts = list(ledger.about(found))
    for related in (found.milestones, found.payments, found.measurements, found.follow_ups):
        for each in related.all():
            facts += list(ledger.about(each))
    return [(fact.at, HISTORY[fact.name]) for fact in sorted(facts, key=lambda one: one.seq)
            if fact.name in HISTORY]


def whole(found: Project) -> dict[str, Any]:
    """The whole story of a project as plain data, for those who may look inside."""
    answer, call = found.answer, found.answer.call

    def evidence(rows: Any) -> list[dict[str, Any]]:
        return [{"title": each.title, "url": each.url or None, "sha256": each.digest or None,
                 "at": each.at.isoformat()} for each in rows]

    return {
        "number": answer.number, "call": call.number, "state": found.state,
        "title": answer.title, "lead": answer.organisation_name, "economy": answer.economy_id,
        "partners": [each.as_row for each in answer.partners.all()],
        "mode": found.mode or None, "amount": _text(found.amount), "currency": found.currency,
        "signed": _text(found.signed), "starts": _text(found.starts), "ends": _text(found.ends),
        "indicators": found.verdict or verdicts.of(found),
        "milestones": [{"title": each.title.plain(), "due": each.due.isoformat(),
                        "state": each.state, "report": each.report.plain(),
                        "evidence": evidence(each.evidence.all())}
                       for each in found.milestones.all()],
        "payments": [{"amount": str(each.amount), "currency": each.currency,
                      "due": each.due.isoformat(), "state": each.state,
                      "released": _text(each.released), "reference": each.reference or None}
                     for each in found.payments.all()],
        "measurements": [{"indicator": each.indicator, "value": verdicts.plain(each.value),
                          "on": each.on.isoformat(), "method": each.method.plain(),
                          "confirmed": each.confirmed is not None,
                          "evidence": evidence(each.evidence.all())}
                         for each in found.measurements.all()],
        "follow_ups": [follow_up_of(each) for each in found.follow_ups.all()],
        "evidence": evidence(found.evidence.filter(
            milestone__isnull=True, measurement__isnull=True, follow_up__isnull=True)),
        "reasons": found.reasons.plain(),
        "history": [{"at": at.isoformat(), "what": str(what)} for at, what in history(found)],
    }


def public(found: Project) -> dict[str, Any]:
    """What everybody may know: state, the verdict, and what came of it later."""
    answer = found.answer
    return {"number": answer.number, "call": answer.call.number, "state": found.state,
            "title": answer.title, "lead": answer.organisation_name, "economy": answer.economy_id,
            "mode": found.mode or None,
            "verdict": [{name: row[name] for name in (
                "name", "direction", "value", "unit", "must", "measured", "on", "reached")}
                for row in found.verdict],
            "follow_ups": [follow_up_of(each) for each in found.follow_ups.all()]}


def follow_up_of(each: FollowUp) -> dict[str, Any]:
    return {"months": each.months, "due": each.due.isoformat(), "state": each.state,
            "use": each.use or None, "words": each.words.plain(), "figures": each.figures}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def milestone(found: Project, pk: int) -> Milestone | None:
    return found.milestones.filter(pk=pk).first()


def payment(found: Project, pk: int) -> Payment | None:
    return found.payments.select_related("milestone").filter(pk=pk).first()


def measurement(found: Project, pk: int) -> Measurement | None:
    return found.measurements.filter(pk=pk).first()


def follow_up(found: Project, pk: int) -> FollowUp | None:
    return found.follow_ups.filter(pk=pk).first()
