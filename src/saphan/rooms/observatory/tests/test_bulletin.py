"""The sample centre brings the public figures about the Nanning centre, each with its source."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import saphan
from saphan.rooms.observatory import sample
from saphan.rooms.observatory.models import Observation

pytestmark = pytest.mark.django_db
SAMPLE = Path(saphan.__file__).parent / "centres" / "nanning" / "observatory"
BULLETIN = {  # the trade office in Nanning, April 2025
    ("19000", "m2", "2025"), ("19.77", "%", "2024"), ("76", "projects", "2023"),
    ("16", "companies", "2023"), ("303", "factories", "2023"), ("197", "workshops", "2023"),
    ("1788", "patents", ""), ("20", "projects", "")}


def test_every_figure_of_the_bulletin_is_there_with_its_source(economies: None) -> None:
    sample.load(SAMPLE)
    for value, unit, year in BULLETIN:
        [first, *_others] = Observation.objects.filter(
            value=Decimal(value), unit=unit, period__startswith=year, key__contains="bulletin")
        assert first.source and first.address, value
        assert first.indicator.name.best("th").lang == "th"


def test_what_is_called_read_at_its_source_can_be_checked_there(economies: None) -> None:
    sample.load(SAMPLE)
    read = Observation.objects.filter(checked=True)
    assert read.exists()
    assert not [one for one in read if not (one.quote and one.address and one.read)]
