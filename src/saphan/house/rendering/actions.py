"""The verbs of the translation desk. Each checks its rule, changes one thing and records one fact.

A rendering is wanted (by readers, or begun by a translator), drafted (by a person or a machine),
handed in, and approved by somebody who wrote none of its words. Approval writes the words into the
record through what its room declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger, limits
from saphan.ground.access import Refused
from saphan.house.rendering import checking, kinds, rules
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.work import Work, open_work
from saphan.people.models import Person

State, Machine = Rendering.State, Rendering.Machine
WISHES_A_DAY = 30
CLAIM_HELD = timedelta(days=3)
DRAFTED_AGAIN = {State.WANTED: ("draft", "rendering.drafted"),
                 State.IN_REVIEW: ("send_back", "rendering.sent_back"),
                 State.APPROVED: ("reopen", "rendering.reopened")}


class Conflict(Refused):
    """Somebody else saved the translation after the editor had opened it."""


# Wanting


def _find(record: Any, lang: str, *, by: Person | None) -> Rendering:
    """The rendering of a record in a language; begun if there is none. Raises `Refused`."""
    kind = kinds.kind_of(record)
    about = {"subject_type": kind.model._meta.label_lower, "subject_id": record.pk, "lang": lang}
    if found := Rendering.objects.filter(**about).first():
        return found
    if lang not in kinds.targets():
        raise Refused(_("The house is not read in this language."))
    if not kinds.needed(kind, record, lang):
        raise Refused(_("It can be read in this language already."))
    found = Rendering(**about, source_lang=kinds.source_of(kind, record), since=clock.now())
    try:
        with ledger.fact("rendering.wanted", found, by=by, lang=lang,
                         record=kinds.number_of(kind, record)):
            found.save(force_insert=True)
    except IntegrityError:  # two at once
        return Rendering.objects.get(**about)
    return found


def wish(record: Any, lang: str, *, who: str) -> bool:
    """A reader would like to read it in her language. Counted once a day for `who` (an address or
    a person's reference), who needs no account. False if it was counted before."""
    limits.spend("rendering.wish", who, at_most=WISHES_A_DAY, per=timedelta(days=1)).or_raise()
    found = _find(record, lang, by=None)
    if found.state == State.APPROVED and not found.stale:
        raise Refused(_("It can be read in this language already."))
    once = limits.spend(f"rendering.wish.{found.pk}", who, at_most=1, per=timedelta(days=1))
    if not once:
        return False
    with transaction.atomic():
        now = Rendering.objects.select_for_update().get(pk=found.pk)
        now.demand += 1
        now.save(update_fields=["demand"])
        if now.state == State.SET_ASIDE:
            with ledger.fact("rendering.wanted_again", now, by=None, lang=lang):
                _move(now, "want_again")
    return True


def begin(record: Any, lang: str, *, by: Person | None) -> Rendering:
    """A translator takes a record up, whether somebody asked for it or not."""
    rules.may_work(by, lang).or_raise()
    return _find(record, lang, by=by)


# Working


def claim(rendering: Rendering, *, by: Person) -> Rendering:
    """Nobody else writes on it for three days."""
    rules.may_write(by, rendering).or_raise()
    if rendering.claimed_by_id == by.pk:
        return rendering
    with ledger.fact("rendering.claimed", rendering, by=by, lang=rendering.lang):
        _change(rendering, claimed_by=by, claimed=clock.now())
    return rendering


def release(rendering: Rendering, *, by: Person | None) -> Rendering:
    rules.may_release(by, rendering).or_raise()
    if rendering.claimed_by_id is None:
        return rendering
    with ledger.fact("rendering.released", rendering, by=by, lang=rendering.lang):
        _change(rendering, claimed_by=None, claimed=None)
    return rendering


def save(work: Work, given: checking.Given, *, by: Person | None, version: int | None = None,
         minutes: int = 0, digest: str = "") -> Work:
    """Keep what somebody wrote: `given` maps fields to their sentences. The first words make it a
    draft; new words in something handed in or approved make it a draft again.

    `version` and `digest` are those the writer saw: if the draft or the original changed since,
    nothing is overwritten and `Conflict` says so. Raises `callers.Invalid` for words that cannot
    be taken.
    """
    rendering = work.rendering
    rules.may_write(by, rendering).or_raise()
    if rendering.state == State.SET_ASIDE:
        raise Refused(_("This translation is set aside. Take it up again first."))
    if version is not None and version != rendering.version:
        raise Conflict(_("Somebody saved this translation while you were writing. "
                         "Your words are below; reload to see theirs."))
    if digest and digest != work.digest:
        raise Conflict(_("The original was changed while you were writing. "
                         "Your words are below; reload to see the original as it is now."))
    different = checking.put(work, given)
    if not (different or minutes or work.changed):
        return work
    with transaction.atomic():
        writers = list(rendering.writers)
        if different and by is not None and by.ref not in writers:
            writers.append(by.ref)
        holder = {"claimed_by": by, "claimed": clock.now()} if by is not None else {}
        again = rendering.state != State.DRAFTED and (
            different or (rendering.state == State.WANTED and work.done > 0))
        if again:
            name, told = DRAFTED_AGAIN[State(rendering.state)]
            with ledger.fact(told, rendering, by=by, lang=rendering.lang):
                _move(rendering, name)
        _change(rendering, sentences=work.kept(), digest=work.digest, writers=writers,
                minutes=rendering.minutes + minutes, **holder)
    return work


def take_machine_draft(work: Work, given: checking.Given, *, provider: str, version: int) -> Work:
    """What a machine wrote, for sentences that nobody has written yet. What people wrote stays."""
    rendering = work.rendering
    if version != rendering.version or rendering.state not in (State.WANTED, State.DRAFTED):
        raise Conflict(_("Somebody saved this translation meanwhile."))
    checking.put(work, given, origin="machine")
    with transaction.atomic():
        if rendering.state == State.WANTED:
            with ledger.fact("rendering.drafted", rendering, by=None, lang=rendering.lang,
                             machine=True):
                _move(rendering, "draft")
        _change(rendering, sentences=work.kept(), digest=work.digest, provider=provider[:120],
                machine=Machine.NOT_ASKED, trouble="")
    return work


def hand_in(work: Work, *, by: Person | None) -> Rendering:
    """Whoever wrote it is done; a second person looks at it."""
    rendering = work.rendering
    rules.may_write(by, rendering).or_raise()
    _is_whole(work)
    with ledger.fact("rendering.handed_in", rendering, by=by, lang=rendering.lang):
        _move(rendering, "hand_in", remark="")
        _change(rendering, claimed_by=None, claimed=None)
    return rendering


def send_back(rendering: Rendering, *, by: Person | None, remark: str) -> Rendering:
    """It needs other words; the remark says which."""
    rules.may_move(by, rendering).or_raise()
    if not remark.strip():
        raise Refused(_("Say what should be different."))
    with ledger.fact("rendering.sent_back", rendering, by=by, lang=rendering.lang):
        _move(rendering, "send_back", remark=remark.strip()[:1000])
    return rendering


def approve(work: Work, *, by: Person | None, version: int | None = None,
            digest: str = "") -> Rendering:
    """A second person stands behind it: the words come into the record."""
    rendering = work.rendering
    rules.may_approve(by, rendering).or_raise()
    if version not in (None, rendering.version) or digest not in ("", work.digest):
        raise Conflict(_("Something was changed since you opened this page. Look at it again."))
    if work.changed:
        raise Refused(_("The original was changed since. Bring the draft up to date first."))
    _is_whole(work)
    if blocking := work.check().blocking:
        raise Refused(_("It cannot be approved yet. Places to mend: %(number)d") % {
            "number": blocking})
    moment, ref = clock.now(), by.ref if by is not None else "house"
    with ledger.fact("rendering.approved", rendering, by=by, lang=rendering.lang):
        words = work.words(by=(rendering.writers or [rendering.provider])[-1], approved_by=ref,
                           approved_at=moment.isoformat(timespec="seconds"))
        _move(rendering, "approve", stale=False, approved_by=ref, remark="",
              claimed_by=None, claimed=None, machine=Machine.NOT_ASKED)
        work.kind.write(work.record, words, lang=rendering.lang, by=by)
    return rendering


def reopen(rendering: Rendering, *, by: Person | None) -> Rendering:
    """Work on it again; until the next approval readers keep what was approved."""
    rules.may_move(by, rendering).or_raise()
    with ledger.fact("rendering.reopened", rendering, by=by, lang=rendering.lang):
        _move(rendering, "reopen")
    return rendering


def set_aside(rendering: Rendering, *, by: Person | None, remark: str) -> Rendering:
    """It is not to be translated; the remark says why."""
    rules.may_move(by, rendering).or_raise()
    if not remark.strip():
        raise Refused(_("Say why it is set aside."))
    with ledger.fact("rendering.set_aside", rendering, by=by, lang=rendering.lang):
        _move(rendering, "set_aside", remark=remark.strip()[:1000], claimed_by=None,
              claimed=None, machine=Machine.NOT_ASKED)
    return rendering


def want_again(rendering: Rendering, *, by: Person | None) -> Rendering:
    rules.may_move(by, rendering).or_raise()
    with ledger.fact("rendering.wanted_again", rendering, by=by, lang=rendering.lang):
        _move(rendering, "want_again", remark="")
    return rendering


def ask_machine(rendering: Rendering, *, by: Person | None) -> Rendering:
    """Let the machine draft what nobody has written yet. The worker does it soon."""
    rules.may_write(by, rendering).or_raise()
    if rendering.state not in (State.WANTED, State.DRAFTED):
        raise Refused(_("This step is not possible now. Reload the page to see where it stands."))
    with ledger.fact("rendering.machine_asked", rendering, by=by, lang=rendering.lang):
        _change(rendering, machine=Machine.ASKED, trouble="")
    return rendering


# How a rendering changes


def _is_whole(work: Work) -> None:
    if not work.sentences:
        raise Refused(_("It can be read in this language already."))
    if not work.complete:
        raise Refused(_("Not every sentence has a translation yet: %(done)d of %(number)d.") % {
            "done": work.done, "number": len(work.sentences)})


def _move(rendering: Rendering, name: str, **changes: Any) -> None:
    """Move along by a named transition. Several lead to one state: the name says which is meant."""
    if not rendering.may_take(name):
        raise Refused(_("This step is not possible now. Reload the page to see where it stands."))
    _count(rendering)
    rendering.take(name, since=clock.now(), **changes)


def _change(rendering: Rendering, **changes: Any) -> None:
    _count(rendering)
    Rendering.objects.filter(pk=rendering.pk).update(**changes)
    for name, value in changes.items():
        setattr(rendering, name, value)


def _count(rendering: Rendering) -> None:
    """One more version; refused if somebody else made one meanwhile."""
    if not Rendering.objects.filter(pk=rendering.pk, version=rendering.version).update(
            version=rendering.version + 1):
        raise Conflict(_("Somebody saved this translation while you were writing. "
                         "Your words are below; reload to see theirs."))
    rendering.version += 1


def by_transition(name: str, work: Work, *, by: Person | None, remark: str = "") -> Rendering:
    """Move along by name, for software. Raises KeyError for a name that is none."""
    rendering = work.rendering
    if name in ("send_back", "set_aside"):
        return {"send_back": send_back, "set_aside": set_aside}[name](
            rendering, by=by, remark=remark)
    if name in ("hand_in", "approve"):
        return {"hand_in": hand_in, "approve": approve}[name](work, by=by)
    plain: Mapping[str, Any] = {"claim": claim, "release": release, "reopen": reopen,
                                "want_again": want_again, "ask_machine": ask_machine}
    return plain[name](rendering, by=by)  # type: ignore[no-any-return]


def opened(rendering: Rendering, record: Any) -> Work:
    return open_work(rendering, record)


@clock.every(hours=1)
def let_go() -> None:
    """A claim ends three days after its owner last saved."""
    for rendering in Rendering.objects.filter(claimed__lt=clock.now() - CLAIM_HELD):
        try:
            release(rendering, by=None)
        except Refused:
            continue  # somebody is at it; the next round will see


__all__ = ["Conflict", "approve", "ask_machine", "begin", "by_transition", "claim", "hand_in",
           "opened", "release", "reopen", "save", "send_back", "set_aside", "take_machine_draft",
           "want_again", "wish"]
