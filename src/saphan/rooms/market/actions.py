"""The verbs of the market. Each checks its rule, changes one thing and records one fact."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from saphan.ground import accession, clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.market import concepts, gating, rules
from saphan.rooms.market.models import Listing, Media
from saphan.rooms.market.vocabulary import MEDIA_AT_MOST, VALID_DAYS, State

SERIES = "MKT"


class Conflict(Refused):
    """Somebody else saved the record after the editor had opened it."""


def start(values: Mapping[str, Any], *, by: Person | None) -> Listing:
    """A new draft from cleaned values; nothing is required of a draft but its kind."""
    rules.may_post(by).or_raise()
    listing = Listing(author=by, **values)
    listing.concepts = concepts.found_in(listing)
    with ledger.fact("listing.drafted", listing, by=by, kind=listing.kind):
        listing.number = accession.next_number(SERIES)
        listing.key = f"{listing.number.lower()}-{secrets.token_hex(4)}"
        listing.save(force_insert=True)
    return listing


def save(listing: Listing, values: Mapping[str, Any], *, by: Person,
         version: int | None = None) -> Listing:
    """Keep changed words and fields. `version` is the one the editor saw: if somebody saved in
    between, nothing is overwritten and `Conflict` says so."""
    rules.may_edit(by, listing).or_raise()
    seen, is_draft = listing.version if version is None else version, listing.state == State.DRAFT
    try:
        with transaction.atomic():
            _write(listing, values, by=by, seen=seen, complete=not is_draft)
            if not is_draft:
                _settle_organisation(listing, by=by)
    except gating.Held as held:
        ledger.record("listing.refused", listing, by=by, rules=gating.rules_of(held.findings))
        raise
    return listing


def _write(listing: Listing, values: Mapping[str, Any], *, by: Person | None, seen: int,
           complete: bool) -> bool:
    """Write what is different, with its fact. False if nothing is."""
    changed = [name for name, value in values.items() if getattr(listing, name) != value]
    if not changed:
        return False
    # What is public already passed the gate, or the desk; what a change adds has not.
    guarded = complete and not rules.works_the_desk(by)
    before = gating.findings_of(listing) if guarded else []
    with ledger.fact("listing.changed", listing, by=by, fields=sorted(changed)):
        if not Listing.objects.filter(pk=listing.pk, version=seen).update(version=seen + 1):
            raise Conflict(_("Somebody saved this record while you were writing. "
                             "Your words are below; reload to see theirs."))
        for name in changed:
            setattr(listing, name, values[name])
        if complete:
            rules.is_complete(by, listing).or_raise()
        if guarded and (added := gating.new_since(before, gating.findings_of(listing))):
            raise gating.Held(added)
        listing.version, listing.concepts = seen + 1, concepts.found_in(listing)
        listing.save(update_fields=[*changed, "concepts", "version", "changed"])
    return True


def _settle_organisation(listing: Listing, *, by: Person) -> None:
    """What the author called the organisation becomes one, or turns out to be one we know."""
    if not listing.organisation_name or listing.economy_id is None:
        return
    listing.organisation = people_actions.find_or_add_organisation(
        {listing.lang or "en": listing.organisation_name}, economy=listing.economy_id,
        kind="company", source=listing.lang, by=by)
    listing.organisation_name = ""
    listing.save(update_fields=["organisation", "organisation_name"])


def take_in(values: Mapping[str, Any], *, state: str, published: datetime | None,
            by: Person | None) -> Listing:
    """A new record from an import. It is published at once, unless its row says otherwise: the desk
    sends files, and stands by them."""
    listing = Listing(author=None, state=state, published=published, **values)
    listing.concepts = concepts.found_in(listing)
    if state == State.SUBMITTED and listing.submitted is None:
        listing.submitted = clock.now()
    if listing.valid_until is None and published is not None:
        listing.valid_until = timezone.localdate(published) + timedelta(days=VALID_DAYS)
    name = "listing.published" if state == State.PUBLISHED else "listing.imported"
    with ledger.fact(name, listing, by=by, kind=listing.kind, economy=listing.economy_id,
                     sector=listing.sector, imported=True):
        listing.number = accession.next_number(SERIES)
        listing.save(force_insert=True)
    return listing


def take_over(listing: Listing, values: Mapping[str, Any], *, by: Person | None) -> bool:
    """What an import says of a record that is here already. False if that changes nothing."""
    return _write(listing, values, by=by, seen=listing.version, complete=False)


def add_media(listing: Listing, content: bytes, *, media_type: str, ending: str, caption: Text,
              by: Person) -> Media:
    """A picture or document, kept as it was sent. The same one again is not added twice."""
    rules.may_edit(by, listing).or_raise()
    if listing.media.count() >= MEDIA_AT_MOST:
        raise Refused(_("A record has at most %(limit)d pictures and documents.") % {
            "limit": MEDIA_AT_MOST})
    digest = hashlib.sha256(content).hexdigest()
    known = listing.media.filter(digest=digest).first()
    if known is not None:
        return known
    media = Media(listing=listing, digest=digest, media_type=media_type, caption=caption,
                  position=listing.media.count())
    with ledger.fact("listing.media_added", listing, by=by, media_type=media_type, digest=digest):
        media.file.save(f"{digest[:32]}.{ending}", ContentFile(content), save=False)
        media.save()
    return media


def remove_media(media: Media, *, by: Person) -> None:
    rules.may_edit(by, media.listing).or_raise()
    with ledger.fact("listing.media_removed", media.listing, by=by, digest=media.digest):
        media.delete()
        transaction.on_commit(lambda: media.file.delete(save=False))


def submit(listing: Listing, *, by: Person, objection: str = "") -> Listing:
    """The author asks the desk to publish. Raises `gating.Held` if the quality gate refuses her
    words, unless she says why they are right: then the desk decides."""
    rules.may_submit(by, listing).or_raise()
    found, objection = gating.findings_at_submission(listing), objection.strip()
    refused = gating.refusing(found)
    if refused and not objection:
        ledger.record("listing.refused", listing, by=by, rules=gating.rules_of(refused))
        raise gating.Held(found)
    data = {"overridden": gating.rules_of(refused)} if refused else {}
    with ledger.fact("listing.submitted", listing, by=by, **data):
        _settle_organisation(listing, by=by)
        listing.take("submit", returned_because="", submitted=clock.now(),
                     objection=objection if refused else "", findings=gating.kept(found))
    return listing


def take_back(listing: Listing, *, by: Person) -> Listing:
    """The author wants to go on writing."""
    rules.may_take_back(by, listing).or_raise()
    with ledger.fact("listing.taken_back", listing, by=by):
        listing.take("take_back")
    return listing


def return_to_author(listing: Listing, *, by: Person, because: str) -> Listing:
    """The desk asks for a change and says which."""
    rules.may_return_to_author(by, listing).or_raise()
    if not because.strip():
        raise Refused(_("Say what the author should change."))
    with ledger.fact("listing.returned", listing, by=by):
        listing.take("return_to_author", returned_because=because.strip())
    return listing


def publish(listing: Listing, *, by: Person) -> Listing:
    """The desk opens the listing to everybody, for a year unless it says less."""
    rules.may_publish(by, listing).or_raise()
    with ledger.fact("listing.published", listing, by=by, kind=listing.kind,
                     economy=listing.economy_id, sector=listing.sector):
        listing.take("publish", published=clock.now(),
                     valid_until=min(listing.valid_until or _in_a_year(), _in_a_year()))
    return listing


def pause(listing: Listing, *, by: Person) -> Listing:
    """Out of sight until resumed; its time runs on."""
    rules.may_pause(by, listing).or_raise()
    with ledger.fact("listing.paused", listing, by=by):
        listing.take("pause")
    return listing


def resume(listing: Listing, *, by: Person) -> Listing:
    rules.may_resume(by, listing).or_raise()
    with ledger.fact("listing.resumed", listing, by=by):
        listing.take("resume")
    return listing


def expire(listing: Listing, *, by: Person | None = None) -> Listing:
    """Its time is over. By the clock (`by=None`) or by the desk."""
    if by is not None:
        rules.may_expire(by, listing).or_raise()
    with ledger.fact("listing.expired", listing, by=by):
        listing.take("expire")
    return listing


def extend(listing: Listing, *, by: Person) -> Listing:
    """One more year, once."""
    rules.may_extend(by, listing).or_raise()
    with ledger.fact("listing.extended", listing, by=by):
        listing.take("extend", valid_until=_in_a_year(),
                     extensions=listing.extensions + 1, notice_sent=False)
    return listing


def archive(listing: Listing, *, by: Person) -> Listing:
    """Put away for good; kept for the record."""
    rules.may_archive(by, listing).or_raise()
    with ledger.fact("listing.archived", listing, by=by):
        listing.take("archive")
    return listing


def _in_a_year() -> date:
    return clock.today() + timedelta(days=VALID_DAYS)


BY_TRANSITION: dict[str, Callable[..., Listing]] = {
    "submit": submit, "take_back": take_back, "publish": publish,
    "return_to_author": return_to_author, "pause": pause, "resume": resume,
    "expire": expire, "extend": extend, "archive": archive,
}
