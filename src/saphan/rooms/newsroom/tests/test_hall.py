"""The way into the newsroom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from saphan.rooms.newsroom.models import Alarm, Article, Brief, Source


@pytest.mark.django_db
def test_an_empty_newsroom_says_how_a_brief_comes_about(client: Client) -> None:
    page = client.get("/en/newsroom/").content.decode()
    assert "No brief has gone out yet" in page
    assert "What waits for you" not in page


@pytest.mark.django_db
def test_the_public_sees_briefs_that_went_out_to_everybody(client: Client) -> None:
    for title, state, public in [("Cold chain", "approved", True), ("Secret", "approved", False),
                                 ("Half written", "draft", True)]:
        Brief.objects.create(title=title, lang="en", state=state, public=public,
                             number=f"BRF-2027-{len(title):04d}", approved="2027-02-27T03:00Z")
    page = client.get("/en/newsroom/").content.decode()
    assert "Cold chain" in page
    assert "Secret" not in page and "Half written" not in page


def test_an_officer_sees_what_waits(at_the_desk: Client, source: Source,
                                    article: Callable[..., Article]) -> None:
    article()
    Alarm.objects.create(source=source, code="silent", began="2027-02-28T03:00Z")
    page = at_the_desk.get("/en/newsroom/").content.decode()
    waiting = page[page.index("What waits for you"):page.index('id="briefs"')]
    assert ">1</b> article this week" in waiting
    assert ">0</b> briefs to read and approve" in waiting
    assert ">1</b> alarm about a source" in waiting
