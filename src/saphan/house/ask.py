"""Ask the house: one question, every room's records, answered in the reader's language.

The web page, the API, MCP and the command line all come through `ask` (or `stream`, which gives the
lexical answer first). What an asker may not see she is not told about: rooms turn the engine's
matches into plates, and leave out what is not hers to see.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house.registry import rooms
from saphan.house.room import Room

if TYPE_CHECKING:
    from saphan.design.plate import Plate
    from saphan.people.models import Person

log = logging.getLogger(__name__)
PER_ROOM = 12


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
    """One record that fits: its plate, how well (0 to 1), and why."""

    key: str
    room: str
    score: float
    plate: Plate
    concepts: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    how: str = "meaning"


@dataclass(frozen=True)
class Answer:
    """The house's answer. `stage` is `words` (lexical only) or `meaning` (complete).

    `abstained` says that nothing fits well enough; `groups` then holds what came nearest."""

    question: str
    lang: str
    question_lang: str
    groups: tuple[tuple[Room, tuple[Hit, ...]], ...] = ()
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
        return sum(len(hits) for _room, hits in self.groups)
