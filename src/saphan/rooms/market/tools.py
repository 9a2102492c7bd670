"""What other people's software can do in the market (MCP), and what its API shares with that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers, gate, render
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.market import exchange, gating, posting, queries, rules
from saphan.rooms.market.interest import tools as interest
from saphan.rooms.market.models import Listing


def whole(listing: Listing, asker: Person | None) -> dict[str, Any]:
    """A record with its plate and all its words, as the import format has them; whose it is where
    the asker may know that."""
    return {**render.plate(queries.plate_of(listing, asker=asker)), "record": exchange.row_of(
        listing, named=queries.names_its_maker(listing, asker))}


def drafted(listing: Listing, writer: Person) -> dict[str, Any]:
    """A record for her who wrote it, with what the quality gate finds in it."""
    return {**whole(listing, writer), "findings": [
        gate.tell(one).to_json() for one in gating.findings_of(listing)]}


def read(number: str, person: Person | None = None) -> dict[str, Any]:
    try:
        return whole(queries.listing(number, asker=person), person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def list_records(shelf: str = "offers", sector: str = "", economy: str = "", lang: str = "",
                 page: int = 1, person: Person | None = None) -> dict[str, Any]:
    if shelf not in queries.SHELVES:
        raise callers.Missing(shelf)
    found = queries.shelf(shelf, queries.Filters.read(
        {"sector": sector, "economy": economy, "lang": lang}))
    start = (min(max(page, 1), 100_000) - 1) * 20
    return {"count": found.count(),
            "records": [render.plate(queries.plate_of(record))
                        for record in found[start:start + 20]]}


def post_need(title: str, summary: str, description: str = "", lang: str = "", sector: str = "",
              kind: str = "technology_request", person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(rules.may_post(None).reason)
    return drafted(posting.draft({"kind": kind, "title": title, "summary": summary, "lang": lang,
                                "description": description, "sector": sector}, by=person), person)


def tools() -> Sequence[Tool]:
    """The market's MCP tools."""
    return [
        Tool("read", "Read one record by its accession number, for example MKT-2026-0042.", read),
        Tool("list_records", "List public records, newest first. shelf: offers, needs or results. "
                             "sector, economy (two letters) and lang narrow the list.",
             list_records),
        Tool("post_need", "Post a need as a draft in any language. The person whose token this is "
                          "reads it over and submits it. findings in the answer say what the "
                          "quality gate asks to be changed first.", post_need, writes=True),
        *interest.tools(),
    ]
