"""What a room declares of itself: its whole surface in one value, in its `room.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext

if TYPE_CHECKING:
    from saphan.design.plate import Plate
    from saphan.engines.matching.documents import Document
    from saphan.people.models import Person

WINGS = ("show", "match", "serve", "know")
STAGES = ("signed", "running", "outcome")


class Entries(Protocol):
    """The records of a room that search may find. Written in the room's `queries.py`."""

    model: type[models.Model]
    """Facts about this model make the index look again."""

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        """The public records (all, or those among `keys`), as the matching engine reads them.
        A document's id is the primary key as a string."""
        ...

    def of_organisation(self, key: str) -> list[str]:
        """Keys of an organisation's records, newest first: for its page, and to look at them again
        when the organisation changes. Empty where records belong to no organisation."""
        ...

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        """What the asker sees of these records; without those that she may not see."""
        ...


@dataclass(frozen=True)
class Entrance:
    """A page of the room that the plan, the walk-through test and the kiosk open."""

    url_name: str
    label: str | Promise


@dataclass(frozen=True)
class LiveFact:
    """One number on the floor plan that is true now: `number` with its translated `label`."""

    number: int
    label: str | Promise


@dataclass(frozen=True)
class Tool:
    """A tool for other people's software (MCP). `run` takes keyword arguments described by its
    type hints, and the keyword `person` (a Person or None); it returns JSON-serialisable data.
    `writes`: needs a token with write scope."""

    name: str
    description: str
    run: Callable[..., Any]
    writes: bool = False


@dataclass(frozen=True)
class Command:
    """A command of the room for operators: `saphan room <slug> <name> …`. `run` gets the words
    after the name and returns the exit status; what goes wrong it raises."""

    name: str
    help: str
    run: Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class FeedItem:
    """One entry of a feed. `url` is a path; times are aware datetimes."""

    key: str
    title: str
    summary: str
    url: str
    updated: Any
    lang: str
    author: str = ""
    example: bool = False
    """Made up: readers of feeds see that in the title."""

    @property
    def heading(self) -> str:
        return f"[{gettext('Example')}] {self.title}" if self.example else self.title


@dataclass(frozen=True)
class Feed:
    """What is new in a room, newest first: served as Atom and JSON Feed."""

    slug: str
    title: str | Promise
    items: Callable[[], Iterable[FeedItem]]


@dataclass(frozen=True)
class Translatable:
    """Records of a room whose words the translation desk brings into other languages: declare it,
    and the desk (`house.rendering`) does the rest. Facts named `<model>.changed` and
    `<model>.removed` make it look again, or forget."""

    model: type[models.Model]
    fields: Sequence[str]
    """Names of its `TextField`s, in the order in which people read them."""
    visible_to: Callable[[Person | None], models.QuerySet[Any]]
    """The records that the asker may see; what None may see is public and gets translated."""
    write: Callable[..., Any]
    """`write(record, words, lang=…, by=…)` keeps renderings: `words` maps names of fields to
    `Words`. See `house.rendering.writing.put`, which does what most rooms need."""
    title: str = "title"
    number: str = "number"
    names: Callable[[Any], Sequence[str]] | None = None
    """Names in a record that stay as they are in every language: of its organisation, a product."""


@dataclass(frozen=True)
class Indicator:
    """A number of the centre that counts facts, and opens them. `facts` are the names of what is
    counted; `subjects` gives the keys of those that count (a queryset of primary keys), so that
    what was made up to show the house does not."""

    slug: str
    label: str | Promise
    facts: Sequence[str]
    subjects: Callable[[], Any] | None = None
    stage: str = ""
    once: bool = False
    """Whether of each subject only the first fact counts: a project is signed once, however many
    papers follow."""

    def __post_init__(self) -> None:
        if self.stage and self.stage not in STAGES:
            raise ValueError(f"indicator {self.slug}: stage must be one of {', '.join(STAGES)}")


@dataclass(frozen=True)
class Room:
    """A capability of the centre."""

    slug: str
    number: int
    wing: str
    name: str | Promise
    purpose: str | Promise
    entrances: Sequence[Entrance] = ()
    urls: str = ""
    """Dotted path of the URL configuration, mounted under /<language>/<slug>/; its `app_name`
    is the slug."""
    live_fact: Callable[[], LiveFact | None] | None = None
    entries: Sequence[Entries] = ()
    translatable: Sequence[Translatable] = ()
    """What the translation desk may bring into other languages."""
    api: str = ""
    """Dotted path of the API router: `saphan.rooms.market.api.router`."""
    tools: Callable[[], Sequence[Tool]] | None = None
    feeds: Sequence[Feed] = ()
    indicators: Sequence[Indicator] = ()
    """What of the room the director counts, in the order of a path: first word to outcome."""
    takes_figures: Callable[[], Sequence[tuple[str, str]]] | None = None
    """What a figure that was verified in the news may be filed under: slug and name of each
    indicator, in the reader's language. The figure arrives by its fact (`figure.verified`)."""
    commands: Sequence[Command] = ()
    load_sample: Callable[[Path], int] | None = None
    """Loads the room's folder of a sample centre; loading again changes nothing. Returns how many
    records are there afterwards."""
    make_examples: Callable[[int], None] | None = None
    """Makes n published records for tests that compare pages with few and many."""
    post_need: str = ""
    """URL name of the page where a question that nothing answers becomes a need."""
    reactions: str = ""
    """Dotted path of the module whose import registers the room's reactions and chores."""
    lifecycles: Sequence[Any] = field(default=())
    """The Lifecycle tables of the room's models."""

    def __post_init__(self) -> None:
        if self.wing not in WINGS:
            raise ValueError(f"room {self.slug}: wing must be one of {', '.join(WINGS)}")
