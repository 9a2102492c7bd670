"""Read what a text requires, in any language of the house, and check documents against it.

Kept apart from the ranking so that every verdict can be shown and explained: met, not met, or
unknown because the document does not say. What is read: economy, stage, language, kind of
partner, deadline, and numbers with a unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from saphan.engines.language.codes import family
from saphan.engines.language.terms import Concept, Hit, TermBase
from saphan.engines.matching.dates import read_deadline
from saphan.engines.matching.documents import Document, Requirement, Verdict
from saphan.engines.matching.quantities import Quantity, read_quantities

WISHES_DIRECTORY: Final = Path(__file__).parent / "data" / "wishes"
STAGES: Final = ("concept", "under_development", "lab_tested", "demonstration", "on_the_market")

_SELF_REACH: Final = 18
"""Characters between a word like 'our' and a name that is then taken for the asker's own."""
_CLAUSE_END: Final = re.compile(r"[.!?;。！？；၊។\n]|, ?| - ")
_VERB_LAST: Final = frozenset({"my", "ta"})
_SUBJECT_MARKS: Final = ("သည်", "က ", "၏", "မှ ")
_NOUNS_EN: Final = (
    "company|companies|firm|firms|partner|partners|market|markets|university|universities"
    "|supplier|suppliers|buyer|buyers|manufacturer|manufacturers|factory|factories|hospital"
    "|hospitals|farm|farms|farmers|institute|institutes|customer|customers|vendor|vendors"
    "|distributor|distributors|investor|investors|port|ports|government|agency|importer|importers"
    "|exporter|exporters|start-?ups?|cooperatives?|school|schools"
)
_ADJECTIVES_EN: Final = {
    "thai": "TH", "chinese": "CN", "vietnamese": "VN", "lao": "LA", "laotian": "LA",
    "cambodian": "KH", "burmese": "MM", "malaysian": "MY", "indonesian": "ID", "filipino": "PH",
    "philippine": "PH", "singaporean": "SG", "bruneian": "BN", "timorese": "TL",
    "taiwanese": "TW", "macanese": "MO",
}  # fmt: skip
_NOUNS_PT: Final = (
    "empresas?|parceir[oa]s?|mercados?|universidades?|fornecedor(?:es)?|fábricas?|hospita(?:l|is)"
    "|compradores?|clientes?|agricultor(?:es)?|investidor(?:es)?|fabricantes?|institutos?"
)
_ADJECTIVES_PT: Final = {
    "tailandes[ae]s?|tailandês": "TH", "chines[ae]s?|chinês": "CN", "vietnamitas?": "VN",
    "laosian[oa]s?": "LA", "cambojan[oa]s?": "KH", "birmanes[ae]s?|birmanês": "MM",
    "malai[oa]s?|malasi[oa]s?": "MY", "indonési[oa]s?": "ID", "filipin[oa]s?": "PH",
    "singapurian[oa]s?": "SG", "timorenses?": "TL", "macaenses?": "MO",
    "taiwanes[ae]s?|taiwanês": "TW",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a text asks for: its name, and the values any of which would do."""

    name: str
    wanted: tuple[str, ...]


class RequirementReader:
    """Reads wishes and checks them. Thread-safe.

    `economies` brings more names, such as those the installation shows: code to names.
    """

    def __init__(self, economies: Mapping[str, Iterable[str]] | None = None) -> None:
        self._economies = _load("economies")
        if economies:
            self._economies.extend(_as_concepts(economies))
        self._languages = _load("languages")
        self._stages = _load("stages")
        self._partners = _load("partners")
        self._cues = _load("cues")

    # -- reading ---------------------------------------------------------------------------

    def read(self, text: str, lang: str, now: date) -> tuple[Wish, ...]:
        """The wishes of a text; `lang` its language, `now` the day relative dates start from."""
        languages = self._languages.find(text, lang)
        cues = self._cues.find(text, lang)
        wishes: list[Wish] = []
        economies = self._read_economies(text, lang, languages, cues)
        if economies:
            wishes.append(Wish("economy", economies))
        stages = self._stages.find(text, lang)
        if stages:
            wishes.append(Wish("stage", (stages[0].concept,)))
        wishes += [Wish("language", (code,)) for code in _unique(languages)]
        partners = self._read_partners(text, lang, cues)
        if partners:
            wishes.append(Wish("partner_type", partners))
        deadline = read_deadline(text, lang, now)
        if deadline:
            wishes.append(Wish("deadline", (deadline.isoformat(),)))
        wishes += [Wish("number", (str(quantity),)) for quantity in read_quantities(text)]
        return tuple(wishes)

    def _read_economies(
        self, text: str, lang: str, languages: Sequence[Hit], cues: Sequence[Hit]
    ) -> tuple[str, ...]:
        named = [
            hit
            for hit in self._economies.find(text, lang)
            if not any(language.start <= hit.start < language.end for language in languages)
            and not _is_self(text, hit, cues)
        ]
        codes = [hit.concept.upper() for hit in named]
        if lang == "en":
            pattern = rf"\b({'|'.join(_ADJECTIVES_EN)})\s+(?:[\w-]+\s+)?(?:{_NOUNS_EN})\b"
            for match in re.finditer(pattern, text, re.IGNORECASE):
                hit = Hit("", match.start(), match.end())
                if not _is_self(text, hit, cues):
                    codes.append(_ADJECTIVES_EN[match.group(1).lower()])
        if lang == "pt":
            for adjective, code in _ADJECTIVES_PT.items():
                if re.search(rf"\b(?:{_NOUNS_PT})\s+(?:{adjective})\b", text, re.IGNORECASE):
                    codes.append(code)
        return tuple(dict.fromkeys(codes))

    def _read_partners(self, text: str, lang: str, cues: Sequence[Hit]) -> tuple[str, ...]:
        """Kinds of partner that are looked for; the asker's own kind is left aside."""
        seeking = [hit for hit in cues if hit.concept == "seek"]
        found = []
        for hit in self._partners.find(text, lang):
            if lang in _VERB_LAST:
                sought = any(cue.start >= hit.end for cue in seeking)
                sought = sought and not text[hit.end :].startswith(_SUBJECT_MARKS)
            else:
                before = [cue for cue in seeking if cue.end <= hit.start]
                sought = bool(before) and not _ended(text[before[-1].end : hit.start])
            if sought and not _is_self(text, hit, cues):
                found.append(hit.concept)
        return tuple(dict.fromkeys(found))

    # -- checking --------------------------------------------------------------------------

    def check(self, wishes: Sequence[Wish], document: Document) -> tuple[Requirement, ...]:
        """What the document says about each wish, in the order of the wishes."""
        return tuple(self._check(wish, document) for wish in wishes)

    def _check(self, wish: Wish, document: Document) -> Requirement:
        if wish.name == "economy":
            return _check_economy(wish, document)
        if wish.name == "stage":
            return _check_stage(wish, document)
        if wish.name == "partner_type":
            kind = document.organisation_kind
            return _verdict(wish, kind, (kind in wish.wanted) if kind else None)
        if wish.name == "language":
            return self._check_language(wish, document)
        if wish.name == "deadline":
            return _check_deadline(wish, document)
        return _check_number(wish, document)

    def _check_language(self, wish: Wish, document: Document) -> Requirement:
        wanted = {family(code) for code in wish.wanted}
        known = document.languages or self._languages_named(document)
        if wanted & {family(code) for code in known}:
            return _verdict(wish, ",".join(known), True)
        return _verdict(wish, ",".join(known), False if document.languages else None)

    def _languages_named(self, document: Document) -> tuple[str, ...]:
        found: list[str] = []
        for lang, text in document.texts():
            found += _unique(self._languages.find(text, lang))
        return tuple(dict.fromkeys(found))


def _load(name: str) -> TermBase:
    return TermBase.load(WISHES_DIRECTORY / f"{name}.txt")


def _as_concepts(economies: Mapping[str, Iterable[str]]) -> list[Concept]:
    # A name counts in every language: it is written under the one that all texts are searched for.
    return [Concept(code.lower(), labels={"en": tuple(names)}) for code, names in economies.items()]


def _unique(hits: Iterable[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.concept for hit in hits))


def _is_self(text: str, hit: Hit, cues: Sequence[Hit]) -> bool:
    """Whether a word like 'our' shortly before, in the same clause, makes a name the asker's."""
    for cue in cues:
        gap = hit.start - cue.end
        if cue.concept == "self" and 0 <= gap <= _SELF_REACH:
            between = [c for c in cues if c.concept == "seek" and cue.end <= c.start < hit.start]
            if not between and not _ended(text[cue.end : hit.start]):
                return True
    return False


def _ended(between: str) -> bool:
    return bool(_CLAUSE_END.search(between))


def _verdict(wish: Wish, found: str, met: bool | None) -> Requirement:
    verdict = {True: Verdict.MET, False: Verdict.NOT_MET, None: Verdict.UNKNOWN}[met]
    return Requirement(wish.name, ",".join(wish.wanted), found, verdict)


def _check_economy(wish: Wish, document: Document) -> Requirement:
    """Met where the organisation is or where the offer may go; unknown for one meant for all."""
    places = tuple(dict.fromkeys(filter(None, (document.economy, *document.target_economies))))
    if set(places) & set(wish.wanted):
        return _verdict(wish, ",".join(places), True)
    return _verdict(wish, ",".join(places), False if document.target_economies else None)


def _check_stage(wish: Wish, document: Document) -> Requirement:
    if document.stage not in STAGES:
        return _verdict(wish, document.stage, None)
    reached = STAGES.index(document.stage) >= STAGES.index(wish.wanted[0])
    return _verdict(wish, document.stage, reached)


def _check_deadline(wish: Wish, document: Document) -> Requirement:
    """An answer that is no longer valid on the day by which it is needed does not help. That it
    still is valid then does not say that it is delivered by then: only people can."""
    valid = document.valid_until.isoformat() if document.valid_until else ""
    if valid and valid < wish.wanted[0]:
        return _verdict(wish, valid, False)
    return _verdict(wish, "", None)


def _check_number(wish: Wish, document: Document) -> Requirement:
    """Shows the document's number of the same unit; whether it is enough, a person decides."""
    wanted = Quantity.parse(wish.wanted[0])
    for _, text in document.texts():
        for quantity in read_quantities(text):
            if quantity.unit == wanted.unit:
                return _verdict(wish, str(quantity), True if quantity == wanted else None)
    return _verdict(wish, "", None)
