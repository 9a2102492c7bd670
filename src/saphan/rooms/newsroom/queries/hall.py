"""What the way in shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from saphan.house.room import LiveFact
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Brief, Source, Story
from saphan.rooms.newsroom.rules import desk

AT_ONCE = 6


def newest_briefs(person: Person | None) -> Sequence[Brief]:
    """What went out last; for the public, of what everybody may read."""
    found = Brief.objects.filter(state__in=[Brief.State.APPROVED, Brief.State.SENT])
    if not desk.works_here(person):
        found = found.filter(public=True)
    return list(found.select_related("topic").order_by("-approved", "-pk")[:AT_ONCE])


def newest_stories() -> Sequence[Story]:
    """The newest stories that more than one article tells."""
    return list(Story.objects.filter(merged_into=None, size__gte=2)[:AT_ONCE])


def live_fact() -> LiveFact:
    """How many sources are read now."""
    return LiveFact(Source.objects.filter(state=Source.State.ACTIVE).count(), _("sources read"))
