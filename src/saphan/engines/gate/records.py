"""What goes into the gate, and what comes out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any, Final, Literal

Severity = Literal["refuse", "ask", "advise"]
"""`refuse`: the author changes it, or says why not. `ask`: a person decides. `advise`: a hint."""

SEVERITIES: Final[tuple[Severity, ...]] = ("refuse", "ask", "advise")
"""The gravest first."""

NEED: Final = "need"
OFFER: Final = "offer"


@dataclass(frozen=True, slots=True)
class Passage:
    """The words of one field in one language. `origin` is `person`, or `machine` for words that
    nobody wrote: how well they are written is then not asked. The text becomes NFC."""

    field: str
    lang: str
    text: str
    origin: str = "person"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", unicodedata.normalize("NFC", self.text))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that may say the same, as the caller found it; probability from 0 to 1."""

    id: str
    probability: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `kind` is `need`, `offer`, or another word for which only rules about wording
    hold. `names` are those of the author and the organisation where the record must not show
    them. `measured` names the structured fields that say something that can be measured
    (indicators, specification, budget, deadline). `dead_links` are addresses known to be dead."""

    kind: str
    passages: tuple[Passage, ...]
    names: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    dead_links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `start` to `end` are the characters of `found` in the passage's text (NFC); both are 0 where
    the rule is about something that is not there. `sentence` is what a refusal quotes.
    """

    rule: str
    severity: Severity
    field: str
    lang: str
    sentence: str = ""
    start: int = 0
    end: int = 0
    found: str = ""
    data: Mapping[str, Any] = made(default_factory=dict)
