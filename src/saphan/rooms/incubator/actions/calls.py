"""The verbs of a call. Each checks its rule, changes one thing and records one fact."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.ground import accession, clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text, reader_language
from saphan.house import gate
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.incubator import concepts, gating, rubrics
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.rules import calls as rules

SERIES = "INC"
State = Call.State


class Conflict(Refused):
    """Somebody else saved the call after the editor had opened it."""


def start(values: Mapping[str, Any], *, by: Person | None, key: str = "") -> Call:
    """A new draft from cleaned values; nothing is required of a draft but its form."""
    if by is not None:
        rules.may_start(by).or_raise()
    call = Call(author=by, **values)
    call.rubric = call.rubric or rubrics.default(call.form)
    call.concepts = concepts.found_in(call)
    with ledger.fact("call.drafted", call, by=by, form=call.form):
        call.number = accession.next_number(SERIES)
        call.key = key or f"{call.number.lower()}-{secrets.token_hex(4)}"
        call.save(force_insert=True)
    return call


def save(call: Call, values: Mapping[str, Any], *, by: Person | None,
         version: int | None = None) -> Call:
    """Keep changed words and fields. `version` is the one the editor saw: if somebody saved in
    between, nothing is overwritten and `Conflict` says so. `by=None`: the house, from a file."""
    if by is not None:
        rules.may_edit(by, call).or_raise()
    changed = [name for name, value in values.items() if getattr(call, name) != value]
    if not changed:
        return call
    seen = call.version if version is None else version
    with ledger.fact("call.changed", call, by=by, fields=sorted(changed)):
        found = Call.objects.filter(pk=call.pk, version=seen, state=call.state)
        if not found.update(version=seen + 1):
            raise Conflict(_("Somebody saved this record while you were writing. "
                             "Your words are below; reload to see theirs."))
        for name in changed:
            setattr(call, name, values[name])
        if call.state != State.DRAFT:  # what was announced stays as whole as it was
            rules.is_sound(by, call).or_raise()
            _settle_owner(call, by=by)
        call.version, call.concepts = seen + 1, concepts.found_in(call)
        call.save(update_fields=[*changed, "concepts", "version", "changed"])
    return call


def _settle_owner(call: Call, *, by: Person | None) -> None:
    """What the author called the organisation becomes one, or turns out to be one we know."""
    if not call.organisation_name or call.economy_id is None:
        return
    call.organisation = people_actions.find_or_add_organisation(
        {call.lang or "en": call.organisation_name}, economy=call.economy_id,
        kind=call.organisation_kind or "company", source=call.lang, example=call.example, by=by)
    call.organisation_name = call.organisation_kind = ""
    call.save(update_fields=["organisation", "organisation_name", "organisation_kind"])


def submit(call: Call, *, by: Person, objection: str = "") -> Call:
    """The owner asks the desk to announce the call. Raises `gating.Held` if the quality gate
    refuses her words, unless she says why they are right: then the desk decides."""
    rules.may_submit(by, call).or_raise()
    found, objection = gating.findings_of(call), objection.strip()[:1000]
    refused = sorted({one.rule for one in gating.refusing(found)})
    if refused and not objection:
        ledger.record("call.refused", call, by=by, rules=refused)
        raise gating.Held(found)
    with ledger.fact("call.submitted", call, by=by, form=call.form,
                     **({"overridden": refused} if refused else {})):
        _settle_owner(call, by=by)
        rules.owner_may_call(by, call).or_raise()  # the organisation may be another kind than said
        call.take("submit", returned_because="", submitted=clock.now(),
                  objection=objection if refused else "",
                  findings=[gate.to_json(one) for one in found])
    return call


def take_back(call: Call, *, by: Person) -> Call:
    """The owner wants to go on writing."""
    rules.may_take_back(by, call).or_raise()
    with ledger.fact("call.taken_back", call, by=by):
        call.take("take_back")
    return call


def return_to_author(call: Call, *, by: Person, because: str) -> Call:
    """The desk asks for a change and says which."""
    rules.may_return_to_author(by, call).or_raise()
    if not because.strip():
        raise Refused(_("Say what the author should change."))
    with ledger.fact("call.returned", call, by=by):
        call.take("return_to_author", returned_because=because.strip())
    return call


def post(call: Call, *, by: Person) -> Call:
    """The desk announces the call; whoever does it looks after it from now on."""
    rules.may_post(by, call).or_raise()
    with ledger.fact("call.posted", call, by=by, form=call.form, economy=call.economy_id,
                     sector=call.sector, deadline=call.deadline):
        call.take("post", posted=clock.now(), manager=call.manager or by)
    return call


def open_answers(call: Call, *, by: Person) -> Call:
    """From now on teams may seal and send answers."""
    rules.may_open(by, call).or_raise()
    with ledger.fact("call.opened", call, by=by, form=call.form):
        call.take("open")
    return call


def end_answers(call: Call, *, by: Person | None = None) -> Call:
    """The deadline has passed: no answer is taken any more. By the clock (`by=None`) or the
    desk, never earlier than announced."""
    if by is not None:
        rules.may_end_answers(by, call).or_raise()
    rules.is_over(by, call).or_raise()
    with ledger.fact("call.ended", call, by=by, form=call.form):
        call.take("end_answers")
    return call


def extend(call: Call, *, by: Person, deadline: datetime, because: str) -> Call:
    """More time for everybody: once, to a later moment, before the deadline, with the reason."""
    rules.may_extend(by, call).or_raise()
    if call.deadline is None or deadline <= call.deadline:
        raise Refused(_("The new deadline must be later than the old one."))
    if not because.strip():
        raise Refused(_("Say why the deadline moves. Everybody reads it."))
    now = clock.now()
    with ledger.fact("call.extended", call, by=by, before=call.deadline, deadline=deadline):
        # Both conditions again, in the database: of two who press at once one is told.
        moved = Call.objects.filter(pk=call.pk, state=call.state, extended=None,
                                    deadline__gt=now).update(
            deadline=deadline, extended=now, version=call.version + 1,
            extended_because=_said(because, by=by))
        if not moved:
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
    call.refresh_from_db()
    return call


def cancel(call: Call, *, by: Person, because: str = "") -> Call:
    """The call ends without a decision. Once it was announced everybody reads why."""
    rules.may_cancel(by, call).or_raise()
    if call.posted is not None and not because.strip():
        raise Refused(_("Say why the call is cancelled. Everybody reads it."))
    with ledger.fact("call.cancelled", call, by=by, form=call.form, was=call.state):
        call.take("cancel", cancelled_because=_said(because, by=by))
    return call


def finish(call: Call, *, by: Person) -> Call:
    """Nothing is open any more. Later looks at the pilots go on under the same number."""
    rules.may_finish(by, call).or_raise()
    with ledger.fact("call.finished", call, by=by, form=call.form, was=call.state):
        call.take("finish")
    return call


def hand_over(call: Call, *, to: Person, by: Person) -> Call:
    """Another programme manager looks after the call."""
    rules.is_desk(by).or_raise()
    if not (to.is_active and rules.runs_calls(to)):
        raise Refused(_("Choose a programme manager."))
    with ledger.fact("call.handed_over", call, by=by, to=to.ref):
        Call.objects.filter(pk=call.pk).update(manager=to)
        call.manager = to
    return call


def _said(words: str, *, by: Person) -> Text:
    """A reason in the language in which the desk works now."""
    words = words.strip()[:1000]
    return Text.of({reader_language(): words}, by=by.ref) if words else Text()


def remove(call: Call) -> None:
    """A call that was never announced goes with its author."""
    with transaction.atomic(), ledger.fact("call.removed", call, number=call.number):
        pk = call.pk
        call.delete()
        call.pk = pk  # the fact is about what was there


BY_TRANSITION: dict[str, Callable[..., Call]] = {
    "submit": submit, "take_back": take_back, "return_to_author": return_to_author, "post": post,
    "open": open_answers, "end_answers": end_answers, "finish": finish, "cancel": cancel,
}
WITH_A_REASON = frozenset({"return_to_author", "cancel"})
