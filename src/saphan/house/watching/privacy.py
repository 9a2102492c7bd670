"""What saved searches hold of a person: all of it is hers, and goes when she goes."""

from __future__ import annotations

from typing import Any

from saphan.ground import ledger
from saphan.house.watching.forms import said_of
from saphan.house.watching.models import Found, Watch
from saphan.people import actions as people
from saphan.people.models import Person


def _export(person: Person) -> dict[str, Any]:
    return {"watches": [
        {**said_of(watch), "state": watch.state, "created": watch.created.isoformat(),
         "found": [{"record": row.entry, "state": row.state, "at": row.at.isoformat()}
                   for row in Found.objects.filter(watch=watch).order_by("pk")]}
        for watch in Watch.objects.filter(person=person).order_by("pk")]}


def _forget(person: Person) -> None:
    for watch in Watch.objects.filter(person=person):
        pk = watch.pk
        with ledger.fact("watch.removed", watch):
            watch.delete()
            watch.pk = pk


people.HOLDERS["watching"] = (_export, _forget)
