"""What the exhibition does on its own: keep step with the folders, exercise exhibits, forget."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from saphan.ground import clock
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.exhibition import actions, queries, running
from saphan.rooms.exhibition.models import KeptRun, Tour
from saphan.rooms.exhibition.vocabulary import TOUR_HOURS

EXERCISE_EVERY = timedelta(hours=1)
EXERCISED_AT_ONCE = 2


@clock.every(minutes=10)
def keep_step_with_the_folders() -> None:
    """Place new exhibits, read changed ones again, withdraw those that are gone."""
    actions.place_all()


@clock.every(minutes=1)
def exercise() -> None:
    """Run exhibits on their own example where nobody ran them with success for an hour: a few at a
    time, so that visitors notice nothing, and those first that nobody has seen yet."""
    for each in queries.due_for_exercise(EXERCISED_AT_ONCE, EXERCISE_EVERY):
        running.exercise(each)


@clock.every(hours=6)
def forget_what_is_over() -> None:
    """Kept runs go when their time is over; tours that nobody ended end."""
    for run in KeptRun.objects.select_related("exhibit").filter(until__lt=clock.today()):
        actions.forget(run)
    for tour in Tour.objects.filter(state=Tour.State.OPEN,
                                    moved__lt=clock.now() - timedelta(hours=TOUR_HOURS)):
        actions.let_end(tour)


def _export(person: Person) -> dict[str, Any]:
    """What the exhibition knows of a person, for her own export."""
    return {"kept_runs": [{"exhibit": run.exhibit.slug, "kept": run.kept, "given": run.given,
                           "answer": run.answer}
                          for run in KeptRun.objects.select_related("exhibit").filter(
                              person=person)],
            "tours": list(Tour.objects.filter(guide=person).values("code", "opened", "route"))}


def _forget(person: Person) -> None:
    """Runs that she kept go with her; tours stay without her name."""
    for run in KeptRun.objects.select_related("exhibit").filter(person=person):
        actions.forget(run)
    Tour.objects.filter(guide=person).update(guide=None)


people_actions.HOLDERS["exhibition"] = (_export, _forget)
