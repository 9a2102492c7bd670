"""Sources as people see them, and how each is doing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from saphan.ground import aside, clock
from saphan.ground.models import Work
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Alarm, Look, Source
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.vocabulary import Way

ROUND = "newsroom.reading"
"""Name of the work that reads sources."""
LATEST_LOOKS = 20


class NotFound(LookupError):
    """No such source."""


def listed(asker: Person | None) -> QuerySet[Source]:
    """The sources, those that are read first. The public does not see retired ones. With `ringing`,
    the alarms that have not ended, for the desk."""
    found = Source.objects.select_related("economy")
    if not desk.works_here(asker):
        return found.exclude(state=Source.State.RETIRED)
    return found.prefetch_related(_ringing())


def _ringing() -> Prefetch[Any]:
    return Prefetch("alarms", Alarm.objects.filter(ended=None), to_attr="ringing")


def matching(found: QuerySet[Source], *, words: str = "", lang: str = "", economy: str = "",
             state: str = "", alarm: bool = False) -> QuerySet[Source]:
    """Those of `found` that fit."""
    if words:
        found = found.filter(Q(name__icontains=words) | Q(home__icontains=words)
                             | Q(address__icontains=words))
    for name, value in (("lang", lang), ("economy", economy), ("state", state)):
        if value:
            found = found.filter(**{name: value})
    if alarm:
        found = found.filter(pk__in=Alarm.objects.filter(ended=None).values("source"))
    return found


def one(key: str, asker: Person | None) -> Source:
    """The source of that key. Raises NotFound."""
    source = listed(asker).filter(key=key).first()
    if source is None:
        raise NotFound(key)
    return source


def looks(source: Source) -> Sequence[Look]:
    """The last looks at a source, newest first."""
    return list(source.looks.all()[:LATEST_LOOKS])


def alarms(source: Source) -> Sequence[Alarm]:
    """What rings and what rang last."""
    return list(source.alarms.all()[:LATEST_LOOKS])


def ringing() -> QuerySet[Alarm]:
    """All alarms that have not ended, newest first."""
    return Alarm.objects.filter(ended=None, source__state=Source.State.ACTIVE).select_related(
        "source")


def due(now: datetime | None = None) -> QuerySet[Source]:
    """The sources that should be looked at now, the longest waiting first."""
    return Source.objects.filter(
        Q(next_look=None) | Q(next_look__lte=now or clock.now()), state=Source.State.ACTIVE,
        example=False).exclude(way=Way.BY_HAND).exclude(address="").order_by("next_look", "pk")


def round_now() -> Work | None:
    """The work that reads sources now, or waits to."""
    return Work.objects.filter(name=ROUND, state__in=[
        Work.State.WAITING, Work.State.RUNNING]).order_by("pk").first()


def is_being_read(source: Source) -> bool:
    """Whether somebody reads it at this moment."""
    return source.touched is not None and source.touched > clock.now() - 10 * aside.SILENT


def public(source: Source) -> dict[str, Any]:
    """What everybody may know of a source."""
    return {"key": source.key, "name": source.name, "home": source.home, "way": source.way,
            "lang": source.lang, "economy": source.economy_id, "official": source.official,
            "state": source.state, "articles": source.articles, "example": source.example,
            "url": source.get_absolute_url()}


def inside(source: Source) -> dict[str, Any]:
    """What the desk knows besides: how it is read and how it is doing."""
    return {**public(source), "address": source.address, "links": source.links,
            "recipe": source.recipe, "every_minutes": source.every_minutes,
            "at_most": source.at_most, **health(source)}


def health(source: Source) -> dict[str, Any]:
    """How a source is doing, in numbers and codes. Needs `ringing`."""
    return {"last_look": source.last_look, "last_success": source.last_success,
            "last_article": source.last_article, "failures": source.failures,
            "last_problem": source.last_problem, "usual_length": source.usual_length,
            "usual_gap_hours": source.usual_gap_hours, "next_look": source.next_look,
            "alarms": [{"code": each.code, "began": each.began, "detail": each.detail}
                       for each in getattr(source, "ringing", ())]}
