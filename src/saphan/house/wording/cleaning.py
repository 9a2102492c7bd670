"""Reading what people propose: labels made clean, and everything wrong with them in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.design import formats
from saphan.engines.language import labels as engine
from saphan.engines.language.codes import LANGUAGES
from saphan.engines.language.labels import Problem
from saphan.engines.language.normalise import to_simplified
from saphan.engines.language.terms import TermBase
from saphan.ground.access import Refused

LABELS_AT_MOST = 20
SECTORS = {
    "agriculture": gettext_lazy("Agriculture"), "manufacturing": gettext_lazy("Manufacturing"),
    "supply_chain": gettext_lazy("Supply chain"), "logistics": gettext_lazy("Logistics"),
    "medical": gettext_lazy("Medicine and health"),
    "ecommerce": gettext_lazy("Cross-border e-commerce"),
    "public_service": gettext_lazy("Public service"), "energy": gettext_lazy("Energy"),
    "education": gettext_lazy("Education"), "finance": gettext_lazy("Finance"),
    "tourism": gettext_lazy("Tourism"), "general": gettext_lazy("All sectors"),
}
MESSAGES = {
    Problem.EMPTY: gettext_lazy("“%(label)s” holds no word."),
    Problem.TOO_LONG: gettext_lazy("“%(label)s” is too long: at most %(limit)d characters."),
    Problem.TOO_SHORT: gettext_lazy("“%(label)s” is too short: a single letter is found in every "
                                    "text."),
    Problem.RESERVED: gettext_lazy("“%(label)s” holds a sign that words of the term base cannot "
                                   "have: | or ?"),
    Problem.SCRIPT: gettext_lazy("“%(label)s” is not in the script of this language: "
                                 "%(language)s."),
    Problem.LATIN: gettext_lazy("“%(label)s” is in Latin letters. In this language only names and "
                                "abbreviations are: %(language)s."),
    Problem.TRADITIONAL: gettext_lazy("“%(label)s” is in traditional characters. In simplified "
                                      "ones it is “%(right)s”."),
}


@dataclass(frozen=True)
class Fault:
    """One label that cannot be taken. `other` is the concept that has it already."""

    label: str
    lang: str
    problem: Problem | None = None
    other: str = ""

    @property
    def message(self) -> str:
        """Why, in the reader's language. The concept that has the label is not named here."""
        if self.problem is None:
            return _("“%(label)s” already names another concept in this language.") % {
                "label": self.label}
        return str(MESSAGES[self.problem]) % {
            "label": self.label[:80], "limit": engine.LONGEST,
            "language": formats.language_name(self.lang),
            "right": to_simplified(self.label) if self.problem is Problem.TRADITIONAL else ""}


class Faulty(Refused):
    """Labels that cannot be taken, each with its reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.message for fault in faults))


def split(text: str) -> list[str]:
    """Labels of a text: one a line, or divided by `|` or `;` as people do."""
    for sign in ("|", ";", "；"):
        text = text.replace(sign, "\n")
    return text.split("\n")


def tidy(given: Iterable[str], kept: Iterable[str] = ()) -> list[str]:
    """Clean labels, in order, each once. Those that the concept has already (`kept`) stay as they
    are written."""
    stays, seen, found = set(kept), set[str](), list[str]()
    for label in given:
        as_it_is = " ".join(label.split())
        clean = as_it_is if as_it_is in stays else engine.tidy(label)
        name = clean if clean in stays else engine.key(clean)
        if clean and name not in seen:
            seen.update({name, engine.key(clean)})
            found.append(clean)
    return found


def faults(given: Iterable[str], lang: str, terms: TermBase, *, concept: str = "",
           kept: Iterable[str] = ()) -> list[Fault]:
    """What is wrong with tidied labels of `concept`. Labels that it has already (`kept`) are not
    looked at again: what was shipped stays valid."""
    known = {engine.key(label) for label in kept}
    fresh = [label for label in given if engine.key(label) not in known]
    owners = owners_of(fresh, lang, terms)
    found = []
    for label in fresh:
        others = sorted(owners.get(engine.key(label), set()) - {concept})
        if problem := engine.problem(label, lang):
            found.append(Fault(label, lang, problem))
        elif others:
            found.append(Fault(label, lang, other=others[0]))
    return found


def owners_of(given: Iterable[str], lang: str, terms: TermBase) -> dict[str, set[str]]:
    """Which concepts have these labels in this very language."""
    known = _by_key(terms, lang)
    return {name: known[name] for label in given if (name := engine.key(label)) in known}


@lru_cache(maxsize=2 * len(LANGUAGES))
def _by_key(terms: TermBase, lang: str) -> dict[str, set[str]]:
    owners: dict[str, set[str]] = {}
    for concept in terms.concepts.values():
        for label in concept.labels.get(lang, ()):
            owners.setdefault(engine.key(label), set()).add(concept.id)
    return owners


def known_language(lang: str) -> str:
    """The language as the term base writes it. Raises `Refused` for another."""
    if lang not in LANGUAGES:
        raise Refused(_("The term base has no such language."))
    return lang


__all__ = ["LABELS_AT_MOST", "SECTORS", "Fault", "Faulty", "faults", "known_language",
           "owners_of", "split", "tidy"]
