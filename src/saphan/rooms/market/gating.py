"""The quality gate at the market's door: what it finds in a listing, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.house import callers, duplicates, gate
from saphan.house.gate import Finding, Record
from saphan.rooms.market import queries
from saphan.rooms.market.models import Listing

WORDS = ("title", "summary", "description", "partner_role")
OF_OFFERS = ("advantages", "trl_evidence")
OF_NEEDS = ("technical_specification", "test_environment", "data_available")
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”‘’（）]+")
MEASURED = ("indicators", "technical_specification", "budget_amount", "deadline")


class Held(Refused):
    """The gate refuses these words. `findings` are all that it found."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("Please look at what is marked below: change it, or say why you think "
                           "it is right."))
        self.findings = findings

    def invalid(self) -> callers.Invalid:
        """The same for software: field, message, rule, severity, sentence of each."""
        return callers.Invalid([gate.tell(one).to_json() for one in self.findings])


def findings_of(listing: Listing, *, twins: Iterable[gate.Duplicate] = ()) -> list[Finding]:
    """What the gate finds in the listing as it is, the gravest first."""
    return gate.findings_of(record_of(listing, twins))


def findings_at_submission(listing: Listing) -> list[Finding]:
    """The same, with the records that may say the same."""
    return findings_of(listing, twins=alike(listing))


def alike(listing: Listing) -> list[gate.Duplicate]:
    """Public records that may be this one, in whatever language; none while the house is not
    ready to compare."""
    own = f"market.listing.{listing.pk}"
    try:
        found = duplicates.find(queries.document_of(listing), without=own)
    except Refused:
        return []
    keys = {one.key: one for one in found if one.room == "market"}
    return [gate.Duplicate(record.number, keys[str(record.pk)].probability,
                           str(record.title.best(listing.lang)))
            for record in queries.public().filter(pk__in=keys)]


def refusing(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity == "refuse"]


def rules_of(findings: Iterable[Finding]) -> list[str]:
    """Names of rules, each once: all that the ledger learns."""
    return sorted({one.rule for one in findings})


def record_of(listing: Listing, twins: Iterable[gate.Duplicate] = ()) -> Record:
    """A listing as the gate reads it: every word that strangers will read."""
    names = (*WORDS, *(OF_OFFERS if listing.is_offer else OF_NEEDS))
    passages = [passage for name in names
                for passage in gate.passages_of(name, getattr(listing, name) or Text())]
    lang = listing.lang or "en"
    for name, words in (("keywords", listing.keywords),
                        ("indicators", [row.get("name", "") for row in listing.indicators])):
        if any(words):
            passages.append(gate.Passage(name, lang, ", ".join(filter(None, words))))
    return Record("offer" if listing.is_offer else "need", tuple(passages),
                  names=tuple(_names_of(listing)),
                  measured=tuple(name for name in MEASURED if getattr(listing, name)),
                  duplicates=tuple(twins), dead_links=tuple(dead_links(listing)))


def links_of(listing: Listing) -> list[str]:
    """The web addresses that a listing shows: of its words, its patents and its source."""
    found = [row.get("url") or "" for row in listing.patents] + [listing.source_url]
    for name in (*WORDS, *OF_OFFERS, *OF_NEEDS):
        text = getattr(listing, name) or Text()
        for words in text.values():
            found += [address.rstrip(").,;。，；）」”") for address in _ADDRESS.findall(words.text)]
    return [address for address in dict.fromkeys(found) if address]


def dead_links(listing: Listing) -> list[str]:
    """Those of its addresses that were not there twice, a day apart."""
    return [address for address in links_of(listing)
            if listing.links.get(address, {}).get("dead")]


def findings_of_row(row: Mapping[str, Any], lang: str, *, need: bool) -> list[Finding]:
    """What would be refused or looked at in a row of an import, if an author had sent it."""
    passages = []
    for name in (*WORDS, *(OF_NEEDS if need else OF_OFFERS)):
        words = row.get(name) or {}
        for code, text in ({lang: words} if isinstance(words, str) else words).items():
            passages.append(gate.Passage(name, code or lang, text))
    names = ((row.get("organisation") or {}).get("name") or {}).values()
    return gate.findings_of(
        Record("need" if need else "offer", tuple(passages),
               names=tuple(names) if row.get("discreet") else (),
               measured=tuple(name for name in (*MEASURED, "budget") if row.get(name))),
        only=("refuse", "ask"))


def _names_of(listing: Listing) -> list[str]:
    """The names that a discreet listing must not tell."""
    if not listing.discreet:
        return []
    found = [listing.organisation_name, listing.author.name if listing.author else ""]
    if listing.organisation is not None:
        found += listing.organisation.name.plain().values()
        found += listing.organisation.aliases.values_list("name", flat=True)
    return list(filter(None, found))


def new_since(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """Findings that a change brought in and that must not go public unseen."""
    known = {(one.rule, one.field, one.found) for one in before}
    return [one for one in after if one.severity != "advise"
            and (one.rule, one.field, one.found) not in known]


def kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as the listing keeps them for the desk."""
    return [gate.to_json(one) for one in findings]


def told(listing: Listing) -> list[gate.Told]:
    """What was found when it was submitted, in the reader's language."""
    return [gate.tell(one) for one in gate.from_json(listing.findings)]
