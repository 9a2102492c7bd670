"""What the room does on its own: plans are computed beside the worker."""

from __future__ import annotations

from django.db import transaction

from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.rooms.meetings.actions import computing


@jobs.on("plan.asked", "plan.ended", "plan.ready", "plan.failed")
def begin(_fact: Fact) -> None:
    """Begin at once; what waited for another one as well."""
    transaction.on_commit(computing.line.look)


@clock.every(seconds=10)
def resume() -> None:
    """Go on with what another process left behind."""
    computing.line.look()
