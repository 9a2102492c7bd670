"""What the newsroom holds of a person: hers to take away, and gone or nameless when she leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from saphan.ground import clock
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom import posting
from saphan.rooms.newsroom.actions import figures as desk
from saphan.rooms.newsroom.actions import reading_figures, subscribers
from saphan.rooms.newsroom.models import (
    Article,
    Brief,
    Edition,
    Figure,
    Posting,
    Subscriber,
    Topic,
)
from saphan.rooms.newsroom.vocabulary import Sharing

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(officer: Person, manager: Person, article: Callable[..., Article]) -> Person:
    """The officer, after some work."""
    article("There are 12 ships in the port.", added_by=officer)
    reading_figures.take_up()
    desk.verify(Figure.objects.get(), by=officer)
    for sharing in (Sharing.OWN, Sharing.DESK):
        Topic.objects.create(number=f"TPC-2027-{sharing}"[:20], name=sharing, query="durians",
                             sharing=sharing, owner=officer)
    subscribers.subscribe(officer, lang="th")
    subscribers.add(email="Officer@example.org", name="O.", lang="en", topic=None, by=manager)
    made = Brief.objects.create(lang="th", title="Mine", author=officer, state="sent", edition=1,
                                number="BRF-2027-0001", approved=clock.now())
    edition = Edition.objects.create(brief=made, position=1, at=clock.now(), whole={}, by=officer)
    Posting.objects.create(edition=edition, email=officer.email)
    return officer


def test_everything_she_left_is_in_her_export(worked: Person) -> None:
    told: dict[str, Any] = people_actions.export_data(worked, by=worked)
    assert {topic["sharing"] for topic in told["newsroom-topics"]["topics"]} == {"own", "desk"}
    assert [brief["title"] for brief in told["newsroom-briefs"]["briefs"]] == ["Mine"]
    assert {row["lang"] for row in told["newsroom-briefs"]["subscriptions"]} == {"th", "en"}
    assert "figure.verified" in {act["name"] for act in told["acts"]}


def test_when_she_leaves_nothing_of_hers_goes_on_and_her_work_stays_nameless(
        worked: Person, client: Client) -> None:
    people_actions.forget(worked, by=worked)
    assert not Subscriber.objects.exists() and not Posting.objects.exists()
    assert [topic.sharing for topic in Topic.objects.all()] == ["desk"]
    assert Brief.objects.get().author is None
    figure = Figure.objects.get()
    assert figure.state == Figure.State.VERIFIED
    page = client.get(figure.get_absolute_url()).content.decode()
    assert "officer" not in page
    mail.outbox.clear()
    posting.leave()
    assert not mail.outbox
