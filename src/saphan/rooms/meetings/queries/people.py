"""Who takes part, for those who take part: what each offers and seeks, and where we stand with it.

No e-mail address leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from saphan.design import formats
from saphan.design.plate import Plate
from saphan.engines.matching.index import IndexDamaged, IndexUnavailable
from saphan.house.engine import NotReady
from saphan.house.vocabulary import Sector
from saphan.house.wording.queries import chip
from saphan.people.models import Economy, Person
from saphan.rooms.meetings import languages, members
from saphan.rooms.meetings.models import Event, Guest, Party, Wish
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.queries.parties import RELATED
from saphan.rooms.meetings.rules import wishes as rules
from saphan.rooms.meetings.rules.parties import ADMITTED

CONCEPTS_SHOWN = 6


@dataclass(frozen=True)
class Card:
    """A party as another one sees it. `wish` is what stands between it and the reader's party."""

    party: Party
    plate: Plate
    seeks: Any
    guests: tuple[tuple[str, str], ...]
    """Name and function."""
    spoken: tuple[str, ...]
    wish: Wish | None
    is_mine: bool

    @property
    def url(self) -> str:
        return self.plate.url


def visible_to(event: Event, person: Person | None) -> QuerySet[Party]:
    """Those who were admitted. Raises `NotFound` for who may not know who takes part."""
    if not rules.may_see_participants(person, event):
        raise NotFound(event.number)
    guests = Prefetch("guests", Guest.objects.order_by("position", "pk"))
    return (event.parties.filter(state__in=ADMITTED).select_related(*RELATED)
            .prefetch_related(guests).order_by("position"))


def participant(event: Event, position: int, *, asker: Person | None) -> Party:
    """One who was admitted, by its position. Raises `NotFound`."""
    found = visible_to(event, asker).filter(position=position).first()
    if found is None:
        raise NotFound(f"{event.number}/{position}")
    return found


@dataclass(frozen=True)
class Found:
    """What a search gave. `complete` is false where meanings could not be compared."""

    parties: list[Party]
    complete: bool = True


def search(event: Event, person: Person | None, *, text: str = "", economy: str = "",
           sector: str = "", lang: str = "") -> Found:
    """Those who fit the filters: by position, or with a text by how well they fit it."""
    rows = visible_to(event, person)
    if economy:
        rows = rows.filter(economy_id=economy)
    if sector:
        rows = rows.filter(sector=sector)
    parties = list(rows)
    if lang:
        parties = [party for party in parties if lang in _spoken(party)]
    return _by_text(text, parties) if text.strip() else Found(parties)


def _by_text(text: str, parties: list[Party]) -> Found:
    """First those whose name holds the text, then those that mean it in any language."""
    wanted = text.casefold().strip()
    named = [party for party in parties if wanted in _names(party)]
    known = {party.pk: party for party in parties}
    try:
        meant = [known[key] for key in members.search(text[:500], parties)]
        complete = True
    except (NotReady, IndexDamaged, IndexUnavailable):
        meant = [party for party in parties if any(
            wanted in words.casefold() for value in (party.about, party.seeks)
            for words in value.plain().values())]
        complete = False
    return Found(list(dict.fromkeys([*named, *meant])), complete)


def _names(party: Party) -> str:
    return "\n".join([*party.organisation.name.plain().values(),
                      *(guest.name for guest in party.guests.all())]).casefold()


def _spoken(party: Party) -> dict[str, int]:
    """Languages of its people, each with the best level."""
    best: dict[str, int] = {}
    for guest in party.guests.all():
        for lang, level in guest.speaks.items():
            best[lang] = max(level, best.get(lang, 0))
    return best


def filters_of(event: Event) -> dict[str, list[tuple[str, Any]]]:
    """What can be chosen: economies, sectors and languages that occur."""
    rows = event.parties.filter(state__in=ADMITTED)
    economies = Economy.objects.filter(code__in=rows.values("economy_id"))
    there = set(rows.values_list("sector", flat=True))
    spoken = {lang for speaks in Guest.objects.filter(party__in=rows).values_list(
        "speaks", flat=True) for lang in speaks}
    return {"economy": sorted(((each.code, str(each.name.best())) for each in economies),
                              key=lambda row: row[1]),
            "sector": [row for row in Sector.choices if row[0] in there],
            "lang": [row for row in languages.choices() if row[0] in spoken]}


def cards(parties: Sequence[Party], mine: Party | None) -> list[Card]:
    """Parties as `mine` (None: the staff) sees them."""
    wishes = wishes_with(mine, parties)
    return [Card(party=party, plate=plate_of(party), seeks=party.seeks.best()
                 if party.seeks else None,
                 guests=tuple((guest.name, guest.function) for guest in party.guests.all()),
                 spoken=tuple(formats.language_name(lang) for lang, _level in sorted(
                     _spoken(party).items(), key=lambda one: (-one[1], one[0]))),
                 wish=wishes.get(party.pk), is_mine=mine is not None and mine.pk == party.pk)
            for party in parties]


def wishes_with(mine: Party | None, parties: Iterable[Party]) -> dict[int, Wish]:
    """The wishes between a party and others, by the others' keys."""
    if mine is None:
        return {}
    keys = [party.pk for party in parties]
    return {wish.invited_id if wish.asker_id == mine.pk else wish.asker_id: wish
            for wish in Wish.objects.filter(
                Q(asker=mine, invited__in=keys) | Q(invited=mine, asker__in=keys))}


def plate_of(party: Party, *, summary: bool = True) -> Plate:
    """A party's museum label in the reader's language."""
    return Plate(
        number=f"{party.event.number}-{party.position:03d}",
        title=party.organisation.name.best(), url=address(party),
        kind=party.organisation.get_kind_display(), wing="match", room=pgettext("room", "Meetings"),
        economy=str(party.economy.name.best()), economy_code=party.economy_id,
        summary=party.about.best() if summary and party.about else None,
        concepts=tuple(chip(name) for name in party.concepts[:CONCEPTS_SHOWN]),
        example=party.event.example, facts=((_("Sector"), Sector(party.sector).label),))


def address(party: Party) -> str:
    """The page of one participant, for the others."""
    return reverse("meetings:participant", args=[party.event.number, party.position])
