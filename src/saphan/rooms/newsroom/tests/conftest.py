"""People, sources and articles that the newsroom's tests share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from saphan.ground import clock
from saphan.ground.accession import next_number
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.newsroom.models import Article, Figure, Source, Version
from saphan.rooms.newsroom.reactions import figures as reading

NOW = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)


FIGURES = ("At the end of 2025 Guangxi had 303 smart factories.\n\n"
           "Exports of Thailand grew by 12.5 per cent in 2026 to 5.2 billion baht.")  # fmt: skip


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """It is 1 March 2027, 12:00 in Nanning."""
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def economies(db: None) -> None:
    people_actions.load_economies()


@pytest.fixture
def person(economies: None) -> Callable[..., Person]:
    """Makes somebody who can sign in, with these roles."""

    def make(name: str, *roles: str, **fields: Any) -> Person:
        made = Person.objects.create_user(f"{name}@example.org", **fields)
        for role in roles:
            desk = made.economy if role == Role.Name.LIAISON_OFFICER else None
            people_actions.grant_role(made, role, by=None, economy=desk)
        return made

    return make


@pytest.fixture
def officer(person: Callable[..., Person]) -> Person:
    """A liaison officer at the Thai desk."""
    return person("officer", Role.Name.LIAISON_OFFICER, language="th", economy_id="TH")


@pytest.fixture
def manager(person: Callable[..., Person]) -> Person:
    """A programme manager of the centre."""
    return person("manager", Role.Name.PROGRAMME_MANAGER, language="en")


@pytest.fixture
def at_the_desk(officer: Person) -> Client:
    """The officer's browser."""
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def source(economies: None) -> Source:
    return Source.objects.create(key="river-daily", name="River Daily", lang="en", way="feed",
                                 address="https://river.example.org/feed.xml", economy_id="TH")


@pytest.fixture
def article(source: Source) -> Callable[..., Article]:
    """Puts an article with this text into the archive, as if it had been taken."""

    def make(text: str = "The port opened on Monday.", *, title: str = "The port opens",
             lang: str = "en", day: date = date(2027, 2, 26), **fields: Any) -> Article:
        fields.setdefault("source", source)
        number = next_number("NWS")
        address = fields.pop("address", f"https://river.example.org/{number}")
        made = Article.objects.create(
            number=number, title=title, lang=lang, day=day, published=day, taken=clock.now(),
            lead=text[:200], length=len(text), address=address,
            fingerprint=hashlib.sha256(address.encode()).hexdigest(), **fields)
        Version.objects.create(article=made, at=clock.now(), title=title, text=text, how="plain",
                               text_digest=hashlib.sha256(text.encode()).hexdigest())
        return made

    return make


@pytest.fixture
def figures(article: Callable[..., Article]) -> list[Figure]:
    """The figures of one article, read as the house does."""
    article(FIGURES)
    reading.read()
    return list(Figure.objects.order_by("start"))
