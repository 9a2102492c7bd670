"""The market's part of a sample centre, and examples for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from saphan.ground import accession, clock, ledger
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Economy
from saphan.rooms.market import actions, concepts, exchange
from saphan.rooms.market.models import Listing
from saphan.rooms.market.vocabulary import Kind, Sector, State


class BadSample(Exception):
    """A file of the sample centre that does not hold what it should."""


def load(folder: Path, *, told: Callable[[int], None] | None = None) -> int:
    """Load every `*.jsonl` of the folder. Loading again changes only what the files changed."""
    done = 0
    for path in sorted(folder.glob("*.jsonl")):
        report = exchange.check(path.read_text("utf-8"), "jsonl")
        if report.problems:
            first = report.problems[0]
            raise BadSample(f"{path.name}, row {first.row}, {first.field}: {first.message}")
        for _number, row in report.good:
            exchange.load_row(row, by=None, origin="house")
            done += 1
            if told:
                told(done)
    return Listing.objects.count()


def make_examples(count: int) -> None:
    """`count` published listings of both kinds, marked as examples, for tests."""
    economy = Economy.objects.first()
    if economy is None:
        people_actions.load_economies()
        economy = Economy.objects.get(code="TH")
    organisation = people_actions.find_or_add_organisation(
        {"en": "Example organisation"}, economy=economy.code, kind="company", example=True)
    for position in range(count):
        kind = (Kind.TECHNOLOGY_OFFER, Kind.TECHNOLOGY_REQUEST, Kind.RESEARCH_RESULT)[position % 3]
        number = accession.next_number(actions.SERIES)
        listing = Listing(
            number=number, key=f"example-{number.lower()}", kind=kind, state=State.PUBLISHED,
            example=True,
            organisation=organisation, economy=economy, published=clock.now(),
            sector=Sector.AGRICULTURE, lang="th",
            title=Text.of({"th": f"คัดแยกทุเรียนด้วยกล้อง {position}",
                           "en": f"Durian grading by camera {position}"}),
            summary=Text.of({"th": "ตัวอย่างสำหรับการทดสอบ"}),
            description=Text.of({"th": "ตัวอย่างสำหรับการทดสอบ"}))
        listing.concepts = concepts.found_in(listing)
        with ledger.fact("listing.published", listing, kind=listing.kind, economy=economy.code,
                         sector=listing.sector):
            listing.save()
