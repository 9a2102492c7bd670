"""Searches that a room feeds: somebody follows something of a room, the room says what is new.

Letters, digests, feeds and the way out are those of every saved search; only what fits is found by
the room. `source` names what is followed: `newsroom.topic.7`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from saphan.ground import clock, ledger
from saphan.house.watching import actions, rules, telling
from saphan.house.watching.models import NAME_CHARACTERS, Found, Watch
from saphan.people.models import Person


@dataclass(frozen=True)
class News:
    """A record that is new for the followers: its name (`newsroom.article.5`), how well it fits,
    and why, in the codes of `looking.why_of`."""

    entry: str
    score: float = 1.0
    why: dict[str, Any] = field(default_factory=dict)


def followed(source: str, person: Person | None) -> Watch | None:
    """How somebody follows it, if she does."""
    if person is None:
        return None
    return Watch.objects.filter(fed_by=source, person=person).defer("vector").first()


def follow(source: str, *, by: Person | None, name: str, question: str, room: str, often: str,
           language: str) -> Watch:
    """Tell her from now on. Following again changes how often and in which language."""
    held = followed(source, by)
    if held is not None:
        rules.may_change(by, held).or_raise()
        if not held.is_on:
            actions.resume(held, by=by)
        held.often, held.language, held.next_letter = often, language, None
        held.next_letter = telling.next_time(held)
        with ledger.fact("watch.changed", held, by=by, often=often):
            held.save(update_fields=["often", "language", "next_letter"])
        return held
    rules.may_save(by).or_raise()
    assert by is not None
    moment = clock.now()
    watch = Watch(person=by, created=moment, changed=moment, since=ledger.head()[0],
                  fed_by=source, name=name[:NAME_CHARACTERS], question=question, room=room,
                  side=Watch.Side.ALL, often=often, language=language)
    watch.next_letter = telling.next_time(watch)
    with ledger.fact("watch.saved", watch, by=by, often=often):
        watch.save(force_insert=True)
    return watch


def unfollow(source: str, *, by: Person | None) -> None:
    """She hears no more of it; what it found goes."""
    held = followed(source, by)
    if held is not None:
        actions.remove(held, by=by)


def followers(source: str) -> QuerySet[Watch]:
    """Who is told of it now."""
    return Watch.objects.filter(fed_by=source, state=Watch.State.ON, person__is_active=True)


def tell(source: str, news: Sequence[News], *, among: Collection[int] | None = None) -> int:
    """Note for each follower (only the people of these keys, where `among` is given) what is new;
    letters leave in their own time. Each record is told once. Gives how many were noted."""
    watches = list(followers(source).defer("vector"))
    if among is not None:
        watches = [watch for watch in watches if watch.person_id in among]
    if not watches or not news:
        return 0
    with transaction.atomic():
        made = Found.objects.bulk_create([
            Found(watch=watch, entry=each.entry, score=each.score, why=each.why, at=clock.now(),
                  state=Found.State.FEED if watch.often == Watch.Often.FEED
                  else Found.State.WAITING)
            for watch in watches for each in news], ignore_conflicts=True)
    return len(made)


def ended(source: str) -> None:
    """What was followed is gone: its followers' searches go too."""
    for watch in Watch.objects.filter(fed_by=source):
        pk = watch.pk
        with ledger.fact("watch.removed", watch):
            watch.delete()
            watch.pk = pk  # the fact is about what was there


__all__ = ["News", "ended", "follow", "followed", "followers", "tell", "unfollow"]
