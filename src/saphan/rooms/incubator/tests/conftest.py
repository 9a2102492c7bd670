"""People and calls that the incubator's tests share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from saphan.ground import clock
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CallForm
from saphan.rooms.incubator.models import Call

NOW = datetime(2027, 3, 1, 4, 0, tzinfo=UTC)
LANDSLIDES: dict[str, Any] = {
    "form": "challenge",
    "lang": "lo",
    "title": "ເຕືອນໄພດິນເຈື່ອນຢູ່ທາງເລກ 13",
    "title_en": "Warning of landslides on road 13",
    "summary": "ໃນລະດູຝົນດິນເຈື່ອນປິດທາງເລກ 13 ເໜືອ ເກືອບທຸກອາທິດ.",
    "scenario": "ລົດບັນທຸກຕິດຢູ່ທາງຫຼາຍຊົ່ວໂມງ. ພວກເຮົາຕ້ອງການຄຳເຕືອນກ່ອນດິນເຈື່ອນ.",
    "indicators": [
        {"name": "ຄຳເຕືອນທີ່ຖືກຕ້ອງ", "direction": "at_least", "value": 80, "unit": "%",
         "must": True},
        {"name": "ຄຳເຕືອນຜິດຕໍ່ເດືອນ", "direction": "at_most", "value": 2, "unit": "ຄັ້ງ"}],
    "environment": "ຫ້າຈຸດລະຫວ່າງ ກາສີ ແລະ ພູຄູນ ມີໄຟຟ້າ ແລະ ສັນຍານ 4G.",
    "data_available": "ຂໍ້ມູນຝົນສິບປີ ແລະ ບັນທຶກດິນເຈື່ອນ 212 ຄັ້ງ.",
    "ip_terms": "ຂໍ້ມູນເປັນຂອງກະຊວງ; ວິທີການເປັນຂອງຜູ້ແກ້ໄຂ.",
    "modes": ["joint_rd", "training"],
    "budget_amount": "30000",
    "budget_currency": "USD",
    "months": 9,
    "organisation": "ກົມຂົວທາງ",
    "organisation_kind": "government",
    "economy": "LA",
    "registered": "1995-05-01",
    "deadline": "2027-04-15T17:00",
    "sector": "public_service",
}


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """It is 1 March 2027, 11:00 in Vientiane."""
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
            people_actions.grant_role(made, role, by=None)
        return made

    return make


@pytest.fixture
def owner(person: Callable[..., Person]) -> Person:
    """Somebody of a Lao department."""
    return person("owner", language="lo", economy_id="LA")


@pytest.fixture
def manager(person: Callable[..., Person]) -> Person:
    """A programme manager of the centre."""
    return person("manager", Role.Name.PROGRAMME_MANAGER, language="zh-Hans")


@pytest.fixture
def clerk(person: Callable[..., Person]) -> Person:
    return person("clerk", Role.Name.CLERK)


@pytest.fixture
def administrator(person: Callable[..., Person]) -> Person:
    return person("administrator", Role.Name.ADMINISTRATOR)


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Person:
    return person("stranger")


def drafted(by: Person, **changes: Any) -> Call:
    """A draft from the one form."""
    form = CallForm({**LANDSLIDES, **changes})
    assert form.is_valid(), form.errors
    return actions.start(form.values(by=by.ref), by=by)


def with_a_key(call: Call) -> Call:
    """As if the key holders had their slips: any key will do where nothing is sealed."""
    Call.objects.filter(pk=call.pk).update(key_public="MCowBQYDK2VuAyEA")
    call.refresh_from_db()
    return call


@pytest.fixture
def draft(owner: Person) -> Call:
    """The department's complete draft."""
    return drafted(owner)


@pytest.fixture
def submitted(draft: Call, owner: Person) -> Call:
    return actions.submit(draft, by=owner)


@pytest.fixture
def posted(submitted: Call, manager: Person) -> Call:
    """Announced; the key holders have no slips yet."""
    return actions.post(submitted, by=manager)


@pytest.fixture
def answering(posted: Call, manager: Person) -> Call:
    """Open for answers, with a key that opens nothing. For tests that seal see `answers`."""
    return actions.open_answers(with_a_key(posted), by=manager)


@pytest.fixture
def evaluation(answering: Call) -> Call:
    """The deadline has passed."""
    with clock.stopped_at(NOW + timedelta(days=60)):
        return actions.end_answers(answering)


def signed_in(somebody: Person) -> Client:
    client = Client()
    client.force_login(somebody)
    return client


def page(response: Any) -> str:
    """The page's text, after making sure that there is one."""
    assert response.status_code == 200, (response.status_code, response.content[:500])
    return response.content.decode()


@pytest.fixture
def api(client: Client, owner: Person) -> Callable[..., Any]:
    """Calls the API with a token of `who` that may write."""

    def make(method: str, path: str, body: Any = None, *, who: Person = owner,
             scope: str = "write") -> Any:
        token = people_actions.issue_token(who, name="test", scope=scope, by=who)
        return getattr(client, method)(
            f"/api/v1/incubator/{path}", json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

    return make
