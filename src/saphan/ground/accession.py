"""Accession numbers, as museums give them: `MKT-2026-0042`, for ever.

One series for each kind of thing and year. Gapless only among what is committed."""

from __future__ import annotations

from django.db import transaction

from saphan.ground import clock
from saphan.ground.models import Series


def next_number(prefix: str) -> str:
    """The next number of this year in the series of `prefix` (two to five capitals)."""
    year = clock.today().year
    with transaction.atomic():
        series, _created = Series.objects.select_for_update().get_or_create(
            prefix=prefix, year=year)
        series.last += 1
        series.save()
    return f"{prefix}-{year}-{series.last:04d}"
