"""The key of a call, and the answers under it.

Until the deadline the house holds ciphertext alone: no administrator, backup or log has what a
team wrote. The team's own key is with the team (a code on paper, a cookie in its browser); the
call's key is in parts, each sealed to a slip of paper in a holder's hands.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from saphan.engines import sealing
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people import actions as people
from saphan.people.models import Person
from saphan.rooms.incubator import eligibility
from saphan.rooms.incubator.models import Answer, Call, KeyHolder, Partner
from saphan.rooms.incubator.queries import answers as queries
from saphan.rooms.incubator.rules import answers as rules

State = Answer.State


# The key.

def appoint(call: Call, person: Person, *, by: Person) -> KeyHolder:
    """One more person whose slip helps to open the answers."""
    rules.may_appoint(by, call).or_raise()
    with ledger.fact("call.key_holder_named", call, by=by, holder=person.ref):
        holder, _created = KeyHolder.objects.get_or_create(call=call, person=person)
    return holder


def dismiss(holder: KeyHolder, *, by: Person) -> None:
    """She does not hold a key after all; possible only before the key is made."""
    rules.may_dismiss(by, holder.call).or_raise()
    with ledger.fact("call.key_holder_dismissed", holder.call, by=by, holder=holder.person.ref):
        holder.delete()


def take_slip(holder: KeyHolder, *, by: Person) -> str:
    """A fresh slip, to be shown once and written down. The house keeps its public half alone."""
    rules.may_take_a_slip(by, holder).or_raise()
    slip = sealing.new_slip()
    public = sealing.holder_public(slip, context=sealing.call_context(holder.call.number),
                                   holder=holder.person.ref)
    with ledger.fact("call.slip_taken", holder.call, by=by, again=bool(holder.public)):
        holder.public, holder.given = _text(public), clock.now()
        holder.save(update_fields=["public", "given"])
    return slip


def make_key(call: Call, *, by: Person) -> Call:
    """The call's key: its public half is kept, its private half exists only in the holders'
    parts."""
    rules.may_make_the_key(by, call).or_raise()
    publics = {holder.person.ref: base64.b64decode(holder.public)
               for holder in call.holders.select_related("person")}
    key = sealing.make_call_key(publics, call.key_needed, sealing.call_context(call.number))
    with ledger.fact("call.key_made", call, by=by, holders=sorted(publics),
                     needed=call.key_needed, public=_text(key.public)):
        won = Call.objects.filter(pk=call.pk, key_public="").update(
            key_public=_text(key.public), key_parts=key.parts)
        if not won:
            raise Refused(_("The key of this call is made already: its holders cannot change."))
    call.key_public, call.key_parts = _text(key.public), dict(key.parts)
    return call


def release(holder: KeyHolder, slip: str, *, by: Person) -> KeyHolder:
    """After the deadline: the holder's slip frees her parts. With enough of them the answers open
    at once."""
    rules.may_release(by, holder).or_raise()
    parts: Any = holder.call.key_parts
    try:
        freed = sealing.holder_parts(parts, holder.person.ref, slip)
    except sealing.WrongCode as error:
        raise Refused(_mistyped(error)) from None
    except sealing.SealingError:
        raise Refused(_("This slip does not belong to this call. Is it yours, and for this "
                        "call?")) from None
    with ledger.fact("call.key_released", holder.call, by=by):
        holder.released, holder.released_at = dict(freed), clock.now()
        holder.save(update_fields=["released", "released_at"])
    if queries.released(holder.call) >= holder.call.key_needed:
        unseal(holder.call)
    return holder


def _mistyped(error: sealing.WrongCode) -> str:
    groups = getattr(error, "groups", ())
    if groups:
        return _("Group %(number)d of the slip is not right. Compare it with your paper.") % {
            "number": groups[0]}
    return _("This is not a slip: it has seven groups of five characters.")


def unseal(call: Call) -> Call:
    """Open every answer that was sent. What cannot be opened, or is not what the ledger saw, is
    marked and named; the others open all the same."""
    released: Any = [holder.released for holder in call.holders.filter(
        released_at__isnull=False)]
    parts: Any = call.key_parts
    try:
        private = sealing.restore(parts, released)
    except sealing.SealingError:
        raise Refused(_("The parts of the key do not fit together.")) from None
    with transaction.atomic():
        sent = list(Answer.objects.select_for_update().select_related("call").filter(
            call=call, state=State.SENT).order_by("position"))
        digests = {found.number: found.digest for found in sent}
        for found in sent:
            _open(found, private)
        with ledger.fact("call.unsealed", call, answers=len(sent),
                         closing=sealing.closing_digest(digests),
                         unreadable=[each.number for each in sent if each.unreadable]):
            won = Call.objects.filter(pk=call.pk, unsealed__isnull=True).update(
                unsealed=clock.now())
            if not won:
                raise Refused(_("The answers are open already."))
            # What was freed has done its work; the key cannot be put together again from here.
            call.holders.update(released={})
    call.refresh_from_db()
    return call


def _open(found: Answer, private: bytes) -> None:
    place = sealing.answer_context(found.call.number, found.number, found.version)
    content: dict[str, Any] = {}
    try:
        raw = sealing.open_with_call_key(sealing.Sealed.from_json(found.sealed), private,
                                         context=place)
        content = json.loads(raw)
    except (sealing.SealingError, ValueError) as error:
        found.unreadable = type(error).__name__
    if not found.unreadable and not queries.is_untouched(found):
        found.unreadable, content = "changed", {}
    if found.unreadable:
        with ledger.fact("answer.unreadable", found, because=found.unreadable):
            found.save(update_fields=["unreadable"])
        return
    team = content.pop("team", {})
    lead = team.get("lead", {})
    changes: dict[str, Any] = {
        "content": content, "lang": content.get("lang", ""),
        "organisation_name": lead.get("name", ""), "economy_id": lead.get("economy") or None}
    if lead.get("name") and lead.get("economy"):
        changes["organisation"] = people.find_or_add_organisation(
            {content.get("lang") or "en": lead["name"]}, economy=lead["economy"],
            kind=lead.get("kind") or "company", by=None)
    with ledger.fact("answer.unsealed", found, economy=lead.get("economy")):
        found.take("unseal", **changes)
        for row in team.get("partners", []):
            Partner.objects.create(answer=found, name=row["name"], kind=row.get("kind", ""),
                                   economy_id=row.get("economy") or None,
                                   role=row.get("role", ""), email=row.get("email", ""),
                                   token=secrets.token_urlsafe(24))
        found.eligibility = eligibility.found(found, lead)
        found.save(update_fields=["eligibility"])


# Answers.

def write(call: Call, content: Mapping[str, Any], *, by: Person, answer: Answer | None = None,
          key: bytes | None = None, send: bool = False) -> tuple[Answer, bytes]:
    """Seal what the team wrote: as a draft, or (`send`) as its answer. Returns the answer and the
    team's key, which the house does not keep. A new version replaces the one before."""
    if answer is None:
        rules.may_answer(by, call).or_raise()
    else:
        rules.may_change(by, answer).or_raise()
    raw = json.dumps(dict(content), ensure_ascii=False, sort_keys=True).encode()
    public = base64.b64decode(call.key_public)
    with transaction.atomic():
        # The call's row is locked: the deadline is looked at again where nothing can slip in.
        locked = Call.objects.select_for_update().get(pk=call.pk)
        rules.takes_answers(by, locked).or_raise()
        if answer is None:
            last = locked.answers.aggregate(last=Max("position"))["last"] or 0
            answer = Answer(call=locked, position=last + 1, lead=by,
                            number=f"{locked.number}-{last + 1:02d}")
        place = sealing.answer_context(locked.number, answer.number, answer.version + 1)
        if answer.pk and key is not None:
            previous = sealing.Sealed.from_json(answer.sealed)
            try:
                sealed = sealing.reseal(previous, raw, key, public, context=place)
            except sealing.SealingError:
                raise Refused(rules.WRONG_CODE) from None
        else:
            sealed, key = sealing.seal(raw, public, context=place)
        digest = sealing.digest(sealed)
        name = "answer.sealed" if send or answer.state == State.SENT else "answer.drafted"
        with ledger.fact(name, answer, by=by, digest=digest, version=answer.version + 1):
            answer.sealed, answer.digest = sealed.as_json(), digest
            answer.version += 1
            if name == "answer.sealed":
                answer.sent = clock.now()
            answer.save()
            if send and answer.state == State.DRAFT:
                answer.take("send")
    assert key is not None
    return answer, key


def withdraw(answer: Answer, *, by: Person) -> Answer:
    """The team takes its answer back before the deadline; its ciphertext goes as well."""
    rules.may_withdraw(by, answer).or_raise()
    with ledger.fact("answer.withdrawn", answer, by=by):
        answer.take("withdraw", sealed={}, digest="")
    return answer


def exclude(answer: Answer, *, by: Person, because: Any) -> Answer:
    """It does not meet what the call asked of teams; said with the reason."""
    rules.may_exclude(by, answer).or_raise()
    if not because:
        raise Refused(_("Say what the team does not meet."))
    with ledger.fact("answer.excluded", answer, by=by):
        answer.take("exclude", reasons=because, decided=clock.now(), decided_by=by.ref)
    return answer


def ask_partners(answer: Answer) -> list[Partner]:
    """Those whom the lead named and who have not been asked yet; the caller writes to them."""
    waiting = list(answer.partners.filter(asked__isnull=True).exclude(email=""))
    with ledger.fact("answer.partners_asked", answer, count=len(waiting)):
        answer.partners.filter(pk__in=[each.pk for each in waiting]).update(asked=clock.now())
    return waiting


def partner_says(partner: Partner, *, yes: bool) -> Partner:
    """Whoever holds the letter says whether the organisation really is in the team."""
    if partner.confirmed or partner.refused:
        raise Refused(_("This has been answered already."))
    name = "answer.partner_confirmed" if yes else "answer.partner_refused"
    with ledger.fact(name, partner.answer):
        partner.confirmed = clock.now() if yes else None
        partner.refused = None if yes else clock.now()
        partner.save(update_fields=["confirmed", "refused"])
    return partner


def forget(person: Person) -> None:
    """Whoever leaves: drafts go, sent answers are withdrawn while they can be; later ones stay
    with the organisation, without her."""
    for found in Answer.objects.select_related("call").filter(lead=person):
        if found.state in (State.DRAFT, State.SENT) and not found.call.is_over:
            with ledger.fact("answer.withdrawn", found, by=person):
                found.take("withdraw", sealed={}, digest="")
    Answer.objects.filter(lead=person).update(lead=None)
    KeyHolder.objects.filter(person=person, call__key_public="").delete()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
