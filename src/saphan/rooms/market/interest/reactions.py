"""What the brokered path does on its own: letters after facts, reminders, lapses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from saphan.ground import clock, jobs
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people import workdays
from saphan.people.models import Person
from saphan.rooms.market.interest import actions, letters, queries
from saphan.rooms.market.models import Interest, Listing

Side, State = Interest.Side, Interest.State
REMIND_BEFORE = {Side.OWNER: 3, Side.ASKER: 3, Side.BROKER: 1}  # working days
LOOK_AHEAD = 30  # days: longer than three working days are anywhere

People = Callable[[Interest], list[Person]]
BOTH = (letters.owners, letters.askers)
TOLD: dict[str, tuple[tuple[tuple[People, ...], letters.Compose], ...]] = {
    "interest.sent": (((letters.owners,), letters.sent),
                      ((letters.brokers,), letters.to_broker)),
    "interest.accepted": (((letters.askers,), letters.accepted),),
    "interest.declined": (((letters.askers,), letters.declined),),
    "interest.confirmed": (((letters.brokers,), letters.confirmed),),
    "interest.withdrawn": (((letters.owners, letters.brokers), letters.withdrawn),),
    "interest.lapsed": (((*BOTH, letters.brokers), letters.lapsed),),
    "interest.signed": (((*BOTH, letters.brokers), letters.recorded),),
    "interest.started": (((*BOTH, letters.brokers), letters.recorded),),
    "interest.concluded": (((*BOTH, letters.brokers), letters.recorded),),
    "interest.closed": (((*BOTH, letters.brokers), letters.closed),),
    "interest.handed_over": (((letters.brokers,), letters.handed_over),),
}


def _find(fact: Fact) -> Interest | None:
    return Interest.objects.select_related(*queries.RELATED).filter(pk=fact.subject_id).first()


@jobs.on(*TOLD)
def tell_those_concerned(fact: Fact) -> None:
    """Each side and the broker hear what happened, but for whoever did it."""
    interest = _find(fact)
    if interest is None:
        return
    for groups, compose in TOLD[fact.name]:
        people = {person.pk: person for group in groups for person in group(interest)}
        letters.tell(people.values(), interest, compose, but=fact.actor)
    if fact.name == "interest.accepted" and interest.both_agreed:
        letters.tell(letters.brokers(interest), interest, letters.confirmed, but=fact.actor)


@jobs.on("interest.introduced")
def tell_who_they_are(fact: Fact) -> None:
    interest = _find(fact)
    if interest is not None and interest.is_disclosed:
        letters.introduce(interest)


@jobs.on("interest.meeting_planned")
def tell_the_new_time(fact: Fact) -> None:
    interest = _find(fact)
    if interest is not None and interest.is_disclosed:
        letters.introduce(interest, again=True)


@jobs.on("listing.changed")
def take_advice_as_heard(fact: Fact) -> None:
    """A record that was rewritten begins anew with its readers."""
    listing = Listing.objects.filter(pk=fact.subject_id).first()
    if listing is not None and set(fact.data.get("fields", ())) & {
            "title", "summary", "description", "advantages", "partner_role", "stage"}:
        actions.answer_advice(listing)


@jobs.on("meeting.rated", only=lambda fact: bool(fact.data.get("interest")))
def note_that_they_met(fact: Fact) -> None:
    """The two met at an event: their interest goes on from what they agreed there. When the next
    step changes what is known, the broker hears of it."""
    interest = Interest.objects.select_related(*queries.RELATED).filter(
        number=fact.data["interest"]).first()
    if interest is None:
        return
    told = set(interest.encounters.filter(event=fact.data["event"]).exclude(
        next_step="").values_list("next_step", flat=True))
    encounter = actions.met(
        interest, event=fact.data["event"], organisation=fact.data["organisation"],
        took_place=fact.data["took_place"], next_step=fact.data["next_step"],
        on=date.fromisoformat(fact.data["on"]))
    if encounter and encounter.next_step not in {"", "none", *told}:
        letters.tell(letters.brokers(interest), interest, letters.met)


WHO: dict[str, People] = {Side.OWNER: letters.owners, Side.ASKER: letters.askers,
                          Side.BROKER: letters.brokers}


@clock.every(hours=6)
def remind() -> None:
    """Three working days before a step is due (the broker: one), and on the working day after it
    was: whoever is to act hears of it, once each time; after that the broker does as well. Days
    are those of the side that has to act."""
    today = clock.today()
    for interest in queries.due_by(today + timedelta(days=LOOK_AHEAD)):
        assert interest.due is not None
        late = interest.due < today
        if interest.reminded and (not late or interest.reminded > interest.due):
            continue
        if not _is_time(interest, today):
            continue
        actions.remind(interest)
        people = WHO[interest.due_from](interest) if interest.due_from else []
        if late or not people:
            people = [*people, *letters.brokers(interest)]
        letters.tell({person.pk: person for person in people}.values(), interest,
                     letters.overdue if late else letters.due_soon)


def _is_time(interest: Interest, today: date) -> bool:
    """Whether to remind today, on a working day of whoever is to act."""
    assert interest.due is not None
    homes = actions.homes(interest)
    if workdays.next_workday(today, *homes) != today:
        return False
    before = REMIND_BEFORE.get(Side(interest.due_from), 3) if interest.due_from else 3
    return workdays.add_workdays(interest.due, -before, *homes) <= today


@clock.every(hours=6)
def let_lapse() -> None:
    """What nobody answered for two working weeks after its day is closed."""
    for interest in queries.overdue(clock.today()).filter(
            state__in=[State.SENT, State.ACCEPTED]).exclude(due_from=Side.BROKER):
        if clock.today() > actions.lapses_on(interest):
            try:
                actions.lapse(interest)
            except Refused:
                continue  # somebody answered in between


def export(person: Person) -> list[dict[str, Any]]:
    """What the brokered path knows of a person, for her own export: what she sent and noted, and
    of the other side what she may know anyway."""
    return [{"number": each.number, "state": each.state, "sent": each.sent.isoformat(),
             "purpose": each.purpose.plain(), "brings": each.brings.plain(),
             "timing": each.timing.plain(), "agreed": bool(each.asker_agreed),
             "progress": [{"stage": record.stage, "kind": record.kind, "on": record.on.isoformat(),
                           "words": record.words.plain(), "url": record.url}
                          for record in each.progress.all() if record.by == person.ref]}
            for each in Interest.objects.filter(asker=person).prefetch_related("progress")]
