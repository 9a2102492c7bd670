"""What changes of terms hold of a person: her proposals, with her reasons."""

from __future__ import annotations

from typing import Any

from saphan.house.wording.models import TermChange
from saphan.people import actions as people
from saphan.people.models import Person


def _export(person: Person) -> dict[str, Any]:
    return {"term_changes": [
        {"concept": change.concept, "act": change.act, "lang": change.lang, "words": change.after,
         "reason": change.reason, "state": change.state, "decision": change.decision,
         "proposed": change.proposed.isoformat()}
        for change in TermChange.objects.filter(person=person).order_by("pk")]}


def _forget(person: Person) -> None:
    """Words of languages belong to nobody and stay; who proposed them, and why, goes."""
    TermChange.objects.filter(person=person).update(person=None, reason="")


people.HOLDERS["wording"] = (_export, _forget)
