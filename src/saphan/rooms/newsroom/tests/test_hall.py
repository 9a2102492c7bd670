"""The way into the newsroom."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_an_empty_newsroom_says_how_a_brief_comes_about(client: Client) -> None:
    page = client.get("/en/newsroom/").content.decode()
    assert "No brief has gone out yet" in page
