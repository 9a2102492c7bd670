"""Nobody learns a name before both sides agreed: every door of the house is opened in every state,
by the other side, by a stranger and by a visitor."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from saphan.doors.mcp import server
from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.house import callers
from saphan.house.watching import telling
from saphan.house.watching.models import Found
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Organisation, Person, Role
from saphan.rooms.market import actions as market
from saphan.rooms.market.forms import ListingForm
from saphan.rooms.market.interest import actions, queries, reactions, told
from saphan.rooms.market.interest.forms import InterestForm, ReplyForm
from saphan.rooms.market.models import Interest, Listing
from saphan.rooms.market.tests.conftest import DURIAN, signed_in, text_of
from saphan.rooms.market.tests.test_interest import WORDS

QUESTION = "คัดเกรดทุเรียนด้วยปัญญาประดิษฐ์"


@dataclass
class Side:
    """Somebody with an organisation, and every word that would give them away."""

    person: Person
    organisation: Organisation
    secrets: tuple[str, ...]


@dataclass
class Scene:
    owner: Side
    asker: Side
    broker: Person
    stranger: Person
    listing: Listing
    interest: Interest


def side(name: str, *, economy: str, language: str, called: str, house: dict[str, str],
         alias: str, url: str) -> Side:
    person = Person.objects.create_user(f"{name}@secret.example", name=called, language=language,
                                        economy_id=economy)
    organisation, _hers = people_actions.add_own_organisation(
        person, house, economy=economy, kind="company", by=person)
    people_actions.add_alias(organisation, alias, by=person)
    Organisation.objects.filter(pk=organisation.pk).update(url=url)
    person.refresh_from_db()
    organisation.refresh_from_db()
    return Side(person, organisation, (
        called, *house.values(), alias, person.email, url, person.ref))


@pytest.fixture
def scene(house: None) -> Scene:
    """A discreet need of one organisation, and the interest of another in it."""
    mail.outbox.clear()
    owner = side("durianhall", economy="TH", language="th", called="Somsri Jantawong",
                 house={"th": "สมศรีทุเรียนจันทบุรี", "en": "Somsri Golden Halls"},
                 alias="SGH Chanthaburi", url="https://somsri-halls.example")
    asker = side("fruiteye", economy="CN", language="zh-hans", called="覃晓梅",
                 house={"zh-Hans": "广西果眼智能科技有限公司", "en": "Guoyan Orchard Vision"},
                 alias="果眼GY", url="https://guoyan-vision.example")
    broker = Person.objects.create_user("officer@example.org", name="Officer Lin", language="en")
    people_actions.grant_role(broker, Role.Name.LIAISON_OFFICER, by=None,
                              economy=Economy.objects.get(code="TH"))
    clerk = Person.objects.create_user("desk@example.org", language="en")
    people_actions.grant_role(clerk, Role.Name.CLERK, by=None)
    stranger = Person.objects.create_user("passer@example.org", language="en", economy_id="VN")
    for reader in (asker.person, stranger):
        answer = signed_in(reader).post("/en/account/searches/new/", {
            "question": QUESTION, "often": "at_once", "language": "en",
            "side": "all"})
        assert answer.status_code == 302, answer.content.decode()
    form = ListingForm({**DURIAN, "discreet": "on",
                        "organisation": owner.organisation.name.best("th").text})
    assert form.is_valid(), form.errors
    listing = market.start(form.values(by=owner.person.ref), by=owner.person)
    Listing.objects.filter(pk=listing.pk).update(
        organisation=owner.organisation, organisation_name="", discreet=True, state="submitted")
    listing.refresh_from_db()
    market.publish(listing, by=clerk)
    answers = InterestForm({**WORDS, "organisation": str(asker.organisation.pk)},
                           by=asker.person, listing=listing)
    assert answers.is_valid(), answers.errors
    interest = actions.send(listing, answers.values(), by=asker.person,
                            organisation=asker.organisation)
    jobs.drain()
    return Scene(owner, asker, broker, stranger, listing, interest)


# What is read, and by whom.

def addresses(scene: Scene) -> list[str]:
    """Every page, feed, export and API address at which the two sides could meet."""
    number, interest = scene.listing.number, scene.interest
    one = f"/market/{number}/interest/{interest.position}/"
    pages = ["/", "/market/", "/market/offers/", "/market/needs/", "/market/results/",
             f"/market/{number}/", f"/market/{number}/interest/", f"/market/{number}/edit/",
             "/market/mine/", "/market/interests/", "/market/broker/", "/market/desk/",
             "/market/new/", one, f"/ask/?q={QUESTION}", f"/kiosk/ask/?q={QUESTION}", "/kiosk/",
             "/numbers/", "/words/", "/words/vi/", "/centre/", "/account/", "/account/searches/",
             "/account/data/file/", f"/ask/stream?q={QUESTION}",
             *(f"/market/export.{kind}" for kind in ("jsonl", "csv", "xml", "json"))]
    plain = [f"/api/v1/market/{number}", "/api/v1/market/listings/needs",
             "/api/v1/market/export.jsonl", "/api/v1/market/export?format=xml",
             "/api/v1/market/export?format=csv", "/api/v1/market/interests",
             *(f"/api/v1/market/interests?role={role}" for role in ("sent", "received", "broker")),
             f"/api/v1/market/interests/{interest.number}", f"/api/v1/ask?question={QUESTION}",
             "/api/v1/numbers", "/api/v1/watches/", "/api/v1/words/wanted?into=vi",
             *(f"/feeds/{lang}/market/needs.{kind}" for lang in ("th", "zh-hans", "en")
               for kind in ("atom", "json"))]
    return [f"/{lang}{path}" for lang in ("en", "zh-hans") for path in pages] + plain


def organisation_pages(scene: Scene) -> list[str]:
    return [f"/{lang}/organisations/{side.organisation.pk}/" for lang in ("en", "th")
            for side in (scene.owner, scene.asker)]


def answers(scene: Scene, reader: Person | None) -> dict[str, str]:
    """What every address gives this reader, headers and all."""
    client = signed_in(reader) if reader else Client()
    found = {}
    for path in addresses(scene):
        headers = {}
        if reader and path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {token_of(reader)}"
        response = client.get(path, headers=headers)
        assert response.status_code < 500, (path, response.status_code)
        body = text_of(response) if response.status_code == 200 else response.content.decode()
        found[f"{response.status_code} {path}"] = f"{body} {dict(response.headers)}"
    return found


TOKENS: dict[int, str] = {}


def token_of(person: Person) -> str:
    if not person.tokens.exists():
        TOKENS[person.pk] = people_actions.issue_token(person, name="t", scope="read", by=person)
    return TOKENS[person.pk]


def by_tools(scene: Scene, reader: Person | None) -> dict[str, str]:
    """What assistants get through MCP."""
    given: dict[str, dict[str, Any]] = {
        "ask": {"question": QUESTION}, "rooms": {}, "read": {"number": scene.listing.number},
        "list_records": {"shelf": "needs"}, "interests": {}, "watches": {},
        "read_interest": {"number": scene.interest.number}}
    found = {}
    for tool in server.tools():
        if tool.name in given:
            try:
                found[f"tool {tool.name}"] = json.dumps(
                    tool.run(**given[tool.name], person=reader), ensure_ascii=False, default=str)
            except (Refused, callers.Missing) as refused:
                found[f"tool {tool.name}"] = f"{refused!r}"
    assert len(found) == len(given)
    return found


def kept_by_the_house(scene: Scene) -> dict[str, str]:
    """The ledger, and what the index holds."""
    facts = "\n".join(json.dumps(fact.data, ensure_ascii=False) for fact in Fact.objects.filter(
        name__startswith="interest."))
    return {"ledger": facts}


def letters_to(reader: Person) -> dict[str, str]:
    """Her letters: headers, words, attachments."""
    return {f"letter {each.subject}": f"{each.message().as_string()} {each.subject} {each.body} "
            f"{each.extra_headers} {each.cc} {each.bcc} {each.attachments}"
            for each in mail.outbox if each.to == [reader.email]}


def leaks(scene: Scene) -> list[tuple[str, str, str]]:
    """(who, where, what) of everything that says too much."""
    hidden = {"owner": scene.asker.secrets, "asker": scene.owner.secrets,
              "stranger": scene.owner.secrets + scene.asker.secrets}
    hidden["visitor"] = hidden["stranger"]
    readers = {"owner": scene.owner.person, "asker": scene.asker.person,
               "stranger": scene.stranger, "visitor": None}
    found = []
    for who, reader in readers.items():
        read = answers(scene, reader) | by_tools(scene, reader)
        if reader is not None:
            read |= letters_to(reader)
            read["own data"] = json.dumps(people_actions.export_data(reader, by=reader),
                                          ensure_ascii=False, default=str)
        found += [(who, where, secret) for where, text in read.items()
                  for secret in hidden[who] if secret.lower() in text.lower()]
        client = signed_in(reader) if reader else Client()
        found += [(who, path, scene.listing.number) for path in organisation_pages(scene)
                  if scene.listing.number in client.get(path).content.decode()]
    found += [("ledger", where, secret) for where, text in kept_by_the_house(scene).items()
              for secret in scene.asker.secrets[:-1] + scene.owner.secrets[:-1] if secret in text]
    return found


# The states before an introduction, and how each is reached.

def sent(_scene: Scene) -> None:
    """Nothing more."""


def accepted(scene: Scene) -> None:
    actions.accept(scene.interest, by=scene.owner.person)


def accepted_for_the_owner(scene: Scene) -> None:
    actions.accept(scene.interest, by=scene.broker)


def both_agreed(scene: Scene) -> None:
    accepted(scene)
    actions.agree(scene.interest, by=scene.asker.person)


def declined(scene: Scene) -> None:
    actions.decline(scene.interest, by=scene.owner.person, reason="too_early")


def withdrawn(scene: Scene) -> None:
    both_agreed(scene)
    actions.withdraw(scene.interest, by=scene.asker.person)


def lapsed(scene: Scene) -> None:
    accepted(scene)
    with clock.stopped_at(clock.now() + timedelta(days=60)):
        reactions.remind()
        reactions.let_lapse()
    scene.interest.refresh_from_db()
    assert scene.interest.state == "closed"


@pytest.mark.parametrize("reach", [sent, accepted, accepted_for_the_owner, both_agreed, declined,
                                   withdrawn, lapsed])
def test_no_door_of_the_house_tells_a_name_before_the_introduction(
        scene: Scene, reach: Callable[[Scene], None], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reach(scene)
    jobs.drain()
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        telling.tell()
    jobs.drain()
    assert Found.objects.filter(watch__person=scene.stranger).exists()  # the digest had news
    assert leaks(scene) == []
    logged = caplog.text
    for secret in scene.asker.secrets[:-1] + scene.owner.secrets[:-1]:
        assert secret not in logged


def test_after_the_introduction_both_sides_know_each_other_and_nobody_else_does(
        scene: Scene) -> None:
    both_agreed(scene)
    actions.introduce(scene.interest, by=scene.broker)
    jobs.drain()
    path = f"/en/market/{scene.listing.number}/interest/{scene.interest.position}/"
    for reader, other in ((scene.owner, scene.asker), (scene.asker, scene.owner)):
        page = signed_in(reader.person).get(path).content.decode()
        data = json.dumps(told.whole(scene.interest, reader.person), ensure_ascii=False)
        letter = "\n".join(letters_to(reader.person).values())
        for text in (page, data, letter):
            assert other.person.name in text and other.person.email in text
    said = [each for each in leaks(scene) if each[0] not in ("owner", "asker")]
    assert said == []


def test_strangers_get_no_page_of_the_interest_nor_of_its_evidence(scene: Scene) -> None:
    both_agreed(scene)
    path = f"/en/market/{scene.listing.number}/interest/{scene.interest.position}/"
    for address in (path, path + "evidence/1/"):
        assert signed_in(scene.stranger).get(address).status_code == 404
        assert Client().get(address).status_code in (302, 404)


@pytest.mark.parametrize("discreet", [False, True])
def test_the_record_that_an_interest_comes_with_is_told_after_the_introduction(
        scene: Scene, discreet: bool) -> None:
    own = Listing.objects.get(pk=scene.listing.pk)
    own.pk, own.number, own.key = None, "MKT-2026-7777", None
    own.kind, own.author, own.organisation = "technology_offer", scene.asker.person, None
    own.organisation_name, own.discreet = "", discreet
    own.save(force_insert=True)
    Interest.objects.filter(pk=scene.interest.pk).update(own_listing=own)
    scene.interest.refresh_from_db()
    path = f"/en/market/{scene.listing.number}/interest/{scene.interest.position}/"

    def read() -> str:
        return signed_in(scene.owner.person).get(path).content.decode() + json.dumps(
            told.whole(scene.interest, scene.owner.person))

    assert "MKT-2026-7777" not in read()
    both_agreed(scene)
    assert "MKT-2026-7777" not in read()
    actions.introduce(scene.interest, by=scene.broker)
    assert "MKT-2026-7777" in read()


@pytest.mark.parametrize("words", [
    "Somsri Golden Halls would like to see it", "Ask for Somsri Jantawong",
    "SGH Chanthaburi ยินดี", "Write to hall@example.com"])
def test_a_broker_who_answers_for_the_owner_cannot_name_the_owner(
        scene: Scene, words: str) -> None:
    form = ReplyForm({"reply": words}, by=scene.broker, interest=scene.interest)
    assert not form.is_valid()


@pytest.mark.parametrize("words", [
    "广西果眼智能科技有限公司希望合作，我们在现场有三年的经验。",
    "Guoyan Orchard Vision has three lines running.",
    "果眼GY 在三个果园已经运行了两年的时间。", "请联系覃晓梅，她会介绍我们的经验和客户。",
    "Write to me: someone@example.com, I have three lines.",
    "我们的电话是 0771-5551234，请随时打电话联系我们。"])
def test_an_interest_that_names_its_side_is_not_sent(scene: Scene, words: str) -> None:
    for question in ("purpose", "brings", "timing"):
        form = InterestForm({**WORDS, question: words}, by=scene.asker.person,
                            listing=scene.listing)
        assert question in form.errors, question


def test_only_the_broker_is_told_more_and_not_of_dealings_of_her_own(scene: Scene) -> None:
    found = queries.shown(scene.interest, to=scene.broker)
    assert found.asker.organisation and found.owner.person == "Somsri Jantawong"
    for side, others in ((scene.owner, "asker"), (scene.asker, "owner")):
        people_actions.grant_role(side.person, Role.Name.PROGRAMME_MANAGER, by=None)
        seen = queries.shown(scene.interest, to=Person.objects.get(pk=side.person.pk))
        assert not getattr(seen, others).named
    assert ledger.verify().intact
