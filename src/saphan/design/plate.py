"""The plate: the museum label under which every object of the house is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.utils.functional import Promise


class Reading(Protocol):
    """Words as a reader gets them, with the language they are in (see the ground's Text)."""

    text: str
    lang: str
    words: Any
    source: str
    asked: str

    @property
    def is_source(self) -> bool: ...


class Chip(str):
    """A word on a chip, and the address of its page; empty if it leads nowhere."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, word: str, url: str = "") -> Chip:
        made = super().__new__(cls, word)
        made.url = url
        return made

    def __reduce__(self) -> tuple[type[Chip], tuple[str, str]]:
        return Chip, (str(self), self.url)


@dataclass(frozen=True)
class Plate:
    """One object as a reader sees it. Build it with readings in the reader's language."""

    number: str
    """Accession number: `MKT-2026-0042`."""
    title: Reading
    url: str
    kind: str | Promise
    wing: str
    room: str | Promise
    maker: str = ""
    maker_lang: str = ""
    economy: str = ""
    economy_code: str = ""
    date: date | None = None
    state: str = ""
    state_label: str | Promise = ""
    summary: Reading | None = None
    concepts: tuple[str, ...] = ()
    """Words, or `Chip`s that lead to their pages."""
    example: bool = False
    side: str = ""
    """`offer` or `need`: an offer answers a need and a need an offer. Empty for what is neither."""
    facts: tuple[tuple[str | Promise, Any], ...] = field(default=())
    """Further lines: (label, value)."""
