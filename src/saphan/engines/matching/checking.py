"""Check one wish against a document: met, not met, or unknown because the document does not say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from saphan.engines.language.codes import canonical, family
from saphan.engines.language.normalise import fold
from saphan.engines.matching.documents import Document, Requirement, Verdict
from saphan.engines.matching.economies import canonical_economy
from saphan.engines.matching.quantities import Quantity, read_quantities
from saphan.engines.matching.stages import STAGES, canonical_stage
from saphan.engines.matching.units import comparable, is_price

_KINDS: Final = {
    "startup": "company", "sme": "company", "enterprise": "company", "business": "company",
    "firm": "company", "vendor": "company", "corporation": "company", "public_body": "government",
    "ministry": "government", "agency": "government", "public": "government", "ngo": "association",
    "cooperative": "association", "chamber": "association", "college": "university",
    "research_institute": "institute", "research_center": "institute",
    "research_centre": "institute", "laboratory": "institute", "lab": "institute",
    "person": "individual", "freelancer": "individual", "clinic": "hospital",
    "open_source_community": "community",
}  # fmt: skip
_GROUPS: Final = {"research": ("university", "institute"), "academia": ("university", "institute")}
_DISTINCT: Final = frozenset(
    {"company", "university", "institute", "government", "association", "individual", "community"}
)
"""Kinds of which an organisation is one only; a hospital may also be a company."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a text asks for: its name, and the values any of which would do.

    Names: `economy`, `not_economy`, `stage`, `language`, `partner_type`, `not_partner_type`,
    `open_to`, `deadline`, `open_on`, `number`, `feature`, `without`. Values of the last two are
    concepts of the term base.
    """

    name: str
    wanted: tuple[str, ...]
    strict: bool = False
    """Of an economy: it is the maker's home. Of a language: the thing itself works on language."""
    topic: str = ""
    """Of a number: what it measures, if the text says so."""


def kinds_of(value: str) -> tuple[str, ...]:
    """The house's kinds of organisation for a word that others use.

    >>> kinds_of("Start-up"), kinds_of("research"), kinds_of("guild")
    (('company',), ('university', 'institute'), ('guild',))
    """
    word = fold(value).strip().replace("-", "_").replace(" ", "_")
    word = word.replace("start_up", "startup")
    return _GROUPS.get(word, (_KINDS.get(word, word),)) if word else ()


def verdict(wish: Wish, found: Iterable[str] | str, met: bool | None) -> Requirement:
    """A requirement with what was found and whether that is enough."""
    said = found if isinstance(found, str) else ",".join(dict.fromkeys(filter(None, found)))
    verdicts = {True: Verdict.MET, False: Verdict.NOT_MET, None: Verdict.UNKNOWN}
    return Requirement(wish.name, ",".join(wish.wanted), said, verdicts[met])


def check_economy(wish: Wish, document: Document) -> Requirement:
    """Met where the maker is or where the offer may go.

    Where the maker's home is wanted, another home is not met, though unknown if the offer goes to
    the place wanted; where a place of use is, an offer for all places is unknown.
    """
    home = canonical_economy(document.economy) if document.economy else ""
    targets = tuple(canonical_economy(code) for code in document.target_economies)
    places = (home, *targets)
    if wish.strict:
        if not home or home in wish.wanted:
            return verdict(wish, places, True if home else None)
        return verdict(wish, places, None if set(targets) & set(wish.wanted) else False)
    if set(places) & set(wish.wanted):
        return verdict(wish, places, True)
    return verdict(wish, places, False if targets else None)


def check_not_economy(wish: Wish, document: Document) -> Requirement:
    """Not met where the maker's home is refused; where it sells does not matter."""
    home = canonical_economy(document.economy) if document.economy else ""
    return verdict(wish, home, (home not in wish.wanted) if home else None)


def check_stage(wish: Wish, document: Document) -> Requirement:
    """Met where the document's stage is one of those that would do."""
    stage = canonical_stage(document.stage)
    return verdict(wish, stage, stage in wish.wanted if stage in STAGES else None)


def check_partner(wish: Wish, document: Document) -> Requirement:
    """Met by the kind of the organisation; a hospital or investor that is named as something else
    stays unknown, for it may be both."""
    kinds = kinds_of(document.organisation_kind)
    if not kinds:
        return verdict(wish, "", None)
    met: bool | None = bool(set(kinds) & set(wish.wanted))
    if not met and not (set(wish.wanted) <= _DISTINCT and set(kinds) <= _DISTINCT):
        met = None
    if met is not None and wish.name == "not_partner_type":
        met = not met
    return verdict(wish, kinds, met)


def check_open_to(wish: Wish, document: Document) -> Requirement:
    """Met where the document names the kind among the partners that it looks for."""
    kinds = {kind for value in document.partner_types for kind in kinds_of(value)}
    shown = [kind for kind in document.partner_types if kind]
    return verdict(wish, shown, bool(kinds & set(wish.wanted)) if kinds else None)


def check_language(
    wish: Wish, declared: Sequence[str], named: Sequence[str], works: bool
) -> Requirement:
    """`declared`: the document's list of languages, which is final. `named`: those that its words
    name; `works`: it works on language itself, so that one for another language is not met."""
    wanted = {family(code) for code in wish.wanted}
    known = [canonical(code) for code in declared or named]
    if wanted & {family(code) for code in known}:
        return verdict(wish, known, True)
    if declared or (wish.strict and works and named):
        return verdict(wish, known, False)
    return verdict(wish, known, None)


def check_concept(wish: Wish, *, there: bool, lacking: bool) -> Requirement:
    """A feature is met where it is named as there. What must not be there is met only where the
    document says that it is not, and not met where it is named."""
    found = wish.wanted[0] if there else ""
    if wish.name == "feature":
        return verdict(wish, found, True if there else None)
    if there and not lacking:
        return verdict(wish, found, False)
    return verdict(wish, "", True if lacking else None)


def check_deadline(wish: Wish, document: Document) -> Requirement:
    """An answer that is no longer valid on the day by which it is needed does not help. That it
    still is valid then does not say that it is delivered by then: only people can."""
    valid = document.valid_until.isoformat() if document.valid_until else ""
    if valid and valid < wish.wanted[0]:
        return verdict(wish, valid, False)
    return verdict(wish, "", None)


def check_open_on(wish: Wish, document: Document) -> Requirement:
    """Met where an offer still stands on the day that something begins."""
    valid = document.valid_until.isoformat() if document.valid_until else ""
    return verdict(wish, valid, valid >= wish.wanted[0] if valid else None)


def check_number(wish: Wish, document: Document) -> Requirement:
    """Judged only against a number of the same kind, rate and topic; else shown, and unknown."""
    wanted = Quantity.parse(wish.wanted[0])
    stated = _stated(document)
    judged = [(q, _enough(wanted, q)) for q in stated if _same_thing(wanted, wish.topic, q)]
    for met in (True, False, None):
        for quantity, outcome in judged:
            if outcome is met:
                return verdict(wish, str(quantity), met)
    near = [q for q in stated if _alike(wanted, q)]
    return verdict(wish, str(near[0]) if near else "", None)


@lru_cache(2_000)
def _quantities_in(text: str, lang: str) -> tuple[Quantity, ...]:
    return read_quantities(text, lang)


def _stated(document: Document) -> list[Quantity]:
    found: list[Quantity] = []
    for lang, text in document.texts():
        found += _quantities_in(text, lang)
    if document.budget is not None and document.currency:
        found.append(Quantity(document.budget, document.currency.upper()))
    return list(dict.fromkeys(found))


def _same_thing(wanted: Quantity, topic: str, stated: Quantity) -> bool:
    if comparable(stated.unit, wanted.unit) is None:
        return False
    if is_price(wanted.unit) or "/" in wanted.unit:
        return True
    if wanted.unit == "%":
        return bool(topic) and topic == stated.topic
    return topic == stated.topic


def _alike(wanted: Quantity, stated: Quantity) -> bool:
    """Whether a stated number is worth showing beside the wanted one."""
    if is_price(wanted.unit):
        return is_price(stated.unit)
    unit, other = wanted.unit.partition("/")[0], stated.unit.partition("/")[0]
    return unit != "%" and comparable(other, unit) is not None


def _enough(wanted: Quantity, stated: Quantity) -> bool | None:
    """Whether a stated number is what is wanted; None where it may or may not be.

    A document's "up to" is what it can reach, its range what it can do, its "over" a lower bound.
    """
    factor = comparable(stated.unit, wanted.unit) or 1.0
    low, high = (bound * factor for bound in stated.bounds())
    least, most = wanted.bounds()
    if wanted.relation in (">=", ">"):
        if stated.relation in ("<=", "<", "-"):
            return high >= least
        if stated.relation in (">=", ">"):
            return True if low >= least else None
        return low >= least if wanted.relation == ">=" else low > least
    if wanted.relation in ("<=", "<"):
        return _small_enough(wanted, stated, low, high, most)
    inside = low <= most and high >= least
    if stated.relation in (">=", ">", "<=", "<"):
        return None if inside else False
    if wanted.relation in ("-", "~"):
        return inside
    return True if inside else None


def _small_enough(
    wanted: Quantity, stated: Quantity, low: float, high: float, most: float
) -> bool | None:
    if stated.relation in (">=", ">"):
        return False if low > most else None
    if stated.relation in ("<=", "<"):
        return True if high <= most else None
    if stated.relation == "-":
        return True if high <= most else (None if low <= most else False)
    value = high if stated.relation == "~" else low
    if stated.relation == "~":
        return True if value <= most else (None if low <= most else False)
    return value <= most if wanted.relation == "<=" else value < most
