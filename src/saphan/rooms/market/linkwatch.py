"""Whether the addresses that a record shows are still there: tried when it is submitted and about
once a month. Gone twice, a day apart, is dead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from saphan.ground import clock, jobs, ledger
from saphan.ground.models import Fact
from saphan.house import links
from saphan.rooms.market import gating
from saphan.rooms.market.models import Listing
from saphan.rooms.market.vocabulary import State

AGAIN = timedelta(days=30)
DOUBT = timedelta(hours=24)
AT_ONCE = 40  # records in one round
LOOKED_AFTER = (State.SUBMITTED, State.PUBLISHED, State.PAUSED)


@jobs.on("listing.submitted")
def try_its_links(fact: Fact) -> None:
    """Somebody wants it published: the desk should know which addresses lead nowhere."""
    listing = Listing.objects.filter(pk=fact.subject_id).first()
    if listing is not None and gating.links_of(listing):
        try_links.enqueue(listing.pk)


@clock.every(hours=12)
def try_links_again() -> None:
    """Queue some of the records whose addresses are due."""
    queued = 0
    for listing in Listing.objects.filter(state__in=LOOKED_AFTER).iterator(chunk_size=200):
        if due(listing):
            try_links.enqueue(listing.pk)
            queued += 1
            if queued == AT_ONCE:
                return


@jobs.job
def try_links(pk: int) -> None:
    """Try what is due of one record, and remember how it went."""
    listing = Listing.objects.filter(pk=pk).first()
    if listing is not None and (addresses := due(listing)):
        remember(listing, links.look(addresses))


def due(listing: Listing) -> list[str]:
    """The addresses of a record that should be tried now."""
    now = clock.now()
    return [address for address in gating.links_of(listing)
            if _is_due(listing.links.get(address), now)]


def _is_due(seen: Mapping[str, Any] | None, now: datetime) -> bool:
    if not seen:
        return True
    doubtful = seen.get("failed") and not seen.get("dead")
    return now - datetime.fromisoformat(seen["tried"]) >= (DOUBT if doubtful else AGAIN)


def remember(listing: Listing, states: Mapping[str, links.State]) -> None:
    """Keep what was found. Whoever looks after the record sees a dead link as a finding."""
    now, shown = clock.now(), set(gating.links_of(listing))
    known = {address: seen for address, seen in listing.links.items() if address in shown}
    died = 0
    for address, state in states.items():
        before = known.get(address, {})
        first = before.get("failed") or ""
        if state == "gone":
            dead = bool(first) and now - datetime.fromisoformat(first) >= DOUBT
            died += dead and not before.get("dead")
            known[address] = {"tried": now.isoformat(), "failed": first or now.isoformat(),
                              "dead": dead}
        elif state == "there":
            known[address] = {"tried": now.isoformat(), "failed": "", "dead": False}
        else:  # nothing was learnt: what was known stays
            known[address] = {**before, "tried": now.isoformat()}
    listing.links = known
    others = [one for one in listing.findings if one.get("rule") != "dead_link"]
    listing.findings = others + gating.kept(
        one for one in gating.findings_of(listing) if one.rule == "dead_link")
    # Neither an edit nor a change of state: its version and its day stay as they are.
    Listing.objects.filter(pk=listing.pk).update(links=listing.links, findings=listing.findings)
    if died:
        ledger.record("listing.links_died", listing, number=died)
