"""Verbs of the exhibition. Each change of state is a fact of the ledger."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db.models import F

from saphan.engines.runner.folder import Folder
from saphan.ground import accession, clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people.models import Person
from saphan.rooms.exhibition import rules
from saphan.rooms.exhibition.catalogue import Catalogue, catalogue
from saphan.rooms.exhibition.models import Exhibit, KeptRun, Run, Tour
from saphan.rooms.exhibition.vocabulary import (
    FAILURES_UNTIL_FAULTY,
    FAULTS,
    KEPT_DAYS,
    WENT_WELL,
    Outcome,
    State,
)


def place_all(found: Catalogue | None = None) -> int:
    """Bring the hall in step with the folders: new exhibits are placed, changed ones read again,
    those whose folder is gone withdrawn. Returns how many changed."""
    seen, changed = found or catalogue(), 0
    known = {each.slug: each for each in Exhibit.objects.filter(example=False)}
    for slug, folder in seen.folders.items():
        changed += _place(folder, known.get(slug), own=slug in seen.own)
    for slug, each in known.items():
        if slug not in seen.folders and each.state != State.WITHDRAWN:
            withdraw(each, by=None)
            changed += 1
    return changed


def _place(folder: Folder, known: Exhibit | None, *, own: bool) -> bool:
    if known and known.digest == folder.digest and known.state != State.WITHDRAWN:
        return False
    facts = {"own": own, "kind": folder.kind, "title": _text(folder.head("title")),
             "does": _text(folder.head("does")), "fails": _text(folder.head("fails")),
             "sector": folder.sector, "maker": folder.maker[:200], "licence": folder.licence[:120],
             "maker_economy": folder.maker_economy[:2], "languages": list(folder.languages),
             "minutes": folder.minutes, "digest": folder.digest, "signature": {},
             "changed": clock.now()}
    if known is None:
        made = Exhibit(number=accession.next_number("EXH"), slug=folder.slug, placed=clock.now(),
                       **facts)
        with ledger.fact("exhibit.placed", made, slug=folder.slug, digest=folder.digest, own=own):
            made.save()
        return True
    if known.state == State.WITHDRAWN:
        if _taken_out_by_staff(known):
            return False
        return_to_hall(known, by=None)
    if known.digest != folder.digest:
        with ledger.fact("exhibit.changed", known, slug=folder.slug, digest=folder.digest):
            Exhibit.objects.filter(pk=known.pk).update(**facts)
    return True


def _taken_out_by_staff(each: Exhibit) -> bool:
    """Whether a person withdrew it: then only a person brings it back, whatever the folder says."""
    last = ledger.about(each).filter(name="exhibit.withdrawn").last()
    return last is not None and last.actor != ""


def _text(words: Mapping[str, str]) -> Text:
    return Text.of(words, source="en" if "en" in words else "", origin="house")


def _move(each: Exhibit, name: str, by: Person | None, fact: str, **changes: Any) -> Exhibit:
    rules.BY_TRANSITION[name](by, each).or_raise()
    with ledger.fact(f"exhibit.{fact}", each, by=by, slug=each.slug):
        each.take(name, **changes)
    return each


def withdraw(each: Exhibit, *, by: Person | None) -> Exhibit:
    return _move(each, "withdraw", by, "withdrawn")


def return_to_hall(each: Exhibit, *, by: Person | None) -> Exhibit:
    return _move(each, "return_to_hall", by, "returned", failures=0)


def close(each: Exhibit, *, by: Person | None) -> Exhibit:
    return _move(each, "close", by, "closed")


def reopen(each: Exhibit, *, by: Person | None) -> Exhibit:
    return _move(each, "open", by, "opened", failures=0)


BY_TRANSITION = {"close": close, "open": reopen, "withdraw": withdraw,
                 "return_to_hall": return_to_hall}


def describe(each: Exhibit, signature: Mapping[str, Any]) -> None:
    """Remember the inputs as the sealed worker described them: derived data, no fact."""
    each.signature = dict(signature)
    Exhibit.objects.filter(pk=each.pk, digest=each.digest).update(signature=each.signature)


def note_run(each: Exhibit, outcome: str, *, cost: Mapping[str, Any], reason: str = "",
             by_house: bool = False) -> Run:
    """Write down what a run cost and whether it went well. `cost`: fields of Run. Nothing of what
    was given or answered comes here."""
    moment = clock.now()
    made = Run.objects.create(exhibit=each, outcome=outcome, by_house=by_house, hour=moment.replace(
        minute=0, second=0, microsecond=0), **cost)
    if outcome in WENT_WELL:
        note_success(each)
    elif outcome in FAULTS:
        _note_fault(each, outcome, reason, by_house)
    return made


def note_success(each: Exhibit) -> None:
    """It works: what went wrong before is over."""
    Exhibit.objects.filter(pk=each.pk).update(last_success=clock.now(), failures=0, failure="")
    each.refresh_from_db(fields=["state", "failures", "failure", "last_success"])
    if each.state == State.FAULTY:
        with suppress(Refused):  # somebody else's run noted it first
            _move(each, "recover", None, "recovered")


def _note_fault(each: Exhibit, outcome: str, reason: str, by_house: bool) -> None:
    """A visitor's own input may be what broke it: only the house's example counts as its health."""
    Exhibit.objects.filter(pk=each.pk).update(last_failure=clock.now())
    if not by_house:
        return
    Exhibit.objects.filter(pk=each.pk).update(failures=F("failures") + 1, failure=reason[:400])
    each.refresh_from_db(fields=["state", "failures", "failure"])
    sure = outcome == Outcome.UNAVAILABLE or each.failures >= FAILURES_UNTIL_FAULTY
    if each.state == State.RUNNING and sure:
        with suppress(Refused):
            _move(each, "fail", None, "failed")


def keep(each: Exhibit, *, given: Mapping[str, Any], answer: Mapping[str, Any],
         usage: Mapping[str, Any], by: Person | None) -> KeptRun:
    """Keep a run because its visitor ticked the box for it."""
    made = KeptRun(exhibit=each, person=by, given=plain(given), answer=plain(answer),
                   usage=dict(usage), kept=clock.now(),
                   until=clock.today() + timedelta(days=KEPT_DAYS))
    with ledger.fact("exhibit.run_kept", each, by=by, slug=each.slug):
        made.save()
    return made


def forget(run: KeptRun, *, by: Person | None = None) -> None:
    """Delete a kept run: by its link, by its person's wish, or when its time is over."""
    with ledger.fact("exhibit.run_forgotten", run.exhibit, by=by, slug=run.exhibit.slug):
        run.delete()


def plain(value: Any) -> Any:
    """JSON for what may hold bytes: they become {"base64": …}."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def from_plain(value: Any) -> Any:
    """The other way round."""
    if isinstance(value, dict):
        if set(value) == {"base64"}:
            return base64.b64decode(value["base64"])
        return {key: from_plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [from_plain(each) for each in value]
    return value


def open_tour(*, by: Person, route: str, stops: list[str]) -> Tour:
    """Begin to guide a group along `stops` (slugs)."""
    rules.may_guide(by).or_raise()
    moment = clock.now()
    made = Tour(guide=by, route=route, stops=stops, opened=moment, moved=moment)
    with ledger.fact("tour.opened", made, by=by, route=route, stops=len(stops)):
        made.save()
    return made


def steer(tour: Tour, each: Exhibit, *, by: Person) -> Tour:
    """Bring every screen of the group to an exhibit."""
    rules.may_steer(by, tour).or_raise()
    with ledger.fact("tour.moved", tour, by=by, slug=each.slug):
        Tour.objects.filter(pk=tour.pk).update(exhibit=each, moved=clock.now(),
                                               moves=F("moves") + 1)
    tour.refresh_from_db()
    return tour


def end_tour(tour: Tour, *, by: Person) -> Tour:
    rules.may_end(by, tour).or_raise()
    return let_end(tour, by=by)


def let_end(tour: Tour, *, by: Person | None = None) -> Tour:
    """End it without asking who may: the house itself ends a tour that its guide forgot."""
    with ledger.fact("tour.ended", tour, by=by, moves=tour.moves):
        tour.take("end")
    return tour
