"""Ask the house: one question, every room's records, answered in the reader's language.

The web page, the API, MCP and the command line all come through `ask` (or `stream`, which gives the
lexical answer first). What an asker may not see she is not told about: rooms turn the engine's
matches into plates, and leave out what is not hers to see.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes, normalise
from saphan.engines.matching.documents import Answer as EngineAnswer
from saphan.engines.matching.documents import Filters, Match
from saphan.engines.matching.documents import Requirement as EngineRequirement
from saphan.engines.matching.intent import OFFERS, SEEKS, intent
from saphan.ground import clock, limits, memory
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house import learning
from saphan.house.engine import engine, look_again, terms
from saphan.house.indexing import catch_up, entry_id, sources, split_id
from saphan.house.registry import rooms
from saphan.house.room import Room
from saphan.house.wording.queries import chip
from saphan.people.queries import economy_names

if TYPE_CHECKING:
    from saphan.design.plate import Plate
    from saphan.people.models import Person

log = logging.getLogger(__name__)
PER_ROOM = 8
FEW = 5  # with fewer records that fit, those that come nearest are shown as well
NEAR_SHOWN = 3
NEAR = 0.03  # below this score nothing is shown at all
WITHOUT_CONCEPTS = 0.45  # what a record must score that names none of the question's concepts
ALIKE_SHOWN = 4


@dataclass(frozen=True)
class Requirement:
    """Something the question asks of the answer. `verdict`: met, not_met or unknown."""

    name: str
    label: str
    wanted: str
    found: str
    verdict: str


@dataclass(frozen=True)
class Hit:
    """One record that was found: its plate, how well it fits (0 to 1), and why. One with `fits`
    false only comes near."""

    key: str
    room: str
    score: float
    plate: Plate
    fits: bool = True
    concepts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Concepts of the question that the record does not name."""
    requirements: tuple[Requirement, ...] = ()
    how: str = "meaning"

    @property
    def grade(self) -> int:
        """3: fits well; 2: fits in part; 1: comes near. To fit well a record names most of what
        the question names and fails no requirement."""
        if not self.fits:
            return 1
        failed = any(requirement.verdict == "not_met" for requirement in self.requirements)
        return 2 if failed or 2 * len(self.missing) > len(self.concepts) else 3

    def is_alike(self, intent: str) -> bool:
        """Whether it wants what the asker wants, instead of answering it."""
        return self.plate.side == {SEEKS: "need", OFFERS: "offer"}[intent]


@dataclass(frozen=True)
class Answer:
    """The house's answer. `stage` is `words` (lexical only) or `meaning` (complete).

    `abstained` says that nothing fits well enough; `groups` then holds what came nearest. `alike`
    are records on the asker's own side: other people's needs for a need, offers for an offer."""

    question: str
    lang: str
    question_lang: str
    groups: tuple[tuple[Room, tuple[Hit, ...]], ...] = ()
    alike: tuple[Hit, ...] = ()
    intent: str = SEEKS
    abstained: bool = False
    stage: str = "meaning"
    notes: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    milliseconds: float = 0.0

    @property
    def hits(self) -> list[Hit]:
        """All hits, best first."""
        return sorted((hit for _room, hits in self.groups for hit in hits),
                      key=lambda hit: -hit.score)

    @property
    def count(self) -> int:
        """How many records fit, without those that come near."""
        return sum(hit.fits for _room, hits in self.groups for hit in hits)


def ask(question: str, *, lang: str | None = None, asker: Person | None = None,
        only_rooms: Sequence[str] = (), limit: int = PER_ROOM) -> Answer:
    """The complete answer to `question`, in the reader's language `lang` (default: the active one).

    `limit`: records for each room at most. Raises `Refused` for a question that is empty, too long
    or holds no words, and `engine.NotReady` while there is no model.
    """
    asked, how = sane(question), _how(only_rooms, limit)
    look_again()
    found = engine().matcher.ask(asked, **how)
    return _answer(asked, found, lang or reader_language(), asker, limit)


def stream(question: str, *, lang: str | None = None, asker: Person | None = None,
           only_rooms: Sequence[str] = (), limit: int = PER_ROOM) -> Iterator[Answer]:
    """Two answers: at once what words and concepts find, then the one that `ask` gives."""
    asked, how, reader = sane(question), _how(only_rooms, limit), lang or reader_language()
    look_again()
    for found in engine().matcher.stream(asked, **how):
        yield _answer(asked, found, reader, asker, limit)


def _how(only_rooms: Sequence[str], limit: int) -> dict[str, Any]:
    """How the engine is asked: for more than is shown, because some are not for the asker's eyes
    and others are on her own side."""
    today = clock.today()
    return {"k": limit * 4, "now": today,
            "filters": Filters(rooms=tuple(only_rooms), valid_on=today)}


def sane(question: str) -> str:
    """The question in clean Unicode. Raises `Refused` with what to do otherwise."""
    if len(question) > 20 * limits.QUESTION_CHARACTERS:
        raise Refused(_too_long())  # do not even look at it
    cleaned = normalise.clean(question).strip()
    if not any(char.isalnum() for char in cleaned):
        raise Refused(_("Write what you need in a few words, in any language."))
    if len(cleaned) > limits.QUESTION_CHARACTERS:
        raise Refused(_too_long())
    return cleaned


def _too_long() -> str:
    return gettext("Please use at most %(limit)d characters. A few sentences are enough.") % {
        "limit": limits.QUESTION_CHARACTERS}


def _answer(question: str, found: EngineAnswer, reader: str, asker: Person | None,
            limit: int) -> Answer:
    plates = _plates(found.matches, asker)
    wants = intent(question)
    said = Wording(reader)
    hits = [_hit(match, plates[match.id], said, found)
            for match in found.matches if match.id in plates]
    alike = [hit for hit in hits if hit.is_alike(wants)]
    hits = [hit for hit in hits if not hit.is_alike(wants)]
    abstained = found.complete and not any(hit.fits for hit in hits)
    groups: list[tuple[Room, tuple[Hit, ...]]] = []
    for room in rooms():
        shown = _shown([hit for hit in hits if hit.room == room.slug], limit)
        if shown:
            groups.append((room, shown))
    groups.sort(key=lambda group: (-group[1][0].fits, -group[1][0].score))
    return Answer(
        question=question, lang=reader, question_lang=found.lang, groups=tuple(groups),
        alike=tuple(hit for hit in alike if hit.fits)[:ALIKE_SHOWN],
        intent=wants, abstained=abstained,
        stage="meaning" if found.complete else "words", notes=learning.notes(),
        concepts=tuple(_label(concept, reader) for concept in found.concepts),
        milliseconds=found.took_ms)


def _shown(hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """What fits, `limit` at most; where that is little, also what comes nearest."""
    fitting = [hit for hit in hits if hit.fits][:limit]
    near = [hit for hit in hits if not hit.fits and hit.score >= NEAR]
    room_left = min(max(FEW - len(fitting), 0), NEAR_SHOWN)
    return (*fitting, *near[:room_left])


def _fits(match: Match, found: EngineAnswer) -> bool:
    """Good enough to be called a fit. Where the question names concepts and the record names none
    of them, only a much closer meaning will do. Before meanings are compared, every hit counts."""
    if not found.complete:
        return True
    enough = engine().matcher.weights.threshold
    return match.score >= (enough if match.why.concepts or not found.concepts else max(
        enough, WITHOUT_CONCEPTS))


def _plates(matches: Sequence[Match], asker: Person | None) -> dict[str, Plate]:
    """Plates by index identifier; records that the asker may not see are not among them."""
    found: dict[str, Plate] = {}
    for room, entries in sources():
        names = {split_id(match.id)[2]: match.id for match in matches
                 if match.id == entry_id(room, entries, split_id(match.id)[2])}
        if names:
            plates = entries.plates(list(names), asker=asker)
            found |= {names[key]: plate for key, plate in plates.items()}
    return found


def _hit(match: Match, plate: Plate, said: Wording, found: EngineAnswer) -> Hit:
    return Hit(
        key=split_id(match.id)[2], room=split_id(match.id)[0], score=match.score, plate=plate,
        concepts=tuple(_label(concept, said.reader) for concept in match.why.concepts),
        fits=_fits(match, found),
        missing=tuple(_label(concept, said.reader) for concept in found.concepts
                      if concept not in match.why.concepts),
        requirements=tuple(_requirement(wish, said) for wish in match.why.requirements),
        how="meaning" if match.why.meaning else "words")


def _label(concept: str, reader: str) -> str:
    return chip(concept, reader)


REQUIREMENT_LABELS = {
    "economy": _("Country or region"), "stage": _("Stage"), "language": _("Language"),
    "partner_type": _("Partner"), "deadline": _("Deadline"), "number": _("Figure"),
    "not_economy": _("Not from"), "not_partner_type": _("Not as partner"),
    "open_to": _("Open to"), "open_on": _("Still open on"), "feature": _("Feature"),
    "without": _("Without"),
}


def _requirement(wish: EngineRequirement, said: Wording) -> Requirement:
    return Requirement(
        name=wish.name, label=str(REQUIREMENT_LABELS.get(wish.name, wish.name)),
        wanted=said.value(wish.name, wish.wanted), found=said.value(wish.name, wish.found),
        verdict=str(wish.verdict))


class Wording:
    """Codes as words of one reader's language; names are looked up once for a whole answer."""

    def __init__(self, reader: str) -> None:
        self.reader = reader

    @cached_property
    def economies(self) -> dict[str, str]:
        return economy_names(self.reader)

    def value(self, name: str, value: str) -> str:
        """What a requirement wants or a record has, of the requirement `name`."""
        if name in ("feature", "without"):
            return _label(value, self.reader) if value in terms().concepts else value
        if not value or name not in CODED:
            return SIGNS.sub(lambda sign: SIGN_WORDS[sign.group()], value)  # a date or a number
        kind = CODED[name]
        return ", ".join(self._word(kind, code.strip()) for code in value.split(","))

    def _word(self, name: str, code: str) -> str:
        if name == "economy":
            return self.economies.get(code, code)
        if name == "language" and code in codes.LANGUAGES:
            return codes.LANGUAGES[code].endonym
        return str(VALUE_LABELS.get(name, {}).get(code, code))


CODED = {"economy": "economy", "not_economy": "economy", "language": "language", "stage": "stage",
         "partner_type": "partner_type", "not_partner_type": "partner_type",
         "open_to": "partner_type"}
"""Requirements whose values are codes, and what kind of code."""
SIGNS = re.compile("^(?:>=|<=|>|<|~)")
SIGN_WORDS = {">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< ", "~": "≈ "}
VALUE_LABELS = {
    "stage": {"concept": _("Concept"), "under_development": _("Under development"),
              "lab_tested": _("Lab tested"), "demonstration": _("Available for demonstration"),
              "on_the_market": _("On the market")},
    "partner_type": {"company": _("Company"), "university": _("University"),
                     "institute": _("Research institute"), "government": _("Government body"),
                     "association": _("Association"), "individual": _("Individual"),
                     "community": _("Open-source community"), "hospital": _("Hospital"),
                     "investor": _("Investor")},
}


def warm_up() -> None:
    """Open the engine and answer one question, so that the first visitor does not wait."""
    started = time.perf_counter()
    try:
        catch_up()
        engine().matcher.ask("สวัสดี durian 榴莲", k=5)
    except Refused as error:
        log.warning("%s", error)
    except Exception:
        log.exception("warming up failed")
    finally:
        connection.close()
        memory.give_back()
    log.info("warm after %.1f s", time.perf_counter() - started)
