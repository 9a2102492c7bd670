"""Publishing a plan: what people hold becomes what the plan says, all at once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.engines.timetable import check
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import assembling, breaking, diffing
from saphan.rooms.meetings.assembling import Assembled
from saphan.rooms.meetings.diffing import DROPPED, Change, Line
from saphan.rooms.meetings.models import Event, Incident, Interpreter, Meeting, Place, Plan
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.rules import plans as rules

State = Plan.State
BATCH = 400
SAID = 5  # broken rules that a refusal names; the rest are counted
MOVES = ("slot_id", "place_id", "table", "guest_a_id", "guest_b_id", "language", "link",
         "sequence", "changed")


@dataclass
class Outcome:
    """What people would hold after a plan is published."""

    lines: list[Line]
    changes: list[Change]
    left_out: int
    """Meetings of the plan that are not possible any more: a side has withdrawn."""
    breaches: list[str] = field(default_factory=list)
    """Rules that it would break, in words of the active language."""


def outcome(plan: Plan, assembled: Assembled | None = None) -> Outcome:
    """What publishing the plan now would do, checked against things as they stand now."""
    event = plan.event
    found = assembled or assembling.assemble(event)
    past = queries.begun(found.slots)
    held = queries.standing(event)
    possible = [Line.of(row) for row in found.lines(found.meetings(plan.lines))]
    ahead = sum(1 for row in plan.lines if row[1] not in past)
    wanted = [line for line in possible if line.slot not in past]
    lines = queries.merged(held, wanted, past)
    changes = diffing.compare([line for line in held if line.slot not in past],
                              [line for line in lines if line.slot not in past])
    return Outcome(lines, changes, ahead - len(wanted), broken(found, lines, past))


def broken(found: Assembled, lines: Iterable[Line], past: set[int]) -> list[str]:
    """The hard rules that these lines break from now on, in words. What is over may be as it
    was: who withdrew afterwards did sit there."""
    rows = [line.as_row() for line in lines]
    meetings = found.meetings(rows)
    over = {at for at, meeting in enumerate(meetings) if found.slots[meeting.slot].pk in past}
    return [breaking.words(breach, found, meetings)
            for breach in check.breaches(found.problem, meetings)
            if not over.issuperset(breach.meetings)]


def refuse_broken(breaches: Sequence[str]) -> None:
    """Raises `Refused` with the words of what is broken."""
    if not breaches:
        return
    words = list(dict.fromkeys(breaches))
    told = " ".join(words[:SAID])
    if len(words) > SAID:
        more = len(words) - SAID
        told += " " + ngettext("And %(number)d more.", "And %(number)d more.", more) % {
            "number": more}
    raise Refused(_("This plan breaks rules and cannot be published. %(rules)s") % {"rules": told})


def publish(plan: Plan, *, by: Person | None) -> Plan:
    """What people hold becomes what the plan says. The plan that they held before is replaced;
    what changes is kept with the plan, and those concerned are told by the fact. `by=None`: the
    house does it, for small changes where the organiser wants that."""
    if by is not None:
        rules.may_publish(by, plan).or_raise()
    event, before = plan.event, queries.published(plan.event)
    after = outcome(plan)
    refuse_broken(after.breaches)
    with ledger.fact("plan.published", plan, by=by, event=event.number, plan=plan.number,
                     kind=plan.kind) as draft:
        Event.objects.select_for_update().get(pk=event.pk)
        rules.is_not_outdated(by, plan).or_raise()
        current = event.plans.filter(state=State.PUBLISHED).first()
        if current != before:  # what was compared is not what people hold any more
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
        if current is not None:
            current.take("replace")
        rows = [line.as_row() for line in after.lines]
        plan.take("publish", published=clock.now(), base=current, lines=rows,
                  changes=[change.as_row() for change in after.changes])
        _apply(event, after.changes)
        _drop_drafts(plan)
        draft.data |= {**diffing.counts(after.changes), "meetings": len(rows),
                       "left_out": after.left_out, "digest": diffing.digest(rows),
                       "score": plan.score, "gap": plan.gap,
                       "base": current.number if current else None,
                       "incidents": [each.pk for each in plan.incidents.all()]}
    return plan


def _drop_drafts(plan: Plan) -> None:
    """Changes of a plan that people do not hold any more lead nowhere."""
    gone = (Plan.Kind.REPLAN, Plan.Kind.UNDO)
    for each in plan.event.plans.filter(state=State.READY, kind__in=gone).exclude(pk=plan.pk):
        each.take("discard", message="outdated")


def _apply(event: Event, changes: Sequence[Change]) -> None:
    """Meetings made, moved, called off: a few statements for thousands of them."""
    records = {each.wish_id: each for each in event.meetings.all()}
    places = {place.pk: place for place in event.places.all()}
    made, moved, off = [], [], []
    for change in changes:
        record = records.get(change.wish)
        if change.kind == DROPPED:
            if record is not None and record.state == Meeting.State.PLANNED:
                off.append(record)
            continue
        assert change.after is not None
        if record is None:
            made.append(_new(event, change.after, places))
        else:
            moved.append(_moved(record, change.after, places))
    _call_off(off)
    Meeting.objects.bulk_create(made, batch_size=BATCH)
    again = [one for one in moved if one.state == Meeting.State.CANCELLED]
    Meeting.objects.filter(pk__in=[one.pk for one in again]).update(state=Meeting.State.PLANNED)
    Meeting.objects.bulk_update(moved, [name.removesuffix("_id") for name in MOVES],
                                batch_size=BATCH)
    _interpret(event, [*made, *moved], changes)


def _new(event: Event, line: Line, places: dict[int, Place]) -> Meeting:
    word = secrets.token_urlsafe(12)
    return Meeting(
        event=event, wish_id=line.wish, slot_id=line.slot, place_id=line.place, table=line.table,
        guest_a_id=line.guest_a, guest_b_id=line.guest_b, language=line.language, word=word,
        link=_link(places[line.place], word))


def _moved(record: Meeting, line: Line, places: dict[int, Place]) -> Meeting:
    link = _kept_link(record, line, places)
    record.slot_id, record.place_id, record.table = line.slot, line.place, line.table
    record.guest_a_id, record.guest_b_id = line.guest_a, line.guest_b
    record.language, record.link = line.language, link
    record.sequence, record.changed = record.sequence + 1, clock.now()
    return record


def _kept_link(record: Meeting, line: Line, places: dict[int, Place]) -> str:
    """The link that a side has set stays while the meeting stays online."""
    before, after = places.get(record.place_id), places[line.place]
    by_hand = record.link and (before is None or record.link != _link(before, record.word))
    return record.link if by_hand and after.online else _link(after, record.word)


def _link(place: Place, word: str) -> str:
    return place.link.replace("{meeting}", word) if place.online else ""


def _call_off(records: Sequence[Meeting]) -> None:
    for record in records:
        record.state = Meeting.State.CANCELLED
        record.sequence, record.changed = record.sequence + 1, clock.now()
    Meeting.objects.bulk_update(records, ["state", "sequence", "changed"], batch_size=BATCH)


def _interpret(event: Event, records: Sequence[Meeting], changes: Sequence[Change]) -> None:
    """Who interprets in the meetings that were made or changed."""
    through = Meeting.interpreters.through
    wanted = {change.wish: change.after.interpreters for change in changes if change.after}
    keys = [record.pk for record in records]
    for at in range(0, len(keys), BATCH):
        through.objects.filter(meeting_id__in=keys[at:at + BATCH]).delete()
    there = set(Interpreter.objects.filter(event=event).values_list("pk", flat=True))
    through.objects.bulk_create(
        [through(meeting_id=record.pk, interpreter_id=one) for record in records
         for one in wanted[record.wish_id] if one in there], batch_size=BATCH)


def discard(plan: Plan, *, by: Person) -> Plan:
    """This plan is not wanted. Its incidents wait for another one."""
    rules.may_discard(by, plan).or_raise()
    with ledger.fact("plan.discarded", plan, by=by, event=plan.event.number, plan=plan.number):
        plan.take("discard")
        Incident.objects.filter(plan=plan).update(plan=None)
    return plan


def undo(*, by: Person, event: Event) -> Plan:
    """A plan that brings back what people held before the newest publication, as far as that is
    possible still: what is over stays, and so does what would break a rule now. It is published
    like any other."""
    current = queries.published(event)
    if current is None or current.base is None:
        raise Refused(_("There is no earlier plan to go back to."))
    rules.may_mend(by, event).or_raise()
    return derive(event, current.base.lines, kind=Plan.Kind.UNDO, by=by, mend=True)


def derive(event: Event, rows: Sequence[Sequence[Any]], *, kind: str, by: Person | None,
           mend: bool = False) -> Plan:
    """A plan of lines that a person chose, ready to be published. With `mend` meetings that break
    a rule are left out."""
    found = assembling.assemble(event)
    past = queries.begun(found.slots)
    lines = queries.merged(queries.standing(event),
                           [Line.of(row) for row in found.lines(found.meetings(rows))], past)
    if mend:
        lines = _mended(found, lines, past)
    written = [line.as_row() for line in lines]
    with ledger.fact("plan.made", None, by=by, event=event.number, kind=kind) as draft:
        made = Plan(event=event, number=next_number(event), kind=kind, state=State.READY,
                    base=queries.published(event), by=getattr(by, "ref", ""), lines=written,
                    score=scored(found, written), made=clock.now(), finished=clock.now())
        made.save()
        draft.data["plan"] = made.number
    return made


def _mended(found: Assembled, lines: list[Line], past: set[int]) -> list[Line]:
    """Without the meetings ahead that break a rule, the fewest that a simple look finds."""
    while True:
        meetings = found.meetings([line.as_row() for line in lines])
        ahead = [line for line in lines if found.meetings([line.as_row()])]
        guilty: set[int] = set()
        for breach in check.breaches(found.problem, meetings):
            candidates = [ahead[at].wish for at in breach.meetings if ahead[at].slot not in past]
            if candidates and not guilty.intersection(candidates):
                guilty.add(candidates[-1])
        if not guilty:
            return lines
        lines = [line for line in lines if line.wish not in guilty]


def next_number(event: Event) -> int:
    """The next number of a plan. Call it within a transaction: the event's row is locked."""
    Event.objects.select_for_update().get(pk=event.pk)
    last = event.plans.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def scored(found: Assembled, rows: Iterable[Sequence[Any]]) -> dict[str, int]:
    """What lines are worth, as `Plan.score` keeps it."""
    return asdict(check.score(found.problem, found.meetings(rows)))
