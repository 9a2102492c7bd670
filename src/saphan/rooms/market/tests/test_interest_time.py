"""Deadlines in working days of each side, reminders, lapses, and people who leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from icalendar import Calendar

from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.interest import actions, queries, reactions
from saphan.rooms.market.interest.forms import InterestForm
from saphan.rooms.market.models import Interest, Listing
from saphan.rooms.market.tests.conftest import page, signed_in
from saphan.rooms.market.tests.test_interest import PDF, WORDS

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LINK = {"kind": "contract", "on": date(2026, 3, 1), "url": "https://example.org/proof"}


@pytest.fixture
def vendor(person: Callable[..., Person]) -> Person:
    return person("vendor", language="zh-hans", economy_id="CN")


@pytest.fixture
def broker(person: Callable[..., Person]) -> Person:
    return officer(person, "broker", "TH")


def officer(person: Callable[..., Person], name: str, economy: str) -> Person:
    made = person(name, language="en")
    Person.objects.filter(pk=made.pk).update(name=f"Officer {name}")
    people_actions.grant_role(made, Role.Name.LIAISON_OFFICER, by=None,
                              economy=Economy.objects.get(code=economy))
    return made


@pytest.fixture
def need(packer: Person) -> Listing:
    """A published need of the Thai packer."""
    return Listing.objects.create(number="MKT-2026-0001", kind="technology_request", lang="th",
                                  state="published", author=packer, economy_id="TH",
                                  title=Text.of({"en": "Durian camera"}))


def send(listing: Listing, by: Person, **options: Any) -> Interest:
    form = InterestForm(WORDS, by=by, listing=listing)
    assert form.is_valid(), form.errors
    return actions.send(listing, form.values(), by=by, **options)


def on(year: int, month: int, day: int) -> Any:
    return clock.stopped_at(datetime(year, month, day, 5, 0, tzinfo=UTC))


def introduced(need: Listing, packer: Person, vendor: Person, broker: Person) -> Interest:
    interest = send(need, vendor, agree=True)
    actions.accept(interest, by=packer)
    actions.introduce(interest, by=broker)
    jobs.drain()
    mail.outbox.clear()
    return interest


# Deadlines

def test_a_thai_owner_is_not_counted_days_of_songkran(
        need: Listing, vendor: Person, broker: Person) -> None:
    with on(2026, 4, 3):  # a Friday; Monday is Chakri Day, 13 to 15 April is Songkran
        interest = send(need, vendor)
    assert interest.due == date(2026, 4, 23)


def test_a_chinese_asker_is_not_counted_days_of_the_golden_week(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    with on(2026, 9, 29):
        interest = send(need, vendor)
        actions.accept(interest, by=packer)
    # Wednesday the 30th; then off until the 7th; the 8th, the 9th and Saturday the 10th are
    # worked; Monday the 12th.
    assert interest.due == date(2026, 10, 12)
    assert interest.due_from == "asker"


def test_an_introduction_waits_for_a_day_on_which_both_sides_work(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    with on(2026, 9, 30):
        interest = send(need, vendor, agree=True)
        actions.accept(interest, by=packer)
    assert interest.due == date(2026, 10, 12)  # 8th, 9th; Saturday the 10th only in China


# Reminders and lapses

def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_who_is_due_is_reminded_once_before_and_once_after_on_working_days(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    with on(2026, 4, 3):
        interest = send(need, vendor)
    jobs.drain()
    mail.outbox.clear()
    told: dict[str, list[date]] = {}
    for day in days(date(2026, 4, 4), date(2026, 5, 1)):
        for hour in (1, 7):
            with clock.stopped_at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC)):
                reactions.remind()
        for letter in mail.outbox:
            told.setdefault(letter.to[0], []).append(day)
        mail.outbox.clear()
    assert interest.due == date(2026, 4, 23)
    assert told == {packer.email: [date(2026, 4, 20), date(2026, 4, 24)],
                    broker.email: [date(2026, 4, 24)]}


def test_nobody_is_reminded_within_a_holiday(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    with on(2026, 9, 29):
        interest = send(need, vendor)
        actions.accept(interest, by=packer)
    jobs.drain()
    mail.outbox.clear()
    for day in days(date(2026, 10, 1), date(2026, 10, 7)):
        with on(day.year, day.month, day.day):
            reactions.remind()
    assert not mail.outbox
    with on(2026, 10, 8):
        reactions.remind()
    assert [letter.to for letter in mail.outbox] == [[vendor.email]]
    assert Interest.objects.get(pk=interest.pk).reminded == date(2026, 10, 8)


def test_an_unanswered_interest_lapses_after_ten_more_working_days(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    with on(2026, 4, 3):
        interest = send(need, vendor)
    assert actions.lapses_on(interest) == date(2026, 5, 11)  # Labour Day and Coronation Day between
    with on(2026, 5, 11):
        reactions.let_lapse()
    interest.refresh_from_db()
    assert interest.state == "sent"
    with on(2026, 5, 12):
        reactions.let_lapse()
        reactions.let_lapse()
    interest.refresh_from_db()
    assert (interest.state, interest.ending) == ("closed", "no_answer")
    assert ledger.about(interest).filter(name="interest.lapsed").count() == 1


# Who answers and who brokers

def test_the_broker_records_the_answer_of_an_owner_without_an_account(
        vendor: Person, broker: Person, db: None) -> None:
    imported = Listing.objects.create(number="MKT-2026-0009", kind="technology_offer", lang="en",
                                      state="published", economy_id="TH",
                                      title=Text.of({"en": "Mango camera"}))
    interest = send(imported, vendor, agree=True)
    jobs.drain()
    assert interest.due_from == "broker"
    with clock.stopped_at(clock.now() + timedelta(days=90)):
        reactions.let_lapse()
    interest.refresh_from_db()
    assert interest.state == "sent"  # it is the broker's to ask; nothing lapses by itself
    actions.accept(interest, by=broker)
    assert ledger.about(interest).last().data["on_behalf"] is True
    actions.introduce(interest, by=broker)
    jobs.drain()
    assert interest.is_disclosed


def test_the_least_busy_officer_of_the_two_sides_gets_it_and_can_hand_it_over(
        need: Listing, person: Callable[..., Person], vendor: Person, broker: Person) -> None:
    chinese = officer(person, "chinese", "CN")
    officer(person, "lao", "LA")
    first = send(need, vendor)
    second = send(need, person("other", economy_id="CN"))
    assert {first.broker, second.broker} == {broker, chinese}
    taker = chinese if first.broker == broker else broker
    actions.hand_over(first, taker, by=first.broker, note="They prefer to be called.")
    assert first.broker == taker and first.notes.get().text.startswith("They")
    with pytest.raises(Refused):
        actions.hand_over(first, vendor, by=taker)
    assert "prefer to be called" not in page(signed_in(vendor).get(
        f"/en/market/{need.number}/interest/1/"))


def test_of_two_who_press_at_once_the_second_is_told(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = send(need, vendor, agree=True)
    one, other = (Interest.objects.get(pk=interest.pk) for _turn in range(2))
    actions.accept(one, by=packer)
    with pytest.raises(Refused, match="quicker"):
        actions.decline(other, by=packer, reason="too_early")
    interest.refresh_from_db()
    assert interest.state == "accepted" and interest.reason == ""
    assert [fact.name for fact in ledger.about(interest)] == ["interest.sent", "interest.accepted"]


# Those who leave

def test_an_asker_who_leaves_takes_her_name_and_words_along(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = introduced(need, packer, vendor, broker)
    people_actions.forget(vendor, by=vendor)
    interest.refresh_from_db()
    assert (interest.state, interest.asker, interest.purpose.plain()) == ("closed", None, {})
    seen = page(signed_in(packer).get(f"/en/market/{need.number}/interest/1/"))
    assert "vendor@" not in seen


def test_an_owner_who_leaves_leaves_a_title_and_nothing_more(
        need: Listing, packer: Person, vendor: Person, person: Callable[..., Person],
        broker: Person) -> None:
    Listing.objects.filter(pk=need.pk).update(
        description=Text.of({"en": "Our hall is wide."}))
    met = introduced(need, packer, vendor, broker)
    waiting = send(need, person("other", economy_id="CN"))
    people_actions.forget(packer, by=packer)
    jobs.drain()
    for interest in (met, waiting):
        interest.refresh_from_db()
        assert interest.state == "closed"
    need.refresh_from_db()
    assert (need.state, need.author, str(need.title)) == ("archived", None, "Durian camera")
    assert not need.description
    seen = page(signed_in(vendor).get(f"/en/market/{need.number}/interest/1/"))
    assert "packer@" not in seen and "forgotten" not in seen


def test_what_a_broker_who_leaves_had_in_hand_goes_to_another(
        need: Listing, packer: Person, vendor: Person, person: Callable[..., Person],
        broker: Person) -> None:
    interest = introduced(need, packer, vendor, broker)
    chinese = officer(person, "chinese", "CN")
    people_actions.forget(broker, by=broker)
    jobs.drain()
    interest.refresh_from_db()
    assert interest.broker == chinese
    assert [letter.to for letter in mail.outbox] == [[chinese.email]]


# The invitation

def meeting(letter: Any) -> tuple[Calendar, Any]:
    [attached] = letter.attachments
    assert attached.mimetype.startswith("text/calendar")
    calendar = Calendar.from_ical(attached.content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_a_new_time_replaces_the_old_one_and_no_time_takes_the_meeting_back(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = introduced(need, packer, vendor, broker)
    start = datetime(2099, 3, 5, 2, 30, tzinfo=UTC)
    seen: list[tuple[Calendar, Any]] = []
    for moment in (start, start + timedelta(days=1), None):
        mail.outbox.clear()
        actions.plan_meeting(interest, by=broker, meets_at=moment,
                             where="https://meet.example.org/a")
        jobs.drain()
        assert {letter.to[0] for letter in mail.outbox} == {packer.email, vendor.email}
        seen.append(meeting(mail.outbox[0]))
    assert [str(calendar["METHOD"]) for calendar, _event in seen] == [
        "REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["UID"]) for _calendar, event in seen}) == 1
    numbers = [int(event["SEQUENCE"]) for _calendar, event in seen]
    assert numbers == sorted(set(numbers))
    first, last = seen[0][1], seen[2][1]
    assert first["DTSTART"].dt == start and first["DTEND"].dt == start + timedelta(minutes=45)
    assert (str(first["STATUS"]), str(last["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert {str(each).lower() for each in first["ATTENDEE"]} == {
        f"mailto:{packer.email}", f"mailto:{vendor.email}"}


def test_no_meeting_is_set_for_a_contact_that_is_closed(
        need: Listing, packer: Person, vendor: Person, broker: Person) -> None:
    interest = introduced(need, packer, vendor, broker)
    old = Interest.objects.get(pk=interest.pk)
    actions.close(interest, by=packer)
    for found in (interest, old):
        with pytest.raises(Refused):
            actions.plan_meeting(found, by=broker, meets_at=clock.now())


# Evidence

def record(who: Person, interest: Interest, content: bytes) -> Any:
    return signed_in(who).post(
        f"/en/market/{interest.listing.number}/interest/{interest.position}/do/sign/",
        {"kind": "contract", "on": "2026-03-01",
         "file": SimpleUploadedFile("proof.pdf", content, "application/pdf")})


def test_evidence_is_for_the_two_sides_and_the_broker(
        need: Listing, packer: Person, vendor: Person, broker: Person, stranger: Person,
        clerk: Person) -> None:
    interest = introduced(need, packer, vendor, broker)
    assert record(vendor, interest, PDF).status_code == 302
    proof = interest.progress.get()
    path = f"/en/market/{need.number}/interest/1/evidence/{proof.pk}/"
    answers = []
    for reader, status in ((packer, 200), (vendor, 200), (broker, 200), (stranger, 404),
                           (clerk, 404)):
        answers.append(signed_in(reader).get(path))
        assert answers[-1].status_code == status, reader
    response = answers[0]
    assert response.getvalue() == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    assert proof.digest in str(ledger.about(interest).get(name="interest.signed").data)
    for response in answers:  # last, for it takes the database along
        response.close()


@pytest.mark.parametrize("content", [
    b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"", b"%PDF-1.4" + b"0" * (5 * 1024 ** 2)],
    ids=["a page", "a program", "nothing", "too large"])
def test_what_is_no_picture_or_pdf_or_too_large_is_no_evidence(
        need: Listing, packer: Person, vendor: Person, broker: Person, content: bytes) -> None:
    interest = introduced(need, packer, vendor, broker)
    assert record(vendor, interest, content).status_code == 422
    interest.refresh_from_db()
    assert interest.state == "introduced" and not interest.progress.exists()


# The queue

def test_the_queue_holds_what_is_due_first_and_not_the_brokers_own(
        need: Listing, person: Callable[..., Person], vendor: Person, broker: Person) -> None:
    later, sooner = send(need, vendor), send(need, person("other", economy_id="CN"))
    Interest.objects.filter(pk=later.pk).update(due=date(2099, 1, 2))
    own = Listing.objects.create(number="MKT-2026-0002", kind="technology_offer", lang="en",
                                 state="published", author=broker, economy_id="TH",
                                 title=Text.of({"en": "Rice camera"}))
    send(own, vendor)
    assert list(queries.to_broker(broker)) == [sooner, later]
    no_longer_there = Interest.objects.get(pk=later.pk)
    Interest.objects.filter(pk=later.pk).update(asker=None)
    assert no_longer_there in queries.to_broker(broker)
