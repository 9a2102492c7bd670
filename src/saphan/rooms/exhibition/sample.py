"""The exhibition's part of a sample centre, and examples for tests."""

from __future__ import annotations

from pathlib import Path

from saphan.ground import accession, clock, ledger
from saphan.ground.text import Text
from saphan.rooms.exhibition import actions, queries
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.vocabulary import Sector


def load(folder: Path) -> int:
    """Place every exhibit whose folder is there; the sample's `hall.toml` draws the zones."""
    actions.place_all()
    return queries.shown().count()


def make_examples(count: int) -> None:
    """`count` exhibits without a folder, for tests that compare pages with few and many."""
    sectors = list(Sector)
    for position in range(count):
        number = accession.next_number("EXH")
        made = Exhibit(
            number=number, slug=f"example_{number[-4:]}", example=True, own=False,
            title=Text.of({"en": f"Example exhibit {position}", "th": f"ตัวอย่าง {position}"}),
            does=Text.of({"en": "An example for tests.", "th": "ตัวอย่างสำหรับการทดสอบ"}),
            sector=sectors[position % 3].value, maker="Example", licence="Apache-2.0",
            placed=clock.now(), changed=clock.now())
        with ledger.fact("exhibit.placed", made, slug=made.slug, digest="", own=False):
            made.save()
