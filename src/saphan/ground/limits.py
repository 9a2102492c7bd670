"""How much is enough: sizes of input and how often somebody may do something."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.access import Verdict, allowed_if
from saphan.ground.models import Allowance

QUESTION_CHARACTERS = 2_000
UPLOAD_BYTES = 20 * 1024 * 1024
REQUEST_BYTES = 2 * 1024 * 1024


def spend(what: str, who: str, *, at_most: int, per: timedelta) -> Verdict:
    """Count one use of `what` by `who` in a fixed window of length `per`; refused beyond `at_most`.

    Counted in the database, so that all processes share the count.
    """
    key, moment = f"{what}:{who}"[:120], clock.now()
    with transaction.atomic():
        row, created = Allowance.objects.select_for_update().get_or_create(
            key=key, defaults={"window_ends": moment + per, "used": 1})
        if not created:
            if row.window_ends <= moment:
                row.window_ends, row.used = moment + per, 1
            else:
                row.used = row.used + 1
            row.save()
    return allowed_if(row.used <= at_most,
                      _("That was too often in a short time. Please wait a moment and try again."))


def forgive(what: str, who: str) -> None:
    """Forget the count, for example after a successful sign-in."""
    Allowance.objects.filter(key=f"{what}:{who}"[:120]).delete()


@clock.every(hours=1)
def sweep() -> None:
    """Drop counters whose window is over."""
    Allowance.objects.filter(window_ends__lt=clock.now()).delete()


__all__ = ["QUESTION_CHARACTERS", "REQUEST_BYTES", "UPLOAD_BYTES", "forgive", "spend", "sweep"]
