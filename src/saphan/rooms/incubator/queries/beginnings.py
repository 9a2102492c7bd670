"""A call may begin with a record of another room: what the house shows of it is its first words."""

from __future__ import annotations

from dataclasses import dataclass

from saphan.design.plate import Plate
from saphan.engines.matching.documents import Document
from saphan.house import indexing
from saphan.people.models import Person


@dataclass(frozen=True)
class Beginning:
    """A record of the house: its plate as the asker sees it, its public words."""

    plate: Plate
    document: Document


def beginning(number: str, *, asker: Person | None) -> Beginning | None:
    """The public record with this accession number, whichever room has it."""
    for _room, entries in indexing.sources():
        fields = {field.name for field in entries.model._meta.get_fields()}
        if "number" not in fields:
            continue
        pk = entries.model._default_manager.filter(number=number).values_list(
            "pk", flat=True).first()
        plate = entries.plates([str(pk)], asker=asker).get(str(pk)) if pk is not None else None
        document = next(iter(entries.documents([str(pk)])), None) if plate else None
        if plate is not None and document is not None:
            return Beginning(plate, document)
    return None
