"""The life of a brief: handed in, approved as an edition, sent, corrected, withdrawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.accession import next_number
from saphan.people.models import Person
from saphan.rooms.newsroom import posting
from saphan.rooms.newsroom.models import Brief, Edition, Posting
from saphan.rooms.newsroom.queries import briefs as queries
from saphan.rooms.newsroom.rules import briefs as rules
from saphan.rooms.newsroom.rules import desk

SERIES = "BRF"


def take(brief: Brief, step: str, given: Mapping[str, Any], *, by: Person) -> None:
    """One step of the table by its name, with what its form said; for the web, the API and MCP."""
    because = str(given.get("because") or "")
    if step == "hand_in":
        hand_in(brief, by=by)
    elif step == "approve":
        approve(brief, by=by)
    elif step == "send":
        letters = dict.fromkeys(given.get("addresses") or [], "")
        if given.get("subscribers"):
            letters |= {queries.address_of(row): row.token for row in queries.recipients(brief)}
        send(brief, list(letters.items()), by=by)
    else:
        {"return_to_author": return_to_author, "reopen": reopen,
         "withdraw": withdraw}[step](brief, because=because, by=by)


def hand_in(brief: Brief, *, by: Person) -> None:
    rules.BY_TRANSITION["hand_in"](by, brief).or_raise()
    with ledger.fact("brief.handed_in", brief, by=by):
        brief.take("hand_in", returned_because="")


def return_to_author(brief: Brief, *, because: str, by: Person) -> None:
    rules.BY_TRANSITION["return_to_author"](by, brief).or_raise()
    with ledger.fact("brief.returned", brief, by=by):
        brief.take("return_to_author", returned_because=because[:500])


def approve(brief: Brief, *, by: Person) -> Edition:
    """It gets its number, and this edition is kept as it is for ever."""
    rules.BY_TRANSITION["approve"](by, brief).or_raise()
    now = clock.now()
    with ledger.fact("brief.approved", brief, by=by, lang=brief.lang, public=brief.public) as fact:
        number = brief.number or next_number(SERIES)
        brief.take("approve", number=number, edition=brief.edition + 1, approved=now,
                   approved_by=by)
        whole = snapshot(brief)
        edition = Edition.objects.create(brief=brief, position=brief.edition, at=now, by=by,
                                         whole=whole, digest=digest(whole))
        fact.data |= {"number": number, "edition": edition.position, "digest": edition.digest}
    return edition


def snapshot(brief: Brief) -> dict[str, Any]:
    """All that an edition says, in plain data."""
    return {"number": brief.number, "edition": brief.edition, "lang": brief.lang,
            "title": brief.title, "standfirst": brief.standfirst,
            "content": queries.marked(brief.content),
            "topic": brief.topic.number if brief.topic else "",
            "since": brief.since.isoformat() if brief.since else "",
            "until": brief.until.isoformat() if brief.until else "",
            "approved": brief.approved.date().isoformat() if brief.approved else "",
            "corrects": brief.edition - 1 if brief.edition > 1 else 0,
            "correction": brief.correction if brief.edition > 1 else ""}


def digest(whole: dict[str, Any]) -> str:
    """SHA-256, in hex, over the edition's canonical JSON."""
    return hashlib.sha256(json.dumps(
        whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def send(brief: Brief, letters: Sequence[tuple[str, str]], *, by: Person) -> int:
    """To these people: pairs of an address and a subscriber's token, empty for others. The letters
    leave one after another; returns how many."""
    if brief.state != Brief.State.SENT:
        rules.BY_TRANSITION["send"](by, brief).or_raise()
    else:
        (desk.at_the_desk(by) & rules.is_sound(by, brief)).or_raise()
    if not letters:
        raise Refused(_("There is nobody to send it to. Write an address, or add a subscriber."))
    edition = brief.editions.get(position=brief.edition)
    with ledger.fact("brief.sent", brief, by=by, number=brief.number, edition=edition.position,
                     letters=len(letters)):
        if brief.state != Brief.State.SENT:
            brief.take("send", sent=clock.now())
        Posting.objects.bulk_create(
            [Posting(edition=edition, email=email, token=token) for email, token in letters],
            ignore_conflicts=True)
        posting.leave_now.enqueue()  # in the same transaction: never one without the other
    return len(letters)


def reopen(brief: Brief, *, because: str, by: Person) -> None:
    """A corrected edition is written; the one before stays readable until it is approved."""
    rules.BY_TRANSITION["reopen"](by, brief).or_raise()
    if not because.strip():
        raise Refused(_("Say what is corrected. Readers of the new edition see it."))
    with ledger.fact("brief.reopened", brief, by=by, edition=brief.edition):
        brief.take("reopen", correction=because.strip()[:500], version=brief.version + 1)


def withdraw(brief: Brief, *, because: str, by: Person) -> None:
    rules.BY_TRANSITION["withdraw"](by, brief).or_raise()
    with ledger.fact("brief.withdrawn", brief, by=by, number=brief.number or "",
                     edition=brief.edition):
        brief.take("withdraw", returned_because=because.strip()[:500])
    Posting.objects.filter(edition__brief=brief).delete()
