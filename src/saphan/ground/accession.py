"""Accession numbers, as museums give them: `MKT-2026-0042`, for ever.

One series for each kind of thing and year. Gapless only among what is committed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from saphan.ground import clock
from saphan.ground.models import Series


def next_number(prefix: str) -> str:
    """The next number of this year in the series of `prefix` (two to five capitals)."""
    return next_numbers(prefix, 1)[0]


def next_numbers(prefix: str, count: int) -> list[str]:
    """As many numbers at once, in order: two questions to the database however many they are."""
    year = clock.today().year
    here = Series.objects.filter(prefix=prefix, year=year)
    with transaction.atomic():
        if not here.update(last=F("last") + count):
            Series.objects.get_or_create(prefix=prefix, year=year)
            here.update(last=F("last") + count)
        last = here.values_list("last", flat=True).get()
    return [f"{prefix}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]
