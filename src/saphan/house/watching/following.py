"""Follow the ledger: when records appear or change, note for which searches they are news.

It reads no further than the search index has come, with a cursor of its own that moves in the same
transaction as what was noted. So each fact is looked at once, whatever happens to the process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from saphan.engines.matching.documents import Document
from saphan.engines.matching.index import IndexDamaged, IndexUnavailable
from saphan.ground import clock, ledger
from saphan.ground.models import Fact, Follower
from saphan.house.engine import NotReady, engine
from saphan.house.indexing import FACTS_AT_ONCE, entry_id, sources
from saphan.house.watching import looking, telling
from saphan.house.watching.models import Found, Watch

log = logging.getLogger(__name__)
FOLLOWER = "saphan.house.watching"
WATCHES_AT_ONCE = 2_000
DOCUMENTS_AT_ONCE = 100
_following = threading.Lock()


@dataclass(frozen=True)
class News:
    """Records that facts spoke of: identifier in the index to the last such fact."""

    last: dict[str, int]


def catch_up() -> int:
    """Look at what happened since; called by the worker after the index has caught up, and before:
    what the index does not know yet waits. Returns how many facts were passed."""
    cursor, _created = Follower.objects.get_or_create(name=FOLLOWER)
    head, _hash = ledger.head()
    if cursor.seq >= head:
        return 0
    with _following:
        try:
            return _catch_up(head)
        except (NotReady, IndexDamaged, IndexUnavailable) as error:
            log.warning("saved searches wait: %s", error)
            return 0


def _catch_up(head: int) -> int:
    if not _on().exists():
        return _moved(Follower.objects.get(name=FOLLOWER).seq, head)
    passed, stands = 0, min(engine().index.cursor, head)
    while True:
        seq = Follower.objects.get(name=FOLLOWER).seq
        facts = list(Fact.objects.filter(seq__gt=seq, seq__lte=stands).order_by("seq").values_list(
            "seq", "subject_type", "subject_id")[:FACTS_AT_ONCE])
        if not facts:
            break
        news = _news(facts)
        fits = list(_fitting(news))
        with transaction.atomic():
            if not _moved(seq, facts[-1][0]):
                break  # another process was quicker
            note(fits, news)
        passed += len(facts)
    if passed:
        telling.tell_at_once()
    return passed


def _on() -> QuerySet[Watch]:
    return Watch.objects.filter(state=Watch.State.ON, person__is_active=True, fed_by="")


def _moved(seq: int, to: int) -> int:
    return Follower.objects.filter(name=FOLLOWER, seq=seq).update(seq=to) * max(to - seq, 1)


def _news(facts: Sequence[tuple[int, str, str]]) -> News:
    """What happens to an organisation, somebody joining it, is no news of all its records."""
    known = {entries.model._meta.label_lower: entry_id(room, entries, "")
             for room, entries in sources()}
    return News({known[kind] + key: seq for seq, kind, key in facts if kind in known})


def _fitting(news: News) -> Iterable[looking.Fit]:
    """What fits which search, some searches and some records at a time."""
    names = sorted(news.last)
    for start in range(0, len(names), DOCUMENTS_AT_ONCE):
        found = engine().index.get_many(names[start:start + DOCUMENTS_AT_ONCE])
        documents: list[Document] = [found[name] for name in sorted(found)]
        if not documents:
            continue
        after, newest = 0, max(news.last[document.id] for document in documents)
        while batch := list(_on().filter(pk__gt=after, since__lt=newest).order_by(
                "pk")[:WATCHES_AT_ONCE]):
            after = batch[-1].pk
            for fit in looking.look(batch, documents):
                if news.last[fit.entry] > fit.watch.since:
                    yield fit


def note(fits: Sequence[looking.Fit], news: News) -> None:
    """Write down what is news. What was told already is not told again; what waits for a letter is
    brought up to date, and waits no longer if it fits no more."""
    names = list(news.last)
    fitting = {(fit.watch.pk, fit.entry): fit for fit in fits}
    held = {(row.watch_id, row.entry): row for row in Found.objects.filter(entry__in=names)}
    for pair, row in held.items():
        if row.state != Found.State.WAITING:
            continue
        if pair in fitting:
            row.score, row.why = fitting[pair].score, fitting[pair].why
            row.save(update_fields=["score", "why"])
        else:
            row.delete()
    Found.objects.bulk_create([
        Found(watch=fit.watch, entry=fit.entry, score=fit.score, why=fit.why, at=clock.now(),
              state=Found.State.FEED if fit.watch.often == Watch.Often.FEED
              else Found.State.WAITING)
        for pair, fit in fitting.items() if pair not in held], ignore_conflicts=True)


def known(watch: Watch) -> None:
    """Note what fits a search already: that is no news to its owner, also if it changes later."""
    try:
        fits = looking.now(watch)
    except (NotReady, IndexDamaged, IndexUnavailable):
        return  # no model yet; then a record that changes is told as if it were new
    Found.objects.bulk_create([
        Found(watch=watch, entry=fit.entry, score=fit.score, why=fit.why, at=clock.now(),
              state=Found.State.KNOWN) for fit in fits], ignore_conflicts=True)


@clock.every(days=1)
def forget_old() -> None:
    """Feeds and pages show what is recent; what lies back a year goes. A record that changes after
    that is told anew."""
    Found.objects.filter(at__lt=clock.now() - timedelta(days=400)).exclude(
        state=Found.State.WAITING).delete()
