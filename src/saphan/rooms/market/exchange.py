"""Import and export: JSONL and CSV, the same fields either way.

An import is checked as a whole first (`checking`). The report names each bad row and its field; a
file with a bad row loads nothing unless whoever sends it says `take_good_rows`. Rows are keyed by
`key`: sending a file again changes what changed and nothing else. Loading goes row by row, each in
its own transaction, so that a process killed half-way goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation

from saphan.engines.language import normalise
from saphan.ground import clock
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people import queries as people
from saphan.people.models import Organisation, Person
from saphan.rooms.market import actions, checking, een, keeping, sheets
from saphan.rooms.market.checking import Problem, Report, day_of, form_of, lang_of, moment_of
from saphan.rooms.market.forms import COMMON, NEED_ONLY, OFFER_ONLY
from saphan.rooms.market.models import Listing
from saphan.rooms.market.vocabulary import State

__all__ = ["READERS", "Known", "Problem", "Report", "check", "load_row", "row_of", "write_csv",
           "write_jsonl"]


def check(content: str, format: str, *, warn: bool = False) -> Report:
    """Read and validate every row; nothing is written. `warn`: see `checking.check`."""
    return checking.check(rows(content, format), warn=warn)


def rows(content: str, format: str) -> checking.Rows:
    """The rows of a file by number; what is no row is a `Problem`. Nothing is checked yet."""
    for number, row in READERS[format](content.removeprefix("\ufeff")):
        if isinstance(row, dict) and isinstance(row.get("organisation"), str):
            row["organisation"] = {"name": {"": row["organisation"]},
                                   "economy": row.get("economy")}
        yield number, row


READERS = {**sheets.READERS, "xml": een.read, "json": een.read}


@dataclass
class Known:
    """What rows ask for again and again, read once: for `load_row` within one transaction."""

    economies: dict[str, str]
    listings: dict[str, Listing] = field(default_factory=dict)
    organisations: dict[Any, Organisation] = field(default_factory=dict)

    @classmethod
    def now(cls) -> Known:
        return cls(people.economy_names())

    def meet(self, keys: Iterable[str]) -> None:
        """Begin a transaction with rows of these keys."""
        self.listings = {str(listing.key): listing for listing in Listing.objects.filter(
            key__in=list(keys)).select_related("organisation")}
        self.organisations = {}


def load_row(row: dict[str, Any], *, by: Person | None, origin: str = "person",
             known: Known | None = None) -> bool:
    """Write one checked row. True if it was new or changed anything. Fields that the row does not
    name stay as they are."""
    if known is None:
        known = Known.now()
        known.meet([row["key"].lower()])
    listing = known.listings.get(row["key"].lower())
    form = form_of(row, listing=listing, economies=known.economies)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    values = form.values(origin=origin)
    if by is None and row.get("kept"):
        values = keeping.apply(values, row["kept"])
    if listing is None:
        values |= _beside_the_form(row, known, by=by, origin=origin)
        state = row.get("state") or State.PUBLISHED
        published = moment_of(row.get("published") or "") or (
            clock.now() if state not in (State.DRAFT, State.SUBMITTED) else None)
        actions.take_in({**values, "key": row["key"].lower()}, state=state, published=published,
                        by=by)
        return True
    named = {*form.data, "lang", *keeping.DAYS, *keeping.COUNTS, *keeping.FLAGS}
    values = {name: value for name, value in values.items() if name in named}
    values |= _beside_the_form(row, known, by=by, origin=origin)
    return actions.take_over(listing, values, by=by)


def _beside_the_form(row: dict[str, Any], known: Known, *, by: Person | None,
                     origin: str) -> dict[str, Any]:
    beside: dict[str, Any] = {"example": bool(row.get("example"))}
    if row.get("organisation"):
        organisation = _organisation(row, known, by=by, origin=origin)
        beside |= {"economy_id": row.get("economy") or organisation.economy_id,
                   "organisation_name": "", "organisation": organisation}
    elif row.get("economy"):
        beside["economy_id"] = row["economy"]
    if source := row.get("source"):
        here = (source.get("url") or "").startswith(settings.BASE_URL + "/")
        beside |= {"source_url": "" if here else source.get("url") or "",
                   "source_title": "" if here else (source.get("title") or "")[:300],
                   "source_read": None if here else day_of(source.get("read") or "")}
    return beside


def _organisation(row: dict[str, Any], known: Known, *, by: Person | None,
                  origin: str) -> Organisation:
    """The organisation of a row: one that goes by any of its names, or a new one."""
    given, lang, example = row["organisation"], lang_of(row), bool(row.get("example"))
    names = {code or lang: normalise.clean(name) for code, name in given["name"].items()}
    home = str(given.get("economy") or row.get("economy"))
    asked = (*names.items(), home, example)
    found = known.organisations.get(asked)
    if found is None:
        found = known.organisations[asked] = people_actions.find_or_add_organisation(
            names, economy=home, kind=given.get("kind") or "company", url=given.get("url") or "",
            example=example, origin=origin, source=lang if lang in names else "", by=by)
    return found


def row_of(listing: Listing, *, named: bool = False) -> dict[str, Any]:
    """A listing as one row; importing it again changes nothing. Without `named` a discreet listing
    does not say whose it is: `named` is for its own people and the desk."""
    row: dict[str, Any] = {"key": listing.key, "number": listing.number, "kind": listing.kind,
                           "lang": listing.lang}
    for name in COMMON + (OFFER_ONLY if listing.is_offer else NEED_ONLY):
        if name in ("kind", "title_en", "organisation", "budget_amount", "budget_currency"):
            continue
        value = getattr(listing, name)
        if isinstance(value, Text):
            source = value.source
            value = {lang: value[lang].text for lang in sorted(
                value, key=lambda lang: (lang != source, lang))}
        if value not in (None, "", [], {}):
            row[name] = value.isoformat() if isinstance(value, date) else value
    if listing.budget_amount is not None:
        amount = listing.budget_amount
        row["budget"] = {"amount": int(amount) if amount == int(amount) else float(amount),
                         "currency": listing.budget_currency}
    if listing.economy_id:
        row["economy"] = listing.economy_id
    if listing.maker and (named or not listing.discreet):
        row["organisation"] = _organisation_of(listing)
    row["source"] = _source_of(listing)
    row["example"] = listing.example
    row["discreet"] = listing.discreet or None
    row["state"] = listing.state
    if listing.published:
        row["published"] = listing.published.isoformat()
    return {name: value for name, value in row.items() if value is not None}


def _organisation_of(listing: Listing) -> dict[str, Any]:
    organisation = listing.organisation
    if organisation is None:
        return {"name": {listing.lang: listing.organisation_name},
                "economy": listing.economy_id or "", "kind": "company", "url": ""}
    return {"name": organisation.name.plain(), "economy": organisation.economy_id,
            "kind": organisation.kind, "url": organisation.url}


def _source_of(listing: Listing) -> dict[str, Any] | None:
    """Where it comes from; for what was written here that is its page in this house."""
    if listing.source_url:
        read = {"read": listing.source_read.isoformat()} if listing.source_read else {}
        return {"url": listing.source_url, "title": listing.source_title, **read}
    if listing.example:
        return None
    with translation.override("en"):
        return {"url": settings.BASE_URL + listing.get_absolute_url(), "title": listing.number}


def write_jsonl(listings: Iterable[Listing]) -> Iterator[str]:
    return sheets.write_jsonl(map(row_of, listings))


def write_whole(listings: Iterable[Listing]) -> Iterator[str]:
    """JSONL with all that a move to another house must not lose: not for readers."""
    return sheets.write_jsonl({**row_of(listing, named=True), "kept": keeping.of(listing)}
                              for listing in listings)


def write_csv(listings: Iterable[Listing]) -> Iterator[str]:
    return sheets.write_csv(map(row_of, listings))


def write_xml(listings: Iterable[Listing]) -> Iterator[str]:
    """As partnering profiles (see `een`)."""
    return een.write_xml(map(row_of, listings))


def write_json(listings: Iterable[Listing]) -> Iterator[str]:
    """As partnering profiles (see `een`)."""
    return een.write_json(map(row_of, listings))


WRITERS = {"jsonl": write_jsonl, "csv": write_csv, "xml": write_xml, "json": write_json}
MEDIA_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv", "xml": "application/xml",
               "json": "application/json"}
