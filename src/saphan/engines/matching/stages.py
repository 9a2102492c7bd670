"""How ready a thing is: the market's five stages, the words others use for them, and TRL numbers.

Technology readiness levels are those of ISO 16290, 1 to 9. The five stages are coarser: a need for
TRL 7 is one for a demonstration.
"""

from __future__ import annotations

import re
from typing import Final

from saphan.engines.language.normalise import fold

STAGES: Final = ("concept", "under_development", "lab_tested", "demonstration", "on_the_market")
"""From the least to the most ready; the identifiers of the market."""

_SYNONYMS: Final = {
    "concept": "concept idea ideation basic_research research proposal planned paper",
    "under_development": "under_development development in_development developing building draft",
    "lab_tested": "lab_tested lab laboratory prototype proof_of_concept poc alpha tested validated"
    " lab_validated experimental research_prototype",
    "demonstration": "demonstration demo pilot pilot_stage piloting trial field_test field_tested"
    " beta field_trial pre_commercial available_for_demonstration demonstrated",
    "on_the_market": "on_the_market market in_market on_market commercial commercialised"
    " commercialized launched production in_production product released mature available deployed"
    " ready in_use general_availability ga scale scaling",
}
_STAGE_OF: Final = {word: stage for stage, words in _SYNONYMS.items() for word in words.split()}
_LEVELS: Final = ("concept", "concept", "under_development", "lab_tested", "lab_tested",
                  "demonstration", "demonstration", "demonstration", "on_the_market")  # fmt: skip
_TRL: Final = re.compile(r"(?<![a-z])trl[ -]?([1-9])(?![\d.])")
_NAMED: Final = re.compile(r"(?:trl|level)?[\s_-]*([1-9])(?:\.0)?(?:\s*[-–/]\s*[1-9])?")


def of_level(level: int) -> str:
    """The stage of a technology readiness level, 1 to 9."""
    return _LEVELS[level - 1]


def canonical_stage(value: str) -> str:
    """The market's stage for a word or number people write; what is not known stays as it is.

    >>> canonical_stage("Prototype"), canonical_stage("TRL 7"), canonical_stage("who knows")
    ('lab_tested', 'demonstration', 'who knows')
    """
    word = re.sub(r"[\s-]+", "_", fold(value).strip())
    if word in _STAGE_OF:
        return _STAGE_OF[word]
    level = _NAMED.fullmatch(fold(value).strip())
    return of_level(int(level.group(1))) if level else value


def at_least(stage: str) -> tuple[str, ...]:
    """This stage and those more ready."""
    return STAGES[STAGES.index(stage) :]


def at_most(stage: str) -> tuple[str, ...]:
    """This stage and those less ready."""
    return STAGES[: STAGES.index(stage) + 1]


def read_level(text: str) -> str:
    """The stage of the first "TRL n" in a text, or an empty string."""
    match = _TRL.search(fold(text))
    return of_level(int(match.group(1))) if match else ""
