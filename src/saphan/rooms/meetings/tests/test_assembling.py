"""What the engine is told about an event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saphan.ground import clock
from saphan.ground.text import Text
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.models import Delegation, Incident, Session, Wish
from saphan.rooms.meetings.tests import making

pytestmark = pytest.mark.django_db


def _happened(event: Any, kind: str, **values: Any) -> Incident:
    return Incident.objects.create(**{"event": event, "kind": kind, "at": clock.now(),
                                      "begins": making.BEGINS + timedelta(minutes=80), **values})


def test_records_and_positions_stand_for_each_other(house: None) -> None:
    event = making.event(mode="mixed")
    packer, vendor = making.party(event, guests=2), making.party(event, economy="CN")
    wish = making.wish(packer, vendor)
    interpreter = making.interpreter(event, th=3, zh=3)
    found = assembling.assemble(event)
    slot, place = list(event.slots.all())[2], event.places.first()
    lines = [[wish.pk, slot.pk, place.pk, 1, packer.guests.last().pk, vendor.guests.first().pk,
              "", [interpreter.pk]]]
    [meeting] = found.meetings(lines)
    assert (meeting.wish, meeting.slot, meeting.place, meeting.person_a, meeting.person_b,
            meeting.interpreters) == (0, 2, 0, 1, 2, (0,))
    assert found.lines([meeting]) == lines
    assert found.meetings([[wish.pk + 9, *lines[0][1:]]]) == []


def test_who_was_not_admitted_and_what_was_declined_is_not_planned(house: None) -> None:
    event = making.event()
    here, there = making.party(event), making.party(event)
    waiting = making.party(event, state="applied")
    making.wish(here, waiting)
    making.wish(here, there, state=Wish.State.REFUSED)
    found = assembling.assemble(event)
    assert (len(found.parties), found.wishes) == (2, [])


def test_who_attends_a_session_is_in_no_meeting_then_and_walks_from_there(house: None) -> None:
    event = making.event()
    hall = event.places.get()
    party = making.party(event)
    session = Session.objects.create(
        event=event, place=hall, title=Text.of({"en": "Talk"}),
        begins=making.BEGINS + timedelta(minutes=40), ends=making.BEGINS + timedelta(minutes=85))
    party.guests.get().sessions.add(session)
    [person] = assembling.assemble(event).problem.people
    assert person.free == (0, 3, 4, 5)
    assert person.engaged == ((40, 85, 0),)


def test_what_happened_counts_until_it_is_undone(house: None) -> None:
    event = making.event(tables=4)
    first, second = making.party(event), making.party(event, guests=2)
    interpreter = making.interpreter(event, th=3, zh=3)
    wish = making.wish(first, second)
    gone = [_happened(event, "no_show", party=second),
            _happened(event, "late", guest=first.guests.get(), begins=making.BEGINS,
                      ends=making.BEGINS + timedelta(minutes=60)),
            _happened(event, "fewer_tables", place=event.places.get(), tables=1),
            _happened(event, "interpreter_gone", interpreter=interpreter)]
    problem = assembling.assemble(event).problem
    assert [person.free for person in problem.people] == [(2, 3, 4, 5), (0, 1), (0, 1)]
    assert problem.places[0].tables == (4, 4, 1, 1, 1, 1)
    assert problem.interpreters[0].free == (0, 1)
    for one in gone:
        one.undone = clock.now()
        one.save()
    problem = assembling.assemble(event).problem
    assert {person.free for person in problem.people} == {(0, 1, 2, 3, 4, 5)}
    assert problem.places[0].tables == (4,) * 6
    assert len(problem.wishes) == 1 and wish.pk


def test_a_wish_that_both_have_is_worth_more_and_one_that_fits_better_too(house: None) -> None:
    event = making.event()
    parties = [making.party(event) for _ in range(4)]
    asked = making.wish(parties[0], parties[1], state=Wish.State.SENT)
    both = making.wish(parties[0], parties[2])
    fits = making.wish(parties[0], parties[3], state=Wish.State.SENT, fit=0.9)
    values = [assembling.value_of(one) for one in (asked, fits, both)]
    assert values == sorted(values) and len(set(values)) == 3
    event.unanswered = False
    event.save()
    assert [wish.pk for wish in assembling.assemble(event).wishes] == [both.pk]


def test_a_delegation_brings_its_host_to_the_table_if_she_sits_in(house: None) -> None:
    event = making.event()
    host, member = making.party(event), making.party(event)
    delegation = Delegation.objects.create(event=event, name=Text.of({"en": "Laos"}),
                                           host=host.guests.get())
    member.delegation = delegation
    member.save()
    assert assembling.assemble(event).problem.parties[1].host == -1
    delegation.host_sits_in = True
    delegation.save()
    assert assembling.assemble(event).problem.parties[1].host == 0
