"""What the market does on its own: notices, expiry, imports under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.ground.text import Text, TextField
from saphan.people import actions as people_actions
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.market import actions, exchange
from saphan.rooms.market import linkwatch as linkwatch  # registers what tries links
from saphan.rooms.market.interest import actions as interest_actions
from saphan.rooms.market.interest import reactions as interest_reactions
from saphan.rooms.market.models import ImportRun, Listing
from saphan.rooms.market.vocabulary import NOTICE_DAYS, State


@clock.every(hours=1)
def end_what_is_over() -> None:
    """Let listings expire whose last day has passed."""
    for listing in Listing.objects.filter(state__in=[State.PUBLISHED, State.PAUSED],
                                          valid_until__lt=clock.today()):
        try:
            actions.expire(listing)
        except Refused:
            continue  # somebody moved it in between; the next round will see


@clock.every(hours=6)
def announce_the_end() -> None:
    """Two weeks before a listing expires its author hears of it, once."""
    soon = clock.today() + timedelta(days=NOTICE_DAYS)
    for listing in Listing.objects.select_related("author").filter(
            state__in=[State.PUBLISHED, State.PAUSED], valid_until__lte=soon, notice_sent=False,
            author__isnull=False, author__is_active=True):
        assert listing.author is not None
        with ledger.fact("listing.expiry_announced", listing):
            Listing.objects.filter(pk=listing.pk).update(notice_sent=True)
            _write(listing.author, listing, _expires_soon)


def _has_an_author(fact: Fact) -> bool:
    return not fact.data.get("imported")


@jobs.on("listing.published", "listing.returned", "listing.expired", only=_has_an_author)
def tell_the_author(fact: Fact) -> None:
    """The author hears what became of the listing, in the own language."""
    listing = Listing.objects.select_related("author").filter(pk=fact.subject_id).first()
    if listing is None or listing.author is None or not listing.author.is_active:
        return
    if fact.actor == listing.author.ref:
        return
    _write(listing.author, listing, {"listing.published": _published, "listing.returned": _returned,
                                     "listing.expired": _expired}[fact.name])


def _write(person: Person, listing: Listing,
           letter: Callable[[Listing], tuple[str, str]]) -> None:
    def compose() -> letters.Letter:
        subject, body = letter(listing)
        return letters.Letter(f"{listing.number} · {subject}", f"{body}\n\n{listing.title}",
                              link=listing.get_absolute_url())

    letters.write(person, compose)


def _published(_listing: Listing) -> tuple[str, str]:
    return _("Your record is published"), _("Your record is published. Everybody can find it now.")


def _returned(listing: Listing) -> tuple[str, str]:
    return _("Please change something"), _(
        "Your record came back to you with this remark:") + "\n\n" + listing.returned_because


def _expired(_listing: Listing) -> tuple[str, str]:
    return _("Your record has expired"), _(
        "The time of your record is over. You can extend it by a year, once.")


def _expires_soon(listing: Listing) -> tuple[str, str]:
    return _("Your record expires soon"), _(
        "Your record will expire on %(date)s. After that day you can extend it by a year, "
        "once.") % {"date": formats.day(listing.valid_until) if listing.valid_until else "—"}


def _export(person: Person) -> dict[str, Any]:
    """What the market knows of a person, for her own export."""
    return {"interests": interest_reactions.export(person),
            "listings": [exchange.row_of(record, named=True) for record in Listing.objects.filter(
                author=person).select_related("organisation", "economy")],
            "imports": list(ImportRun.objects.filter(person=person).values("file_name", "state"))}


def _forget(person: Person) -> None:
    """What was never published, and what she posted for herself alone, goes with her; what an
    organisation published stays, without its author."""
    interest_actions.forget(person)
    own = Listing.objects.filter(author=person)
    for listing in own.filter(Q(published__isnull=True) | Q(organisation__isnull=True)):
        if listing.interests.exists():
            _empty(listing, by=person)
            continue
        with ledger.fact("listing.removed", listing) as fact:
            fact.data["number"] = listing.number
            for media in listing.media.all():
                transaction.on_commit(partial(media.file.delete, save=False))
            pk = listing.pk
            listing.delete()
            listing.pk = pk  # the fact is about what was there
    own.update(author=None)
    ImportRun.objects.filter(person=person).update(person=None)


def _empty(listing: Listing, *, by: Person) -> None:
    """Others asked about it, and what came of that stays on record: only its title stays."""
    if listing.state != State.ARCHIVED:
        actions.archive(listing, by=by)
    for media in listing.media.all():
        transaction.on_commit(partial(media.file.delete, save=False))
        media.delete()
    words = [field.name for field in Listing._meta.get_fields()
             if isinstance(field, TextField) and field.name != "title"]
    Listing.objects.filter(pk=listing.pk).update(
        organisation_name="", returned_because="", objection="", findings=[], keywords=[],
        indicators=[], patents=[],         **{name: Text() for name in words})


people_actions.HOLDERS["market"] = (_export, _forget)
