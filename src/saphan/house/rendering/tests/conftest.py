"""Records and people that the tests of the translation desk share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from saphan.ground import jobs
from saphan.ground.text import Text
from saphan.house.rendering import actions, machine
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.work import Work, open_work
from saphan.people import actions as people
from saphan.people.models import Person
from saphan.rooms.market import actions as market
from saphan.rooms.market.models import Listing

TITLE = "A camera that grades durian"
SUMMARY = "The camera grades 12 tonnes a day. It does not touch the fruit."
ENGLISH = {"title": [TITLE], "summary": ["The camera grades 12 tonnes a day.",
                                         "It does not touch the fruit."]}
PORTUGUESE = {"title": ["Uma câmara que classifica durião"],
              "summary": ["A câmara classifica 12 toneladas por dia.", "Não toca na fruta."]}


@pytest.fixture(autouse=True)
def _economies(db: None) -> None:
    people.load_economies()


@pytest.fixture
def person() -> Callable[..., Person]:
    """Makes somebody; `langs`: into which she translates."""

    def make(name: str, *roles: str, langs: Sequence[str] = ()) -> Person:
        made = Person.objects.create_user(f"{name}@example.org")
        for role in roles:
            people.grant_role(made, role, by=None)
        for lang in langs:
            people.grant_role(made, "translator", by=None, lang=lang)
        return made

    return make


@pytest.fixture
def ana(person: Callable[..., Person]) -> Person:
    return person("ana", langs=["pt"])


@pytest.fixture
def rui(person: Callable[..., Person]) -> Person:
    return person("rui", langs=["pt"])


@pytest.fixture
def clerk(person: Callable[..., Person]) -> Person:
    return person("clerk", "clerk")


@pytest.fixture
def listing() -> Listing:
    """A public record in English."""
    return published("durian-camera")


def published(key: str, **words: Text) -> Listing:
    return market.take_in({
        "key": key, "kind": "technology_offer", "lang": "en", "economy_id": "TH", "example": True,
        "title": Text.of({"en": TITLE}), "summary": Text.of({"en": SUMMARY}), **words},
        state="published", published=None, by=None)


@pytest.fixture
def wanted(listing: Listing, ana: Person) -> Rendering:
    return actions.begin(listing, "pt", by=ana)


def work(rendering: Rendering) -> Work:
    """As the next person sees it."""
    fresh = Rendering.objects.get(pk=rendering.pk)
    return open_work(fresh, Listing.objects.get(pk=fresh.subject_id))


@pytest.fixture
def handed_in(wanted: Rendering, ana: Person) -> Rendering:
    actions.save(work(wanted), PORTUGUESE, by=ana)
    actions.hand_in(work(wanted), by=ana)
    return Rendering.objects.get(pk=wanted.pk)


@pytest.fixture
def approved(handed_in: Rendering, rui: Person) -> Rendering:
    actions.approve(work(handed_in), by=rui)
    return Rendering.objects.get(pk=handed_in.pk)


class Machine:
    """A provider that knows these sentences; what it is asked is kept."""

    name = "toy"
    known = {**dict(zip(ENGLISH["title"] + ENGLISH["summary"],
                        PORTUGUESE["title"] + PORTUGUESE["summary"], strict=True))}

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.error: Exception | None = None

    def languages(self) -> None:
        return None

    def translate(self, texts, *, source, target, glossary=(), about=""):
        if self.error is not None:
            raise self.error
        self.asked += texts
        return [self.known.get(text, text) for text in texts]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(machine, "provider", lambda: made)
    return made


def drain() -> None:
    """What the worker does, in the test's own transaction: reactions, then jobs in their order."""
    jobs.follow_all()
    while (waiting := DBTaskResult.objects.ready().order_by("enqueued_at").first()) is not None:
        DBTaskResult.objects.filter(pk=waiting.pk).update(status="SUCCESSFUL")
        waiting.task.func(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
    jobs.follow_all()


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client
