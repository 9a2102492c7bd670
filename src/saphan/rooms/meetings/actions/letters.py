"""Letters to those whose day has changed: noted at once, sent one by one, never twice.

A letter says what changed since the last one that left, put together in the moment in which it
leaves. First the notice is marked as leaving and the copy of the day as told, in one transaction;
then the letter goes. A process that is killed in between leaves the notice as leaving: the desk
sees that it may not have arrived, and nothing is sent twice.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import transaction

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.meetings import writing
from saphan.rooms.meetings.models import Copy, Event, Notice, Party, Plan
from saphan.rooms.meetings.queries import days, notices
from saphan.rooms.meetings.queries.agenda import Names
from saphan.rooms.meetings.queries.days import Change, Lines, Reader
from saphan.rooms.meetings.rules import days as rules

log = logging.getLogger(__name__)
State = Notice.State

URGENT = timedelta(hours=2)
"""What changes sooner is urgent."""
IN_PERSON = timedelta(minutes=30)
"""What changes sooner no letter tells in time."""
BATCH = 60
"""Letters in one go; the worker does other things in between. With a go every ten seconds 3,000
letters take under nine minutes, which mail servers bear."""
TRIES = 5
STUCK = timedelta(minutes=5)
"""After which a letter that was leaving counts as stopped on its way."""


def note(event: Event, *, plan: Plan | None = None) -> int:
    """Note everybody whose day is another than the one she was told. Returns how many there are;
    doing it again adds nothing."""
    moment, now = clock.now(), days.all_lines(event)
    copies = {_key(copy): copy for copy in event.copies.all()}
    open_ones = {_key(one): one for one in notices.open_of(event)}
    fresh, count = [], 0
    for reader in days.readers(event):
        copy = copies.get(reader.key)
        found = days.changes(days.read(copy.told) if copy else {}, now.get(reader.key, {}))
        known = open_ones.get(reader.key)
        if not found:
            if known is not None and known.state == State.WAITING:
                known.take("drop", done=moment)
            continue
        count += 1
        values = {**_how(reader, found, moment, first=copy is None or copy.told_at is None),
                  "plan": plan}
        if known is None:
            fresh.append(Notice(
                event=event, **reader.keys, made=moment, due=moment,
                state=State.WAITING if reader.email else State.NO_ADDRESS,
                before=copy.told if copy else {}, **values))
        else:
            Notice.objects.filter(pk=known.pk).update(**values)
    Notice.objects.bulk_create(fresh, batch_size=500)
    return count


def _how(reader: Reader, found: Sequence[Change], moment: datetime, *,
         first: bool) -> dict[str, Any]:
    """How quickly, and whether a letter is enough."""
    ahead = [change.soonest for change in found if change.soonest > moment - IN_PERSON]
    soonest = min(ahead, default=None)
    close = soonest is not None and soonest < moment + IN_PERSON
    return {"soonest": soonest, "in_person": close or not reader.email,
            "urgent": not first and soonest is not None and soonest < moment + URGENT}


def _key(owned: Copy | Notice) -> days.Key:
    return ("guest", owned.guest_id) if owned.guest_id else (
        "interpreter", owned.interpreter_id or 0)


# Sending

def send_waiting(*, event: Event | None = None, at_most: int = BATCH) -> int:
    """Send what waits, the urgent first. Returns how many letters left."""
    waiting = notices.due(event, clock.now())[:at_most]
    if not waiting:
        return 0
    sent, names = 0, {}
    with get_connection() as connection:
        for notice in waiting:
            if notice.event_id not in names:
                names[notice.event_id] = Names.of(notice.event)
            sent += send(notice, names[notice.event_id], connection=connection)
    return sent


def send(notice: Notice, names: Names, *, connection: Any = None) -> bool:
    """One letter, if there is still something to say. Says whether it left."""
    reader, moment = notices.reader_of(notice), clock.now()
    copy = days.copy_of(reader) or Copy(event=notice.event, **reader.keys)
    before, now = days.read(copy.told), days.lines(reader)
    found = days.changes(before, now)
    if not found or not _takes_part(reader):
        _drop(notice, moment)
        return False
    gone = days.gone_after(copy, now, moment)
    letter = _Letter(reader, found, now, names, first=copy.told_at is None, urgent=notice.urgent,
                     gone=days.read(gone))
    kept = {name: getattr(copy, name) for name in ("told", "told_at")}
    if not _mark(notice, copy, now, gone, moment):
        return False
    try:
        letter.leave(connection)
    except (OSError, smtplib.SMTPException) as problem:
        _take_back(notice, copy, kept, problem)
        return False
    notice.take("arrive", done=clock.now(), problem="")
    return True


class _Letter:
    def __init__(self, reader: Reader, found: Sequence[Change], now: Lines, names: Names,
                 **how: Any) -> None:
        self.reader, self.found, self.now, self.names, self.how = reader, found, now, names, how

    def leave(self, connection: Any) -> None:
        letters.write_to(self.reader.email, self.reader.language, lambda: writing.letter(
            self.reader, self.found, self.now, self.names, **self.how), connection=connection)


def _takes_part(reader: Reader) -> bool:
    return reader.guest is None or reader.guest.party.state == Party.State.APPROVED


def _drop(notice: Notice, moment: datetime) -> None:
    try:
        notice.take("drop", done=moment)
    except Refused:
        log.debug("a notice was taken by another process")


def _mark(notice: Notice, copy: Copy, now: Lines, gone: dict[str, Any],
          moment: datetime) -> bool:
    """She counts as told from here on. False if another process was quicker."""
    try:
        with ledger.fact("day.told", notice, urgent=notice.urgent):
            notice.take("leave", tries=notice.tries + 1, done=moment)
            copy.told, copy.told_at, copy.gone = days.stored(now), moment, gone
            copy.save()
    except Refused:
        return False
    return True


def _take_back(notice: Notice, copy: Copy, kept: dict[str, Any], problem: Exception) -> None:
    """She was not told. Tried again after 2, 4, 8 … minutes; then somebody has to tell her."""
    log.warning("a letter about a day could not be sent: %s", type(problem).__name__)
    said = type(problem).__name__
    with ledger.fact("day.not_told", notice, problem=said):
        Copy.objects.filter(pk=copy.pk).update(**kept)
        if notice.tries < TRIES and not isinstance(problem, smtplib.SMTPRecipientsRefused):
            notice.take("try_again", problem=said,
                        due=clock.now() + timedelta(minutes=2 ** notice.tries))
        else:
            notice.take("fail", problem=said, in_person=True)


def give_up_stuck() -> int:
    """Letters that were leaving when the house stopped: nobody knows whether they arrived."""
    stuck = Notice.objects.filter(state=State.LEAVING, done__lt=clock.now() - STUCK)
    for notice in stuck:
        with ledger.fact("day.not_told", notice, problem="stopped"):
            notice.take("fail", problem="stopped", in_person=True)
    return len(stuck)


# What the desk does

def send_again(notice: Notice, *, by: Person) -> None:
    """The desk wants it sent once more, with all that she may not know."""
    rules.may_tell(by, notice.event).or_raise()
    reader = notices.reader_of(notice)
    with ledger.fact("day.letter_wanted", notice, by=by):
        Copy.objects.filter(**reader.keys).update(told=notice.before)
        notice.take("try_again", tries=0, due=clock.now(), in_person=False)


def told_in_person(found: Iterable[Notice], *, by: Person) -> None:
    """Somebody of the staff has told her what is new."""
    for notice in found:
        rules.may_tell(by, notice.event).or_raise()
        reader = notices.reader_of(notice)
        now, moment = days.lines(reader), clock.now()
        with transaction.atomic(), ledger.fact("day.told_in_person", notice, by=by):
            copy = days.copy_of(reader) or Copy(event=notice.event, **reader.keys)
            if notice.state == State.NO_ADDRESS:  # nobody else ever tells her
                copy.gone = days.gone_after(copy, now, moment)
                copy.told, copy.told_at = days.stored(now), moment
                copy.save()
            Notice.objects.filter(pk=notice.pk).update(
                told_by=by.ref, told_at=moment)
