"""The verbs of the market. Each checks its rule, changes one thing and records one fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.market import rules
from saphan.rooms.market.models import Counter, Listing
from saphan.rooms.market.vocabulary import VALID_DAYS, State


def next_number() -> str:
    """The next accession number: `MKT-2026-0042`. Gapless only among what is committed."""
    year = clock.today().year
    with transaction.atomic():
        counter, _created = Counter.objects.select_for_update().get_or_create(year=year)
        counter.last += 1
        counter.save()
    return f"MKT-{year}-{counter.last:04d}"


def start(values: Mapping[str, Any], *, by: Person | None) -> Listing:
    """A new draft from cleaned values; nothing is required of a draft but its kind."""
    rules.may_post(by).or_raise()
    listing = Listing(author=by, **values)
    with ledger.fact("listing.drafted", listing, by=by, kind=listing.kind):
        listing.number = next_number()
        listing.save(force_insert=True)
    return listing


def save(listing: Listing, values: Mapping[str, Any], *, by: Person,
         version: int | None = None) -> Listing:
    """Keep changed words and fields. `version` is the one the editor saw: if somebody saved in
    between, nothing is overwritten and `Refused` says so."""
    rules.may_edit(by, listing).or_raise()
    changed = [name for name, value in values.items() if getattr(listing, name) != value]
    if not changed:
        return listing
    seen = listing.version if version is None else version
    with ledger.fact("listing.changed", listing, by=by, fields=changed):
        if not Listing.objects.filter(pk=listing.pk, version=seen).update(version=seen + 1):
            raise Refused(_("Somebody saved this record while you were writing. "
                            "Your words are below; reload to see theirs."))
        for name in changed:
            setattr(listing, name, values[name])
        listing.version = seen + 1
        listing.save(update_fields=[*changed, "version", "changed"])
    return listing


def submit(listing: Listing, *, by: Person) -> Listing:
    """The author asks the desk to publish."""
    rules.may_submit(by, listing).or_raise()
    with ledger.fact("listing.submitted", listing, by=by):
        listing.move_to(State.SUBMITTED, returned_because="")
    return listing


def take_back(listing: Listing, *, by: Person) -> Listing:
    """The author wants to go on writing."""
    rules.may_take_back(by, listing).or_raise()
    with ledger.fact("listing.taken_back", listing, by=by):
        listing.move_to(State.DRAFT)
    return listing


def return_to_author(listing: Listing, *, by: Person, because: str) -> Listing:
    """The desk asks for a change and says which."""
    rules.may_return_to_author(by, listing).or_raise()
    if not because.strip():
        raise Refused(_("Say what the author should change."))
    with ledger.fact("listing.returned", listing, by=by):
        listing.move_to(State.DRAFT, returned_because=because.strip())
    return listing


def publish(listing: Listing, *, by: Person) -> Listing:
    """The desk opens the listing to everybody, for a year unless it says less."""
    rules.may_publish(by, listing).or_raise()
    with ledger.fact("listing.published", listing, by=by, kind=listing.kind,
                     economy=listing.economy_id, sector=listing.sector):
        listing.move_to(State.PUBLISHED, published=clock.now(),
                        valid_until=listing.valid_until or _in_a_year())
    return listing


def pause(listing: Listing, *, by: Person) -> Listing:
    """Out of sight until resumed; its time runs on."""
    rules.may_pause(by, listing).or_raise()
    with ledger.fact("listing.paused", listing, by=by):
        listing.move_to(State.PAUSED)
    return listing


def resume(listing: Listing, *, by: Person) -> Listing:
    rules.may_resume(by, listing).or_raise()
    with ledger.fact("listing.resumed", listing, by=by):
        listing.move_to(State.PUBLISHED)
    return listing


def expire(listing: Listing, *, by: Person | None = None) -> Listing:
    """Its time is over. By the clock (`by=None`) or by the desk."""
    if by is not None:
        rules.may_expire(by, listing).or_raise()
    with ledger.fact("listing.expired", listing, by=by):
        listing.move_to(State.EXPIRED)
    return listing


def extend(listing: Listing, *, by: Person) -> Listing:
    """One more year, once."""
    rules.may_extend(by, listing).or_raise()
    with ledger.fact("listing.extended", listing, by=by):
        listing.move_to(State.PUBLISHED, valid_until=_in_a_year(),
                        extensions=listing.extensions + 1, notice_sent=False)
    return listing


def archive(listing: Listing, *, by: Person) -> Listing:
    """Put away for good; kept for the record."""
    rules.may_archive(by, listing).or_raise()
    with ledger.fact("listing.archived", listing, by=by):
        listing.move_to(State.ARCHIVED)
    return listing


def _in_a_year() -> Any:
    return clock.today() + timedelta(days=VALID_DAYS)


BY_TRANSITION = {
    "submit": submit, "take_back": take_back, "publish": publish,
    "return_to_author": return_to_author, "pause": pause, "resume": resume,
    "expire": expire, "extend": extend, "archive": archive,
}
