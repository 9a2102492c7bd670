"""The verbs of a registration: register, admit, decline, withdraw; and those on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import actions as people_actions
from saphan.people.models import Organisation, Person
from saphan.rooms.meetings.models import Event, Guest, Meeting, Party
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as rules

State = Party.State
TAKES_FROM_THE_LIST = frozenset({Event.State.OPEN, Event.State.PLANNING})


@dataclass(frozen=True)
class Named:
    """An organisation as somebody called it; it becomes one, or turns out to be one we know."""

    name: str
    economy: str
    kind: str = Organisation.Kind.COMPANY
    lang: str = ""


@dataclass
class Registration:
    """What somebody says of a party, cleaned: `values` are columns, `guests` rows of columns,
    each with `id`: the key of a guest whom it changes."""

    organisation: Organisation | Named
    values: dict[str, Any] = field(default_factory=dict)
    guests: list[dict[str, Any]] = field(default_factory=list)


def register(event: Event, registration: Registration, *, by: Person | None) -> Party:
    """A new registration. Without approval by hand, who finds room is admitted at once and the
    others come on the waiting list. `by=None`: the house, from a file."""
    if by is not None:
        rules.may_register(by, event).or_raise()
    with transaction.atomic():
        party = _apply(event, registration, by=by)
        if not event.needs_approval:
            if rules.has_room(None, party):
                _admit(party, by=None)
            else:
                _put_on_list(party, by=None)
    return party


def walk_in(event: Event, registration: Registration, *, by: Person, because: str = "") -> Party:
    """Somebody stands at the desk without a registration: she is admitted at once. Where all
    places are taken, the staff say why she is let in."""
    rules.may_register(by, event).or_raise()
    event_rules.is_helper(by).or_raise()
    with transaction.atomic():
        party = _apply(event, registration, by=by, walk_in=True)
        approve(party, by=by, over_because=because)
    return party


def _apply(event: Event, registration: Registration, *, by: Person | None,
           **data: Any) -> Party:
    with _locked(event):
        organisation = _organisation(event, registration.organisation, by=by)
        known = event.parties.filter(organisation=organisation).first()
        if known is not None:
            raise Refused(_("This organisation is registered for this event already."))
        if not registration.guests:
            raise Refused(_("Name at least one person who comes."))
        last = event.parties.aggregate(last=Max("position"))["last"] or 0
        party = Party(event=event, organisation=organisation, economy=organisation.economy,
                      contact=_contact(by, registration), position=last + 1,
                      applied=clock.now(), **registration.values)
        with ledger.fact("party.applied", party, by=by, event=event.number,
                         economy=party.economy_id, sector=party.sector,
                         guests=len(registration.guests), **data):
            party.save(force_insert=True)
            _keep_guests(party, registration.guests)
            Event.objects.filter(pk=event.pk, registered_first__isnull=True).update(
                registered_first=clock.now())
    return party


def _organisation(event: Event, given: Organisation | Named, *, by: Person | None) -> Organisation:
    if isinstance(given, Organisation):
        return given
    return people_actions.find_or_add_organisation(
        {given.lang or "en": given.name}, economy=given.economy, kind=given.kind,
        source=given.lang, example=event.example, by=by)


def _contact(by: Person | None, registration: Registration) -> Person | None:
    """Who speaks for the party: whoever registers it, or, if the staff do, the first guest who
    has an account."""
    if by is not None and not event_rules.helps_at_events(by):
        return by
    return next((person for row in registration.guests
                 if (person := _account(row.get("email", ""))) is not None), None)


def _account(email: str) -> Person | None:
    return Person.objects.filter(email=email.lower(), is_active=True).first() if email else None


def save(party: Party, registration: Registration, *, by: Person) -> Party:
    """Change what a party says of itself, and whom it sends."""
    rules.may_edit(by, party).or_raise()
    values = registration.values
    changed = sorted(name for name, value in values.items() if getattr(party, name) != value)
    with _locked(party.event) as party.event, ledger.fact("party.changed", party, by=by) as fact:
        before = party.guests.count()
        guests = _keep_guests(party, registration.guests)
        fact.data |= {"fields": changed, **guests}
        for name in changed:
            setattr(party, name, values[name])
        if changed:
            party.save(update_fields=changed)
        if party.state == State.APPROVED and party.guests.count() > before:
            rules.has_room(by, party).or_raise()
    return party


def _keep_guests(party: Party, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The party sends these people and nobody else. Returns how many came and went."""
    if not rows:
        raise Refused(_("Name at least one person who comes."))
    known = {guest.pk: guest for guest in party.guests.all()}
    kept = {row["id"] for row in rows if row.get("id") in known}
    gone = [guest for key, guest in known.items() if key not in kept]
    _let_go(gone)
    added = 0
    for position, row in enumerate(rows, 1):
        guest = known.get(row.get("id") or 0) or Guest(party=party)
        added += guest.pk is None
        for name, value in row.items():
            if name != "id":
                setattr(guest, name, value)
        guest.position, guest.person = position, _account(guest.email)
        guest.save()
    return {"added": added, "removed": len(gone)}


def _let_go(guests: Iterable[Guest]) -> None:
    for guest in guests:
        if Meeting.objects.filter(guest_a=guest).exists() or Meeting.objects.filter(
                guest_b=guest).exists():
            raise Refused(_("%(name)s has meetings in the timetable and cannot be taken off the "
                            "registration.") % {"name": guest.name})
        guest.delete()


def approve(party: Party, *, by: Person, over_because: str = "") -> Party:
    """Admit them. `over_because`: why, although all places are taken."""
    with _locked(party.event) as party.event:
        verdict, over = rules.may_approve(by, party), False
        if not verdict and over_because.strip() and rules.may_overrule(by, party):
            verdict, over = rules.may_overrule(by, party), True
        verdict.or_raise()
        _admit(party, by=by, over_because=over_because if over else "")
    return party


def _admit(party: Party, *, by: Person | None, over_because: str = "",
           moved_up: bool = False) -> None:
    extra: dict[str, Any] = {"remark": over_because.strip()[:300]} if over_because else {}
    with ledger.fact("party.approved", party, by=by, economy=party.economy_id,
                     moved_up=moved_up, **({"over": True} if over_because else {})):
        party.take("approve", decided=clock.now(), declined_because="", **extra)


def put_on_list(party: Party, *, by: Person) -> Party:
    """They come when a place becomes free."""
    rules.may_put_on_list(by, party).or_raise()
    _put_on_list(party, by=by)
    return party


def _put_on_list(party: Party, *, by: Person | None) -> None:
    with ledger.fact("party.waiting", party, by=by):
        party.take("put_on_list", decided=clock.now())


def decline(party: Party, *, by: Person, because: str) -> Party:
    """They are not admitted, and read why."""
    rules.may_decline(by, party).or_raise()
    if not because.strip():
        raise Refused(_("Say why. The participant reads it."))
    with ledger.fact("party.declined", party, by=by):
        party.take("decline", decided=clock.now(), declined_because=because.strip()[:500])
    return party


def withdraw(party: Party, *, by: Person) -> Party:
    """They do not come."""
    rules.may_withdraw(by, party).or_raise()
    with _locked(party.event), ledger.fact("party.withdrawn", party, by=by):
        party.take("withdraw")
        for guest in party.guests.all():
            guest.sessions.clear()
    return party


def apply_again(party: Party, *, by: Person) -> Party:
    """They come after all, if they are admitted."""
    rules.may_apply_again(by, party).or_raise()
    with _locked(party.event) as party.event:
        with ledger.fact("party.applied_again", party, by=by):
            party.take("apply_again", applied=clock.now(), decided=None)
        if not party.event.needs_approval:
            if rules.has_room(None, party):
                _admit(party, by=None)
            else:
                _put_on_list(party, by=None)
    return party


def move_up(event: Event) -> list[Party]:
    """Fill free places from the waiting list: who came first and fits comes first."""
    moved: list[Party] = []
    with _locked(event) as event:
        if event.state not in TAKES_FROM_THE_LIST:
            return []
        waiting = event.parties.filter(state=State.WAITING).order_by("applied", "position")
        for party in waiting.select_related("event"):
            if rules.has_room(None, party):
                _admit(party, by=None, moved_up=True)
                moved.append(party)
    return moved


def note(party: Party, remark: str, *, by: Person) -> Party:
    """A remark of the staff for the staff."""
    event_rules.is_helper(by).or_raise()
    with ledger.fact("party.noted", party, by=by):
        party.remark = remark.strip()[:300]
        party.save(update_fields=["remark"])
    return party


@contextmanager
def _locked(event: Event) -> Any:
    """Of two who want the last place, one waits until the other has it or not."""
    with transaction.atomic():
        yield Event.objects.select_for_update().get(pk=event.pk)


BY_TRANSITION: dict[str, Callable[..., Party]] = {
    "approve": approve, "put_on_list": put_on_list, "decline": decline, "withdraw": withdraw,
    "apply_again": apply_again,
}
