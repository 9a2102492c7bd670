"""Participants register, are admitted, wait, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext

from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people import actions as people_actions
from saphan.people.models import Membership, Organisation, Person, Role
from saphan.rooms.meetings import importing
from saphan.rooms.meetings.actions import events as event_actions
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.forms.parties import RegistrationForm
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.queries import parties as queries
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.events import NOW, opened, registered, sent

State = Party.State


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    people_actions.load_economies()
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def wei() -> Person:
    return making.organiser()


@pytest.fixture
def mali() -> Person:
    return making.person("Mali", language="th")


@pytest.fixture
def event(wei: Person) -> Event:
    """Three places, each registration approved."""
    return opened(wei)


def test_what_somebody_registers_is_kept_in_her_language(event: Event, mali: Person) -> None:
    party = registered(event, mali, guests=2)
    assert (party.state, party.position, party.contact, party.lang) == ("applied", 1, mali, "th")
    assert party.about["th"].text == "เราปลูกทุเรียน"
    assert [guest.name for guest in party.guests.all()] == ["Mali 1", "Mali 2"]
    assert party.organisation.economy_id == "TH"
    guest = party.guests.first()
    assert len(guest.badge) >= 20 and guest.badge != guest.token


def test_facts_about_registrations_name_nobody(event: Event, mali: Person, wei: Person) -> None:
    party = registered(event, mali)
    actions.decline(party, by=wei, because="Mali came too late")
    words = "".join(str(fact.data) for fact in Fact.objects.all())
    assert "Mali" not in words and "example.org" not in words


def test_an_organisation_is_registered_once(event: Event, mali: Person) -> None:
    registered(event, mali)
    with pytest.raises(Refused, match="already"):
        registered(event, making.person("Somchai"))
    assert event.parties.count() == 1


def test_her_own_organisation_is_offered_to_her(event: Event, mali: Person) -> None:
    packers = Organisation.objects.create(name=making.Text.of({"en": "Packers"}),
                                          economy_id="TH")
    Membership.objects.create(person=mali, organisation=packers)
    form = RegistrationForm({"own": str(packers.pk), "guests": sent()["guests"]}, event=event,
                            by=mali)
    assert form.is_valid(), form.problems()
    party = actions.register(event, form.registration(), by=mali)
    assert party.organisation == packers
    stranger = RegistrationForm({"own": str(packers.pk), "guests": sent()["guests"]},
                                event=event, by=making.person("Other"))
    assert not stranger.is_valid()


def test_after_the_deadline_only_the_staff_register(event: Event, mali: Person,
                                                    wei: Person) -> None:
    with clock.stopped_at(event.registration_ends):
        with pytest.raises(Refused, match="closed"):
            registered(event, mali)
        assert registered(event, wei).contact is None


def test_of_two_who_want_the_last_places_one_is_admitted(event: Event, wei: Person) -> None:
    """Both were looked at before either was admitted."""
    one, other = (registered(event, making.person(name), name, guests=2)
                  for name in ("One", "Other"))
    stale = Party.objects.select_related("event").get(pk=other.pk)
    actions.approve(one, by=wei)
    with pytest.raises(Refused, match="All places are taken"):
        actions.approve(stale, by=wei)
    assert Party.objects.get(pk=other.pk).state == "applied"


def test_the_hall_as_it_is_now_decides_not_as_somebody_remembers_it(
        event: Event, wei: Person) -> None:
    party = registered(event, making.person("One"), guests=3)
    stale = Party.objects.select_related("event").get(pk=party.pk)
    event_actions.save(event, {"capacity": 2}, by=wei)
    with pytest.raises(Refused, match="All places are taken"):
        actions.approve(stale, by=wei)


def test_who_is_already_admitted_cannot_fill_the_hall_by_an_edit(
        event: Event, mali: Person, wei: Person) -> None:
    party = actions.approve(registered(event, mali, guests=2), by=wei)
    actions.approve(registered(event, making.person("Other"), "Other"), by=wei)
    form = RegistrationForm(sent(guests=3), event=event, by=mali, party=party)
    assert form.is_valid()
    with pytest.raises(Refused, match="All places are taken"):
        actions.save(party, form.registration(), by=mali)
    assert party.guests.count() == 2


def test_guests_who_stay_keep_their_badge(event: Event, mali: Person) -> None:
    party = registered(event, mali, guests=2)
    first, second = party.guests.all()
    form = RegistrationForm({"guests": [{"id": second.pk, "name": "มาลี", "speaks": {"th": 3}}]},
                            event=event, by=mali, party=party)
    assert form.is_valid(), form.problems()
    actions.save(party, form.registration(), by=mali)
    [left] = party.guests.all()
    assert (left.pk, left.badge, left.name, left.position) == (second.pk, second.badge, "มาลี", 1)
    assert not Guest.objects.filter(pk=first.pk).exists()


def test_a_guest_of_somebody_else_is_not_taken_over(event: Event, mali: Person) -> None:
    party = registered(event, mali)
    theirs = registered(event, making.person("Other"), "Other").guests.get()
    form = RegistrationForm({"guests": [{"id": theirs.pk, "name": "Mine", "speaks": {"th": 3}}]},
                            event=event, by=mali, party=party)
    assert form.is_valid()
    actions.save(party, form.registration(), by=mali)
    theirs.refresh_from_db()
    assert theirs.name == "Mali 1" and theirs.party_id != party.pk


def test_without_approval_who_finds_room_is_in_and_the_others_wait(wei: Person) -> None:
    event = opened(wei, needs_approval="", capacity="2")
    states = [registered(event, making.person(name), name, guests).state
              for name, guests in (("A", 1), ("B", 2), ("C", 1), ("D", 1))]
    assert states == ["approved", "waiting", "approved", "waiting"]


def test_a_free_place_goes_to_whoever_waits_longest_and_fits(wei: Person) -> None:
    event = opened(wei, needs_approval="", capacity="2")
    first = registered(event, making.person("A"), "A", 1)
    for at, (name, guests) in enumerate((("B", 1), ("C", 2), ("D", 1), ("E", 1))):
        with clock.stopped_at(NOW + timedelta(minutes=at)):
            registered(event, making.person(name), name, guests)
    jobs.drain()
    mail.outbox.clear()
    actions.withdraw(first, by=first.contact)
    jobs.drain()
    states = {str(party): party.state for party in event.parties.all()}
    assert states == {"A": "withdrawn", "B": "approved", "C": "waiting", "D": "approved",
                      "E": "waiting"}
    [letter] = mail.outbox
    assert "A place became free" in letter.body and "d-" in letter.to[0]


def test_a_bigger_hall_takes_in_the_waiting_list(wei: Person) -> None:
    event = opened(wei, needs_approval="", capacity="1")
    for name in ("A", "B", "C"):
        registered(event, making.person(name), name)
    event_actions.save(event, {"capacity": 2}, by=wei)
    jobs.drain()
    assert [party.state for party in event.parties.all()] == ["approved", "approved", "waiting"]


def test_each_participant_hears_what_became_of_it_in_its_language(
        event: Event, wei: Person) -> None:
    vi = making.person("Lan", language="vi", economy="VN")
    parties = [registered(event, vi if name == "A" else making.person(name), name)
               for name in ("A", "B", "C")]
    jobs.drain()
    assert len(mail.outbox) == 3 and all(event.number in each.subject for each in mail.outbox)
    mail.outbox.clear()
    actions.approve(parties[0], by=wei)
    actions.put_on_list(parties[1], by=wei)
    actions.decline(parties[2], by=wei, because="Only packers this time")
    jobs.drain()
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert len(bodies) == 3
    assert "Only packers this time" in bodies[parties[2].contact.email]
    assert f"/meetings/{event.number}/register/" in bodies[vi.email]


def test_a_decision_that_was_changed_at_once_is_told_once(event: Event, wei: Person,
                                                          mali: Person) -> None:
    party = registered(event, mali)
    actions.put_on_list(party, by=wei)
    actions.approve(party, by=wei)
    jobs.drain()
    with translation.override("th"):
        registered_now = gettext("You are registered")
    assert [letter.subject for letter in mail.outbox] == [f"{event.number} · {registered_now}"]


def test_who_withdrew_can_come_back_and_waits_again(event: Event, wei: Person,
                                                    mali: Person) -> None:
    party = actions.approve(registered(event, mali), by=wei)
    actions.withdraw(party, by=mali)
    with clock.stopped_at(NOW + timedelta(hours=1)):
        actions.apply_again(party, by=mali)
    assert party.state == "applied" and party.applied == NOW + timedelta(hours=1)
    names = [fact.name for fact in ledger.about(party)]
    assert names == ["party.applied", "party.approved", "party.withdrawn", "party.applied_again"]


def test_who_declines_says_why(event: Event, wei: Person, mali: Person) -> None:
    with pytest.raises(Refused, match="why"):
        actions.decline(registered(event, mali), by=wei, because=" ")


@pytest.mark.parametrize("name", ["approve", "put_on_list", "decline"])
def test_participants_do_not_decide_about_themselves(event: Event, mali: Person,
                                                     name: str) -> None:
    party = registered(event, mali)
    extra = {"because": "x"} if name == "decline" else {}
    with pytest.raises(Refused, match="staff"):
        actions.BY_TRANSITION[name](party, by=mali, **extra)


def test_a_clerk_admits_beyond_capacity_only_with_a_reason(event: Event, wei: Person) -> None:
    clerk = making.person("Clerk", role=Role.Name.CLERK)
    actions.approve(registered(event, making.person("A"), "A", guests=3), by=clerk)
    late = registered(event, making.person("B"), "B")
    with pytest.raises(Refused, match="All places"):
        actions.approve(late, by=clerk, over_because="  ")
    actions.approve(late, by=clerk, over_because="The minister asked")
    assert (late.state, late.remark) == ("approved", "The minister asked")
    assert ledger.about(late).last().data["over"] is True
    assert "minister" not in str(ledger.about(late).last().data)


def test_a_stranger_does_not_see_who_registered(event: Event, mali: Person, wei: Person) -> None:
    party = registered(event, mali)
    for somebody in (None, making.person("Stranger")):
        with pytest.raises(queries.NotFound):
            queries.party(event, party.position, asker=somebody)
    other = making.party(event, account=True, state=State.APPROVED)
    with pytest.raises(queries.NotFound):  # not admitted yet: nobody's business
        queries.party(event, party.position, asker=other.contact)
    actions.approve(party, by=wei)
    assert queries.party(event, party.position, asker=other.contact) == party


@pytest.mark.parametrize(("wrong", "field"), [
    ({"organisation": ""}, "organisation"), ({"economy": ""}, "economy"),
    ({"guests": []}, ""), ({"guests": [{"name": "Mali"}]}, "guests.1.speaks"),
    ({"guests": [{"name": "Mali", "speaks": {"xx": 3}}]}, "guests.1.speaks"),
    ({"guests": [{"name": "Mali", "speaks": {"th": 9}}]}, "guests.1.speaks"),
    ({"guests": [{"name": " ", "email": "a@b.example", "speaks": {"th": 3}}]}, "guests.1.name"),
    ({"guests": [{"name": "M", "email": "no", "speaks": {"th": 3}}]}, "guests.1.email"),
    ({"guests": [{"name": "M", "speaks": {"th": 3}, "away": ["noon"]}]}, "guests.1.away"),
    ({"guests": [{"name": "M", "speaks": {"th": 3}}] * 11}, "")])
def test_what_is_wrong_is_said_field_by_field(event: Event, wrong: dict[str, Any],
                                              field: str) -> None:
    form = RegistrationForm({**sent(), **wrong}, event=event)
    assert not form.is_valid()
    assert field in [problem["field"] for problem in form.problems()]


def test_times_when_a_guest_is_not_free_are_kept_in_the_zone_of_the_event(wei: Person) -> None:
    event = opened(wei, economy="MM", time_zone="Asia/Yangon")
    form = RegistrationForm(sent(), event=event)
    field: Any = form.guest_forms[0].fields["away"]
    morning = next(iter(field.widget.whole))
    again = RegistrationForm({**sent(), "guests": [{**sent()["guests"][0], "away": [
        morning, *[key for _day, rows in field.choices for key, _label in rows][:2]]}]},
        event=event)
    assert again.is_valid(), again.problems()
    assert again.registration().guests[0]["away"] == [
        ["2027-03-10T09:00+06:30", "2027-03-10T11:55+06:30"]]
    assert field.prepare_value([["2027-03-10T09:00+06:30", "2027-03-10T11:55+06:30"]]) == [morning]


CSV = (
    "organisation,economy,name,email,speaks,about\n"
    "Chanthaburi Packers,TH,มาลี,mali@example.net,th:3 en:2,เราปลูกทุเรียน\n"
    "Chanthaburi Packers,Thailand,สมชาย,,th:3,\n"
    "Vision Ltd,越南,Lan,lan@example.net,vi:3,Máy ảnh\n")


def test_a_spreadsheet_of_people_becomes_registrations(event: Event, wei: Person) -> None:
    report = importing.check(event, "\ufeff" + CSV)
    assert report.problems == [] and (len(report.good), report.people) == (2, 3)
    assert not event.parties.exists()  # nothing is written by looking
    loaded = importing.load(event, report, by=wei, approve=True)
    assert [(str(party), party.economy_id, party.guests.count(), party.state)
            for party in loaded.parties] == [
        ("Chanthaburi Packers", "TH", 2, "approved"), ("Vision Ltd", "VN", 1, "approved")]
    assert Guest.objects.get(name="มาลี").speaks == {"th": 3, "en": 2}
    again = importing.check(event, CSV)
    assert {problem.message for problem in again.problems} == {
        "This organisation is registered for this event already."}


@pytest.mark.parametrize(("line", "row", "field"), [
    ("X,QQ,Mali,,th:3,", 4, "economy"), ("X,TH,,x@example.net,th:3,", 4, "name"),
    ("X,TH,Mali,nobody,th:3,", 4, "email"), ("X,TH,Mali,,klingon,", 4, "speaks"),
    ("X,TH,Mali,,th:3,a,b,c", 4, ""), (",TH,Mali,,th:3,", 4, "organisation")])
def test_the_report_names_the_row_and_the_column(event: Event, line: str, row: int,
                                                 field: str) -> None:
    report = importing.check(event, CSV + line + "\n")
    assert [(problem.row, problem.field) for problem in report.problems] == [(row, field)]
    assert len(report.good) == 2


def test_a_file_with_other_columns_is_not_read(event: Event) -> None:
    report = importing.check(event, "company;land\nX;TH\n")
    assert not report.good and [problem.row for problem in report.problems] == [0, 0]


def test_what_does_not_fit_into_the_hall_waits_for_a_decision(event: Event, wei: Person) -> None:
    report = importing.check(event, CSV + "Third,TH,A,,th:3,\n")
    loaded = importing.load(event, report, by=wei, approve=True)
    assert [problem.message for problem in loaded.problems] == [
        "All places are taken. Put the registration on the waiting list."]
    assert event.parties.get(position=3).state == "applied"


def test_a_person_who_leaves_leaves_no_name_behind(event: Event, wei: Person,
                                                   mali: Person) -> None:
    mine = [{"name": "Mali", "email": mali.email, "speaks": {"th": 3}},
            {"name": "Somchai", "email": "somchai@example.net", "speaks": {"th": 3}}]
    party = registered(event, mali, guests=1)
    form = RegistrationForm({"guests": mine}, event=event, by=mali, party=party)
    assert form.is_valid()
    actions.save(party, form.registration(), by=mali)
    known = people_actions.export_data(mali, by=mali)["meetings"]
    assert known["guest"][0]["name"] == "Mali"
    assert known["registrations"][0]["organisation"] == "สหกรณ์ทุเรียน"
    badge = party.guests.first().badge
    people_actions.forget(mali, by=mali)
    party.refresh_from_db()
    first, second = party.guests.all()
    assert (first.name, first.email, first.person, party.contact) == ("—", "", None, None)
    assert first.badge != badge and second.name == "Somchai"
