"""Coming to the event: sessions that guests attend, check-in at the door."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings.cutting import overlaps
from saphan.rooms.meetings.models import Guest, Meeting, Session
from saphan.rooms.meetings.queries import checkin
from saphan.rooms.meetings.rules import parties as rules


def attend(session: Session, guest: Guest, *, by: Person) -> None:
    """She takes a seat: no meeting is planned for her at that time from now on."""
    rules.may_attend(by, guest.party).or_raise()
    if session.event_id != guest.party.event_id:
        raise Refused(_("This session belongs to another event."))
    if session.everybody:
        raise Refused(_("Everybody attends this session. You need not choose it."))
    with transaction.atomic():
        session = Session.objects.select_for_update().select_related("event").get(pk=session.pk)
        if guest.sessions.filter(pk=session.pk).exists():
            return
        _is_free(guest, session)
        if session.capacity is not None and checkin.seated(session) >= session.capacity:
            raise Refused(_("All seats are taken."))
        with ledger.fact("session.attended", session, by=by, guest=guest.pk):
            guest.sessions.add(session)


def _is_free(guest: Guest, session: Session) -> None:
    stretch = (session.begins, session.ends)
    for other in guest.sessions.all():
        if overlaps((other.begins, other.ends), stretch):
            raise Refused(_("This is at the same time as “%(title)s”.") % {"title": other.title})
    planned = checkin.meetings_of(guest).filter(state=Meeting.State.PLANNED)
    if planned.filter(slot__begins__lt=session.ends, slot__ends__gt=session.begins).exists():
        raise Refused(_("There is a meeting in the timetable at this time."))


def leave(session: Session, guest: Guest, *, by: Person) -> None:
    """She gives the seat back."""
    rules.may_attend(by, guest.party).or_raise()
    if not guest.sessions.filter(pk=session.pk).exists():
        return
    with ledger.fact("session.left", session, by=by, guest=guest.pk):
        guest.sessions.remove(session)


def check_in(guest: Guest, *, by: Person) -> Guest:
    """She is here."""
    rules.may_check_in(by, guest.party).or_raise()
    now = clock.now()
    with ledger.fact("guest.checked_in", guest, by=by, event=guest.party.event.number):
        here = Guest.objects.filter(pk=guest.pk, checked_in__isnull=True)
        if not here.update(checked_in=now):
            raise Refused(_("%(name)s is checked in already.") % {"name": guest.name})
        guest.checked_in = now
    return guest


def undo_check_in(guest: Guest, *, by: Person) -> Guest:
    """It was somebody else."""
    rules.may_check_in(by, guest.party).or_raise()
    with ledger.fact("guest.check_in_undone", guest, by=by, event=guest.party.event.number):
        if not Guest.objects.filter(pk=guest.pk, checked_in__isnull=False).update(checked_in=None):
            raise Refused(_("%(name)s is not checked in.") % {"name": guest.name})
        guest.checked_in = None
    return guest
