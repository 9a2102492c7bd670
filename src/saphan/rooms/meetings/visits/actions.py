"""The verbs of visits. Each checks its rule, changes one thing and records one fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.ground import accession, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.house import registry
from saphan.people.models import Person
from saphan.rooms.meetings.models import Station, Visit, VisitGuide
from saphan.rooms.meetings.visits import rules

PREFIX = "VST"
EXHIBITION = "exhibition"


def request(values: Mapping[str, Any], *, by: Person) -> Visit:
    """Ask for a visit. A public tour only the staff can hold."""
    rules.may_request(by).or_raise()
    values = dict(values)
    wishes = values.pop("wishes", [])
    if values.get("kind") == Visit.Kind.PUBLIC:
        rules.is_desk(by).or_raise()
    visit = Visit(**{"asker": by, **values})
    with ledger.fact("visit.requested", visit, by=by, day=visit.day, kind=visit.kind,
                     people=visit.people) as draft:
        visit.number = accession.next_number(PREFIX)
        draft.data["number"] = visit.number
        visit.save(force_insert=True)
        visit.wishes.set(wishes)
    return visit


def change(visit: Visit, values: Mapping[str, Any], *, by: Person) -> Visit:
    rules.may_edit(by, visit).or_raise()
    values = dict(values)
    wishes = values.pop("wishes", None)
    if values.get("kind") == Visit.Kind.PUBLIC:
        rules.is_desk(by).or_raise()
    with ledger.fact("visit.changed", visit, by=by, number=visit.number,
                     fields=sorted(values)):
        for name, value in values.items():
            setattr(visit, name, value)
        visit.save()
        if wishes is not None:
            visit.wishes.set(wishes)
    return visit


def confirm(visit: Visit, *, by: Person) -> Visit:
    """The visitors are told their routes."""
    return _step(visit, "confirm", "visit.confirmed", by=by, sequence=visit.sequence + 1)


def arrive(visit: Visit, *, by: Person) -> Visit:
    return _step(visit, "arrive", "visit.arrived", by=by)


def leave(visit: Visit, *, by: Person) -> Visit:
    return _step(visit, "leave", "visit.left", by=by)


def cancel(visit: Visit, *, by: Person, because: str = "") -> Visit:
    return _step(visit, "cancel", "visit.cancelled", by=by, sequence=visit.sequence + 1,
                 cancelled_because=because[:500])


def reopen(visit: Visit, *, by: Person) -> Visit:
    """Its groups and routes go; it can be changed and planned anew."""
    rules.may_reopen(by, visit).or_raise()
    with ledger.fact("visit.reopened", visit, by=by, number=visit.number):
        visit.take("reopen")
        visit.groups.all().delete()
    return visit


def _step(visit: Visit, step: str, fact: str, *, by: Person, **changes: Any) -> Visit:
    rules.BY_TRANSITION[step](by, visit).or_raise()
    with ledger.fact(fact, visit, by=by, number=visit.number, day=visit.day, kind=visit.kind,
                     people=visit.people):
        visit.take(step, **changes)
    return visit


BY_TRANSITION = {"confirm": confirm, "arrive": arrive, "leave": leave, "cancel": cancel,
                 "reopen": reopen}


# --- what there is to see, and who leads -------------------------------------------------------

def keep_station(values: Mapping[str, Any], *, by: Person,
                 station: Station | None = None) -> Station:
    rules.may_set_up(by).or_raise()
    kept = station or Station(position=Station.objects.count())
    with ledger.fact("station.changed" if station else "station.added", kept, by=by):
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save()
    return kept


def keep_guide(values: Mapping[str, Any], *, by: Person,
               guide: VisitGuide | None = None) -> VisitGuide:
    rules.may_set_up(by).or_raise()
    kept = guide or VisitGuide()
    with ledger.fact("guide.changed" if guide else "guide.added", kept, by=by):
        for name, value in values.items():
            setattr(kept, name, value)
        kept.save()
    return kept


def take_over_exhibits(*, by: Person) -> int:
    """A station for each exhibit on show that has none yet, through what the exhibition declares to
    the house's search. Returns how many are new. Minutes and places are the staff's to correct."""
    rules.may_set_up(by).or_raise()
    try:
        room = registry.room(EXHIBITION)
    except KeyError:
        raise Refused(_("This house has no exhibition.")) from None
    known = set(Station.objects.exclude(key=None).values_list("key", flat=True))
    last = Station.objects.count()
    new: list[Station] = []
    for entries in room.entries:
        documents = {document.id: document for document in entries.documents()}
        plates = entries.plates(list(documents), asker=None)
        for key, document in documents.items():
            name = f"{EXHIBITION}-{key}"
            if name in known or key not in plates:
                continue
            path = plates[key].url.lstrip("/").partition("/")[2]
            new.append(Station(
                key=name, address=path[:300], position=last + len(new),
                name=Text.of({document.lang: document.title, **document.titles},
                             source=document.lang, origin="house"),
                about=Text.of({document.lang: document.summary, **document.summaries},
                              source=document.lang, origin="house")))
    with ledger.fact("stations.taken_over", None, by=by, number=len(new)):
        for station in new:
            station.save(force_insert=True)
    return len(new)
