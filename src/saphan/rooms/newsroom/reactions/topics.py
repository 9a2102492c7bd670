"""Topics: standing questions: what the house does on its own, and what it holds of persons."""

from __future__ import annotations

from typing import Any

from saphan.ground import clock, ledger
from saphan.house.watching import feeding, looking
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import topics as actions
from saphan.rooms.newsroom.models import Topic
from saphan.rooms.newsroom.queries import topics as queries
from saphan.rooms.newsroom.vocabulary import Sharing

looking.shows("newsroom.article.", queries.plates)


@clock.every(minutes=10)
def fill_waiting() -> None:
    """Topics that could not be filled when they were begun, for want of the model."""
    for key in Topic.objects.filter(active=True, filled=False).values_list("pk", flat=True):
        actions.fill.func(key)


def _export(person: Person) -> dict[str, Any]:
    return {"topics": [
        {"number": topic.number, "name": topic.name, "query": topic.query,
         "filters": topic.filters, "sharing": topic.sharing, "begun": topic.created.isoformat()}
        for topic in Topic.objects.filter(owner=person).order_by("pk")]}


def _forget(person: Person) -> None:
    """What she watched for herself goes with her; what she shared stays with the desk."""
    for topic in Topic.objects.filter(owner=person, sharing=Sharing.OWN):
        pk = topic.pk
        with ledger.fact("topic.removed", topic):
            feeding.ended(actions.source(pk))
            topic.delete()
            topic.pk = pk  # the fact is about what was there


people_actions.HOLDERS["newsroom-topics"] = (_export, _forget)
