"""What people hold follows from the plan that is published, and can be brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.rooms.meetings import diffing
from saphan.rooms.meetings.actions import live, publishing
from saphan.rooms.meetings.actions import plans as actions
from saphan.rooms.meetings.models import Meeting, Plan, Wish
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.tests import making
from saphan.rooms.meetings.tests.planned import line, published, ready, rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(house: None) -> Any:
    """Four parties, six meetings in the first three of six slots."""
    return published(making.event(slots=6, tables=3))


def _lines(event: Any) -> list[list[Any]]:
    return [each.as_row() for each in queries.standing(event)]


def _changed(event: Any, **moves: Any) -> list[list[Any]]:
    """The lines that stand, with those of some wishes (`w0` is the first) changed or dropped."""
    rows = sorted(_lines(event))
    for name, row in moves.items():
        rows[int(name[1:])] = row
    return [row for row in rows if row is not None]


def test_only_what_changes_is_touched_and_counts_in_the_invitation(fair: Any) -> None:
    before = {each.wish_id: (each.word, each.sequence) for each in fair.meetings.all()}
    rows = sorted(_lines(fair))
    moved = [*rows[0][:1], list(fair.slots.all())[4].pk, *rows[0][2:]]
    plan = ready(fair, _changed(fair, w0=moved, w5=None), kind="hand",
                 base=queries.published(fair))
    publishing.publish(plan, by=making.organiser())
    after = {each.wish_id: each for each in fair.meetings.all()}
    assert after[rows[0][0]].slot_id == moved[1]
    assert after[rows[0][0]].sequence == 1
    assert after[rows[5][0]].state == Meeting.State.CANCELLED
    assert after[rows[5][0]].sequence == 1
    still = [wish for wish in before if wish not in (rows[0][0], rows[5][0])]
    assert all((after[wish].word, after[wish].sequence) == before[wish] for wish in still)
    told = Fact.objects.filter(name="plan.published").last()
    assert told is not None
    assert [told.data[kind] for kind in diffing.KINDS] == [0, 1, 0, 1]
    assert told.data["digest"] == diffing.digest(plan.lines)
    assert Plan.objects.get(number=1).state == Plan.State.REPLACED


def test_those_concerned_are_the_people_of_changed_meetings_and_nobody_else(fair: Any) -> None:
    rows = sorted(_lines(fair))
    moved = [*rows[0][:1], list(fair.slots.all())[4].pk, *rows[0][2:]]
    plan = ready(fair, _changed(fair, w0=moved), kind="hand", base=queries.published(fair))
    found = queries.concerned(plan)
    assert set(found) == set(rows[0][4:6])
    [change] = found[rows[0][4]]
    assert change.kind == "moved"
    assert change.before is not None and change.after is not None
    assert (change.before.slot.pk, change.after.slot.pk) == (rows[0][1], moved[1])
    publishing.publish(plan, by=making.organiser())
    assert set(queries.concerned(plan)) == set(rows[0][4:6])


def test_a_colleague_who_takes_over_hears_of_a_new_meeting(house: None) -> None:
    event = making.event()
    here, there = making.party(event, guests=2), making.party(event)
    wish = making.wish(here, there)
    first, second = here.guests.all()
    chief = making.organiser()
    publishing.publish(ready(event, [line(event, wish, slot=0)]), by=chief)
    row = line(event, wish, slot=0)
    row[4] = second.pk
    plan = ready(event, [row], kind="hand", base=queries.published(event))
    kinds = {guest: [each.kind for each in lines]
             for guest, lines in queries.concerned(plan).items()}
    assert kinds == {first.pk: ["dropped"], second.pk: ["added"],
                     there.guests.get().pk: ["changed"]}


def test_an_interpreter_who_changes_is_told_as_well(house: None) -> None:
    event = making.event()
    one = making.party(event, speaks={"th": 3})
    other = making.party(event, speaks={"zh": 3})
    ploy, minh = (making.interpreter(event, th=3, zh=3) for _ in range(2))
    wish = making.wish(one, other)
    row = [*line(event, wish, slot=0)[:6], "", [ploy.pk]]
    publishing.publish(ready(event, [row]), by=making.organiser())
    assert list(event.meetings.get().interpreters.all()) == [ploy]
    plan = ready(event, [[*row[:7], [minh.pk]]], kind="hand", base=queries.published(event))
    found = queries.concerned_interpreters(plan)
    assert {key: each[0].kind for key, each in found.items()} == {
        ploy.pk: "dropped", minh.pk: "added"}
    publishing.publish(plan, by=making.organiser())
    assert list(event.meetings.get().interpreters.all()) == [minh]


def test_undoing_brings_back_what_people_held(fair: Any) -> None:
    chief, before = making.organiser(), sorted(_lines(fair))
    words = {each.wish_id: each.word for each in fair.meetings.all()}
    fewer = ready(fair, before[:3], kind="hand", base=queries.published(fair))
    publishing.publish(fewer, by=chief)
    assert len(_lines(fair)) == 3
    publishing.publish(publishing.undo(by=chief, event=fair), by=chief)
    assert sorted(_lines(fair)) == before
    assert {each.wish_id: each.word for each in fair.meetings.all()} == words  # the same links


def test_undoing_leaves_out_what_is_not_possible_any_more(fair: Any) -> None:
    chief, before = making.organiser(), sorted(_lines(fair))
    publishing.publish(ready(fair, before[:3], kind="hand", base=queries.published(fair)),
                       by=chief)
    gone = Wish.objects.get(pk=before[5][0])
    gone.take("refuse")
    plan = publishing.undo(by=chief, event=fair)
    publishing.publish(plan, by=chief)
    assert sorted(_lines(fair)) == before[:5]


def test_what_is_over_stays_whatever_a_plan_says(fair: Any) -> None:
    rows = sorted(_lines(fair))
    first = [row for row in rows if row[1] == fair.slots.first().pk]
    with clock.stopped_at(making.BEGINS + timedelta(minutes=20)):
        plan = ready(fair, [row for row in rows if row not in first], kind="hand",
                     base=queries.published(fair))
        publishing.publish(plan, by=making.organiser())
    assert sorted(_lines(fair)) == rows
    assert plan.changes == []


@pytest.mark.parametrize("fault", ["twice", "table", "language", "gone"])
def test_a_plan_that_breaks_a_rule_is_refused_in_words_and_changes_nothing(
        fair: Any, fault: str) -> None:
    rows = sorted(_lines(fair))
    before = list(rows)
    bad = {
        "twice": [*rows[0][:1], rows[5][1], rows[0][2], 2, *rows[0][4:]],
        "table": [*rows[0][:3], 7, *rows[0][4:]],
        "language": [*rows[0][:6], "my", []],
        "gone": [*rows[0][:1], 99_999, *rows[0][2:]]}[fault]
    plan = ready(fair, [bad, *rows[1:]], kind="hand", base=queries.published(fair))
    chief = making.organiser()
    if fault == "gone":  # a slot that does not exist: left out, and counted
        publishing.publish(plan, by=chief)
        told = Fact.objects.filter(name="plan.published").last()
        assert told is not None and told.data["left_out"] == 1
        return
    with pytest.raises(Refused) as refusal:
        publishing.publish(plan, by=chief)
    said = str(refusal.value)
    assert "breaks rules" in said and "%(" not in said
    assert sorted(_lines(fair)) == before
    assert Plan.objects.get(pk=plan.pk).state == Plan.State.READY


def test_a_change_of_a_plan_that_was_replaced_is_refused(fair: Any) -> None:
    chief, base = making.organiser(), queries.published(fair)
    rows = sorted(_lines(fair))
    late = ready(fair, rows[:4], kind="hand", base=base)
    publishing.publish(ready(fair, rows[:5], kind="hand", base=base), by=chief)
    with pytest.raises(Refused):
        publishing.publish(late, by=chief)
    assert len(_lines(fair)) == 5


def test_of_two_who_publish_at_once_the_second_is_told(fair: Any, monkeypatch: Any) -> None:
    """Both compared with the same plan; the first one publishes in between."""
    chief, rows = making.organiser(), sorted(_lines(fair))
    first, second = ready(fair, rows[:5]), ready(fair, rows[:4])
    original = publishing.outcome

    def slow(plan: Any, *args: Any) -> Any:
        found = original(plan, *args)
        if plan.pk == second.pk:
            monkeypatch.setattr(publishing, "outcome", original)
            publishing.publish(first, by=chief)
        return found

    monkeypatch.setattr(publishing, "outcome", slow)
    with pytest.raises(Refused):
        publishing.publish(second, by=chief)
    assert fair.plans.filter(state=Plan.State.PUBLISHED).get() == first
    assert len(_lines(fair)) == 5


def test_the_database_itself_keeps_one_published_plan(fair: Any) -> None:
    other = ready(fair, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=other.pk).update(state=Plan.State.PUBLISHED)


def test_calling_a_meeting_off_tells_its_two_sides_and_can_be_undone(fair: Any) -> None:
    chief = making.organiser()
    meeting = fair.meetings.first()
    plan = actions.call_off(meeting, by=chief)
    assert meeting.state == Meeting.State.CANCELLED
    assert set(queries.concerned(plan)) == {meeting.guest_a_id, meeting.guest_b_id}
    incident = fair.incidents.get()
    assert incident.plan == plan and incident.undone is None
    back = live.undo(incident, by=chief)
    assert back is not None
    publishing.publish(back, by=chief)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence) == (Meeting.State.PLANNED, 2)


def test_whether_a_meeting_took_place_is_said_once_it_has_begun(fair: Any) -> None:
    chief, meeting = making.organiser(), fair.meetings.first()
    with pytest.raises(Refused):
        actions.hold(meeting, by=chief)
    with clock.stopped_at(making.BEGINS + timedelta(hours=5)):
        with pytest.raises(Refused):
            actions.hold(meeting, by=making.person("Nobody"))
        actions.hold(meeting, by=chief)
        actions.miss(meeting, by=chief)
    assert meeting.state == Meeting.State.MISSED
    names = list(Fact.objects.filter(name__startswith="meeting.").values_list("name", flat=True))
    assert names == ["meeting.held", "meeting.missed"]


def test_publishing_ten_times_as_many_meetings_needs_few_more_queries(
        house: None, django_assert_max_num_queries: Any) -> None:
    event = making.event(slots=12, tables=15)
    there = [making.party(event) for _ in range(20)]
    lines = []
    for slot, pairs in enumerate(rounds(20)[:12]):
        for table, (one, other) in enumerate(pairs):
            lines.append(line(event, making.wish(there[one], there[other]), slot=slot,
                              table=table))
    assert len(lines) == 120
    plan, chief = ready(event, lines), making.organiser()
    with django_assert_max_num_queries(60):
        publishing.publish(plan, by=chief)
    assert event.meetings.count() == 120
