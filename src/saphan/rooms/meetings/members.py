"""Parties as the matching engine reads them: what they offer and seek, here and in the market.

The market's records come from the house's search index, where they lie read and embedded. Vectors
of what parties write are kept in a file beside it, by text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.db.models import Prefetch

from saphan.design.plate import Plate
from saphan.engines.matching.documents import Document
from saphan.engines.matching.kept import KeptVectors
from saphan.engines.matching.pairing import Member, Offer, Pairing, Seek
from saphan.ground import clock
from saphan.ground.text import Text
from saphan.house.engine import Engine, engine, look_again
from saphan.house.indexing import entry_id, sources
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.rules.parties import ADMITTED

RECORDS: Final = 3
"""Of each side of the market, the newest of an organisation."""
READ: Final = 600
"""Characters of a description that stand for its beginning; see `Document.passage`."""
AT_ONCE: Final = 400


def pairing() -> tuple[Pairing, Engine]:
    """The matcher of parties, with the model and the terms of this moment. Raises `NotReady`."""
    look_again()
    opened = engine()
    return Pairing.of(opened.matcher), opened  # type: ignore[return-value]


def kept(opened: Engine) -> KeptVectors:
    """The file of vectors of what parties write."""
    return KeptVectors(settings.HOME / "event-vectors.sqlite3",
                       model_id=opened.embedder.model_id, dimension=opened.embedder.dimension,
                       day=clock.today().isoformat())


def admitted(event: Event) -> list[Party]:
    guests = Prefetch("guests", Guest.objects.order_by("position", "pk"))
    return list(event.parties.filter(state__in=ADMITTED).select_related(
        "organisation", "economy").prefetch_related(guests).order_by("position"))


def members(event: Event, parties: Sequence[Party], opened: Engine) -> list[Member]:
    """The parties of an event with all that is known of what they offer and seek."""
    offers, seeks = _market(parties, opened)
    return [Member(
        key=party.pk, group=str(party.organisation_id), economy=party.economy_id,
        languages=spoken(event, party),
        offers=(*_own_offer(party), *offers[party.organisation_id]),
        seeks=(*_own_seek(party), *seeks[party.organisation_id])) for party in parties]


def spoken(event: Event, party: Party) -> frozenset[str]:
    """What somebody of the party speaks well enough for this event."""
    return frozenset(lang for guest in party.guests.all() for lang, level in guest.speaks.items()
                     if level >= event.language_level)


def document(party: Party) -> Document:
    """What a party offers, as a document."""
    words, lang = own(party.about, party.lang)
    return Document(
        id=str(party.pk), lang=lang or "en", title="", summary=words[:READ],
        description=words[READ:], economy=party.economy_id, sector=party.sector,
        organisation=str(party.organisation.name.best("en")),
        organisation_kind=party.organisation.kind)


def own(text: Text, lang: str) -> tuple[str, str]:
    """The words in the language they were written in, and that language."""
    source = text.source or lang
    return (text[source].text, source) if source in text else (str(text.best(lang or None)), lang)


def _own_offer(party: Party) -> tuple[Offer, ...]:
    return (Offer(document(party)),) if party.about else ()


def _own_seek(party: Party) -> tuple[Seek, ...]:
    words, lang = own(party.seeks, party.lang)
    return (Seek(words, lang),) if words else ()


def _market(parties: Sequence[Party], opened: Engine) -> tuple[
        dict[int, list[Offer]], dict[int, list[Seek]]]:
    """Public records of the parties' organisations, by organisation: offers, and needs."""
    offers: dict[int, list[Offer]] = defaultdict(list)
    seeks: dict[int, list[Seek]] = defaultdict(list)
    owners: dict[str, int] = {}
    plates: dict[str, Plate] = {}
    for room, entries in sources():
        keys = {key: party.organisation_id for party in parties
                for key in entries.of_organisation(str(party.organisation_id))[:4 * RECORDS]}
        names = list(keys)
        for start in range(0, len(names), AT_ONCE):
            part = names[start:start + AT_ONCE]
            for key, plate in entries.plates(part, asker=None).items():
                if plate.side:
                    plates[entry_id(room, entries, key)] = plate
                    owners[entry_id(room, entries, key)] = keys[key]
    for name, (record, vector) in _in_the_index(list(plates), opened).items():
        plate, owner = plates[name], owners[name]
        if plate.side == "offer" and len(offers[owner]) < RECORDS:
            offers[owner].append(Offer(record, plate.number, vector))
        elif plate.side == "need" and len(seeks[owner]) < RECORDS:
            seeks[owner].append(Seek(f"{record.title}\n{record.summary}", record.lang,
                                     plate.number))
    return offers, seeks


def _in_the_index(names: Sequence[str], opened: Engine) -> dict[str, tuple[Document, Any]]:
    found: dict[str, tuple[Document, Any]] = {}
    for start in range(0, len(names), AT_ONCE):
        part = names[start:start + AT_ONCE]
        records, vectors = opened.index.get_many(part), opened.index.vectors(part)
        found |= {name: (replace(records[name], description=""),
                         np.asarray(vectors[name], np.float32))
                  for name in part if name in records and name in vectors}
    return found


def search(question: str, parties: Iterable[Party]) -> list[int]:
    """Keys of the parties that a question in any language means, best first: by what they offer
    and seek. Raises `NotReady`."""
    matcher, opened = pairing()
    found = [(party.pk, text, lang) for party in parties
             for text, lang in (own(party.about, party.lang), own(party.seeks, party.lang)) if text]
    if not found:
        return []
    asked = matcher.read(question, "", now=clock.today())
    wanted = matcher.seek_vectors([asked], kept(opened), lambda done, total: None)
    offers = [Offer(Document(id="", lang=lang or "en", title="", summary=text[:READ],
                             description=text[READ:])) for _key, text, lang in found]
    given = matcher.offer_vectors(offers, kept(opened), lambda done, total: None)
    scores: dict[int, float] = {}
    for (key, text, lang), cosine in zip(found, (given @ wanted[0]).tolist(), strict=True):
        named = {hit.concept for hit in opened.terms.find(text, lang or None, nested=True)}
        share = sum(name in named for name in asked.named) / max(len(asked.named), 1)
        score = float(matcher.probability(cosine + matcher.weights.concepts * share))
        scores[key] = max(scores.get(key, 0.0), score)
    return [key for key, score in sorted(scores.items(), key=lambda one: (-one[1], one[0]))
            if score >= matcher.weights.threshold]
