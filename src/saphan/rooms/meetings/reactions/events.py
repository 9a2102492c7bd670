"""What events do on their own: places are filled from the waiting list, participants hear what
became of their registration, and persons who leave leave no trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from saphan.ground import jobs, ledger
from saphan.ground.models import Fact
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.meetings import privacy, registering
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.models import Event, Guest, Interpreter, Party
from saphan.rooms.meetings.models.people import new_token
from saphan.rooms.meetings.queries import plates


@jobs.on("party.withdrawn", "party.changed", "event.changed", "event.reopened")
def fill_free_places(fact: Fact) -> None:
    """Who withdraws makes room for who waits; so does a bigger hall."""
    if fact.subject_type.endswith(".party"):
        found = Event.objects.filter(parties=int(fact.subject_id)).first()
    else:
        found = Event.objects.filter(pk=fact.subject_id).first()
    if found is not None:
        actions.move_up(found)


@jobs.on("party.applied", "party.applied_again")
def tell_that_it_arrived(fact: Fact) -> None:
    """Not where she was admitted, or put on the list, in the same breath: that is told anyway."""
    party = _party(fact)
    if party is not None and party.state == Party.State.APPLIED:
        _tell(party, _arrived)


@jobs.on("party.approved", "party.waiting", "party.declined")
def tell_the_decision(fact: Fact) -> None:
    party = _party(fact)
    wanted = {"party.approved": Party.State.APPROVED, "party.waiting": Party.State.WAITING,
              "party.declined": Party.State.DECLINED}[fact.name]
    if party is None or party.state != wanted:
        return  # something else happened since; that is told
    moved_up = bool(fact.data.get("moved_up"))
    _tell(party, {"party.approved": _moved_up if moved_up else _approved,
                  "party.waiting": _waiting, "party.declined": _declined}[fact.name])


def _party(fact: Fact) -> Party | None:
    return Party.objects.select_related("event", "contact", "organisation").filter(
        pk=fact.subject_id).first()


def _tell(party: Party, words: Callable[[Party], tuple[str, str]]) -> None:
    """To whoever registered; if she has no account, to the first guest with an address."""
    if party.event.example:
        return

    def compose() -> letters.Letter:
        subject, body = words(party)
        event = party.event
        place = str(event.venue.best())
        return letters.Letter(
            f"{event.number} · {subject}",
            "\n\n".join([body, str(event.title.best()), plates.when(event), *(
                [place] if place else [])]),
            link=f"{event.get_absolute_url()}register/" if party.contact_id else
            event.get_absolute_url())

    if party.contact is not None:
        letters.write(party.contact, compose)
        return
    guest = party.guests.exclude(email="").order_by("position").first()
    if guest is not None:
        letters.write_to(guest.email, guest.language, compose)


def _arrived(party: Party) -> tuple[str, str]:
    return _("Your registration has arrived"), _(
        "The registration of %(name)s has arrived. The staff look at it, and you hear from us.") % {
            "name": party}


def _approved(party: Party) -> tuple[str, str]:
    return _("You are registered"), _(
        "%(name)s is registered. Now say whom you want to meet.") % {"name": party}


def _moved_up(party: Party) -> tuple[str, str]:
    return _("A place became free: you are registered"), _(
        "A place became free, and %(name)s is registered now. If you cannot come any more, please "
        "withdraw, so that somebody else can.") % {"name": party}


def _waiting(party: Party) -> tuple[str, str]:
    return _("You are on the waiting list"), _(
        "All places are taken now. %(name)s is on the waiting list, and you hear from us as soon "
        "as a place becomes free.") % {"name": party}


def _declined(party: Party) -> tuple[str, str]:
    words = _("%(name)s could not be admitted. The reason:") % {"name": party}
    return _("Your registration was not admitted"), f"{words}\n\n{party.declined_because}"


def _hers(person: Person) -> Q:
    return Q(person=person) | Q(email__iexact=person.email)


def _export(person: Person) -> dict[str, Any]:
    """Where she is a guest or interprets, and the registrations that she made."""
    guests = Guest.objects.filter(_hers(person)).select_related("party__event")
    made = Party.objects.filter(contact=person).select_related("event", "organisation")
    return {
        "guest": [{"event": guest.party.event.number, **registering.guest_as_sent(guest),
                   "checked_in": guest.checked_in.isoformat() if guest.checked_in else None}
                  for guest in guests],
        "registrations": [{"event": party.event.number, "organisation": str(party.organisation),
                           "state": party.state, **registering.as_sent(party)}
                          for party in made],
        "interprets": list(Interpreter.objects.filter(_hers(person)).values_list(
            "event__number", flat=True)),
        "events_managed": list(Event.objects.filter(manager=person).values_list(
            "number", flat=True))}


def _forget(person: Person) -> None:
    """Her name and address go; the place at the table stays, without her. What an organisation
    said stays the organisation's."""
    for guest in Guest.objects.filter(_hers(person)):
        with ledger.fact("guest.forgotten", guest):
            guest.name, guest.email, guest.function, guest.person = "—", "", "", None
            guest.time_zone, guest.away = "", []
            guest.token, guest.badge = new_token(), new_token()
            guest.save()
    for interpreter in Interpreter.objects.filter(_hers(person)):
        with ledger.fact("interpreter.forgotten", interpreter):
            interpreter.name, interpreter.email, interpreter.person = "—", "", None
            interpreter.token = new_token()
            interpreter.save()
    Party.objects.filter(contact=person).update(contact=None)
    Event.objects.filter(manager=person).update(manager=None)


privacy.part("events", _export, _forget)
