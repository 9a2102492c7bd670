"""Whom the house tells about projects, and what the clock does to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.ground import clock, jobs
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people import letters, workdays
from saphan.people.models import Person
from saphan.rooms.incubator import privacy
from saphan.rooms.incubator.actions import projects as actions
from saphan.rooms.incubator.models import FollowUp, Milestone, Project
from saphan.rooms.incubator.queries import projects as queries

MISSED_AFTER = 60  # days
BEFORE = 14  # days
Compose = Callable[[Project], tuple[str, str]]


def team(project: Project) -> list[Person]:
    lead = project.answer.lead
    return [lead] if lead is not None and lead.is_active else []


def owners(project: Project) -> list[Person]:
    call = project.answer.call
    return [person for person in (call.author, call.manager) if person and person.is_active]


def tell(people: list[Person], project: Project, compose: Compose, *, but: str = "") -> None:
    for person in {person.pk: person for person in people}.values():
        if person.ref == but:
            continue

        def composed() -> letters.Letter:
            subject, body = compose(project)
            return letters.Letter(f"{project.answer.number} · {subject}",
                                  f"{body}\n\n{project.answer.title}",
                                  link=project.get_absolute_url())

        letters.write(person, composed)


def _assigned(_project: Project) -> tuple[str, str]:
    return _("A project was assigned"), _("Plan the milestones, sign, and begin.")


def _begun(_project: Project) -> tuple[str, str]:
    return _("The work has begun"), _("The plan stands. Hand in each milestone on its page.")


def _handed_in(_project: Project) -> tuple[str, str]:
    return _("A milestone was handed in"), _("Please look at it, and approve or return it.")


def _approved(_project: Project) -> tuple[str, str]:
    return _("A milestone was approved"), _("Your milestone was approved.")


def _returned(_project: Project) -> tuple[str, str]:
    return _("A milestone came back"), _("Something is missing. The page says what.")


def _measured(_project: Project) -> tuple[str, str]:
    return _("Something was measured"), _("Please look at the evidence and confirm it.")


def _validated(_project: Project) -> tuple[str, str]:
    return _("The pilot is validated"), _(
        "Every indicator that had to be reached was reached. We ask again after 6, 18 and 36 "
        "months.")


def _rejected(_project: Project) -> tuple[str, str]:
    return _("The pilot was not validated"), _(
        "The page says which indicators were missed, and why. The team can appeal within ten "
        "working days.")


def _stopped(_project: Project) -> tuple[str, str]:
    return _("The project was stopped"), _("The page says why.")


ABOUT_THE_PROJECT: dict[str, Compose] = {
    "project.assigned": _assigned, "project.begun": _begun, "project.validated": _validated,
    "project.rejected": _rejected, "project.stopped": _stopped}
TO_THE_TEAM: dict[str, Compose] = {
    "milestone.approved": _approved, "milestone.returned": _returned}


@jobs.on(*ABOUT_THE_PROJECT)
def tell_both(fact: Fact) -> None:
    project = Project.objects.select_related(*queries.RELATED).filter(pk=fact.subject_id).first()
    if project is not None:
        tell([*team(project), *owners(project)], project, ABOUT_THE_PROJECT[fact.name],
             but=fact.actor)


@jobs.on("milestone.handed_in", "measurement.recorded")
def tell_the_owner(fact: Fact) -> None:
    project = _project_of(fact)
    if project is not None:
        tell(owners(project), project,
             _handed_in if fact.name == "milestone.handed_in" else _measured, but=fact.actor)


@jobs.on(*TO_THE_TEAM)
def tell_the_team(fact: Fact) -> None:
    project = _project_of(fact)
    if project is not None:
        tell(team(project), project, TO_THE_TEAM[fact.name], but=fact.actor)


def _project_of(fact: Fact) -> Project | None:
    related = "milestones" if fact.name.startswith("milestone.") else "measurements"
    return Project.objects.select_related(*queries.RELATED).filter(
        **{f"{related}__pk": fact.subject_id}).first()


@clock.every(hours=6)
def remind_of_milestones() -> None:
    """Five working days of the team's economy before a milestone is due, and once when it is
    late."""
    today = clock.today()
    for each in Milestone.objects.select_related("project").filter(
            state=Milestone.State.PLANNED, project__state=Project.State.WORKING,
            due__lte=today + timedelta(days=21)):
        project = Project.objects.select_related(*queries.RELATED).get(pk=each.project_id)
        economy = project.answer.economy
        late = each.due < today
        soon = each.due <= workdays.add_workdays(today, 5, *([economy] if economy else []))
        if not soon or (each.reminded and (not late or each.reminded > each.due)):
            continue
        actions.remind(each)
        day = formats.day(each.due)
        tell(team(project), project, lambda _project, day=day, late=late: (  # type: ignore[misc]
            _("A milestone is overdue") if late else _("A milestone is due soon"),
            (_("It was due on %(day)s.") if late else _("It is due on %(day)s.")) % {"day": day}))


@clock.every(hours=12)
def look_after_follow_ups() -> None:
    """Two weeks before, on the day, and sixty days later it counts as not reported."""
    today = clock.today()
    for each in FollowUp.objects.filter(state=FollowUp.State.DUE,
                                        due__lte=today + timedelta(days=BEFORE)):
        project = Project.objects.select_related(*queries.RELATED).get(pk=each.project_id)
        if each.due + timedelta(days=MISSED_AFTER) < today:
            try:
                actions.miss(each)
            except Refused:
                continue
        elif each.reminded is None or each.reminded < each.due <= today:
            actions.remind(each)
            tell([*team(project), *owners(project)], project, lambda _project, each=each: (  # type: ignore[misc]
                _("What came of it?"), _(
                    "%(months)d months have passed since the validation. Please say what is left "
                    "of it; it takes ten minutes.") % {"months": each.months}))


def _export(person: Person) -> dict[str, object]:
    return {"projects": [queries.whole(each) for each in Project.objects.select_related(
        *queries.RELATED).filter(answer__lead=person)]}


def _forget(_person: Person) -> None:
    """Nothing of her own is kept here: facts and records hold her reference alone."""


privacy.part("projects", _export, _forget)
