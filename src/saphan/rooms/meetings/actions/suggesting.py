"""Work out whom each party should meet, beside the worker, when texts changed.

The suggestions are derived from what parties say: no fact records them. A row of `Work` for each
event shows the progress; it is taken half a minute after the last change, so that a hundred
registrations are looked at once.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

from django.db import transaction

from saphan.engines.matching.pairing import Reason, Suggested
from saphan.ground import aside, clock
from saphan.ground.access import Refused
from saphan.ground.models import Work
from saphan.people.models import Person
from saphan.rooms.meetings import members
from saphan.rooms.meetings.models import Event, Party, Suggestion, Wish
from saphan.rooms.meetings.rules import events as rules

log = logging.getLogger(__name__)
NAME = "meetings.suggestions"
BEST = 14  # some of them will be wished or declined; ten are shown
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
State = Work.State


def ask_for(event: Event, *, at_once: bool = False) -> Work:
    """Suggestions of this event are out of date: they are made anew soon, or at once."""
    work = Work.objects.filter(name=NAME, owner=event.number, state=State.WAITING).first()
    if work is None:
        work = Work.objects.create(name=NAME, owner=event.number, total=100)
    if at_once:
        Work.objects.filter(pk=work.pk).update(touched=LONG_AGO)
    return work


def make_now(event: Event, *, by: Person) -> Work:
    """The staff do not want to wait for it."""
    rules.is_helper(by).or_raise()
    work = ask_for(event, at_once=True)
    transaction.on_commit(line.look)
    return work


def claim() -> int | None:
    """The next event to look at."""
    rows = Work.objects.filter(aside.left_alone(), name=NAME,
                               state__in=[State.WAITING, State.RUNNING]).order_by("pk")
    for work in rows:
        if aside.take(Work.objects.filter(pk=work.pk)):
            Work.objects.filter(pk=work.pk).update(state=State.RUNNING)
            return int(work.pk)
    return None


def alive(key: int) -> bool:
    return aside.beat(Work, key, state=State.RUNNING)


def work(key: int, stop: threading.Event) -> None:
    """Make the suggestions of one event; what went wrong stands in the row."""
    row = Work.objects.get(pk=key)
    event = Event.objects.filter(number=row.owner).first()
    try:
        made = make(event, row, stop) if event else 0
    except Refused as refusal:  # no model yet
        log.warning("suggestions of %s wait: %s", row.owner, refusal)
        Work.objects.filter(pk=key).update(state=State.FAILED, message=str(refusal))
        return
    except Exception:
        Work.objects.filter(pk=key).update(state=State.FAILED)
        raise
    Work.objects.filter(pk=key).update(state=State.DONE, done=100, result={"suggestions": made})
    Work.objects.filter(name=NAME, owner=row.owner, pk__lt=key).exclude(
        state=State.RUNNING).delete()


line = aside.Aside("suggestions", claim=claim, work=work, alive=alive, at_once=1)


class Stopped(Exception):
    """The house closes; the work goes on after it opened again."""


def make(event: Event, row: Work | None = None, stop: threading.Event | None = None) -> int:
    """All suggestions of an event, now. Returns how many there are. Raises `NotReady`."""
    def told(done: int, total: int) -> None:
        if stop is not None and stop.is_set():
            raise Stopped
        if row is not None and done > row.done:
            row.done = done
            Work.objects.filter(pk=row.pk).update(done=done)

    matcher, opened = members.pairing()
    parties = members.admitted(event)
    found = matcher.suggest(members.members(event, parties, opened), members.kept(opened), k=BEST,
                            now=clock.today(), told=told)
    _keep(event, parties, found)
    return sum(map(len, found.values()))


def _keep(event: Event, parties: list[Party], found: dict[int, list[Suggested]]) -> None:
    now = clock.now()
    rows = [Suggestion(event=event, party_id=key, other_id=one.key, position=place, fit=one.fit,
                       because=because(one), languages=list(one.languages), made=now)
            for key, best in found.items() for place, one in enumerate(best, 1)]
    with transaction.atomic():
        Suggestion.objects.filter(event=event).delete()
        Suggestion.objects.bulk_create(rows, batch_size=500)
        _tell_wishes(event, found)


def _tell_wishes(event: Event, found: dict[int, list[Suggested]]) -> None:
    """Wishes that nobody weighed yet learn how well the two fit: the plan counts it."""
    fits = {(key, one.key): one for key, best in found.items() for one in best}
    changed = []
    for wish in Wish.objects.filter(event=event, fit=None):
        one = fits.get((wish.asker_id, wish.invited_id)) or fits.get(
            (wish.invited_id, wish.asker_id))
        if one is not None:
            wish.fit = one.fit
            changed.append(wish)
    Wish.objects.bulk_update(changed, ["fit"], batch_size=500)


def because(one: Suggested) -> list[dict[str, object]]:
    """The reasons in codes, as seen by who gets the suggestion: to be said in any language."""
    return [{"side": side, **_reason(reason)}
            for side, reason in (("seeks", one.sought), ("offers", one.offered)) if reason]


def _reason(reason: Reason) -> dict[str, object]:
    why = reason.match.why
    return {"fits": reason.fits, "concepts": list(why.concepts), "missing": list(reason.missing),
            "requirements": [[each.name, each.wanted, each.found, str(each.verdict)]
                             for each in why.requirements],
            "how": "meaning" if why.meaning else "words", "score": reason.match.score,
            "seek": reason.seek, "offer": reason.offer}


def forget_vectors() -> int:
    """Drop vectors of texts that no event uses any more."""
    try:
        _matcher, opened = members.pairing()
    except Refused:
        return 0
    return members.kept(opened).forget((clock.today() - timedelta(days=120)).isoformat())


__all__ = ["ask_for", "because", "forget_vectors", "line", "make", "make_now"]
