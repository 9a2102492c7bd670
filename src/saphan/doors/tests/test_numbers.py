"""The director's numbers count facts, and open what they count."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from saphan.ground import ledger
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.models import Interest, Listing

pytestmark = pytest.mark.django_db


def interest(example: bool = False) -> Interest:
    economy = Economy.objects.get(code="TH")
    listing = Listing.objects.create(number=f"MKT-2026-{Listing.objects.count() + 1:04d}",
                                     kind="technology_request", economy=economy, example=example)
    found = Interest(listing=listing, position=1, number=f"{listing.number}-01", economy=economy,
                     lang="en", sent="2026-01-01T00:00:00Z")
    for name in ("sent", "accepted", "introduced", "signed"):
        with ledger.fact(f"interest.{name}", found, listing=listing.number, economy="TH"):
            found.save()
    return found


@pytest.fixture
def economies() -> None:
    people_actions.load_economies()


def numbers(client: Client) -> dict[str, Any]:
    return {row["id"]: row for row in client.get("/api/v1/numbers").json()}


def test_signed_is_not_running(client: Client, economies: None) -> None:
    interest()
    interest()
    found = numbers(client)
    assert found["market.signed"]["total"] == 2
    assert found["market.running"]["total"] == 0 == found["market.outcome"]["total"]
    assert found["market.signed"]["economies"] == {"TH": 2}


def test_examples_are_not_counted(client: Client, economies: None) -> None:
    interest(example=True)
    assert numbers(client)["market.interests"]["total"] == 0


def test_a_number_opens_its_records_to_the_staff_alone(client: Client, economies: None) -> None:
    made = interest()
    seen = client.get("/en/numbers/market.signed/").content.decode()
    assert "1 in all" in seen and made.listing.number not in seen
    director = Person.objects.create_user("director@example.org")
    people_actions.grant_role(director, Role.Name.DIRECTOR, by=None)
    client.force_login(director)
    seen = client.get("/en/numbers/market.signed/").content.decode()
    assert made.listing.number in seen and made.get_absolute_url() in seen
    assert client.get("/en/numbers/market.nothing/").status_code == 404


def test_the_board_reads_in_every_language(client: Client, economies: None) -> None:
    interest()
    for lang in ("th", "lo", "zh-hans", "my"):
        assert client.get(f"/{lang}/numbers/").status_code == 200
