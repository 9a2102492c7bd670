"""The pages of plans, the board, what happened, now and next."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(house: None) -> Any:
    return published(making.event(slots=6, tables=3))


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(making.organiser())
    return client


def _at(event: Any, name: str, *more: Any) -> str:
    return reverse(f"meetings:{name}", args=[event.number, *more])


PAGES = [("plans", ()), ("plan", (1,)), ("plan_why", (1,)), ("plan_meetings", (1,)),
         ("plan_compare", (1,)), ("board", ()), ("live", ()), ("now", ())]


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_the_desk_sees_each_page_and_nobody_else_does(fair: Any, desk: Client, name: str,
                                                      more: Any) -> None:
    response = desk.get(_at(fair, name, *more))
    assert response.status_code == 200
    assert b"<h1" in response.content
    stranger = Client()
    assert stranger.get(_at(fair, name, *more)).status_code == 302
    stranger.force_login(making.person())
    assert stranger.get(_at(fair, name, *more)).status_code == 404
