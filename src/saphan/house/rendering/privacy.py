"""What the translation desk holds of a person: the work she has in hand, and what she wrote."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from saphan.house.rendering.models import Rendering
from saphan.people import actions as people
from saphan.people.models import Person


def _export(person: Person) -> dict[str, Any]:
    found = Rendering.objects.filter(
        Q(claimed_by=person) | Q(approved_by=person.ref)
        | Q(pk__in=[row.pk for row in Rendering.objects.exclude(writers=[]).only("writers")
                    if person.ref in row.writers])).order_by("pk")
    return {"translations": [
        {"record": row.subject_type, "id": row.subject_id, "lang": row.lang, "state": row.state,
         "in_hand": row.claimed_by_id == person.pk, "approved": row.approved_by == person.ref,
         "sentences": [one["t"] for sentences in row.sentences.values() for one in sentences]
         if person.ref in row.writers else []} for row in found]}


def _forget(person: Person) -> None:
    """What she had in hand is free again. Words that she wrote for others stay with the records;
    who wrote them is known by a reference that no longer leads to anybody."""
    Rendering.objects.filter(claimed_by=person).update(claimed_by=None, claimed=None)


people.HOLDERS["rendering"] = (_export, _forget)
