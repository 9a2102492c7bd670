"""The verbs of saved searches. Each checks its rule, changes one thing and records one fact; no
fact holds the words of a search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saphan.ground import clock, ledger
from saphan.house.watching import following, rules, telling
from saphan.house.watching.forms import FIELDS, FILTERS
from saphan.house.watching.models import Found, Watch, new_key
from saphan.people.models import Person

MEANING = ("question", "like", "side", *FILTERS)
"""What decides which records fit."""


def save(values: Mapping[str, Any], *, by: Person | None) -> Watch:
    """A new search with the values of a valid `WatchForm`. What fits it already is no news."""
    rules.may_save(by).or_raise()
    assert by is not None
    moment = clock.now()
    watch = Watch(person=by, created=moment, changed=moment, since=ledger.head()[0],
                  **{name: values[name] for name in FIELDS})
    watch.next_letter = telling.next_time(watch)
    with ledger.fact("watch.saved", watch, by=by, often=watch.often):
        watch.save(force_insert=True)
    following.known(watch)
    return watch


def change(watch: Watch, values: Mapping[str, Any], *, by: Person | None) -> Watch:
    """Other words, filters or times. What was told stays told; what waited for a letter under the
    old words and does not fit the new ones is let go."""
    rules.may_change(by, watch).or_raise()
    # what a room finds for somebody is said there: here only how she is told can change
    fields = [name for name in FIELDS if not watch.fed_by or name not in MEANING]
    other = any(getattr(watch, name) != values[name] for name in fields if name in MEANING)
    again = watch.often != values["often"]
    for name in fields:
        setattr(watch, name, values[name])
    with ledger.fact("watch.changed", watch, by=by, often=watch.often):
        watch.changed = clock.now()
        if again:
            watch.next_letter = telling.next_time(watch)
        if watch.often == Watch.Often.FEED:
            watch.found.filter(state=Found.State.WAITING).update(state=Found.State.FEED)
        if other:
            watch.since = ledger.head()[0]
            watch.found.filter(state__in=[Found.State.WAITING, Found.State.KNOWN]).delete()
        watch.save()
    if other:
        following.known(watch)
    return watch


def pause(watch: Watch, *, by: Person | None) -> None:
    """It stays silent until it is resumed."""
    rules.may_change(by, watch).or_raise()
    _pause(watch, by=by, means="page")


def resume(watch: Watch, *, by: Person | None) -> None:
    """From now on it tells again; what happened meanwhile is no news to it."""
    rules.may_change(by, watch).or_raise()
    with ledger.fact("watch.resumed", watch, by=by):
        watch.take("resume", since=ledger.head()[0], changed=clock.now(),
                   next_letter=telling.next_time(watch))
    following.known(watch)


def stop(key: str) -> Watch | None:
    """Whoever holds the key of a letter ends the letters of that one search, signed in or not. To
    do it again changes nothing. None if there is no such search (any more)."""
    watch = Watch.objects.filter(stop_key=key).select_related("person").first()
    if watch is not None and watch.is_on:
        _pause(watch, by=watch.person, means="letter")
    return watch


def _pause(watch: Watch, *, by: Person | None, means: str) -> None:
    with ledger.fact("watch.paused", watch, by=by, means=means):
        watch.take("pause", changed=clock.now(), next_letter=None)


def remove(watch: Watch, *, by: Person | None) -> None:
    """The search and what it found go."""
    rules.may_change(by, watch).or_raise()
    pk = watch.pk
    with ledger.fact("watch.removed", watch, by=by):
        watch.delete()
        watch.pk = pk  # the fact is about what was there


def renew_feed(watch: Watch, *, by: Person | None) -> None:
    """Another address for its feed; the old one leads nowhere from now on."""
    rules.may_change(by, watch).or_raise()
    with ledger.fact("watch.feed_renewed", watch, by=by):
        watch.feed_key, watch.changed = new_key(), clock.now()
        watch.save(update_fields=["feed_key", "changed"])


__all__ = ["change", "pause", "remove", "renew_feed", "resume", "save", "stop"]
