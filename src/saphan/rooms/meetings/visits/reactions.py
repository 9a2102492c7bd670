"""What the corner of visits does on its own: plans are computed beside the worker, letters go to
those concerned."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.people import letters as post
from saphan.people.models import Person, Role
from saphan.rooms.meetings.models import Visit
from saphan.rooms.meetings.visits import computing, letters

State = Visit.State


@jobs.on("visits.plan_asked")
def begin(_fact: Fact) -> None:
    transaction.on_commit(computing.line.look)


@clock.every(seconds=10)
def resume_visits() -> None:
    """Go on with what another process left behind."""
    computing.line.look()


def _tell(people: list[Person], visit: Visit, compose: Callable[[Visit], post.Letter], *,
          but: str = "") -> None:
    for person in people:
        if person.ref != but:
            post.write(person, lambda: compose(visit))


def _find(fact: Fact) -> Visit | None:
    return Visit.objects.select_related("asker", "host").filter(pk=fact.subject_id).first()


@jobs.on("visit.requested")
def tell_the_desk(fact: Fact) -> None:
    """Programme managers hear of a request."""
    visit = _find(fact)
    if visit is not None and visit.kind == Visit.Kind.DELEGATION and not visit.example:
        staff = Person.objects.filter(roles__name=Role.Name.PROGRAMME_MANAGER, is_active=True)
        _tell(list(staff.distinct()), visit, letters.requested, but=fact.actor)


@jobs.on("visit.confirmed")
def tell_that_it_is_confirmed(fact: Fact) -> None:
    visit = _find(fact)
    if visit is not None and visit.state in (State.CONFIRMED, State.UNDER_WAY):
        _tell(letters.visitors(visit), visit, letters.confirmed, but=fact.actor)
        _tell(letters.guides(visit), visit, letters.to_guide, but=fact.actor)


@jobs.on("visit.cancelled")
def tell_that_it_is_cancelled(fact: Fact) -> None:
    visit = _find(fact)
    if visit is not None:
        _tell(letters.visitors(visit) + letters.guides(visit), visit, letters.cancelled,
              but=fact.actor)


@jobs.on("visits.published")
def tell_whose_routes_changed(fact: Fact) -> None:
    """Only visits that were confirmed before, and only those with another route."""
    for visit in Visit.objects.select_related("asker", "host").filter(
            number__in=fact.data.get("visits", []), state__in=[State.CONFIRMED, State.UNDER_WAY]):
        _tell(letters.visitors(visit), visit, letters.changed, but=fact.actor)
        _tell(letters.guides(visit), visit, letters.to_guide, but=fact.actor)
