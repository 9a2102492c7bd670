"""An event from the first word to its end, and what belongs to it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.house import sampling
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.meetings import cutting, sample
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.actions import setup
from saphan.rooms.meetings.cutting import Pattern, cut
from saphan.rooms.meetings.forms.events import EventForm
from saphan.rooms.meetings.forms.setup import InterpreterForm, PlaceForm, SessionForm, SlotsForm
from saphan.rooms.meetings.models import (
    Event,
    Interpreter,
    Meeting,
    Party,
    Place,
    Plan,
    Session,
    Slot,
    Wish,
)
from saphan.rooms.meetings.queries import events as queries
from saphan.rooms.meetings.queries import plates
from saphan.rooms.meetings.queries import setup as setup_queries
from saphan.rooms.meetings.queries.programme import programme
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.events import DAY, FRUIT, NOW, draft, opened, set_up


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    people_actions.load_economies()
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def wei() -> Person:
    return making.organiser()


def meeting(event: Event) -> Meeting:
    """Two parties meet in the first slot, in the timetable that people hold."""
    one, other = making.party(event), making.party(event)
    wish = making.wish(one, other)
    Plan.objects.create(event=event, number=1, state=Plan.State.PUBLISHED, made=NOW)
    return Meeting.objects.create(
        event=event, wish=wish, slot=event.slots.first(), place=event.places.first(), table=0,
        guest_a=one.guests.get(), guest_b=other.guests.get(), word=f"w{wish.pk}")


def test_an_event_goes_its_way_and_each_step_is_a_fact(wei: Person) -> None:
    event = opened(wei)
    actions.close(event, by=wei)
    meeting(event)
    actions.begin(event, by=wei)
    with clock.stopped_at(event.slots.last().ends):
        actions.finish(event, by=wei)
    assert [fact.name for fact in ledger.about(event) if not fact.name.startswith("event.slot")] \
        == ["event.drafted", "event.opened", "event.closed", "event.begun", "event.ended"]
    assert event.number.startswith("MTG-2027-") and event.state == "over"


@pytest.mark.parametrize("missing", ["slots", "places", "time"])
def test_nobody_can_register_for_an_event_without_times_places_or_days_ahead(
        wei: Person, missing: str) -> None:
    event = set_up(draft(wei))
    if missing == "time":
        later = event.registration_ends + timedelta(minutes=1)
        with clock.stopped_at(later), pytest.raises(Refused, match="registration is over"):
            actions.open_event(event, by=wei)
        return
    getattr(event, missing).all().delete()
    with pytest.raises(Refused, match="when" if missing == "slots" else "where"):
        actions.open_event(event, by=wei)


def test_an_event_begins_with_a_timetable_and_ends_with_its_last_meeting(wei: Person) -> None:
    event = actions.close(opened(wei), by=wei)
    with pytest.raises(Refused, match="plan"):
        actions.begin(event, by=wei)
    meeting(event)
    actions.begin(event, by=wei)
    with pytest.raises(Refused, match="last meetings"):
        actions.finish(event, by=wei)


def test_who_cancels_an_event_that_was_public_says_why(wei: Person) -> None:
    event = opened(wei)
    with pytest.raises(Refused, match="why"):
        actions.cancel(event, by=wei, because="  ")
    actions.cancel(event, by=wei, because="The hall is flooded.")
    assert str(event.cancelled_because) == "The hall is flooded."
    assert queries.event(event.number, asker=None).state == "cancelled"
    quiet = actions.cancel(draft(wei), by=wei)
    with pytest.raises(queries.NotFound):
        queries.event(quiet.number, asker=None)


@pytest.mark.parametrize("role", ["", Role.Name.CLERK, Role.Name.LIAISON_OFFICER,
                                  Role.Name.DIRECTOR])
def test_only_organisers_hold_and_set_up_events(wei: Person, role: str) -> None:
    other, event = making.person("Other", role=role), draft(wei)
    for attempt in (lambda: actions.start({}, by=other),
                    lambda: actions.save(event, {"capacity": 9}, by=other),
                    lambda: setup.set_slots(event, [], by=other),
                    lambda: actions.open_event(set_up(event), by=other),
                    lambda: actions.remove(event, by=other)):
        with pytest.raises(Refused):
            attempt()
    event.refresh_from_db()
    assert (event.capacity, event.state) == (3, "draft")


def test_who_saves_what_she_did_not_see_overwrites_nothing(wei: Person) -> None:
    event = draft(wei)
    stale = Event.objects.get(pk=event.pk)
    actions.save(event, {"capacity": 50}, by=wei)
    with pytest.raises(actions.Conflict):
        actions.save(stale, {"capacity": 60}, by=wei, version=1)
    assert Event.objects.get(pk=event.pk).capacity == 50


def test_times_do_not_slip_when_the_event_moves_to_another_zone_or_day(wei: Person) -> None:
    event = set_up(draft(wei))
    with pytest.raises(Refused, match="old"):
        actions.save(event, {"time_zone": "Asia/Yangon"}, by=wei)
    with pytest.raises(Refused, match="other days"):
        actions.save(event, {"first_day": DAY + timedelta(days=1)}, by=wei)
    setup.set_slots(event, [], by=wei)
    assert actions.save(event, {"time_zone": "Asia/Yangon"}, by=wei).time_zone == "Asia/Yangon"


@pytest.mark.parametrize(("wrong", "field"), [
    ({"last_day": "2027-03-09"}, "last_day"), ({"last_day": "2027-03-30"}, "last_day"),
    ({"wishes_end": "2027-02-20T10:00"}, "wishes_end"), ({"venue": ""}, "venue"),
    ({"registration_ends": "2027-04-01T10:00"}, "registration_ends"), ({"title": ""}, "title"),
    ({"capacity": "0"}, "capacity"), ({"time_zone": "Mars/Olympus"}, "time_zone")])
def test_an_event_says_when_and_where_it_is(wrong: dict[str, str], field: str) -> None:
    form = EventForm({**FRUIT, **wrong})
    assert not form.is_valid() and field in form.errors


def test_deadlines_are_read_on_the_clock_of_the_event() -> None:
    form = EventForm({**FRUIT, "economy": "MM", "time_zone": "Asia/Yangon"})
    assert form.is_valid()
    assert form.values()["registration_ends"] == datetime(2027, 3, 1, 11, 30, tzinfo=UTC)


def test_a_day_is_cut_into_slots_without_its_breaks() -> None:
    pattern = Pattern(time(9), time(12, 50), 25, 5, ((time(10), time(10, 20)),
                                                     (time(12), time(12, 30))))
    found = cut([DAY], pattern, ZoneInfo("Asia/Shanghai"))
    local = [begins.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
             for begins, _ends in found]
    assert local == ["09:00", "09:30", "10:20", "10:50", "11:20"]
    assert all(ends - begins == timedelta(minutes=25) for begins, ends in found)


def test_myanmar_is_half_an_hour_beside_its_neighbours() -> None:
    [(begins, ends)] = cut([DAY], Pattern(time(9), time(9, 25), 25), ZoneInfo("Asia/Yangon"))
    assert (begins, ends) == (datetime(2027, 3, 10, 2, 30, tzinfo=UTC),
                              datetime(2027, 3, 10, 2, 55, tzinfo=UTC))


def test_a_slot_is_as_long_as_it_says_also_when_clocks_are_put_forward() -> None:
    lisbon = ZoneInfo("Europe/Lisbon")  # 28 March 2027, 01:00 becomes 02:00
    found = cut([date(2027, 3, 28)], Pattern(time(0), time(4), 30, 0), lisbon)
    assert len(found) == 6  # four hours on the clock, three of them real
    assert all(ends - begins == timedelta(minutes=30) for begins, ends in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))


def test_half_days_are_told_by_the_clock_of_the_event() -> None:
    slots = cut([DAY], Pattern(time(9), time(15), 60, 0, ((time(12), time(13)),)),
                ZoneInfo("Asia/Yangon"))
    halves = cutting.halves(slots, ZoneInfo("Asia/Yangon"))
    assert [(day, half) for day, half, _stretch in halves] == [(DAY, "am"), (DAY, "pm")]
    assert halves[0][2] == (slots[0][0], slots[2][1])


def test_a_pattern_of_one_day_leaves_the_others_as_they_are(wei: Person) -> None:
    event = set_up(draft(wei))
    data = {"days": ["2027-03-11"], "begins": "13:00", "ends": "14:00", "length": "30",
            "pause": "0"}
    form = SlotsForm(data, event=event)
    assert form.is_valid(), form.errors
    before = set(event.slots.values_list("pk", flat=True))
    assert setup.set_slots(event, form.stretches(), by=wei) == 8
    assert before < set(event.slots.values_list("pk", flat=True))


def test_slots_that_hold_meetings_are_not_thrown_away(wei: Person) -> None:
    event = opened(wei)
    held = meeting(event).slot
    others = [(slot.begins, slot.ends) for slot in event.slots.exclude(pk=held.pk)]
    with pytest.raises(Refused, match="meetings in the timetable"):
        setup.set_slots(event, others, by=wei)
    with pytest.raises(Refused, match="meetings in the timetable"):
        setup.remove_slot(held, by=wei)
    assert event.slots.count() == 6
    setup.set_slots(event, [(held.begins, held.ends)], by=wei)
    assert list(event.slots.all()) == [held]


def test_slots_do_not_overlap_and_lie_on_the_days_of_the_event(wei: Person) -> None:
    event = set_up(draft(wei))
    first = event.slots.first()
    with pytest.raises(Refused, match="overlap"):
        setup.add_slot(event, first.begins + timedelta(minutes=5), first.ends, by=wei)
    with pytest.raises(Refused, match="not on a day"):
        setup.add_slot(event, first.begins - timedelta(days=2), first.ends - timedelta(days=2),
                       by=wei)
    afternoon = first.begins + timedelta(hours=6)
    setup.add_slot(event, afternoon, afternoon + timedelta(minutes=25), by=wei)
    assert event.slots.count() == 7


def test_a_table_with_a_meeting_is_not_taken_away_by_the_set_up(wei: Person) -> None:
    event = opened(wei)
    held = meeting(event)
    Meeting.objects.filter(pk=held.pk).update(table=2)
    with pytest.raises(Refused, match="fewer tables"):
        setup.keep(event, Place, {"tables": 2}, by=wei, part=held.place)
    with pytest.raises(Refused, match="timetable"):
        setup.remove(held.place, by=wei)
    setup.keep(event, Place, {"tables": 3}, by=wei, part=held.place)


def test_ways_between_places_are_kept_both_ways_and_forgotten_with_a_place(wei: Person) -> None:
    event = set_up(draft(wei))
    hall = event.places.get()
    salon = setup.keep(event, Place, {"name": Text.of({"en": "Salon"}), "tables": 2}, by=wei)
    setup.set_walks(event, {(hall.pk, salon.pk): 4}, by=wei)
    hall.refresh_from_db()
    salon.refresh_from_db()
    assert (hall.walks, salon.walks) == ({str(salon.pk): 4}, {str(hall.pk): 4})
    setup.remove(salon, by=wei)
    hall.refresh_from_db()
    assert hall.walks == {}


@pytest.mark.parametrize(("link", "good"), [
    ("https://meet.example/{meeting}", True), ("https://meet.example/room", True),
    ("https://meet.example/{user}", False), ("javascript:alert(1)", False),
    ("https://meet.example/{meeting", False), ("{meeting}", False)])
def test_a_link_for_online_meetings_is_a_web_address_with_one_word_in_it(
        wei: Person, link: str, good: bool) -> None:
    form = PlaceForm({"name": "Online", "tables": "5", "online": "on", "link": link},
                     event=draft(wei))
    assert form.is_valid() == good


def test_who_interprets_speaks_two_languages_fluently(wei: Person) -> None:
    event = set_up(draft(wei))
    assert not InterpreterForm({"name": "Ploy", "speaks": {"th": 3, "zh": 2}},
                               event=event).is_valid()
    form = InterpreterForm({"name": "Ploy", "speaks": {"th": 3, "zh-Hans": 3}}, event=event)
    assert form.is_valid(), form.errors
    made = setup.keep(event, Interpreter, form.values(), by=wei)
    assert (made.speaks, made.most, made.run) == ({"th": 3, "zh": 3}, 12, 4)


def test_the_checklist_says_which_interpreters_are_missing(wei: Person) -> None:
    event = opened(wei)
    thai = making.party(event, speaks={"th": 3})
    making.party(event, speaks={"th": 3, "en": 1})
    chinese = making.party(event, economy="CN", speaks={"zh": 3})
    making.party(event, economy="CN", speaks={"zh": 3, "en": 2})
    making.wish(thai, chinese)
    [need] = setup_queries.needs(event)
    assert (need.languages, need.pairs, need.wishes, need.interpreters) == (("th", "zh"), 4, 1, 0)
    making.interpreter(event, th=3, zh=3)
    making.interpreter(event, th=3, en=3)
    making.interpreter(event, zh=3, en=3)
    assert setup_queries.needs(event)[0].interpreters == 1
    event.relay = True
    assert setup_queries.needs(event)[0].interpreters == 2


def test_the_checklist_of_an_empty_event_says_what_it_lacks(wei: Person) -> None:
    event = draft(wei)
    assert [check.part for check in setup_queries.to_open(event) if not check.done] == [
        "slots", "places"]
    set_up(event)
    assert all(check.done for check in setup_queries.to_open(event) if check.needed)


def test_a_copy_has_the_same_hours_on_other_days_and_no_people(wei: Person) -> None:
    event = opened(wei)
    salon = setup.keep(event, Place, {"name": Text.of({"en": "Salon"}), "tables": 2}, by=wei)
    setup.set_walks(event, {(event.places.first().pk, salon.pk): 4}, by=wei)
    setup.keep(event, Session, {"title": Text.of({"en": "Opening"}), "place": salon,
                                "begins": making.BEGINS, "ends": making.BEGINS
                                + timedelta(minutes=30), "everybody": True}, by=wei)
    making.party(event)
    copy = actions.duplicate(event, date(2027, 6, 1), by=wei)
    assert (copy.state, copy.last_day, copy.parties.count()) == ("draft", date(2027, 6, 2), 0)
    assert [slot.begins - timedelta(days=83) for slot in copy.slots.all()] == [
        slot.begins for slot in event.slots.all()]
    assert copy.sessions.get().place == copy.places.last()
    assert list(copy.places.last().walks) == [str(copy.places.first().pk)]
    assert copy.registration_ends - event.registration_ends == timedelta(days=83)


def test_the_programme_shows_meetings_breaks_and_sessions_in_order(wei: Person) -> None:
    event = set_up(draft(wei))
    later = making.BEGINS + timedelta(hours=5)
    setup.add_slot(event, later, later + timedelta(minutes=25), by=wei)
    form = SessionForm({"title": "开幕", "begins": "2027-03-10T08:30", "ends": "2027-03-10T09:00",
                        "everybody": "on"}, event=event)
    assert form.is_valid(), form.errors
    setup.keep(event, Session, form.values(), by=wei)
    [day] = programme(event)
    assert [(block.kind, block.slots) for block in day.blocks] == [
        ("session", 0), ("meetings", 6), ("break", 0), ("meetings", 1)]


def test_a_draft_that_nobody_saw_can_be_removed_and_no_other(wei: Person) -> None:
    event = draft(wei)
    actions.remove(event, by=wei)
    assert not Event.objects.exists()
    with pytest.raises(Refused, match="draft"):
        actions.remove(opened(wei), by=wei)


def test_search_and_feeds_know_public_events_only(wei: Person) -> None:
    draft(wei)
    event = opened(wei)
    assert [document.id for document in plates.EventEntries().documents()] == [str(event.pk)]
    assert [item.key for item in queries.new_events()] == [event.number]
    plates_of = plates.EventEntries().plates([str(event.pk)], asker=None)
    assert str(plates_of[str(event.pk)].title) == FRUIT["title"]


def test_the_sample_loads_once_and_its_rows_are_checked(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    row = ('{"key":"day","title":"Fruit","summary":"Fruit.","venue":"Nanning","lang":"en",'
           '"economy":"CN","time_zone":"Asia/Shanghai","in_days":20,"slots":[{"day":1,"begins":'
           '"09:00","ends":"10:00","length":25,"pause":5}],"places":[{"key":"hall","name":"Hall",'
           '"tables":3}],"parties":[{"key":"a","organisation":"Packers","economy":"TH","guests":'
           '[{"name":"Mali","speaks":{"th":3}}]}]}')
    (folder / "events.jsonl").write_text(row, "utf-8")
    assert sample.load(folder) == 1 and sample.load(folder) == 1
    event = Event.objects.get()
    assert (event.state, event.slots.count(), event.parties.get().state) == (
        "open", 2, Party.State.APPROVED)
    (folder / "events.jsonl").write_text(row.replace('"day"', '"other"', 1).replace(
        '"economy":"CN"', '"economy":"XX"'), "utf-8")
    with pytest.raises(sampling.BadSample, match="economy"):
        sample.load(folder)
    assert Slot.objects.count() == 2 and not Wish.objects.exists()
