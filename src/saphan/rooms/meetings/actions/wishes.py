"""The verbs of a wish: send, accept, decline, withdraw; change it; what the organisers set.

One row stands for one pair. Whoever wishes to meet somebody who wished it first accepts that wish.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event, Guest, Party, Slot, Suggestion, Wish
from saphan.rooms.meetings.rules import wishes as rules
from saphan.rooms.meetings.vocabulary import Priority, Refusal

State, Origin = Wish.State, Wish.Origin
RELATED = ("event", "asker", "asker__organisation", "invited", "invited__organisation")


def between(event: Event, one: Party, other: Party) -> Wish | None:
    """The wish of a pair, whoever of the two asked."""
    low, high = sorted((one.pk, other.pk))
    return Wish.objects.select_related(*RELATED).filter(event=event, low=low, high=high).first()


def send(asker: Party, invited: Party, *, by: Person, priority: int = Priority.IMPORTANT,
         words: Text | None = None, who: Sequence[Guest] | None = None,
         only_slots: Sequence[Slot] | None = None, origin: str = Origin.HAND) -> Wish:
    """`asker` wishes to meet `invited`. If the other side wished it first, its wish is accepted;
    if the same side did, its wish is changed or sent again."""
    rules.may_wish(by, asker, invited).or_raise()
    said: dict[str, Any] = {"priority": priority, "words": words or Text(), "who": who,
                            "only_slots": only_slots}
    known = between(asker.event, asker, invited)
    if known is None:
        try:
            return _begin(asker, invited, origin, by=by, **said)
        except IntegrityError:  # the other side was quicker, at this very moment
            known = between(asker.event, asker, invited)
            if known is None:
                raise
    return _again(known, asker, origin, by=by, **said)


def _begin(asker: Party, invited: Party, origin: str, *, by: Person | None, priority: int,
           words: Text, who: Sequence[Guest] | None, only_slots: Sequence[Slot] | None,
           **more: Any) -> Wish:
    wish = Wish(event=asker.event, asker=asker, invited=invited, origin=origin, priority=priority,
                words=words, who_asks=_keys(who, asker), sent=clock.now(),
                **_why(asker, invited), **more)
    with _fact("wish.sent" if wish.state == State.SENT else "wish.accepted", wish, by=by,
               origin=origin):
        wish.save(force_insert=True)
        wish.only_slots.set(_slots(only_slots, wish))
    return wish


def _again(wish: Wish, asker: Party, origin: str, *, by: Person, priority: int, words: Text,
           who: Sequence[Guest] | None, only_slots: Sequence[Slot] | None) -> Wish:
    """There is a wish of this pair already."""
    hers = wish.asker_id == asker.pk
    if wish.state in {State.SENT, State.REFUSED} and not hers:
        return accept(wish, by=by, priority=priority, who=who)
    if wish.state == State.REFUSED:
        raise Refused(_("They do not want to meet at this event."))
    if wish.state in Wish.LIVE:
        return change(wish, asker, by=by, priority=priority, who=who,
                      words=words or None, only_slots=only_slots)
    if hers:
        return wish_again(wish, by=by, priority=priority, words=words or wish.words, who=who)
    if hasattr(wish, "meeting"):
        raise Refused(_("A meeting of the two was planned before. Please ask the organisers."))
    with _fact("wish.sent", wish, by=by, origin=origin):
        # The one who is asked now asked first and took it back: the row turns round.
        wish.take("wish_again", asker=asker, invited=wish.asker, origin=origin,
                  priority=priority, answer_priority=None, words=words, refusal="",
                  who_asks=_keys(who, asker), who_answers=[], sent=clock.now(), answered=None,
                  **_why(asker, wish.asker))
        wish.only_slots.set(_slots(only_slots, wish))
    return wish


def accept(wish: Wish, *, by: Person, priority: int = Priority.IMPORTANT,
           who: Sequence[Guest] | None = None) -> Wish:
    """The invited side wants it as well, also after it declined."""
    rules.may_accept(by, wish).or_raise()
    with _fact("wish.accepted", wish, by=by, origin=wish.origin):
        wish.take("accept", answer_priority=priority, refusal="", answered=clock.now(),
                  who_answers=_keys(who, wish.invited))
    return wish


def refuse(wish: Wish, *, by: Person, reason: str) -> Wish:
    """The invited side does not want it. For the asker that is final at this event."""
    rules.may_refuse(by, wish).or_raise()
    if reason not in Refusal.values:
        raise Refused(_("Choose a reason from the list."))
    with _fact("wish.declined", wish, by=by, reason=reason):
        wish.take("refuse", refusal=reason, answer_priority=None, must=False,
                  answered=clock.now())
    return wish


def withdraw(wish: Wish, *, by: Person) -> Wish:
    """The asker takes it back."""
    rules.may_withdraw(by, wish).or_raise()
    with _fact("wish.withdrawn", wish, by=by):
        wish.take("withdraw", answer_priority=None, must=False)
    return wish


def wish_again(wish: Wish, *, by: Person, priority: int | None = None, words: Text | None = None,
               who: Sequence[Guest] | None = None) -> Wish:
    """The asker wants it after all."""
    rules.may_wish_again(by, wish).or_raise()
    with _fact("wish.sent", wish, by=by, origin=wish.origin, again=True):
        wish.take("wish_again", priority=priority or wish.priority, words=words or wish.words,
                  who_asks=wish.who_asks if who is None else _keys(who, wish.asker),
                  sent=clock.now(), answered=None)
    return wish


def change(wish: Wish, side: Party, *, by: Person, priority: int | None = None,
           who: Sequence[Guest] | None = None, words: Text | None = None,
           only_slots: Sequence[Slot] | None = None) -> Wish:
    """One side says anew how important it is and who of its people goes; the asker also what it
    is about and in which slots. What is None stays. A change confirms what came from the market."""
    rules.may_change(by, wish, side).or_raise()
    asks = side.pk == wish.asker_id
    values: dict[str, Any] = {}
    if priority is not None:
        values["priority" if asks else "answer_priority"] = priority
    if who is not None:
        values["who_asks" if asks else "who_answers"] = _keys(who, side)
    if asks and words is not None:
        values["words"] = words
    if wish.state == State.ACCEPTED and wish.answered is None:
        values["answered"] = clock.now()
    with _fact("wish.changed", wish, by=by, fields=sorted(values)):
        if values and not Wish.objects.filter(pk=wish.pk, state=wish.state).update(**values):
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
        if asks and only_slots is not None:
            wish.only_slots.set(_slots(only_slots, wish))
    for name, value in values.items():
        setattr(wish, name, value)
    return wish


# What the organisers set.

def insist(wish: Wish, must: bool, *, by: Person) -> Wish:
    """This meeting has to take place, or need not any more."""
    rules.may_insist(by, wish).or_raise()
    if must and wish.state not in Wish.LIVE:
        raise Refused(_("One side does not want this meeting."))
    with _fact("wish.insisted", wish, by=by, must=must):
        Wish.objects.filter(pk=wish.pk).update(must=must)
    wish.must = must
    return wish


def put_after(wish: Wish, earlier: Iterable[Wish], *, by: Person) -> Wish:
    """The meetings that have to be held before this one."""
    rules.may_insist(by, wish).or_raise()
    wanted = list(earlier)
    if any(one.event_id != wish.event_id or one.pk == wish.pk for one in wanted):
        raise Refused(_("Choose other wishes of the same event."))
    if _goes_round(wish, wanted):
        raise Refused(_("These meetings would have to wait for each other."))
    with _fact("wish.ordered", wish, by=by, after=[one.pk for one in wanted]):
        wish.after.set(wanted)
    return wish


def _goes_round(wish: Wish, earlier: Sequence[Wish]) -> bool:
    """Whether the wish would have to come before itself."""
    before: dict[int, list[int]] = {}
    links = Wish.after.through.objects.filter(from_wish__event_id=wish.event_id)
    for later, sooner in links.values_list("from_wish_id", "to_wish_id"):
        before.setdefault(later, []).append(sooner)
    seen: set[int] = set()
    waiting = [one.pk for one in earlier]
    while waiting:
        at = waiting.pop()
        if at == wish.pk:
            return True
        if at not in seen:
            seen.add(at)
            waiting += before.get(at, [])
    return False


def add(asker: Party, invited: Party, *, by: Person, priority: int = Priority.IMPORTANT,
        must: bool = False) -> Wish:
    """The organisers bring two parties together, or set how important their wish is."""
    rules.may_insist(by, asker).or_raise()
    with transaction.atomic():
        wish = send(asker, invited, by=by, priority=priority, origin=Origin.STAFF)
        if must != wish.must:
            insist(wish, must, by=by)
    return wish


# What the house does, from what happened in the market.

def bring_together(asker: Party, invited: Party, *, interest: str) -> Wish | None:
    """Two who were introduced in the market are at the same event: that is a wish of both. None if
    there is one already that says otherwise."""
    known = between(asker.event, asker, invited)
    if known is None:
        try:
            return _begin(asker, invited, Origin.MARKET, by=None, priority=Priority.VERY,
                          words=Text(), who=None, only_slots=None, state=State.ACCEPTED,
                          answer_priority=Priority.VERY, came_from=interest)
        except IntegrityError:
            known = between(asker.event, asker, invited)
    if known is None or known.state not in Wish.LIVE or known.came_from:
        return None
    with _fact("wish.linked", known, by=None, interest=interest):
        Wish.objects.filter(pk=known.pk).update(came_from=interest)
    known.came_from = interest
    return known


def take_back(wish: Wish) -> bool:
    """What brought the two together in the market has ended. The wish goes with it, unless one of
    them wished it here or confirmed it."""
    if wish.origin != Origin.MARKET or wish.state != State.ACCEPTED or wish.answered is not None:
        return False
    with _fact("wish.withdrawn", wish, by=None, interest=wish.came_from):
        wish.take("withdraw", answer_priority=None, must=False)
    return True


# The parts.

def _fact(name: str, wish: Wish, *, by: Person | None, **data: Any) -> Any:
    return ledger.fact(name, wish, by=by, event=wish.event.number, economy=wish.asker.economy_id,
                       other_economy=wish.invited.economy_id, **data)


def _keys(who: Sequence[Guest] | None, party: Party) -> list[int]:
    who = who or ()
    if any(guest.party_id != party.pk for guest in who):
        raise Refused(_("Choose people of your own."))
    return [guest.pk for guest in who]


def _slots(slots: Sequence[Slot] | None, wish: Wish) -> list[Slot]:
    slots = slots or ()
    if any(slot.event_id != wish.event_id for slot in slots):
        raise Refused(_("Choose times of this event."))
    return list(slots)


def _why(asker: Party, invited: Party) -> dict[str, Any]:
    """What the matching engine said of the two, seen by the asker."""
    known = Suggestion.objects.filter(party=asker, other=invited).first()
    if known:
        return {"because": known.because, "fit": known.fit}
    known = Suggestion.objects.filter(party=invited, other=asker).first()
    return {"because": turned(known.because), "fit": known.fit} if known else {
        "because": [], "fit": None}


TURNED = {"seeks": "offers", "offers": "seeks"}


def turned(because: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same reasons as the other side sees them."""
    return [{**reason, "side": TURNED[reason["side"]]} for reason in because]
