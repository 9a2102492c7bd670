"""What is matched: documents, questions, and answers with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

DESCRIPTION_EMBEDDED: Final = 600
"""Characters of a description that go into a document's vector."""


@dataclass(frozen=True, slots=True)
class Document:
    """One record that can be found: an offer, a need, a visit, a course, an exhibit.

    Words are in the source language `lang`; `translations` holds titles and `summaries` texts in
    other languages, by language code. An English title, kept with every offer, helps to find it.
    """

    id: str
    lang: str
    title: str
    summary: str = ""
    description: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    summaries: Mapping[str, str] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    """Concepts given by a person; those named in the text are found by the index itself."""
    room: str = ""
    kind: str = ""
    economy: str = ""
    sector: str = ""
    stage: str = ""
    target_economies: tuple[str, ...] = ()
    """Where the offer may go; empty means anywhere."""
    partner_types: tuple[str, ...] = ()
    organisation: str = ""
    organisation_kind: str = ""
    languages: tuple[str, ...] = ()
    """Languages that what is offered serves; empty means not said."""
    valid_until: date | None = None
    deadline: date | None = None
    budget: float | None = None
    currency: str = ""
    audience: str = "public"
    """Who may find it; see Filters.audiences."""
    machine_translated: tuple[str, ...] = ()
    """Fields, or field.language, whose words a machine translated."""

    @property
    def english_title(self) -> str:
        return self.title if self.lang == "en" else self.titles.get("en", "")

    def passage(self) -> str:
        """The text that is embedded: title, English title, summary, start of the description."""
        parts = (self.title, self.english_title if self.lang != "en" else "", self.summary,
                 self.description[:DESCRIPTION_EMBEDDED])  # fmt: skip
        return "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the document with its language: (language, words)."""
        yield (
            self.lang,
            "\n".join(
                part
                for part in (self.title, self.summary, self.description, *self.keywords)
                if part
            ),
        )
        for lang in sorted({*self.titles, *self.summaries} - {self.lang}):
            yield lang, f"{self.titles.get(lang, '')}\n{self.summaries.get(lang, '')}".strip()

    def to_json(self) -> dict[str, Any]:
        """Plain data for storing; dates as ISO 8601, empty fields left out."""
        plain: dict[str, Any] = {}
        for name in _NAMES:  # dataclasses.asdict would take ten times as long
            value = getattr(self, name)
            if isinstance(value, date):
                plain[name] = value.isoformat()
            elif isinstance(value, Mapping):
                if value:
                    plain[name] = dict(value)
            elif value or value == 0:
                plain[name] = value
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Document:
        """The document that `to_json` gave."""
        values = dict(plain)
        for name in ("valid_until", "deadline"):
            if values.get(name):
                values[name] = date.fromisoformat(values[name])
        for name in _TUPLES:
            if name in values:
                values[name] = tuple(values[name])
        return cls(**values)


_NAMES: Final = tuple(each.name for each in fields(Document))
_TUPLES: Final = (
    "keywords",
    "concepts",
    "target_economies",
    "partner_types",
    "languages",
    "machine_translated",
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question or need. `lang` empty or `und`: it is identified from the text."""

    text: str
    lang: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be in the answer at all. Empty tuples do not limit."""

    rooms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    economies: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ("public",)
    """Only documents whose audience is among these; the asker sees nothing else."""
    exclude: tuple[str, ...] = ()
    """Identifiers left out, such as the need that asks."""
    valid_on: date | None = None
    """Leaves out documents whose `valid_until` lies before this day."""


class Verdict(StrEnum):
    """What became of one requirement."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the asker wants, and what the document says about it."""

    name: str
    """What is asked for, such as `economy`; the names are listed at `checking.Wish`."""
    wanted: str
    """Codes, comma-separated where any of them would do; a date; or a number with its relation
    and unit, such as `>=500 kg/h`."""
    found: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons for a match, for people to read and check."""

    concepts: tuple[str, ...] = ()
    """Concepts that the question and the document share, the most telling first."""
    requirements: tuple[Requirement, ...] = ()
    meaning: float = 0.0
    """Cosine of the two vectors after language-identity removal, -1..1."""
    overlap: float = 0.0
    """Weight of the concepts they share; a rare one weighs 1."""
    words: float = 0.0
    """Share of the question's weight of words found in the document, 0..1; same language only."""
    machine_translated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One document of an answer. `source` tells the steps that found it."""

    id: str
    score: float
    """Probability, 0..1, that the document would go on the shortlist of who asks."""
    why: Why = field(default_factory=Why)
    source: tuple[str, ...] = ()
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, best first. When nothing fits, `abstained` is true and says so."""

    query: Query
    lang: str
    matches: tuple[Match, ...] = ()
    abstained: bool = False
    concepts: tuple[str, ...] = ()
    """Concepts found in the question."""
    complete: bool = True
    """False for the first step of a stream, when meaning was not compared yet."""
    took_ms: float = 0.0
