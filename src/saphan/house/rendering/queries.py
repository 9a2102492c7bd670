"""Questions to the translation desk: what is wanted, how far each language is, who has what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from saphan.ground import clock
from saphan.ground.models import Work
from saphan.ground.text import Reading, reader_language
from saphan.house.rendering import kinds
from saphan.house.rendering.models import Rendering, Spent
from saphan.house.room import Translatable
from saphan.people.models import Person

State, Machine = Rendering.State, Rendering.Machine
WORK = "renderings"
OPEN = (State.WANTED, State.DRAFTED, State.IN_REVIEW)


def public() -> QuerySet[Rendering]:
    """Renderings of records that everybody may see: others wait until theirs is public again."""
    shown = Q(pk__in=[])
    for label, kind in kinds.kinds().items():
        shown |= Q(subject_type=label, subject_id__in=kind.visible_to(None).order_by().values("pk"))
    return Rendering.objects.filter(shown)


def queue(lang: str, *, state: str = "") -> QuerySet[Rendering]:
    """What is to be done for a language: what most readers ask for first, then the longest waiting.

    `state`: one of the states, `stale` (the original changed since it was approved), `mine` is
    `held_by`; empty: all that is open, and what is stale.
    """
    found = public().filter(lang=lang)
    if state == "stale":
        found = found.filter(state=State.APPROVED, stale=True)
    elif state in State.values:
        found = found.filter(state=state)
    else:
        found = found.filter(Q(state__in=OPEN) | Q(state=State.APPROVED, stale=True))
    return found.order_by("-demand", "asked", "pk")


def held_by(person: Person) -> QuerySet[Rendering]:
    """What she has claimed and not finished."""
    return public().filter(claimed_by=person, state__in=OPEN).order_by("claimed", "pk")


@dataclass(frozen=True)
class Line:
    """One rendering in a list, with what one must know of its record."""

    rendering: Rendering
    title: Reading
    number: str
    url: str
    room: str


def lines(found: Iterable[Rendering]) -> list[Line]:
    """Titles and numbers, in a constant number of queries; what is no longer public is left out."""
    rows = list(found)
    records: dict[tuple[str, int], tuple[Translatable, Any]] = {}
    rooms = {kind.model._meta.label_lower: str(room.name) for room, kind in kinds.declared()}
    for label, kind in kinds.kinds().items():
        wanted = [row.subject_id for row in rows if row.subject_type == label]
        if wanted:
            for record in kind.visible_to(None).filter(pk__in=wanted):
                records[label, record.pk] = kind, record
    lines = []
    for row in rows:
        known = records.get((row.subject_type, row.subject_id))
        if known:
            kind, record = known
            lines.append(Line(row, kinds.title_of(kind, record).best(),
                              kinds.number_of(kind, record), kinds.address_of(record),
                              rooms[row.subject_type]))
    return lines


@dataclass(frozen=True)
class Progress:
    """One language: of `needed` public records that were written in another one, how many are
    approved (`stale`: of these, those whose original changed since), and what else is under way."""

    lang: str
    needed: int
    approved: int = 0
    stale: int = 0
    in_review: int = 0
    drafted: int = 0
    wanted: int = 0
    demand: int = 0

    @property
    def per_cent(self) -> int:
        return 100 * self.approved // self.needed if self.needed else 100

    @property
    def open(self) -> int:
        return self.wanted + self.drafted + self.in_review + self.stale


def progress(langs: Sequence[str] = ()) -> list[Progress]:
    """How far each language is."""
    total, by_source = 0, Counter[str]()
    for kind in kinds.kinds().values():
        rows = kind.visible_to(None).order_by().annotate(
            written_in=KeyTextTransform("source", kind.title)).values_list("written_in").annotate(
                number=Count("pk"))
        for source, number in rows:
            total += number
            by_source[source or ""] += number
    counted: dict[str, Counter[str]] = {}
    for lang, state, stale, number, demand in public().order_by().values_list(
            "lang", "state", "stale").annotate(number=Count("pk"), readers=Sum("demand")):
        row = counted.setdefault(lang, Counter())
        row[state] += number
        if state == State.APPROVED and stale:
            row["stale"] += number
        if state in OPEN:
            row["demand"] += demand or 0
    return [Progress(lang, total - by_source[lang], **{
        name: counted.get(lang, Counter())[name]
        for name in ("approved", "stale", "in_review", "drafted", "wanted", "demand")})
        for lang in (langs or kinds.targets())]


def rendering(pk: int, *, asker: Person | None = None) -> tuple[Rendering, Any]:
    """One rendering with its record. Raises Rendering.DoesNotExist, also where the record is not
    public."""
    found = Rendering.objects.select_related("claimed_by").get(pk=pk)
    record = kinds.record_of(found)
    if record is None:
        raise Rendering.DoesNotExist
    return found, record


def neighbours(found: Rendering) -> tuple[int | None, int | None]:
    """The keys of the ones before and after in the language's queue."""
    order = list(queue(found.lang).values_list("pk", flat=True)[:2000])
    if found.pk not in order:
        return None, order[0] if order else None
    at = order.index(found.pk)
    return (order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None)


@dataclass(frozen=True)
class Readable:
    """How much of a record can be read in a language."""

    lang: str
    missing: bool
    """Whether some of its words are shown in another language."""
    machine: bool
    """Whether some are a machine's that nobody has approved."""
    stale: bool
    source: str
    shown: tuple[str, ...]
    """The languages of what is shown instead, the most frequent first."""
    rendering: Rendering | None


def readable(record: Any, lang: str = "") -> Readable | None:
    """What a reader of `lang` must be told of a record; None where no room declares it or it is in
    her language by its author."""
    lang = lang or reader_language()
    try:
        kind = kinds.kind_of(record)
    except KeyError:
        return None
    readings = [text.best(lang) for name in kind.fields if (text := getattr(record, name))]
    missing = [one for one in readings if not one.is_asked]
    machine = any(one.is_asked and not one.is_source and one.words.origin == "machine"
                  and not one.words.approved_by for one in readings)
    stale = any(one.stale for one in readings)
    if not (missing or machine or stale):
        return None
    found = Rendering.objects.filter(
        subject_type=kind.model._meta.label_lower, subject_id=record.pk, lang=lang).first()
    return Readable(lang, bool(missing), machine, stale, kinds.source_of(kind, record),
                    tuple(code for code, _times in Counter(
                        one.lang for one in missing).most_common()), found)


def waiting_for_the_machine() -> QuerySet[Rendering]:
    """What is asked of the machine, what most readers want first."""
    return public().filter(machine=Machine.ASKED, state__in=[State.WANTED, State.DRAFTED]).order_by(
        "-demand", "asked", "pk")


def spent_today() -> int:
    """Characters that the machine was sent today."""
    return Spent.objects.filter(day=clock.today()).values_list(
        "characters", flat=True).first() or 0


def latest_run() -> Work | None:
    """The latest run of the machine, for those who wait for it."""
    return Work.objects.filter(name=WORK).order_by("-pk").first()
