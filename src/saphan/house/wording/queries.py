"""Questions about terms: what there is, what waits for a native speaker, who changed what."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from saphan.design.plate import Chip, Plate
from saphan.engines.language import codes, labels
from saphan.engines.language.terms import Concept, TermBase
from saphan.ground.text import reader_language
from saphan.house import engine
from saphan.house.indexing import entry_id, sources, split_id
from saphan.house.wording.models import TermChange

if TYPE_CHECKING:
    from saphan.people.models import Person

LETTERS_AT_MOST = 60
VOWELS_FIRST = "เแโใไເແໂໃໄ"  # written before the consonant by which Thai and Lao words are ordered


def label(concept: str, lang: str = "") -> str:
    """What readers of `lang` (default: the active language) call a concept; its identifier if it
    is gone."""
    terms = engine.terms()
    return terms.label(concept, lang or reader_language()) if concept in terms.concepts else concept


def known() -> Mapping[str, Concept]:
    """All concepts by identifier."""
    return engine.terms().concepts


def address(concept: str) -> str:
    """The path of a concept's page, in the active language."""
    return reverse("term", args=(concept,))


def chip(concept: str, lang: str = "") -> Chip:
    """A concept as a word that leads to its page."""
    known = concept in engine.terms().concepts
    return Chip(label(concept, lang), address(concept) if known else "")


def narrower(concept: str) -> list[str]:
    """The concepts that are kinds of this one, directly."""
    return sorted(known.id for known in engine.terms().concepts.values()
                  if concept in known.broader)


# Looking up


@dataclass(frozen=True)
class Found:
    """A concept that a search found: by which label, in which language."""

    concept: Concept
    label: str
    lang: str


@lru_cache(maxsize=2)
def _searchable(terms: TermBase) -> list[tuple[str, Concept, str, str]]:
    return [(labels.key(word), concept, word, lang) for concept in terms.concepts.values()
            for lang, words in concept.labels.items() for word in words]


def search(text: str, *, lang: str = "") -> list[Found]:
    """Concepts one of whose labels, in any language, holds the text: the same word first, then
    beginnings, then the rest; each concept once. `lang`: only labels in this language."""
    wanted, best = labels.key(text), dict[str, tuple[int, int, Found]]()
    if not wanted:
        return []
    for key, concept, word, code in _searchable(engine.terms()):
        if wanted in key and (not lang or code == lang):
            rank = 0 if key == wanted else 1 if key.startswith(wanted) else 2
            known = best.get(concept.id)
            if known is None or (rank, len(key)) < known[:2]:
                best[concept.id] = (rank, len(key), Found(concept, word, code))
    return [found for _rank, _length, found in sorted(
        best.values(), key=lambda row: (row[0], row[1], row[2].concept.id))]


def letter_of(word: str) -> str:
    """The letter under which a word stands in a list: without marks, in capitals."""
    plain = unicodedata.normalize("NFD", word.lstrip("("))
    if len(plain) > 1 and plain[0] in VOWELS_FIRST:
        plain = plain[1:]
    first = plain[:1].upper()
    return first if first.isalpha() else "#"


def letter_language(lang: str) -> str:
    """Whose letters a reader of `lang` looks words up by. Chinese characters are no alphabet: her
    list goes by the English words."""
    return "en" if codes.family(lang) == "zh" else lang


def letters(lang: str) -> list[tuple[str, int]]:
    """First letters of the concepts' labels in a language, with how many each has."""
    counted = Counter(letter_of(label(name, letter_language(lang)))
                      for name in engine.terms().concepts)
    return sorted(counted.items())[:LETTERS_AT_MOST]


def concepts(*, sector: str = "", letter: str = "", lang: str = "") -> list[Concept]:
    """Concepts in the order of their labels in `lang`, narrowed to a field and a letter."""
    reader = letter_language(lang or reader_language())
    found = [(label(known.id, reader), known) for known in engine.terms().concepts.values()
             if not sector or known.sector == sector]
    if letter:
        found = [row for row in found if letter_of(row[0]) == letter]
    return [known for _word, known in sorted(found, key=lambda row: (
        letter_of(row[0]), labels.key(row[0]), row[1].id))]


def sectors() -> list[tuple[str, int]]:
    """Fields with how many concepts each has, the largest first."""
    return Counter(known.sector or "general"
                   for known in engine.terms().concepts.values()).most_common()


@dataclass(frozen=True)
class Coverage:
    """One language of the term base: concepts with words in it, and those to be checked."""

    lang: str
    concepts: int
    unsure: int


def coverage() -> list[Coverage]:
    have, unsure = Counter[str](), Counter[str]()
    for known in engine.terms().concepts.values():
        have.update(known.labels.keys())
        unsure.update(known.unsure)
    return [Coverage(code, have[code], unsure[code]) for code in codes.CODES if have[code]]


def to_review(lang: str) -> list[Concept]:
    """Concepts whose words in this language wait for a native speaker, by identifier."""
    return sorted((known for known in engine.terms().concepts.values() if lang in known.unsure),
                  key=lambda known: known.id)


def records(concept: str, *, asker: Person | None, limit: int = 50) -> tuple[list[Plate], int]:
    """What the asker may see of the records that name a concept or a kind of it, those that name
    it most plainly first; and how many there are. Raises `NotReady`."""
    found = engine.engine().index.by_concept({concept: 1.0})
    order = sorted(found, key=lambda name: (-found[name][concept], name))
    shown: dict[str, Plate] = {}
    wanted = order[:limit]
    for room, entries in sources():
        keys = {split_id(name)[2]: name for name in wanted
                if name == entry_id(room, entries, split_id(name)[2])}
        plates = entries.plates(list(keys), asker=asker) if keys else {}
        shown |= {keys[key]: plate for key, plate in plates.items()}
    return [shown[name] for name in wanted if name in shown], len(order)


# Changes


def head() -> int:
    """The number of the latest change that counts; 0 before the first."""
    return TermChange.objects.aggregate(top=Max("applied"))["top"] or 0


def newest_of(concept: str) -> TermChange | None:
    return TermChange.objects.filter(concept=concept, applied__isnull=False).order_by(
        "-applied").first()


def newest_by_concept(concepts: Iterable[str]) -> dict[str, int]:
    """The key of the latest change that counts, for each of these concepts."""
    return dict(TermChange.objects.filter(
        concept__in=set(concepts), applied__isnull=False).order_by("applied").values_list(
            "concept", "pk"))


def waiting() -> QuerySet[TermChange]:
    """Proposals, the longest waiting first."""
    return TermChange.objects.filter(state=TermChange.State.PROPOSED).select_related(
        "person").order_by("proposed", "pk")


def history(concept: str = "") -> QuerySet[TermChange]:
    """What was decided, the latest first; of one concept or of all."""
    found = TermChange.objects.exclude(state__in=[
        TermChange.State.PROPOSED, TermChange.State.TAKEN_BACK]).select_related("undone_by")
    if concept:
        found = found.filter(concept=concept)
    return found.order_by("-decided", "-pk")


def proposals_of(person: Person, concept: str = "") -> QuerySet[TermChange]:
    found = TermChange.objects.filter(person=person).order_by("-proposed", "-pk")
    return found.filter(concept=concept) if concept else found


def same_proposal(change: TermChange) -> bool:
    """Whether the very same waits already."""
    return any(other.after == change.after and other.reviewed == change.reviewed
               for other in TermChange.objects.filter(
                   state=TermChange.State.PROPOSED, concept=change.concept, act=change.act,
                   lang=change.lang))


def taken_identifiers() -> set[str]:
    """Identifiers that a new concept cannot have: in use, once used, or proposed."""
    return {*engine.terms().concepts, *TermChange.objects.filter(
        ~Q(state=TermChange.State.DECLINED)).values_list("concept", flat=True)}
