"""People, indicators and numbers that the observatory's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from saphan.ground import clock, ledger
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.models import Interest, Listing
from saphan.rooms.observatory import actions
from saphan.rooms.observatory.forms import IndicatorForm, ObservationForm
from saphan.rooms.observatory.models import Indicator, Observation

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FACTORIES: dict[str, Any] = {
    "indicator": "smart-factories", "value": "303", "period": "2023", "place": "CN-GX",
    "quote": "累计认定智能工厂303家", "source": "广西壮族自治区工业和信息化厅",
    "address": "https://gxt.example.cn/303", "read": "2026-11-19", "checked": True}


STEPS = ("interest.signed", "interest.started", "interest.concluded")


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def economies(db: None) -> None:
    people_actions.load_economies()


@pytest.fixture
def person(economies: None) -> Callable[..., Person]:
    def make(name: str, *roles: str) -> Person:
        made = Person.objects.create_user(f"{name}@example.org")
        for role in roles:
            desk = Economy.objects.get(code="TH") if role == Role.Name.LIAISON_OFFICER else None
            people_actions.grant_role(made, role, economy=desk, by=None)
        return made

    return make


@pytest.fixture
def officer(person: Callable[..., Person]) -> Person:
    """A liaison officer, who keeps the numbers."""
    return person("officer", Role.Name.LIAISON_OFFICER)


@pytest.fixture
def director(person: Callable[..., Person]) -> Person:
    return person("director", Role.Name.DIRECTOR)


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Person:
    return person("stranger")


@pytest.fixture
def indicator(economies: None) -> Indicator:
    """Smart factories, published."""
    return made_indicator()


def made_indicator(slug: str = "smart-factories", **changes: Any) -> Indicator:
    actions.add_place("CN-GX", Text.of({"en": "Guangxi", "zh-Hans": "广西", "th": "กว่างซี"}),
                      Economy.objects.get(code="CN"))
    form = IndicatorForm({"slug": slug, "unit": "factories", "sector": "manufacturing",
                          "name": {"en": "Smart factories", "th": "โรงงานอัจฉริยะ"},
                          "meaning": {"en": "Factories recognised as smart."}, **changes},
                         lang="en")
    assert form.is_valid(), form.errors
    return actions.publish(actions.add_indicator(form.values(), by=None), by=None)


def values(**changes: Any) -> dict[str, Any]:
    """What the one form makes of an observation."""
    form = ObservationForm({**FACTORIES, **changes}, lang="en")
    assert form.is_valid(), form.errors
    return form.values()


def added(by: Person | None = None, **changes: Any) -> Observation:
    return actions.add(values(**changes), by=by)


def cooperation(*months: str, economy: str = "TH", sector: str = "logistics",
                example: bool = False) -> Interest:
    """A cooperation that was signed, began and ended in these months, as far as they go."""
    where = Economy.objects.get(code=economy)
    number = f"MKT-2026-{Listing.objects.count() + 1:04d}"
    listing = Listing.objects.create(number=number, kind="technology_request", economy=where,
                                     example=example)
    found = Interest(listing=listing, position=1, number=f"{number}-01", economy=where, lang="en",
                     sent="2026-01-01T00:00:00Z")
    for name, month in zip(STEPS, months, strict=False):
        with clock.stopped_at(datetime.fromisoformat(f"{month}-15T04:00:00+00:00")), ledger.fact(
                name, found, listing=number, economy=economy, sector=sector):
            found.save()
    return found


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def page(response: Any) -> str:
    """The page's text, after making sure that there is one."""
    assert response.status_code == 200, (response.status_code, response.content[:500])
    return response.content.decode()
