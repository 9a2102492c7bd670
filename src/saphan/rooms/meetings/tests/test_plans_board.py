"""Meetings moved by hand: what would break is said before, what is dropped is checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.rooms.meetings.actions import plans as actions
from saphan.rooms.meetings.actions import publishing
from saphan.rooms.meetings.models import Plan
from saphan.rooms.meetings.queries import board
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import line, published, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(house: None) -> Any:
    """Six meetings in the first three of six slots, at two of three tables."""
    return published(making.event(slots=6, tables=3))


def _spots(event: Any, wish: int) -> dict[int, board.Choice]:
    """Position of a slot to what it says."""
    order = {slot.pk: at for at, slot in enumerate(event.slots.all())}
    return {order[one.slot.pk]: one for one in board.choices(event, wish, None)}


def _ends(event: Any) -> tuple[Any, Any]:
    """A meeting of the first slot, and that at the same table in the second."""
    first = event.meetings.get(slot=event.slots.all()[0], table=0)
    return first, event.meetings.get(slot=event.slots.all()[1], table=0)


def test_before_it_is_dropped_every_slot_says_what_would_break(fair: Any) -> None:
    meeting, _other = _ends(fair)
    spots = _spots(fair, meeting.wish_id)
    assert {at: spot.state for at, spot in spots.items()} == {
        0: "free", 1: "swap", 2: "swap", 3: "free", 4: "free", 5: "free"}
    assert "in another meeting" in spots[1].words
    assert str(meeting.guest_a.party) in spots[1].words  # in the meetings that give way
    assert spots[3].tables == (0, 1, 2)
    place = fair.places.get()
    place.tables = 0
    place.save()
    assert {spot.state for spot in _spots(fair, meeting.wish_id).values()} == {"impossible"}


def test_what_has_begun_cannot_be_picked_up(fair: Any) -> None:
    meeting, other = _ends(fair)
    with clock.stopped_at(making.BEGINS + timedelta(minutes=1)):
        assert board.choices(fair, meeting.wish_id, None) == []
        assert 0 not in _spots(fair, other.wish_id)
        chief = making.organiser()
        with pytest.raises(Refused):
            actions.move(fair, meeting.wish_id, by=chief,
                         to=(fair.slots.last().pk, fair.places.get().pk, None))
        with pytest.raises(Refused):
            actions.take_out(fair, meeting.wish_id, by=chief)


def test_moves_are_collected_in_one_draft_that_is_then_published(fair: Any) -> None:
    chief, place = making.organiser(), fair.places.get().pk
    slots = [slot.pk for slot in fair.slots.all()]
    one, other = _ends(fair)
    draft = actions.move(fair, one.wish_id, by=chief, to=(slots[4], place, 2))
    again = actions.move(fair, other.wish_id, by=chief, to=(slots[5], place, None), on=draft)
    assert again.pk == draft.pk and draft.kind == Plan.Kind.HAND
    one.refresh_from_db()
    assert one.slot_id == slots[0]  # nobody holds the draft
    publishing.publish(draft, by=chief)
    for each in (one, other):
        each.refresh_from_db()
    assert (one.slot_id, one.table, other.slot_id) == (slots[4], 2, slots[5])
    assert fair.meetings.filter(sequence__gt=0).count() == 2


def test_what_breaks_a_rule_is_refused_and_a_swap_finds_the_other_a_place(fair: Any) -> None:
    chief, place = making.organiser(), fair.places.get().pk
    slots = [slot.pk for slot in fair.slots.all()]
    meeting, _other = _ends(fair)
    with pytest.raises(Refused) as refusal:
        actions.move(fair, meeting.wish_id, by=chief, to=(slots[1], place, 2))
    assert "in two meetings" in str(refusal.value)
    assert not fair.plans.filter(kind="hand").exists()
    draft = actions.move(fair, meeting.wish_id, by=chief, to=(slots[1], place, 2), swap=True)
    assert len(draft.lines) == 6  # those who gave way have another time
    publishing.publish(draft, by=chief)


def test_a_taken_table_is_swapped_with_who_sits_there(fair: Any) -> None:
    chief, slots = making.organiser(), list(fair.slots.all())
    first, second = fair.meetings.filter(slot=slots[0]).order_by("table")
    draft = actions.move(fair, first.wish_id, by=chief, swap=True,
                         to=(slots[0].pk, first.place_id, second.table))
    publishing.publish(draft, by=chief)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.table == 1 and second.table != 1 and second.slot_id == slots[0].pk


def test_a_draft_of_a_plan_that_was_replaced_is_not_published(fair: Any) -> None:
    chief, (one, other) = making.organiser(), _ends(fair)
    late = actions.take_out(fair, one.wish_id, by=chief)
    publishing.publish(actions.take_out(fair, other.wish_id, by=chief), by=chief)
    with pytest.raises(Refused):
        publishing.publish(late, by=chief)
    with pytest.raises(Refused):  # and takes no more moves
        actions.take_out(fair, fair.meetings.filter(state="planned").last().wish_id, by=chief,
                         on=late)


def test_the_endpoint_tells_the_script_every_slot_and_place(fair: Any, client: Client) -> None:
    client.force_login(making.organiser())
    meeting, _other = _ends(fair)
    told = client.get(reverse("meetings:board_spots", args=[fair.number, meeting.wish_id])).json()
    assert told["wish"] == meeting.wish_id and len(told["spots"]) == 6
    assert all(spot["words"] for spot in told["spots"])
    assert {spot["state"] for spot in told["spots"]} == {"free", "swap"}
    assert client.get(reverse("meetings:board_spots", args=[fair.number, 99_999])
                      ).status_code == 404
    assert Client().get(reverse("meetings:board_spots", args=[fair.number, meeting.wish_id])
                        ).status_code == 302


def test_without_script_a_meeting_is_moved_by_a_list_of_places(fair: Any, client: Client) -> None:
    client.force_login(making.organiser())
    meeting, _other = _ends(fair)
    address = reverse("meetings:board", args=[fair.number])
    listed = client.get(address, {"wish": meeting.wish_id}).content.decode()
    assert "Free: nothing breaks" in listed and "Others give way" in listed
    slots = [slot.pk for slot in fair.slots.all()]
    answer = client.post(reverse("meetings:board_move", args=[fair.number]), {
        "plan": 1, "wish": meeting.wish_id, "spot": f"{slots[4]}.{meeting.place_id}"},
        follow=True)
    shown = answer.content.decode()
    assert "Moved in the draft." in shown and "1 meeting moved" in shown
    assert "2 people would be told." in shown
    draft = queries.plans(fair, making.organiser()).filter(kind="hand").get()
    refused = client.post(reverse("meetings:board_move", args=[fair.number]), {
        "plan": draft.number, "wish": meeting.wish_id,
        "spot": f"{slots[1]}.{meeting.place_id}"}, follow=True).content.decode()
    assert "in two meetings" in refused
    client.post(reverse("meetings:board_move", args=[fair.number]), {
        "plan": draft.number, "wish": meeting.wish_id, "act": "take_out"})
    draft = Plan.objects.get(pk=draft.pk)
    assert len(draft.lines) == 5


def test_the_board_needs_as_many_queries_for_sixty_meetings_as_for_six(
        house: None, client: Client) -> None:
    client.force_login(making.organiser())
    counted = []
    for parties in (4, 12):
        event = published(making.event(slots=12, tables=8), parties=parties)
        for name in ("board", "now", "plans", "live"):
            client.get(reverse(f"meetings:{name}", args=[event.number]))
            with CaptureQueriesContext(connection) as found:
                client.get(reverse(f"meetings:{name}", args=[event.number]))
            counted.append((name, len(found)))
    few, many = counted[:4], counted[4:]
    assert few == many


def test_now_and_next_finds_people_and_tables(fair: Any, client: Client) -> None:
    client.force_login(making.organiser())
    address = reverse("meetings:now", args=[fair.number])
    meeting, other = _ends(fair)
    with clock.stopped_at(making.BEGINS + timedelta(minutes=5)):
        shown = client.get(address).content.decode()
        assert str(meeting.guest_a.party) in shown and "Not checked in" in shown
        found = client.get(address, {"q": "table nobody"}).content.decode()
        assert f"/meetings/{meeting.word}/" not in found
        found = client.get(address, {"q": meeting.guest_a.name}).content.decode()
        assert f"/meetings/{meeting.word}/" in found
    with clock.stopped_at(making.BEGINS + timedelta(minutes=35)):
        assert "No meetings at this moment." in client.get(address).content.decode()
    with clock.stopped_at(making.BEGINS + timedelta(days=1)):
        assert "No more meetings." in client.get(address).content.decode()
    assert other.word


def test_a_meeting_has_a_page_for_its_two_sides_and_the_staff(house: None, client: Client) -> None:
    event = making.event()
    here, there = (making.party(event, account=True) for _ in range(2))
    stranger = making.party(event, account=True)
    wish = making.wish(here, there)
    publishing.publish(ready(event, [line(event, wish, slot=0)]), by=making.organiser())
    meeting = event.meetings.get()
    address = reverse("meetings:meeting", args=[event.number, meeting.word])
    for who, status in ((here.contact, 200), (there.contact, 200), (stranger.contact, 404)):
        client.force_login(who)
        assert client.get(address).status_code == status
    client.force_login(here.contact)
    with clock.stopped_at(making.BEGINS + timedelta(hours=1)):
        assert b"It took place" in client.get(address).content
        client.post(address, {"act": "hold"})
    meeting.refresh_from_db()
    assert meeting.state == "held"
