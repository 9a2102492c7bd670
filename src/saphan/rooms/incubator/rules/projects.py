"""Who may do what with a project, and why not."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.access import Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.incubator import verdicts
from saphan.rooms.incubator.models import Answer, FollowUp, Measurement, Milestone, Payment, Project
from saphan.rooms.incubator.rules import calls

State = Project.State


def is_team(person: Person | None, project: Project) -> bool:
    """The lead, or whoever may speak for the lead's organisation."""
    if person is None or not person.is_authenticated:
        return False
    answer = project.answer
    if answer.lead_id == person.pk:
        return True
    return answer.organisation_id is not None and person.memberships.filter(
        organisation_id=answer.organisation_id, may_publish=True).exists()


def is_owner(person: Person | None, project: Project) -> bool:
    return calls.speaks_for(person, project.answer.call)


def is_desk(person: Person | None, project: Project) -> bool:
    """Whoever runs calls; nobody runs a project in whose team she is."""
    return calls.runs_calls(person) and not is_team(person, project)


def may_look_inside(person: Person | None, project: Project) -> bool:
    """Plan, money, reports and documents: the two sides and the desk."""
    return (is_team(person, project) or is_owner(person, project)
            or calls.looks_at_the_desk(person))


def signed_in(person: Person | None, _project: Project) -> Verdict:
    return calls.signed_in(person)


def by_the_team(person: Person | None, project: Project) -> Verdict:
    return allowed_if(is_team(person, project), _("Only the team may do that."))


def by_the_desk(person: Person | None, project: Project) -> Verdict:
    return allowed_if(is_desk(person, project), _("Only programme managers may do that."))


def by_owner_or_desk(person: Person | None, project: Project) -> Verdict:
    return allowed_if(is_owner(person, project) or is_desk(person, project), _(
        "Only the owner of the call and programme managers may do that."))


def by_team_or_desk(person: Person | None, project: Project) -> Verdict:
    return allowed_if(is_team(person, project) or is_desk(person, project), _(
        "Only the team and programme managers may do that."))


def was_chosen(_person: Person | None, answer: Answer) -> Verdict:
    return allowed_if(answer.state == Answer.State.ACCEPTED, _("This answer was not chosen."))


def is_not_begun(_person: Person | None, project: Project) -> Verdict:
    return allowed_if(project.state == State.ASSIGNED, _(
        "The work has begun: the plan stands. Programme managers can still change it."))


def is_at_work(_person: Person | None, project: Project) -> Verdict:
    return allowed_if(project.state == State.WORKING, _("The project is not at work now."))


def is_under_way(_person: Person | None, project: Project) -> Verdict:
    return allowed_if(project.state in (State.ASSIGNED, State.WORKING),
                      _("This project has ended."))


def plan_is_whole(_person: Person | None, project: Project) -> Verdict:
    """Signed with evidence, a way of working together, at least one milestone, and no more money
    planned than there is."""
    return (allowed_if(project.signed is not None and project.evidence.exists(), _(
                "Say on which day it was signed, and add the signed paper or a link to it."))
            & allowed_if(bool(project.mode) or not project.answer.call.modes,
                         _("Choose the way of working together."))
            & allowed_if(project.milestones.exists(), _("Plan at least one milestone."))
            & fits_the_money(project))


def fits_the_money(project: Project, more: Decimal = Decimal(0)) -> Verdict:
    planned = sum((each.amount for each in project.payments.all()), Decimal(0)) + more
    return allowed_if(project.amount is None or planned <= project.amount, gettext(
        "The payments add up to %(planned)s, more than the %(amount)s that there are.") % {
            "planned": planned, "amount": project.amount})


def musts_are_reached(_person: Person | None, project: Project) -> Verdict:
    lacking = [row["name"] for row in verdicts.of(project) if row["must"] and not row["reached"]]
    return allowed_if(not lacking, gettext(
        "Not measured, not confirmed or not reached: %(names)s.") % {
            "names": ", ".join(lacking)})


def something_is_missed(_person: Person | None, project: Project) -> Verdict:
    """A must that was measured and not reached, or that nobody measured by the last day."""
    over = project.ends is not None and project.ends < clock.today()
    missed = any(row["must"] and not row["reached"] and (row["measured"] is not None or over)
                 for row in verdicts.of(project))
    return allowed_if(missed, _(
        "A project is not validated only where a posted indicator was measured and missed, or was "
        "not measured by the last day."))


may_read = every(signed_in)
may_sign = every(signed_in, by_the_desk, is_under_way)
may_begin = every(signed_in, by_the_desk, plan_is_whole)
may_validate = every(signed_in, by_owner_or_desk, musts_are_reached)
may_reject = every(signed_in, by_owner_or_desk, something_is_missed)
may_stop = every(signed_in, by_the_desk, is_under_way)
may_resume = every(signed_in, by_the_desk)
may_measure = every(signed_in, by_the_team, is_at_work)
may_add_evidence = every(signed_in, by_team_or_desk, is_under_way)


def may_plan(person: Person | None, project: Project) -> Verdict:
    """The team and the desk until the work begins; then the desk alone."""
    if is_desk(person, project):
        return is_under_way(person, project)
    return every(signed_in, by_the_team, is_not_begun)(person, project)


def may_confirm(person: Person | None, measurement: Measurement) -> Verdict:
    """Never by the team that measured."""
    project = measurement.project
    return every(signed_in, by_owner_or_desk, is_at_work)(person, project) & allowed_if(
        not is_team(person, project) and measurement.by != getattr(person, "ref", ""),
        _("Somebody else than the one who measured confirms it.")) & allowed_if(
        measurement.confirmed is None, _("It is confirmed already."))


def may_hand_in(person: Person | None, milestone: Milestone) -> Verdict:
    return every(signed_in, by_the_team, is_at_work)(person, milestone.project)


def may_approve(person: Person | None, milestone: Milestone) -> Verdict:
    return every(signed_in, by_owner_or_desk, is_at_work)(person, milestone.project)


def may_release(person: Person | None, payment: Payment) -> Verdict:
    """A payment that belongs to a milestone waits for its approval."""
    return every(signed_in, by_the_desk)(person, payment.project) & allowed_if(
        payment.milestone is None or payment.milestone.state == Milestone.State.APPROVED,
        _("Its milestone must be approved first."))


def may_withhold(person: Person | None, payment: Payment) -> Verdict:
    return every(signed_in, by_the_desk)(person, payment.project)


def may_report(person: Person | None, follow_up: FollowUp) -> Verdict:
    """The team or the owner, not before the day."""
    project = follow_up.project
    return signed_in(person, project) & allowed_if(
        is_team(person, project) or is_owner(person, project) or is_desk(person, project),
        _("Only the team, the owner and programme managers may do that.")) & allowed_if(
        follow_up.due <= clock.today(), _("It is not time for that yet."))


BY_TRANSITION = {"begin": may_begin, "validate": may_validate, "reject": may_reject,
                 "stop": may_stop, "resume": may_resume}
BY_MILESTONE = {"hand_in": may_hand_in, "approve": may_approve, "return": may_approve}
BY_PAYMENT = {"release": may_release, "withhold": may_withhold}
BY_FOLLOW_UP = {"report": may_report}
