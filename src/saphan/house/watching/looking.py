"""Which of some records fit which searches: in the way of asking the house, many at once."""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from saphan.design.plate import Plate
from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document, Filters, Match
from saphan.engines.matching.intent import SEEKS, intent
from saphan.engines.matching.standing import Standing, StandingMatcher
from saphan.ground import clock
from saphan.ground.models import Fact
from saphan.house import ask
from saphan.house.engine import engine, look_again
from saphan.house.indexing import entry_id, sources, split_id
from saphan.house.watching.models import Watch
from saphan.house.wording.queries import chip

log = logging.getLogger(__name__)

NEAREST = 200
"""Records of the whole house that one search is compared with when it is saved or tried."""
READ_KEPT = 5_000
_read: OrderedDict[tuple[Any, ...], Standing] = OrderedDict()
_read_with: object = None
_shown: dict[str, Callable[[Sequence[str]], dict[str, Plate]]] = {}


@dataclass(frozen=True)
class Fit:
    """A record that fits a search: its identifier in the index and its public plate."""

    watch: Watch
    entry: str
    score: float
    why: dict[str, Any]
    plate: Plate


def shows(prefix: str, drawn: Callable[[Sequence[str]], dict[str, Plate]]) -> None:
    """Register who draws the public plates of records that a room finds for its followers and that
    the house's search does not hold: those whose names begin with `prefix` (`newsroom.article.`),
    by the keys that follow it."""
    _shown[prefix] = drawn


def matcher() -> StandingMatcher:
    """The house's matcher, for standing questions. Raises `NotReady`."""
    look_again()
    return StandingMatcher.of(engine().matcher)


def filters_of(watch: Watch) -> Filters:
    def one(value: str) -> tuple[str, ...]:
        return (value,) if value else ()

    return Filters(rooms=one(watch.room), kinds=one(watch.kind), sectors=one(watch.sector),
                   economies=one(watch.economy), langs=one(watch.lang), exclude=one(watch.like),
                   valid_on=clock.today())


def read(watch: Watch, opened: StandingMatcher) -> Standing:
    """The search as the engine reads it; read again after a change of the search or of a term, and
    each day, because questions may speak of dates."""
    global _read_with
    if _read_with is not opened.terms:
        _read.clear()
        _read_with = opened.terms
    filters = filters_of(watch)
    key = (watch.question, filters, bool(watch.like))
    known = _read.get(key)
    if known is None:
        known = _read[key] = opened.read(watch.question, filters=filters, now=clock.today(),
                                         alike=bool(watch.like))
        if len(_read) > READ_KEPT:
            _read.popitem(last=False)
    return known


def vectors(watches: Sequence[Watch], questions: Sequence[Standing],
            opened: StandingMatcher) -> Vectors:
    """Float32 [searches, dimension]. A search is embedded once, and again only if another model or
    other terms would give it another vector."""
    model, size = opened.embedder.model_id, opened.embedder.dimension
    made = [hashlib.sha256(f"{model}\0{question.text}".encode()).hexdigest()
            for question in questions]
    missing = [place for place, watch in enumerate(watches)
               if questions[place].text and watch.vector_of != made[place]]
    for place in missing:
        watch = watches[place]
        watch.vector = opened.embed([questions[place]])[0].astype(np.float32).tobytes()
        watch.vector_of = made[place]
        if watch.pk:
            Watch.objects.filter(pk=watch.pk).update(vector=watch.vector, vector_of=made[place])
    rows = np.zeros((len(watches), size), np.float32)
    for place, watch in enumerate(watches):
        if questions[place].text:
            rows[place] = np.frombuffer(bytes(watch.vector), np.float32)
    return rows


def look(watches: Sequence[Watch], documents: Sequence[Document]) -> list[Fit]:
    """All pairs that fit. The documents must be in the index already. Raises `NotReady`."""
    opened = matcher()
    questions = [read(watch, opened) for watch in watches]
    pairs = [(place, match) for place, match in opened.judge(
        questions, vectors(watches, questions, opened), documents,
        floor=opened.weights.threshold) if fits(match, questions[place], opened)]
    return list(_with_plates(watches, questions, pairs))


def now(watch: Watch) -> list[Fit]:
    """What fits a search at this moment, best first; nothing for one that a room feeds. Raises
    `NotReady`."""
    if watch.fed_by:
        return []
    opened = matcher()
    question = read(watch, opened)
    pairs = [(0, match) for match in opened.answer(question, NEAREST).matches
             if fits(match, question, opened)]
    return list(_with_plates([watch], [question], pairs))


def lately(watch: Watch, *, days: int = 30) -> list[Fit]:
    """Of what fits now, the records that appeared or changed in the last `days`."""
    fitting = now(watch)
    types = {entry_id(room, entries, ""): entries.model._meta.label_lower
             for room, entries in sources()}
    keys: dict[str, list[str]] = {}
    for fit in fitting:
        prefix = fit.entry.removesuffix(split_id(fit.entry)[2])
        keys.setdefault(types.get(prefix, ""), []).append(split_id(fit.entry)[2])
    touched = {(kind, key) for kind, wanted in keys.items() for key in Fact.objects.filter(
        subject_type=kind, subject_id__in=wanted, at__gte=clock.now() - timedelta(days=days),
    ).values_list("subject_id", flat=True)}
    return [fit for fit in fitting if (
        types.get(fit.entry.removesuffix(split_id(fit.entry)[2]), ""),
        split_id(fit.entry)[2]) in touched]


def fits(match: Match, question: Standing, opened: StandingMatcher) -> bool:
    """As for an answer of the house, so that what a page calls fitting is told: good enough, and
    where the question names concepts and the record names none, only a much closer meaning does."""
    enough = opened.weights.threshold
    far = question.named and not match.why.concepts
    return match.score >= (max(enough, ask.WITHOUT_CONCEPTS) if far else enough)


def _with_plates(watches: Sequence[Watch], questions: Sequence[Standing],
                 pairs: Sequence[tuple[int, Match]]) -> Iterator[Fit]:
    """Only what everybody may see, and of it the side that the search is about."""
    shown = plates({match.id for _place, match in pairs})
    for place, match in pairs:
        plate = shown.get(match.id)
        if plate is not None and is_wanted(watches[place], plate.side):
            yield Fit(watches[place], match.id, match.score, why_of(match, questions[place]),
                      plate)


def is_wanted(watch: Watch, side: str) -> bool:
    """Whether a record of this side (offer, need or neither) is what the search is about."""
    if watch.side == Watch.Side.ANSWERS and watch.question:
        return side != ("need" if intent(watch.question) == SEEKS else "offer")
    return {Watch.Side.OFFERS: side == "offer", Watch.Side.NEEDS: side == "need"}.get(
        Watch.Side(watch.side), True)


def plates(names: Iterable[str]) -> dict[str, Plate]:
    """What everybody sees of records, by identifier in the index, in the active language. Also for
    the owner of a search: a letter and a feed may come into other hands."""
    wanted, found = set(names), dict[str, Plate]()
    for room, entries in sources():
        prefix = entry_id(room, entries, "")
        keys = [name.removeprefix(prefix) for name in wanted if name.startswith(prefix)]
        if keys:
            found |= {prefix + key: plate
                      for key, plate in entries.plates(keys, asker=None).items()}
    for prefix, drawn in _shown.items():
        keys = [name.removeprefix(prefix) for name in wanted if name.startswith(prefix)]
        if keys:
            found |= {prefix + key: plate for key, plate in drawn(keys).items()}
    return found


def why_of(match: Match, question: Standing) -> dict[str, Any]:
    """The reasons in codes, to be kept and said in any language."""
    return {"concepts": list(match.why.concepts),
            "missing": [name for name in question.named if name not in match.why.concepts],
            "requirements": [[wish.name, wish.wanted, wish.found, str(wish.verdict)]
                             for wish in match.why.requirements],
            "how": "meaning" if match.why.meaning or not question.text else "words"}


def hit(entry: str, score: float, why: dict[str, Any], plate: Plate, lang: str) -> ask.Hit:
    """A record that was found, with its reasons in words of `lang`."""
    said = ask.Wording(lang)
    return ask.Hit(
        key=split_id(entry)[2], room=split_id(entry)[0], score=score, plate=plate,
        concepts=tuple(chip(name, lang) for name in why.get("concepts", ())),
        missing=tuple(chip(name, lang) for name in why.get("missing", ())),
        requirements=tuple(
            ask.Requirement(name, str(ask.REQUIREMENT_LABELS.get(name, name)),
                            said.value(name, wanted), said.value(name, found), verdict)
            for name, wanted, found, verdict in why.get("requirements", ())),
        how=why.get("how", "meaning"))
