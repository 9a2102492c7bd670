"""Room 8: the incubator. Its whole surface."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.house.room import Entrance, Room
from saphan.rooms.incubator.models import (
    Answer,
    Appeal,
    Call,
    FollowUp,
    Milestone,
    Payment,
    Project,
    Review,
)

room = Room(
    slug="incubator",
    number=8,
    wing="match",
    name=_("Incubator"),
    purpose=_("Post a problem as an open call, or answer one, and follow it to its outcome."),
    entrances=[Entrance("incubator:home", _("Open calls"))],
    urls="saphan.rooms.incubator.urls",
    lifecycles=[Call, Answer, Review, Appeal, Project, Milestone, Payment, FollowUp],
)
