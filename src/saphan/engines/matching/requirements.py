"""Read what a text requires, in any language of the house, and check documents against it.

Kept apart from the ranking so that every verdict can be shown and explained: met, not met, or
unknown because the document does not say. What is read is listed at `Wish`; how, in the modules
for places, tongues, wishes, dates and quantities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from saphan.engines.language.codes import UNDETERMINED, canonical
from saphan.engines.language.terms import Concept, Hit, TermBase
from saphan.engines.matching import checking
from saphan.engines.matching.checking import Wish
from saphan.engines.matching.clauses import SPACED, Clues, Sentence
from saphan.engines.matching.dates import read_dates
from saphan.engines.matching.documents import Document, Requirement
from saphan.engines.matching.places import read_places
from saphan.engines.matching.quantities import find_quantities
from saphan.engines.matching.stages import STAGES
from saphan.engines.matching.tongues import named_language, read_tongues
from saphan.engines.matching.units import is_price
from saphan.engines.matching.wishes import (
    is_beside,
    read_features,
    read_lacking,
    read_partners,
    read_stages,
)

__all__ = ["STAGES", "WISHES_DIRECTORY", "RequirementReader", "Wish"]

WISHES_DIRECTORY: Final = Path(__file__).parent / "data" / "wishes"

TEXTS_KEPT: Final = 2_000
"""Texts of documents whose reading is kept in memory."""

_SHORT: Final = 30
"""Characters of a text in which any number counts; half of that in unspaced scripts."""
_DESCRIBING: Final = frozenset({"s", "min", "hour", "pcs", "%"})
"""Units of numbers that count only with a relation such as 'at least'."""


class RequirementReader:
    """Reads wishes and checks them. Thread-safe.

    `economies` brings more names, such as those the installation shows: code to names. `terms` is
    the term base in which things that must not be there are found; the house's own by default.
    """

    def __init__(
        self,
        economies: Mapping[str, Iterable[str]] | None = None,
        terms: TermBase | None = None,
    ) -> None:
        self._economies = _load("economies", "places")
        if economies:
            self._economies.extend(_as_concepts(economies))
        self._languages = _load("languages")
        self._bare_languages = _load("tongues")
        self._stages = _load("stages")
        self._partners = _load("partners")
        self._features = _load("features")
        self._lackable = _load("lacking")
        self._clues = Clues()
        self._given_terms = terms
        # The same documents are checked again and again: what their texts say is kept.
        self._tongues_in = lru_cache(TEXTS_KEPT)(self._read_tongues_in)
        self._concepts_in = lru_cache(TEXTS_KEPT)(self._read_concepts_in)

    @cached_property
    def _terms(self) -> TermBase:
        return self._given_terms or TermBase.load()

    # -- reading ---------------------------------------------------------------------------

    def read(self, text: str, lang: str, now: date) -> tuple[Wish, ...]:
        """The wishes of a text; `lang` its language, `now` the day relative dates start from."""
        sentence = self._sentence(text, lang)
        tongues = read_tongues(sentence, self._languages, self._bare_languages)
        wishes = self._read_places_and_partners(sentence, tongues)
        stages = read_stages(sentence, self._stages)
        if stages:
            wishes.append(Wish("stage", stages))
        works = bool(sentence.cues("speech"))
        wishes += [Wish("language", (code,), strict=works) for code in _unique(tongues)
                   if not _is_refused(sentence, tongues, code)]  # fmt: skip
        features = read_features(sentence, self._features)
        wishes += [Wish("feature", (code,)) for code in _unique(features)]
        wishes += [Wish("without", (code,)) for code in self._lacking(sentence, tongues)]
        for due in read_dates(text, lang, now):
            wishes.append(Wish("open_on" if due.opens else "deadline", (due.day.isoformat(),)))
        wishes += _read_numbers(sentence)
        return tuple(dict.fromkeys(wishes))

    def excluded(self, text: str, lang: str) -> tuple[str, ...]:
        """The concepts that a text says must not be there; they are no reason for a match."""
        sentence = self._sentence(text, lang)
        tongues = read_tongues(sentence, self._languages, self._bare_languages)
        return self._lacking(sentence, tongues)

    def _lacking(self, sentence: Sentence, tongues: Sequence[Hit]) -> tuple[str, ...]:
        """Concepts refused, without what is read as a place, a stage or another wish already."""
        if not any(sentence.cues(name) for name in ("no", "lack", "no_after")):
            return ()
        taken = list(tongues)
        for base in (self._economies, self._stages, self._partners, self._features):
            taken += base.find(sentence.text, sentence.lang)
        hits = read_lacking(sentence, (self._terms, self._lackable), taken)
        return tuple(_unique(hits))

    def _sentence(self, text: str, lang: str) -> Sentence:
        return Sentence(text, lang, self._clues.find(text, lang))

    def _read_places_and_partners(
        self, sentence: Sentence, tongues: Sequence[Hit]
    ) -> list[Wish]:
        wishes = []
        places = read_places(sentence, self._economies, tongues)
        if places.wanted:
            makers = self._partners.find(sentence.text, sentence.lang)
            home = any(is_beside(sentence, hit, places.wanted_hits) for hit in makers)
            wishes.append(Wish("economy", places.wanted, strict=places.origin or home))
        if places.refused:
            wishes.append(Wish("not_economy", places.refused))
        sought, refused, open_to = read_partners(
            sentence, self._partners, places.wanted_hits, places.refused_hits
        )
        named = {"partner_type": sought, "not_partner_type": refused, "open_to": open_to}
        wishes += [Wish(name, kinds) for name, kinds in named.items() if kinds]
        return wishes

    # -- checking --------------------------------------------------------------------------

    def check(self, wishes: Sequence[Wish], document: Document) -> tuple[Requirement, ...]:
        """What the document says about each wish, in the order of the wishes."""
        return tuple(self._check(wish, document) for wish in wishes)

    def _check(self, wish: Wish, document: Document) -> Requirement:
        if wish.name == "language":
            return self._check_language(wish, document)
        if wish.name in ("feature", "without"):
            return self._check_concept(wish, document)
        return _CHECKS[wish.name](wish, document)

    def _check_language(self, wish: Wish, document: Document) -> Requirement:
        declared = [code for code in map(_language_code, document.languages) if code]
        named: dict[str, None] = {}
        works = False
        if not declared:
            for lang, text in document.texts():
                found, speech = self._tongues_in(text, lang)
                named |= dict.fromkeys(found)
                works = works or speech
        return checking.check_language(wish, declared, list(named), works)

    def _read_tongues_in(self, text: str, lang: str) -> tuple[tuple[str, ...], bool]:
        """The languages that a text names, and whether it is about speech, text or translation."""
        sentence = self._sentence(text, lang)
        hits = read_tongues(sentence, self._languages, self._bare_languages)
        return tuple(_unique(hits)), bool(sentence.cues("speech"))

    def _check_concept(self, wish: Wish, document: Document) -> Requirement:
        """Whether the document's words name a concept, and whether as there or as not there."""
        concept = wish.wanted[0]
        named = concept in document.concepts
        lacked = False
        for lang, text in document.texts():
            there, lacking = self._concepts_in(text, lang, wish.name == "feature")
            named, lacked = named or concept in there, lacked or concept in lacking
        return checking.check_concept(wish, there=named, lacking=lacked)

    def _read_concepts_in(
        self, text: str, lang: str, features: bool
    ) -> tuple[frozenset[str], frozenset[str]]:
        """The concepts a text names as there, and those it names as not there."""
        sentence = self._sentence(text, lang)
        hits = (self._features if features else self._terms).find(text, lang, nested=True)
        lacking = {hit for hit in hits if sentence.lacks(hit, hits, phrase=features)}
        there = frozenset(hit.concept for hit in hits if hit not in lacking)
        lacking |= {hit for hit in self._lackable.find(text, lang) if sentence.lacks(hit)}
        return there, frozenset(hit.concept for hit in lacking)


def _load(*names: str) -> TermBase:
    return TermBase.load(*(WISHES_DIRECTORY / f"{name}.txt" for name in names))


def _as_concepts(economies: Mapping[str, Iterable[str]]) -> list[Concept]:
    # A name counts in every language: it is written under the one that all texts are searched for.
    return [Concept(code.lower(), labels={"en": tuple(names)}) for code, names in economies.items()]


def _unique(hits: Iterable[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.concept for hit in hits))


def _is_refused(sentence: Sentence, tongues: Sequence[Hit], code: str) -> bool:
    return all(sentence.is_shut_out(hit, tongues) for hit in tongues if hit.concept == code)


def _language_code(value: str) -> str:
    """The code of a language given as a tag or as a name; empty if it is not known."""
    code = canonical(value)
    return named_language(value) if code == UNDETERMINED else code


def _read_numbers(sentence: Sentence) -> list[Wish]:
    """Numbers that are wanted: those with a relation, and bare ones that are asked for. A bare one
    that tells what the asker has, or of a time or count that is not a rate, is not."""
    return [
        Wish("number", (str(quantity),), topic=quantity.topic)
        for start, quantity in find_quantities(sentence.text, sentence.lang)
        if quantity.relation or _is_asked_for(sentence, Hit("", start, start), quantity.unit)
    ]


def _is_asked_for(sentence: Sentence, hit: Hit, unit: str) -> bool:
    if unit in _DESCRIBING or sentence.before("have", hit, 40):
        return False
    asked = any(cue.end <= hit.start for cue in sentence.cues("seek"))
    short = _SHORT if sentence.lang in SPACED else _SHORT // 2
    if len(sentence.text) <= short or asked or sentence.after("seek", hit):
        return True
    return (is_price(unit) or "/" in unit) and not sentence.before("self", hit, 40)


_CHECKS: Final = {
    "economy": checking.check_economy,
    "not_economy": checking.check_not_economy,
    "stage": checking.check_stage,
    "partner_type": checking.check_partner,
    "not_partner_type": checking.check_partner,
    "open_to": checking.check_open_to,
    "deadline": checking.check_deadline,
    "open_on": checking.check_open_on,
    "number": checking.check_number,
}
