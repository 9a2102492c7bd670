"""People and records that the market's tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.market import actions
from saphan.rooms.market.forms import ListingForm
from saphan.rooms.market.models import Listing

DURIAN = {
    "kind": "technology_request",
    "lang": "th",
    "title": "หากล้องคัดเกรดทุเรียนด้วยปัญญาประดิษฐ์",
    "summary": "โรงคัดบรรจุต้องการแยกทุเรียนสุกและดิบ",
    "description": "เราคัดทุเรียนวันละสิบตันด้วยมือ และต้องการกล้องที่บอกความสุกได้",
    "economy": "TH",
}


@pytest.fixture
def economies(db: None) -> None:
    people_actions.load_economies()


@pytest.fixture
def person(economies: None) -> Callable[..., Person]:
    """Makes somebody who can sign in, with these roles."""

    def make(name: str, *roles: str, **fields: Any) -> Person:
        made = Person.objects.create_user(f"{name}@example.org", **fields)
        for role in roles:
            people_actions.grant_role(made, role, by=None)
        return made

    return make


@pytest.fixture
def packer(person: Callable[..., Person]) -> Person:
    """A durian packer in Chanthaburi."""
    return person("packer", language="th", economy_id="TH")


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Person:
    return person("stranger")


@pytest.fixture
def clerk(person: Callable[..., Person]) -> Person:
    return person("clerk", Role.Name.CLERK)


@pytest.fixture
def draft(packer: Person) -> Listing:
    """The packer's complete draft."""
    form = ListingForm(DURIAN)
    assert form.is_valid(), form.errors
    return actions.start(form.values(by=packer.ref), by=packer)


@pytest.fixture
def published(draft: Listing, packer: Person, clerk: Person) -> Listing:
    actions.submit(draft, by=packer)
    return actions.publish(draft, by=clerk)


@pytest.fixture
def as_packer(packer: Person) -> Client:
    return signed_in(packer)


@pytest.fixture
def as_clerk(clerk: Person) -> Client:
    return signed_in(clerk)


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def page(response: Any) -> str:
    """The page's text, after making sure that there is one."""
    assert response.status_code == 200, (response.status_code, response.content[:500])
    return response.content.decode()


def text_of(response: Any) -> str:
    """The same, also for answers that are streamed."""
    assert response.status_code == 200, response.status_code
    if not getattr(response, "is_async", False):
        return response.getvalue().decode()

    async def all_of_it() -> bytes:
        return b"".join([part async for part in response])

    return async_to_sync(all_of_it)().decode()
