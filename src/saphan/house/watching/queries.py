"""Questions about saved searches. Nobody but the owner gets an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse

from saphan.ground.text import reader_language
from saphan.house.ask import Hit
from saphan.house.watching import looking
from saphan.house.watching.models import Found, Watch
from saphan.people.models import Person

SHOWN = 50
NEWS = Q(found__state__in=[Found.State.WAITING, Found.State.TOLD, Found.State.FEED])


class NotFound(Exception):
    """No such search, or not hers."""


@dataclass(frozen=True)
class Result:
    """A record that a search found, for its owner."""

    hit: Hit
    at: datetime | None = None
    entry: str = ""


def watches_of(person: Person) -> QuerySet[Watch]:
    """Her searches, the newest first, with how much each has found and when last."""
    return Watch.objects.filter(person=person).defer("vector").annotate(
        news=Count("found", filter=NEWS), latest=Max("found__at", filter=NEWS))


def watch(pk: int, *, asker: Person | None) -> Watch:
    """One of her searches. Raises `NotFound`, also for other people's."""
    found = None if asker is None else watches_of(asker).select_related(
        "person__economy").filter(pk=pk).first()
    if found is None:
        raise NotFound(pk)
    return found


def by_feed(key: str) -> Watch:
    """The search whose feed has this key. Raises `NotFound`, also when its owner may no longer sign
    in."""
    found = Watch.objects.filter(feed_key=key, person__is_active=True).first()
    if found is None:
        raise NotFound(key)
    return found


def results(watch: Watch, *, limit: int = SHOWN) -> list[Result]:
    """What it has found since it was saved, the latest first, as far as it is still public."""
    rows = list(watch.found.exclude(state=Found.State.KNOWN).order_by("-at", "-pk")[:limit])
    shown, lang = looking.plates(row.entry for row in rows), reader_language()
    return [Result(looking.hit(row.entry, row.score, row.why, shown[row.entry], lang), row.at,
                   row.entry) for row in rows if row.entry in shown]


def as_results(fits: Sequence[looking.Fit]) -> list[Result]:
    lang = reader_language()
    return [Result(looking.hit(fit.entry, fit.score, fit.why, fit.plate, lang), entry=fit.entry)
            for fit in fits]


def trial(watch: Watch, *, days: int = 30) -> list[Result]:
    """What the search, saved or not, would have found in the last `days`. Raises `NotReady`."""
    return as_results(looking.lately(watch, days=days))


def feed_address(watch: Watch, form: str = "atom") -> str:
    """The whole address of its feed, as Atom or JSON Feed."""
    return settings.BASE_URL + reverse(
        f"feeds:watch_{form}", args=(watch.language, watch.feed_key))
