"""One look at a source: ask for its list, fetch and keep what is new, write down how it went."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from saphan.engines.fetching import Fetched, Item
from saphan.engines.fetching.errands import Ask, Came, Errand
from saphan.ground import clock
from saphan.rooms.newsroom import health, intake, listing
from saphan.rooms.newsroom.actions import articles, sources
from saphan.rooms.newsroom.models import Article, Look, Page, Source
from saphan.rooms.newsroom.vocabulary import Outcome

log = logging.getLogger(__name__)

TRIES = 3
"""Times that a page is asked for before it is given up."""
OLDER = "older"
"""Pages that stood in the list before the house came: known, not fetched."""
SITEMAPS = 3
"""Sitemaps of an index that are looked into, the newest."""
AGAIN = 5
"""Pages of the last days that are asked again in one look: articles are corrected."""
AGAIN_AFTER, AGAIN_FOR = timedelta(hours=20), timedelta(days=4)
IN_A_ROW = 3
"""Pages in a row that could not be reached, after which the rest waits for the next look."""
AWAY = frozenset({"unreachable", "timeout", "unknown_host", "no_trust"})
BACKLOG = timedelta(minutes=10)
LONGEST = timedelta(days=1)


@dataclass
class Tally:
    """What happens in a look."""

    source: Source
    at: datetime = field(default_factory=clock.now)
    began: float = field(default_factory=time.monotonic)
    seen: health.Seen = field(default_factory=health.Seen)
    detail: str = ""
    listed: int = 0
    new: int = 0
    corrected: int = 0
    octets: int = 0
    wait: float = 0.0
    etag: str = ""
    modified: str = ""
    backlog: bool = False

    def count(self, came: Came) -> None:
        if came.fetched is not None:
            self.octets += len(came.fetched.raw)

    def trouble(self, problem: str, detail: str = "") -> None:
        self.seen.problem, self.detail = problem, detail[:300]


def look(source: Source) -> Errand:
    """A look at one source, as an errand. Nothing that goes wrong in it stops the others."""
    tally = Tally(source)
    source.touched = tally.at
    Source.objects.filter(pk=source.pk).update(touched=tally.at)
    try:
        items = yield from _listed(source, tally)
        if items is not None:
            yield from _pages(source, items, tally)
    except Exception as failure:
        log.exception("looking at %s failed", source.key)
        tally.trouble("failed", repr(failure))
    finish(tally)


def _listed(source: Source, tally: Tally) -> Generator[Ask, Came, list[Item] | None]:
    """What the source lists now; None where that cannot be known."""
    zone = listing.zone_of(source.economy.time_zone if source.economy else "")
    read = partial(listing.read, way=source.way, links=source.links, zone=zone)
    came = yield Ask(source.address, source.etag, source.modified, then=read)
    tally.count(came)
    if came.fetched is not None and came.fetched.not_modified:
        tally.etag, tally.modified = source.etag, source.modified
        return []
    found = _made(came, tally)
    if found is None:
        return None
    if came.fetched is not None:
        tally.etag, tally.modified = came.fetched.etag[:200], came.fetched.modified[:60]
    items = list(found.items)
    for address in found.more[:SITEMAPS]:
        came = yield Ask(address, then=read)
        tally.count(came)
        inside = _made(came, tally)
        if inside is None:
            return None
        items += inside.items
    tally.listed = len(items)
    return items


def _made(came: Came, tally: Tally) -> listing.Listed | None:
    if came.problem is not None:
        tally.trouble(came.problem.code, came.problem.detail)
        tally.wait = came.problem.wait
        return None
    if came.failure is not None:
        log.error("reading the list of %s failed", tally.source.key, exc_info=came.failure)
        tally.trouble("failed", repr(came.failure))
        return None
    if came.made.problem:
        tally.trouble(came.made.problem)
        return None
    return came.made  # type: ignore[no-any-return]


def _pages(source: Source, items: list[Item], tally: Tally) -> Generator[Ask, Came, None]:
    """Fetch and keep what is new, and ask again for what may have been corrected."""
    said = {fingerprint(item.url): item for item in items}
    _note(source, said, tally)
    waiting = Page.objects.filter(source=source, fetched=None, tries__lt=TRIES).exclude(
        problem=OLDER).order_by("-seen", "pk")
    todo = list(waiting[:source.at_most + 1])
    tally.backlog = len(todo) > source.at_most
    again = Page.objects.filter(
        source=source, seen__gte=tally.at - AGAIN_FOR,
        fetched__lt=tally.at - AGAIN_AFTER).order_by("fetched")
    away = 0
    for page in [*todo[:source.at_most], *again[:AGAIN]]:
        incoming = partial(_read, source=source, item=said.get(page.fingerprint), page=page)
        came = yield Ask(page.address, page.etag, page.modified, then=incoming)
        tally.count(came)
        if came.problem is not None and came.problem.code == "asked_to_wait":
            tally.wait, tally.backlog = came.problem.wait, True
            return
        _kept(page, came, tally)
        away = away + 1 if came.problem is not None and came.problem.code in AWAY else 0
        if away >= IN_A_ROW:
            tally.backlog = True
            return


def fingerprint(address: str) -> str:
    """What tells an address from others in the database."""
    return hashlib.sha256(address.encode()).hexdigest()


def _note(source: Source, said: dict[str, Item], tally: Tally) -> None:
    """Write down the addresses that are new. Of a source that is seen for the first time only the
    first ones are fetched, as many as one look takes; the others were there before us."""
    known = set(Page.objects.filter(source=source, fingerprint__in=said).values_list(
        "fingerprint", flat=True))
    fresh = [(sign, item) for sign, item in said.items() if sign not in known]
    first = not Page.objects.filter(source=source).exists()
    Page.objects.bulk_create([
        Page(source=source, address=item.url[:1000], fingerprint=sign, seen=tally.at,
             problem=OLDER if first and place >= source.at_most else "")
        for place, (sign, item) in enumerate(fresh) if len(item.url) <= 1000],
        ignore_conflicts=True)


def _read(answer: Fetched, *, source: Source, item: Item | None, page: Page) -> Any:
    """Take the article out of its page, in the thread that fetched it."""
    return intake.read(intake.Incoming(
        body=answer.body, content_type=answer.content_type, source=source.pk,
        address=page.address, recipe=source.recipe, lang=source.lang, at=answer.when,
        published=item.published.date() if item and item.published else None,
        title=item.title if item else "", status=answer.status, headers=answer.headers,
        answer=answer))


def _kept(page: Page, came: Came, tally: Tally) -> None:
    """Keep what came of a page: the article, or why there is none."""
    now = clock.now()
    rows, answer = Page.objects.filter(pk=page.pk), came.fetched
    if came.problem is not None or answer is None:
        code = came.problem.code if came.problem is not None else "bad_answer"
        _failed(page, code, tally)
    elif came.failure is not None:
        log.error("reading %s failed", page.address, exc_info=came.failure)
        _failed(page, "failed", tally)
    elif answer.not_modified:
        rows.update(fetched=now)
    else:
        with transaction.atomic():
            taken = articles.keep(came.made)
            rows.update(fetched=now, problem=taken.problem, etag=answer.etag[:200],
                        modified=answer.modified[:60])
        _count(taken, tally)


def _failed(page: Page, code: str, tally: Tally) -> None:
    if page.fetched is not None:  # it was kept once; that it is away now changes nothing
        Page.objects.filter(pk=page.pk).update(fetched=clock.now())
        return
    tally.seen.troubles[code] += 1
    Page.objects.filter(pk=page.pk).update(tries=page.tries + 1, problem=code)


def _count(taken: intake.Taken, tally: Tally) -> None:
    if taken.outcome == "refused":
        tally.seen.troubles[taken.problem] += 1
        return
    tally.new += taken.outcome in ("new", "copy")
    tally.corrected += taken.outcome == "corrected"
    if taken.outcome in ("new", "copy", "corrected"):
        codes = {each.split(":")[0] for each in taken.warnings}
        tally.seen.read += 1
        tally.seen.doubts.update(codes)
        tally.seen.short += "short_text" in codes or health.is_short(
            taken.length, usual(tally.source))


def usual(source: Source) -> health.Usual:
    """What is known of a source, for judging a look."""
    return health.Usual(source.created, source.last_article, source.usual_length,
                        source.usual_gap_hours, source.articles, source.failures)


def finish(tally: Tally) -> None:
    """Write down how the look went, what is usual now, and which alarms ring."""
    source, seen, now = tally.source, tally.seen, clock.now()
    waits = seen.problem == "asked_to_wait"
    outcome = Outcome.TROUBLE if seen.problem else \
        Outcome.NEW if tally.new or tally.corrected else Outcome.NOTHING_NEW
    with transaction.atomic():
        Look.objects.create(
            source=source, at=tally.at, outcome=outcome, problem=seen.problem, listed=tally.listed,
            detail=tally.detail or ", ".join(f"{code} {count}" for code, count in
                                             seen.troubles.most_common(5)),
            new=tally.new, corrected=tally.corrected, failed=seen.troubles.total(),
            octets=tally.octets, seconds=round(time.monotonic() - tally.began, 2))
        changes: dict[str, Any] = {
            "last_look": tally.at, "last_problem": seen.problem, "touched": None,
            "failures": source.failures + 1 if seen.problem and not waits else 0}
        if not seen.problem:
            changes |= {"last_success": tally.at, "etag": tally.etag, "modified": tally.modified}
        if tally.new:
            changes |= {"last_article": now, "articles": source.articles + tally.new,
                        **_usual_now(source)}
        changes["next_look"] = now + _until_next(source, tally, changes["failures"])
        for name, value in changes.items():
            setattr(source, name, value)
        same = Source.objects.filter(pk=source.pk, way=source.way, address=source.address,
                                     links=source.links)
        if not same.update(**changes):  # changed meanwhile: what was seen is of another source
            return
        if not waits and same.filter(state=Source.State.ACTIVE).exists():
            sources.judge(source, *health.alarms(usual(source), seen, now))


def _usual_now(source: Source) -> dict[str, Any]:
    rows = list(Article.objects.filter(source=source).order_by("-pk").values_list(
        "length", "taken")[:health.LATEST])
    return {"usual_length": health.usual_length([length for length, _taken in rows]),
            "usual_gap_hours": health.usual_gap([taken for _length, taken in rows])}


def _until_next(source: Source, tally: Tally, failures: int) -> timedelta:
    every = timedelta(minutes=source.every_minutes)
    if tally.wait:
        return max(timedelta(seconds=tally.wait), BACKLOG)
    if failures:
        return min(every * 2 ** min(failures - 1, 6), max(LONGEST, every))
    return min(every, BACKLOG) if tally.backlog else every

