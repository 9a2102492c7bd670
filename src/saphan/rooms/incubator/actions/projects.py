"""The verbs of a project: from the assignment over milestones, payments and measurements to the
validation, and the looks at it 6, 18 and 36 months later. Each records one fact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people.models import Person
from saphan.rooms.incubator import verdicts
from saphan.rooms.incubator.models import (
    Answer,
    Evidence,
    FollowUp,
    Measurement,
    Milestone,
    Payment,
    Project,
)
from saphan.rooms.incubator.rules import projects as rules
from saphan.rooms.incubator.vocabulary import FOLLOW_UP_MONTHS

State = Project.State


def _of(project: Project) -> dict[str, Any]:
    """What numbers are told apart by."""
    call = project.answer.call
    return {"call": project.answer.number, "economy": project.answer.economy_id,
            "owner_economy": call.economy_id, "sector": call.sector, "form": call.form}


def assign(answer: Answer, *, by: Person | None) -> Project:
    """A chosen answer becomes a project, under the same number."""
    rules.was_chosen(by, answer).or_raise()
    known = Project.objects.filter(answer=answer).first()
    if known is not None:
        return known
    call, content = answer.call, answer.content
    project = Project(answer=answer, assigned=clock.now(), mode=content.get("mode", ""),
                      currency=call.budget_currency,
                      amount=Decimal(content["amount"]) if content.get("amount")
                      else call.budget_amount)
    with ledger.fact("project.assigned", project, by=by, **_of(project)):
        project.save()
    return project


def sign(project: Project, values: Mapping[str, Any], *, by: Person) -> Project:
    """The day on which it was signed, with the paper that shows it; how, how much, from when to
    when."""
    rules.may_sign(by, project).or_raise()
    with ledger.fact("project.signed", project, by=by, **_of(project)):
        for name in ("signed", "mode", "amount", "currency", "starts", "ends"):
            if name in values:
                setattr(project, name, values[name])
        rules.fits_the_money(project).or_raise()
        project.save(update_fields=["signed", "mode", "amount", "currency", "starts", "ends"])
        _attach(project, values, by=by)
    return project


def add_milestone(project: Project, *, title: Text, due: date, by: Person) -> Milestone:
    rules.may_plan(by, project).or_raise()
    last = project.milestones.aggregate(last=Max("position"))["last"] or 0
    milestone = Milestone(project=project, position=last + 1, title=title, due=due)
    with ledger.fact("milestone.planned", milestone, by=by, **_of(project)):
        milestone.save()
    return milestone


def drop_milestone(milestone: Milestone, *, by: Person) -> None:
    """Take a step out of the plan that nobody has handed in yet."""
    rules.may_plan(by, milestone.project).or_raise()
    if milestone.state != Milestone.State.PLANNED:
        raise Refused(_("This milestone was handed in already."))
    with ledger.fact("milestone.dropped", milestone, by=by, **_of(milestone.project)):
        pk = milestone.pk
        milestone.delete()
        milestone.pk = pk  # the fact is about what was there


def add_payment(project: Project, *, amount: Decimal, currency: str, due: date, by: Person,
                milestone: Milestone | None = None) -> Payment:
    """Money planned for a day, usually when a milestone is approved. The house moves none."""
    rules.may_plan(by, project).or_raise()
    rules.fits_the_money(project, amount).or_raise()
    payment = Payment(project=project, milestone=milestone, amount=amount,
                      currency=currency or project.currency, due=due)
    with ledger.fact("payment.planned", payment, by=by, **_of(project)):
        payment.save()
    return payment


def drop_payment(payment: Payment, *, by: Person) -> None:
    rules.may_plan(by, payment.project).or_raise()
    if payment.state == Payment.State.RELEASED:
        raise Refused(_("This payment was released already."))
    with ledger.fact("payment.dropped", payment, by=by, **_of(payment.project)):
        pk = payment.pk
        payment.delete()
        payment.pk = pk


def begin(project: Project, *, by: Person) -> Project:
    """The plan stands, the paper is signed: the work begins."""
    rules.may_begin(by, project).or_raise()
    with ledger.fact("project.begun", project, by=by, **_of(project)):
        project.take("begin", starts=project.starts or clock.today())
    return project


def hand_in(milestone: Milestone, *, report: Text, by: Person,
            evidence: Mapping[str, Any] | None = None) -> Milestone:
    """The team says what was done, and shows it."""
    rules.may_hand_in(by, milestone).or_raise()
    if not report:
        raise Refused(_("Say what was done."))
    with ledger.fact("milestone.handed_in", milestone, by=by, **_of(milestone.project)):
        milestone.take("hand_in", report=report, handed_in=clock.now(),
                       returned_because="")
        _attach(milestone.project, evidence or {}, by=by, milestone=milestone)
    return milestone


def approve(milestone: Milestone, *, by: Person) -> Milestone:
    rules.may_approve(by, milestone).or_raise()
    with ledger.fact("milestone.approved", milestone, by=by, **_of(milestone.project)):
        milestone.take("approve", approved=clock.now())
    return milestone


def return_milestone(milestone: Milestone, *, because: str, by: Person) -> Milestone:
    """Something is missing, and what."""
    rules.may_approve(by, milestone).or_raise()
    if not because.strip():
        raise Refused(_("Say what is missing."))
    with ledger.fact("milestone.returned", milestone, by=by, **_of(milestone.project)):
        milestone.take("return", returned_because=because.strip()[:1000])
    return milestone


def release(payment: Payment, *, on: date, reference: str, by: Person) -> Payment:
    """Record that the money was paid, elsewhere, on this day."""
    rules.may_release(by, payment).or_raise()
    with ledger.fact("payment.released", payment, by=by, amount=str(payment.amount),
                     currency=payment.currency, **_of(payment.project)):
        payment.take("release", released=on, reference=reference.strip()[:100])
    return payment


def withhold(payment: Payment, *, because: str, by: Person) -> Payment:
    rules.may_withhold(by, payment).or_raise()
    if not because.strip():
        raise Refused(_("Say why."))
    with ledger.fact("payment.withheld", payment, by=by, **_of(payment.project)):
        payment.take("withhold", because=because.strip()[:500])
    return payment


def measure(project: Project, *, indicator: str, value: Decimal, on: date, method: Text,
            by: Person, evidence: Mapping[str, Any] | None = None) -> Measurement:
    """The team measured one of the posted indicators; somebody else confirms it."""
    rules.may_measure(by, project).or_raise()
    if indicator not in {row["id"] for row in project.answer.call.indicators}:
        raise Refused(_("The call did not post this indicator."))
    measurement = Measurement(project=project, indicator=indicator, value=value, on=on,
                              method=method, by=by.ref, at=clock.now())
    with ledger.fact("measurement.recorded", measurement, by=by, indicator=indicator,
                     **_of(project)):
        measurement.save()
        _attach(project, evidence or {}, by=by, measurement=measurement)
    return measurement


def confirm(measurement: Measurement, *, by: Person) -> Measurement:
    """Somebody of the owner or the centre has seen it."""
    rules.may_confirm(by, measurement).or_raise()
    with ledger.fact("measurement.confirmed", measurement, by=by,
                     indicator=measurement.indicator, **_of(measurement.project)):
        won = Measurement.objects.filter(pk=measurement.pk, confirmed__isnull=True).update(
            confirmed=clock.now(), confirmed_by=by.ref)
        if not won:
            raise Refused(_("It is confirmed already."))
    measurement.refresh_from_db()
    return measurement


def validate(project: Project, *, by: Person, reasons: Text | None = None) -> Project:
    """Every indicator that had to be reached was measured, confirmed and reached. Three looks at
    what is left of it are planned."""
    rules.may_validate(by, project).or_raise()
    with ledger.fact("project.validated", project, by=by, **_of(project)):
        project.take("validate", **_ending(project, reasons, by))
        today = clock.today()
        for months in FOLLOW_UP_MONTHS:
            FollowUp.objects.get_or_create(
                project=project, months=months,
                defaults={"due": today + relativedelta(months=months)})
    return project


def reject(project: Project, *, by: Person, reasons: Text) -> Project:
    """What was posted was not reached; said with the numbers and in words."""
    rules.may_reject(by, project).or_raise()
    if not reasons:
        raise Refused(_("Say why, with the numbers."))
    with ledger.fact("project.rejected", project, by=by, **_of(project)):
        project.take("reject", **_ending(project, reasons, by))
    return project


def stop(project: Project, *, by: Person, reasons: Text) -> Project:
    """It ends without a verdict."""
    rules.may_stop(by, project).or_raise()
    if not reasons:
        raise Refused(_("Say why."))
    with ledger.fact("project.stopped", project, by=by, was=project.state, **_of(project)):
        project.take("stop", **_ending(project, reasons, by))
    return project


def resume(project: Project, *, by: Person) -> Project:
    """An appeal against the validation was upheld: measuring goes on."""
    rules.may_resume(by, project).or_raise()
    with ledger.fact("project.resumed", project, by=by, **_of(project)):
        project.take("resume", ended=None, verdict=[], decided_by="")
    return project


def _ending(project: Project, reasons: Text | None, by: Person) -> dict[str, Any]:
    return {"verdict": verdicts.of(project), "reasons": reasons or Text(), "ended": clock.now(),
            "decided_by": by.ref}


def report(follow_up: FollowUp, values: Mapping[str, Any], *, by: Person) -> FollowUp:
    """What is left of it after these months."""
    rules.may_report(by, follow_up).or_raise()
    with ledger.fact("follow_up.reported", follow_up, by=by, months=follow_up.months,
                     use=values["use"], **_of(follow_up.project)):
        follow_up.take("report", use=values["use"], words=values["words"],
                       figures=values.get("figures", []), reported=clock.now(),
                       reported_by=by.ref)
        _attach(follow_up.project, values, by=by, follow_up=follow_up)
    return follow_up


def miss(follow_up: FollowUp) -> FollowUp:
    """By the clock: nobody reported. A report may still come later."""
    with ledger.fact("follow_up.missed", follow_up, months=follow_up.months,
                     **_of(follow_up.project)):
        follow_up.take("miss")
    return follow_up


def remind(thing: Milestone | FollowUp) -> None:
    """Note that those who are due were reminded today."""
    with ledger.fact(f"{thing._meta.model_name}.reminded".replace("followup", "follow_up"), thing):
        type(thing)._default_manager.filter(pk=thing.pk).update(reminded=clock.today())


def add_evidence(project: Project, values: Mapping[str, Any], *, by: Person) -> None:
    """A document for the project as a whole."""
    rules.may_add_evidence(by, project).or_raise()
    if not (values.get("content") or values.get("url")):
        raise Refused(_("Add evidence: a document, or a link to one."))
    with ledger.fact("project.evidence_added", project, by=by):
        _attach(project, values, by=by)


def _attach(project: Project, values: Mapping[str, Any], *, by: Person, **about: Any) -> None:
    """Keep what was sent with a step: `content` with `ending` and `media_type`, or `url`."""
    content: bytes = values.get("content") or b""
    if not content and not values.get("url"):
        return
    evidence = Evidence(project=project, title=values.get("evidence_title") or _("Evidence"),
                        url=values.get("url") or "", by=by.ref, at=clock.now(), **about)
    if content:
        evidence.digest = hashlib.sha256(content).hexdigest()
        evidence.media_type = values["media_type"]
        evidence.file.save(f"{evidence.digest[:32]}.{values['ending']}", ContentFile(content),
                           save=False)
    evidence.save()


BY_TRANSITION = {"begin": begin, "validate": validate, "reject": reject, "stop": stop,
                 "resume": resume}
