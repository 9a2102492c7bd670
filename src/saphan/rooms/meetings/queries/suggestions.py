"""Whom the house thinks that a party should meet, and why, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from saphan.design import formats
from saphan.ground.models import Work
from saphan.ground.text import reader_language
from saphan.house import ask
from saphan.house.wording.queries import chip
from saphan.rooms.meetings.models import Event, Guest, Party, Suggestion, Wish
from saphan.rooms.meetings.queries import people
from saphan.rooms.meetings.queries.people import Card
from saphan.rooms.meetings.rules.parties import ADMITTED

SHOWN = 10
NAME = "meetings.suggestions"


@dataclass(frozen=True)
class Reasons:
    """One direction: what one side seeks and the other offers. `grade` as in an answer of the
    house: 3 fits well, 2 in part, 1 comes near."""

    side: str
    fits: bool
    concepts: tuple[str, ...]
    missing: tuple[str, ...]
    requirements: tuple[ask.Requirement, ...]
    how: str
    seek: str
    offer: str

    @property
    def grade(self) -> int:
        if not self.fits:
            return 1
        failed = any(one.verdict == "not_met" for one in self.requirements)
        named = len(self.concepts) + len(self.missing)
        return 2 if failed or 2 * len(self.missing) > named else 3


@dataclass(frozen=True)
class Shown:
    """A suggestion as its reader sees it."""

    card: Card
    fit: float
    reasons: tuple[Reasons, ...]
    languages: tuple[str, ...]
    made: Any


def of_party(me: Party) -> list[Shown]:
    """The best for a party, without those with whom something stands already."""
    guests = Prefetch("other__guests", Guest.objects.order_by("position", "pk"))
    rows = list(me.suggestions.filter(other__state__in=ADMITTED).exclude(
        other__in=_met(me)).select_related(
            "other__organisation", "other__economy", "other__event", "other__delegation")
        .prefetch_related(guests)[:SHOWN])
    cards = people.cards([row.other for row in rows], me)
    said = ask.Wording(reader_language())
    return [Shown(card, row.fit, reasons(row.because, said),
                  tuple(formats.language_name(lang) for lang in row.languages), row.made)
            for row, card in zip(rows, cards, strict=True)]


def _met(me: Party) -> set[int]:
    """With whom there is a wish, whatever became of it."""
    return {invited if asker == me.pk else asker for asker, invited in Wish.objects.filter(
        Q(asker=me) | Q(invited=me)).values_list("asker_id", "invited_id")}


def reasons(because: Sequence[Mapping[str, Any]], said: ask.Wording | None = None
            ) -> tuple[Reasons, ...]:
    """Reasons in codes, as a suggestion or a wish keeps them, in the reader's words."""
    said = said or ask.Wording(reader_language())
    return tuple(Reasons(
        side=one["side"], fits=one.get("fits", True),
        concepts=tuple(chip(name, said.reader) for name in one.get("concepts", ())),
        missing=tuple(chip(name, said.reader) for name in one.get("missing", ())),
        requirements=tuple(ask.Requirement(
            name, str(ask.REQUIREMENT_LABELS.get(name, name)), said.value(name, wanted),
            said.value(name, found), verdict)
            for name, wanted, found, verdict in one.get("requirements", ())),
        how=one.get("how", "meaning"), seek=one.get("seek", ""), offer=one.get("offer", ""))
        for one in because)


def progress(event: Event) -> Work | None:
    """How far the suggestions of an event are; None if nobody asked for any yet."""
    return Work.objects.filter(name=NAME, owner=event.number).order_by("-pk").first()


def to_invite(parties: Sequence[Party]) -> dict[int, list[Suggestion]]:
    """For parties with few wishes: the best suggestions with whom nothing stands yet."""
    keys = [party.pk for party in parties]
    taken = {pair for low, high in Wish.objects.filter(
        Q(low__in=keys) | Q(high__in=keys)).values_list("low", "high")
        for pair in ((low, high), (high, low))}
    found: dict[int, list[Suggestion]] = {}
    for row in Suggestion.objects.filter(party__in=keys, other__state__in=ADMITTED).select_related(
            "other__organisation", "other__event", "other__economy").order_by(
                "party", "position"):
        best = found.setdefault(row.party_id, [])
        if (row.party_id, row.other_id) not in taken and len(best) < 3:
            best.append(row)
    return found
