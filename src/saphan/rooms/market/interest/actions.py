"""The verbs of the brokered path. Each checks its rule, changes one thing and records one fact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people import workdays
from saphan.people.models import Organisation, Person
from saphan.rooms.market.interest import queries, rules
from saphan.rooms.market.models import Encounter, Interest, Listing, Note, Progress, Refusal

State, Side, Ending = Interest.State, Interest.Side, Interest.Ending

# Working days that each step may take, at the side that has to take it.
ANSWER_DAYS, AGREE_DAYS, INTRODUCE_DAYS, REPORT_DAYS = 10, 5, 3, 30
RUNNING_REPORT_DAYS = 90
LAPSES_AFTER = 10  # working days after the due day


def send(listing: Listing, values: Mapping[str, Any], *, by: Person, agree: bool = False,
         organisation: Organisation | None = None) -> Interest:
    """She is interested. With `agree` she is introduced as soon as the owner accepts; without, she
    is asked again then. The other side learns her country or region and what she wrote."""
    rules.may_send(by, listing).or_raise()
    assert by.economy is not None
    interest = Interest(listing=listing, asker=by, economy=by.economy, organisation=organisation,
                        sent=clock.now(), asker_agreed=clock.now() if agree else None, **values)
    with ledger.fact("interest.sent", interest, by=by, listing=listing.number,
                     economy=interest.economy_id, sector=listing.sector):
        # The row of the record is locked, so that two who send at once get two numbers.
        Listing.objects.select_for_update().get(pk=listing.pk)
        last = listing.interests.aggregate(last=Max("position"))["last"] or 0
        interest.position = last + 1
        interest.number = f"{listing.number}-{interest.position:02d}"
        interest.broker = _least_busy(interest)
        interest.due, interest.due_from = _answer_due(interest)
        interest.save(force_insert=True)
    return interest


def _least_busy(interest: Interest, *, but: Person | None = None) -> Person | None:
    officers = [each for each in queries.officers_for(interest) if each.person != but]
    return officers[0].person if officers else None


def _answer_due(interest: Interest) -> tuple[date, str]:
    """The owner answers; where nobody of the house speaks for the record, the broker asks."""
    home = [interest.listing.economy] if interest.listing.economy else []
    side = Side.OWNER if interest.listing.author_id or (
        interest.listing.organisation and interest.listing.organisation.memberships.filter(
            may_publish=True).exists()) else Side.BROKER
    return workdays.add_workdays(clock.today(), ANSWER_DAYS, *home), side


def _both(interest: Interest) -> list[Any]:
    return [economy for economy in (interest.economy, interest.listing.economy) if economy]


def accept(interest: Interest, *, by: Person, reply: Text | None = None) -> Interest:
    """The owner would like to meet. By the broker: on behalf of an owner who said so elsewhere."""
    rules.may_accept(by, interest).or_raise()
    agreed = interest.asker_agreed is not None
    days, economies, side = (INTRODUCE_DAYS, _both(interest), Side.BROKER) if agreed else (
        AGREE_DAYS, [interest.economy], Side.ASKER)
    with ledger.fact("interest.accepted", interest, by=by, **_of(interest),
                     on_behalf=not rules.is_owner(by, interest)):
        interest.take("accept", owner_agreed=clock.now(), reply=reply or Text(),
                      due=workdays.add_workdays(clock.today(), days, *economies),
                      due_from=side, reminded=None)
    return interest


def decline(interest: Interest, *, by: Person, reason: str, reply: Text | None = None) -> Interest:
    """Not this time, and why. The reason helps the one who asked: her own record gets it as
    advice."""
    rules.may_decline(by, interest).or_raise()
    _check_reason(reason)
    with ledger.fact("interest.declined", interest, by=by, reason=reason, **_of(interest),
                     on_behalf=not rules.is_owner(by, interest)):
        interest.take("decline", reason=reason, reply=reply or Text(), due=None,
                      due_from="", ended=clock.now())
        if interest.own_listing is not None:
            _advise(interest.own_listing, reason, interest)
    return interest


def agree(interest: Interest, *, by: Person) -> Interest:
    """The one who asked confirms, after the owner's yes, that she wants to be introduced."""
    rules.may_agree(by, interest).or_raise()
    with ledger.fact("interest.confirmed", interest, by=by, **_of(interest)):
        due = workdays.add_workdays(clock.today(), INTRODUCE_DAYS, *_both(interest))
        won = Interest.objects.filter(pk=interest.pk, state=State.ACCEPTED,
                                      asker_agreed__isnull=True).update(
            asker_agreed=clock.now(), due=due, due_from=Side.BROKER, reminded=None)
        if not won:
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
    interest.refresh_from_db()
    return interest


def withdraw(interest: Interest, *, by: Person) -> Interest:
    """The one who asked takes it back, before they were introduced."""
    rules.may_withdraw(by, interest).or_raise()
    with ledger.fact("interest.withdrawn", interest, by=by, **_of(interest)):
        interest.take("withdraw", **_end(Ending.WITHDRAWN))
    return interest


def lapse(interest: Interest, *, by: Person | None = None) -> Interest:
    """Nobody answered in time. By the clock (`by=None`) or by the broker."""
    if by is not None:
        rules.may_lapse(by, interest).or_raise()
    with ledger.fact("interest.lapsed", interest, by=by, **_of(interest)):
        interest.take("lapse", **_end(Ending.NO_ANSWER))
    return interest


def introduce(interest: Interest, *, by: Person, meets_at: datetime | None = None,
              minutes: int = 45, where: str = "") -> Interest:
    """The broker tells each side who the other is; with a time there is an invitation as well.

    From here on the two know each other: now the fact may name both organisations (the owner's
    first), so that events where both take part can bring them together."""
    rules.may_introduce(by, interest).or_raise()
    with ledger.fact("interest.introduced", interest, by=by, **_of(interest),
                     number=interest.number, meeting=meets_at is not None,
                     organisations=[interest.listing.organisation_id, interest.organisation_id]):
        interest.take(
            "introduce", introduced=clock.now(), meets_at=meets_at, meets_minutes=minutes,
            meets_where=where, due_from=Side.OWNER, reminded=None,
            due=workdays.add_workdays(clock.today(), REPORT_DAYS, *_both(interest)))
        if interest.broker_id is None:
            interest.broker = by
            interest.save(update_fields=["broker"])
    return interest


def plan_meeting(interest: Interest, *, by: Person, meets_at: datetime | None, minutes: int = 45,
                 where: str = "") -> Interest:
    """A new time for the first meeting, or none: whoever holds the old invitation gets the new."""
    rules.may_plan_a_meeting(by, interest).or_raise()
    with ledger.fact("interest.meeting_planned", interest, by=by, planned=meets_at is not None):
        # Counted in the database: two who press at once must not send two invitations that bear
        # the same number, and none goes out for what was closed meanwhile.
        planned = Interest.objects.filter(pk=interest.pk, state__in=rules.OPEN).update(
            meets_at=meets_at, meets_minutes=minutes, meets_where=where,
            invitation=F("invitation") + 1)
        if not planned:
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
    interest.refresh_from_db()
    return interest


def sign(interest: Interest, progress: Mapping[str, Any], *, by: Person) -> Interest:
    """Something was signed: a memorandum, a contract. That is not yet a running cooperation."""
    return _record(interest, "sign", "signed", progress, by=by, days=RUNNING_REPORT_DAYS)


def start(interest: Interest, progress: Mapping[str, Any], *, by: Person) -> Interest:
    """It runs. That is not yet an outcome."""
    return _record(interest, "start", "started", progress, by=by, days=RUNNING_REPORT_DAYS)


def conclude(interest: Interest, progress: Mapping[str, Any], *, by: Person) -> Interest:
    """What came out of it."""
    return _record(interest, "conclude", "concluded", progress, by=by, days=None)


def _record(interest: Interest, step: str, name: str, progress: Mapping[str, Any], *, by: Person,
            days: int | None) -> Interest:
    rules.may_record(by, interest).or_raise()
    evidence = dict(progress)
    content, ending = evidence.pop("content", b""), evidence.pop("ending", "")
    if not (content or evidence.get("url")):
        raise Refused(_("Add evidence: a document, or a link to one."))
    changes: dict[str, Any] = {"due": None, "due_from": "", "ended": clock.now()}
    if days is not None:
        changes = {"due": workdays.add_workdays(clock.today(), days, *_both(interest)),
                   "due_from": Side.OWNER, "reminded": None}
    with ledger.fact(f"interest.{name}", interest, by=by, kind=evidence["kind"],
                     **_of(interest)) as fact:
        interest.take(step, **changes)
        record = Progress(interest=interest, stage=interest.state, side=_side(by, interest),
                          by=by.ref, at=clock.now(), **evidence)
        if content:
            record.digest = fact.data["digest"] = hashlib.sha256(content).hexdigest()
            record.file.save(f"{record.digest[:32]}.{ending}", ContentFile(content), save=False)
        record.save()
    return interest


def met(interest: Interest, *, event: str, organisation: int, took_place: bool, next_step: str,
        on: date) -> Encounter | None:
    """One side said, at an event of the house, whether the two met and what they do next. None if
    the organisation is no side, or the two were never introduced."""
    side = {interest.listing.organisation_id: Side.OWNER,
            interest.organisation_id: Side.ASKER}.get(organisation)
    if side is None or not interest.is_disclosed:
        return None
    with ledger.fact("interest.met", interest, event=event, side=side, took_place=took_place,
                     next_step=next_step, **_of(interest)):
        encounter, _created = Encounter.objects.update_or_create(
            interest=interest, event=event, side=side, defaults={
                "took_place": took_place, "next_step": next_step, "on": on, "at": clock.now()})
    return encounter


def confirm(progress: Progress, *, by: Person) -> Progress:
    """The other side, or the broker, says that it is so."""
    rules.may_confirm(by, progress).or_raise()
    with ledger.fact("interest.progress_confirmed", progress.interest, by=by,
                     stage=progress.stage):
        won = Progress.objects.filter(pk=progress.pk, confirmed__isnull=True).update(
            confirmed=clock.now(), confirmed_by=by.ref)
        if not won:
            raise Refused(_("It is confirmed already."))
    progress.refresh_from_db()
    return progress


def close(interest: Interest, *, by: Person, reason: str = "") -> Interest:
    """They met, and it goes no further. The reason, if one is given, is advice for the record."""
    rules.may_close(by, interest).or_raise()
    if reason:
        _check_reason(reason)
    ending = Ending.NOT_AGREED if interest.state == State.INTRODUCED else Ending.ENDED_EARLY
    with ledger.fact("interest.closed", interest, by=by, reason=reason, **_of(interest)):
        interest.take("close", reason=reason, **_end(ending))
        if reason and not rules.is_owner(by, interest):
            _advise(interest.listing, reason, interest)
    return interest


def hand_over(interest: Interest, to: Person, *, by: Person, note: str = "") -> Interest:
    """Another broker goes on with it; what she should know goes along."""
    rules.may_hand_over(by, interest).or_raise()
    rules.may_take(to, interest).or_raise()
    with ledger.fact("interest.handed_over", interest, by=by, to=to.ref):
        interest.broker = to
        interest.save(update_fields=["broker"])
        if note.strip():
            Note.objects.create(interest=interest, by=by.ref, text=note.strip()[:2000],
                                at=clock.now())
    return interest


def note(interest: Interest, text: str, *, by: Person) -> Note:
    """Something for the brokers alone."""
    rules.may_note(by, interest).or_raise()
    if not text.strip():
        raise Refused(_("Write something first."))
    with ledger.fact("interest.noted", interest, by=by):
        return Note.objects.create(interest=interest, by=by.ref, text=text.strip()[:2000],
                                   at=clock.now())


def say_why_not(listing: Listing, reason: str, *, by: Person) -> None:
    """A reader's reason, for the owner's next edit. Who gave it is not kept with it."""
    rules.may_say_why_not(by, listing).or_raise()
    _check_reason(reason)
    rules.limits.spend("why_not", f"{by.ref}:{listing.pk}", at_most=1,
                       per=timedelta(days=30)).or_raise()
    with ledger.fact("listing.advised", listing, reason=reason):
        _advise(listing, reason, None)


def _advise(listing: Listing, reason: str, interest: Interest | None) -> None:
    Refusal.objects.create(listing=listing, interest=interest, reason=reason, at=clock.now())


def answer_advice(listing: Listing) -> None:
    """The record was changed: what was advised before counts as heard."""
    Refusal.objects.filter(listing=listing, answered__isnull=True).update(answered=clock.now())


def remind(interest: Interest) -> None:
    """Note that whoever is due was reminded today."""
    with ledger.fact("interest.reminded", interest, due_from=interest.due_from):
        Interest.objects.filter(pk=interest.pk).update(reminded=clock.today())


def lapses_on(interest: Interest) -> date:
    """The day after which an unanswered interest is closed."""
    assert interest.due is not None
    return workdays.add_workdays(interest.due, LAPSES_AFTER, *homes(interest))


def homes(interest: Interest) -> list[Any]:
    """The economies whose working days count for the step that is due."""
    if interest.state == State.SENT:
        return [interest.listing.economy] if interest.listing.economy else []
    return [interest.economy] if interest.due_from == Side.ASKER else _both(interest)


def forget(person: Person) -> None:
    """Whoever leaves the house leaves no name behind: interests of hers are closed, those in what
    she posted as well, and another broker goes on with what she brokered."""
    related = Interest.objects.select_related(*queries.RELATED)
    for interest in related.filter(asker=person):
        if interest.state in (State.SENT, State.ACCEPTED):
            withdraw(interest, by=person)
        elif interest.state in rules.OPEN and interest.organisation_id is None:
            close(interest, by=person)
        with transaction.atomic():
            Interest.objects.filter(pk=interest.pk).update(
                asker=None, **({"purpose": Text(), "brings": Text(), "timing": Text()}
                               if interest.organisation_id is None else {}))
    for interest in related.filter(listing__author=person, listing__organisation=None,
                                   state__in=rules.OPEN):
        if interest.is_disclosed:
            close(interest, by=person)
        else:
            lapse(interest)
    for interest in related.filter(broker=person):
        interest.broker = _least_busy(interest, but=person) \
            if interest.state in rules.OPEN else None
        with ledger.fact("interest.handed_over", interest,
                         to=interest.broker.ref if interest.broker else None):
            interest.save(update_fields=["broker"])
    Note.objects.filter(by=person.ref).delete()


def _check_reason(reason: str) -> None:
    if reason not in Interest.Reason.values:
        raise Refused(_("Choose a reason from the list."))


def _side(by: Person, interest: Interest) -> str:
    if rules.is_owner(by, interest):
        return Side.OWNER
    return Side.ASKER if rules.is_asker(by, interest) else Side.BROKER


def _end(ending: str) -> dict[str, Any]:
    return {"ending": ending, "due": None, "due_from": "", "ended": clock.now()}


def _of(interest: Interest) -> dict[str, Any]:
    """What numbers are told apart by; nothing that names a side."""
    return {"listing": interest.listing.number, "economy": interest.economy_id,
            "owner_economy": interest.listing.economy_id, "sector": interest.listing.sector}


BY_TRANSITION: dict[str, Callable[..., Interest]] = {
    "accept": accept, "decline": decline, "withdraw": withdraw, "lapse": lapse,
    "introduce": introduce, "sign": sign, "start": start, "conclude": conclude, "close": close,
}
