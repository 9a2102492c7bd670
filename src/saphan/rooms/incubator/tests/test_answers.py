"""Answers are sealed until the deadline: nobody reads them, not even an administrator."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.management import call_command

from saphan.engines import sealing
from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.incubator.actions import answers as actions
from saphan.rooms.incubator.actions import calls
from saphan.rooms.incubator.models import Answer, Call
from saphan.rooms.incubator.queries import answers as queries
from saphan.rooms.incubator.tests import sealed
from saphan.rooms.incubator.tests.conftest import NOW, page, signed_in

LATER = NOW + sealed.AFTER
SECRET = "Porcupine-lattice-4471"


@pytest.fixture
def holders(person: Callable[..., Person]) -> list[Person]:
    return [person(f"holder{number}") for number in range(3)]


@pytest.fixture
def lead(person: Callable[..., Person]) -> Person:
    return person("lead", language="vi", economy_id="VN")


@pytest.fixture
def slips(posted: Call, manager: Person, holders: list[Person]) -> dict[int, str]:
    """The call is open for answers, with a real key; the slips are with their holders."""
    return sealed.keyed(posted, manager, holders)


def everything_stored() -> str:
    """Every row of every table, as an administrator with the database would see it."""
    rows = []
    for model in apps.get_models():
        rows += [json.dumps(row, default=str, ensure_ascii=False)
                 for row in model._default_manager.all().values()]
    return "\n".join(rows)


def test_what_a_team_sealed_is_nowhere_in_the_house(
        posted: Call, slips: dict[int, str], lead: Person, caplog: Any, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    client = signed_in(lead)
    typed = sealed.words(posted, solution=f"We use a {SECRET} of sensors along the road, and it "
                                          "warns an hour before the slope gives way.")
    response = client.post(f"/en/incubator/{posted.number}/answer/", {**typed, "send": "yes"})
    assert response.status_code == 200, response.content.decode()
    jobs.drain()
    found = Answer.objects.get(lead=lead)
    assert found.state == "sent" and found.content == {}
    dump = tmp_path / "dump.json"
    call_command("dumpdata", output=str(dump), verbosity=0)
    letters = "\n".join(str(letter.message()) + letter.body for letter in mail.outbox)
    for place, text in {"tables": everything_stored(), "dump": dump.read_text("utf-8"),
                        "letters": letters, "log": caplog.text}.items():
        assert SECRET not in text and "Slope Institute" not in text, place
    for path in Path(settings.HOME).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert SECRET.encode() not in content, path


def test_an_administrator_with_all_that_is_stored_cannot_open_it(
        posted: Call, slips: dict[int, str], lead: Person, administrator: Person,
        holders: list[Person]) -> None:
    answer, _key = sealed.answered(posted, lead)
    place = sealing.answer_context(posted.number, answer.number, answer.version)
    kept = sealing.Sealed.from_json(answer.sealed)
    posted.refresh_from_db()
    parts: Any = posted.key_parts
    candidates = [settings.SECRET_KEY.encode()[:32].ljust(32, b"\0"), bytes(32)]
    for candidate in candidates:
        with pytest.raises(sealing.SealingError):
            sealing.open_with_code(kept, candidate, context=place)
        with pytest.raises(sealing.SealingError):
            sealing.open_with_call_key(kept, candidate, context=place)
    with pytest.raises(sealing.TooFewHolders):
        sealing.restore(parts, [])
    one = sealing.holder_parts(parts, holders[0].ref, slips[holders[0].pk])
    with pytest.raises(sealing.TooFewHolders):  # one holder who colludes is one too few
        sealing.restore(parts, [one])
    client = signed_in(administrator)
    for address in (f"/en/incubator/{posted.number}/answers/",
                    f"/en/incubator/{posted.number}/answers/{answer.position}/",
                    f"/api/v1/incubator/{posted.number}/answers"):
        assert client.get(address).status_code == 404


def test_slips_open_nothing_before_the_deadline(
        posted: Call, slips: dict[int, str], lead: Person, holders: list[Person]) -> None:
    sealed.answered(posted, lead)
    holder = posted.holders.get(person=holders[0])
    with pytest.raises(Refused, match="sealed until the deadline"):
        actions.release(holder, slips[holders[0].pk], by=holders[0])


def test_two_of_three_holders_open_the_answers_after_the_deadline(
        posted: Call, slips: dict[int, str], lead: Person, holders: list[Person],
        manager: Person) -> None:
    answer, _key = sealed.answered(posted, lead)
    with clock.stopped_at(LATER):
        calls.end_answers(posted)
        first, second = holders[0], holders[2]
        address = f"/en/incubator/{posted.number}/keys/"
        wrong = signed_in(first).post(address, {"act": "release", "slip": slips[second.pk]})
        assert wrong.status_code == 422
        typed = slips[first.pk].lower().replace("-", " ")
        assert signed_in(first).post(address, {"act": "release", "slip": typed}).status_code == 302
        answer.refresh_from_db()
        assert answer.state == "sent"  # one is not enough
        signed_in(second).post(address, {"act": "release", "slip": slips[second.pk]})
        answer.refresh_from_db()
        assert answer.state == "opened" and answer.title.startswith("Listening to the slope")
        assert queries.is_untouched(answer)
        seen = page(signed_in(manager).get(f"/en/incubator/{posted.number}/answers/1/"))
        assert "Listening to the slope" in seen and "Unbroken" in seen
    posted.refresh_from_db()
    assert all(holder.released == {} for holder in posted.holders.all())


def test_an_answer_that_was_exchanged_in_the_database_is_named(
        posted: Call, slips: dict[int, str], person: Callable[..., Person]) -> None:
    mine, _key = sealed.answered(posted, person("one", economy_id="VN"), 1)
    other, _key = sealed.answered(posted, person("two", economy_id="VN"), 2)
    Answer.objects.filter(pk=mine.pk).update(sealed=other.sealed, digest=other.digest)
    sealed.opened(posted, slips, at=LATER)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.unreadable and mine.content == {} and other.state == "opened"


def test_a_team_reads_and_changes_its_answer_with_its_code(
        posted: Call, slips: dict[int, str], lead: Person) -> None:
    client = signed_in(lead)
    typed = sealed.words(posted)
    shown = page(client.post(f"/en/incubator/{posted.number}/answer/", {**typed, "keep": "yes"}))
    code = re.search(r'class="sealed-code"[^>]*>([^<]+)<', shown)
    assert code is not None
    again = page(client.get(f"/en/incubator/{posted.number}/answer/"))
    assert "Listening to the slope" in again  # the same browser knows the code
    elsewhere = signed_in(lead)
    locked = page(elsewhere.get(f"/en/incubator/{posted.number}/answer/"))
    assert "Listening to the slope" not in locked
    refused = elsewhere.post(f"/en/incubator/{posted.number}/answer/", {"code": "nonsense"})
    assert refused.status_code == 422
    elsewhere.post(f"/en/incubator/{posted.number}/answer/", {"code": code[1].lower()})
    assert "Listening to the slope" in page(elsewhere.get(
        f"/en/incubator/{posted.number}/answer/"))
    changed = {**typed, "title": "A second thought", "send": "yes"}
    assert elsewhere.post(f"/en/incubator/{posted.number}/answer/", changed).status_code == 302
    found = Answer.objects.get(lead=lead)
    assert (found.state, found.version) == ("sent", 2)
    sealed.opened(posted, slips, at=LATER)
    found.refresh_from_db()
    assert found.title == "A second thought"


def test_software_seals_an_answer_keeps_the_code_and_changes_it(
        posted: Call, slips: dict[int, str], lead: Person, api: Callable[..., Any]) -> None:
    typed = {**sealed.words(posted), "send": True}
    made = api("post", f"{posted.number}/answer", typed, who=lead)
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "sent"
    changed = api("post", f"{posted.number}/answer", {
        **typed, "title": "A second thought", "code": made.json()["code"]}, who=lead)
    assert changed.status_code == 200, changed.content
    assert (changed.json()["version"], "code" in changed.json()) == (2, False)


def test_nothing_is_taken_after_the_deadline(
        posted: Call, slips: dict[int, str], lead: Person) -> None:
    _answer, key = sealed.answered(posted, lead)
    found = Answer.objects.get(lead=lead)
    assert posted.deadline is not None
    with clock.stopped_at(posted.deadline + timedelta(seconds=1)):
        with pytest.raises(Refused, match="does not take answers"):
            actions.write(posted, {"title": "late"}, by=lead, answer=found, key=key, send=True)
        with pytest.raises(Refused):
            actions.withdraw(found, by=lead)


def test_those_who_decide_do_not_answer(
        posted: Call, slips: dict[int, str], owner: Person, manager: Person,
        holders: list[Person]) -> None:
    for somebody in (owner, manager, holders[1]):
        text = page(signed_in(somebody).get(f"/en/incubator/{posted.number}/answer/"))
        assert "you cannot answer it" in text


def test_names_in_what_the_panel_reads_blind_are_refused_and_kept(
        posted: Call, slips: dict[int, str], lead: Person) -> None:
    typed = sealed.words(posted, experience="Slope Institute 1 has guarded eleven slopes.")
    response = signed_in(lead).post(f"/en/incubator/{posted.number}/answer/",
                                    {**typed, "send": "yes"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "would tell the panel whose answer this is" in text and "guarded eleven" in text
    assert not Answer.objects.exists()


def test_a_call_says_how_many_answered_only_after_the_deadline(
        posted: Call, slips: dict[int, str], lead: Person, manager: Person) -> None:
    sealed.answered(posted, lead)
    assert queries.number_sent(posted) is None
    assert "1 answer" not in page(signed_in(manager).get(f"/en/incubator/{posted.number}/"))
    sealed.opened(posted, slips, at=LATER)
    with clock.stopped_at(LATER):
        assert "1 answer was sent in time" in page(signed_in(manager).get(
            f"/en/incubator/{posted.number}/"))


def test_partners_are_asked_after_the_opening_and_answer_without_an_account(
        posted: Call, slips: dict[int, str], lead: Person, client: Any) -> None:
    answer, _key = sealed.answered(posted, lead, partners=[
        {"name": "Savannakhet University", "economy": "LA", "role": "Rain gauges",
         "email": "rain@university.example"}])
    jobs.drain()
    assert not [letter for letter in mail.outbox if "rain@university.example" in letter.to]
    sealed.opened(posted, slips, at=LATER)
    jobs.drain()
    letter = next(each for each in mail.outbox if "rain@university.example" in each.to)
    link = re.search(r"http://[^/]+(/\S+)", letter.body)
    assert link is not None
    assert "Savannakhet University" in page(client.get(link[1]))
    client.post(link[1], {"says": "yes"})
    partner = answer.partners.get()
    assert partner.confirmed and not partner.refused


def test_what_was_found_against_the_conditions_is_listed(
        posted: Call, slips: dict[int, str], lead: Person) -> None:
    Call.objects.filter(pk=posted.pk).update(lead_types=["company"], economies_at_least=2)
    posted.refresh_from_db()
    answer, _key = sealed.answered(posted, lead)
    sealed.opened(posted, slips, at=LATER)
    answer.refresh_from_db()
    met = {row["rule"]: row["met"] for row in answer.eligibility}
    assert met["lead_type"] is False and met["economies"] is False and met["musts"] is True


def test_the_ledger_holds_the_fingerprint_of_every_version(
        posted: Call, slips: dict[int, str], lead: Person) -> None:
    answer, key = sealed.answered(posted, lead)
    first = answer.digest
    found = Answer.objects.select_related("call").get(pk=answer.pk)
    found, _key = actions.write(posted, {"title": "changed"}, by=lead, answer=found, key=key)
    facts = [fact.data["digest"] for fact in ledger.about(found).filter(name="answer.sealed")]
    assert facts == [first, found.digest] and first != found.digest
