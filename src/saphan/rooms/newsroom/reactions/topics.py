"""Topics: standing questions: what the house does on its own."""

from __future__ import annotations

from saphan.ground import clock
from saphan.house.watching import looking
from saphan.rooms.newsroom.actions import topics as actions
from saphan.rooms.newsroom.models import Topic
from saphan.rooms.newsroom.queries import topics as queries

looking.shows("newsroom.article.", queries.plates)


@clock.every(minutes=10)
def fill_waiting() -> None:
    """Topics that could not be filled when they were begun, for want of the model."""
    for key in Topic.objects.filter(active=True, filled=False).values_list("pk", flat=True):
        actions.fill.func(key)
