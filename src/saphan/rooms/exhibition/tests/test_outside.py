"""Exhibits that run outside the hall: asked over the network, badged, declared, and only where the
operator allows it. The other side is this very house, asked as a stranger would ask it."""

from __future__ import annotations

import pytest

from saphan.rooms.exhibition.tests.conftest import (
    PLAIN_FACTS,
    exhibit,
    page,
    put,
    step,
    tried,
    words,
)

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = PLAIN_FACTS + ('kind = "oip"\nurl = "{url}/api/v1/exhibition/oip"\napi_name = "echo"\n'
                       'declared_joules = 3.0\n')


@pytest.fixture
def elsewhere(transactional_db, guests, live_server, settings):
    """An exhibit at another address, which the operator has listed."""
    settings.OUTSIDE = [live_server.url]
    put(guests, "elsewhere", "", FACTS.replace("{url}", live_server.url))
    (guests / "elsewhere" / "exhibit.py").unlink()
    step()
    return settings


def test_it_answers_with_a_badge_and_a_declared_label(client, elsewhere):
    html = page(tried(client, "elsewhere", text="good morning", times="1", mood="calm"))
    assert "good morning" in words(html)
    assert "This exhibit runs outside the hall" in words(html)
    assert "declared by the exhibitor" in words(html)
    assert "Runs outside the hall" in words(page(client.get("/en/exhibition/at/elsewhere/")))


def test_where_the_operator_lists_nothing_nothing_is_asked(client, elsewhere):
    elsewhere.OUTSIDE = []
    html = page(client.get("/en/exhibition/at/elsewhere/"))
    assert "This exhibit cannot run on this machine at present." in words(html)
    assert exhibit("elsewhere").signature == {}


def test_when_the_other_side_is_gone_it_says_so_and_stands(client, elsewhere, live_server):
    page(client.get("/en/exhibition/at/elsewhere/"))  # it describes itself while it is there
    folder = exhibit("elsewhere")
    assert folder.signature
    elsewhere.OUTSIDE = ["http://127.0.0.1:9"]
    html = page(tried(client, "elsewhere", text="good morning", times="1", mood="calm"))
    assert "The exhibit failed on this." in words(html)
    assert exhibit("elsewhere").state == "running", "a visitor's run is no verdict on it"
