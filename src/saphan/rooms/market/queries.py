"""Questions to the market. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from saphan.design.plate import Plate
from saphan.engines.language import codes
from saphan.engines.matching.documents import Document
from saphan.ground import ledger
from saphan.ground.text import Reading, Words, reader_language
from saphan.house.room import FeedItem, LiveFact
from saphan.house.wording.reindex import Touched
from saphan.people.models import Person
from saphan.rooms.market import concepts, rules
from saphan.rooms.market.models import ImportRun, Listing
from saphan.rooms.market.vocabulary import NEEDS, OFFERS, Kind, Sector, Stage, State

RELATED = ("organisation", "economy")
SHELVES: dict[str, frozenset[str]] = {
    "offers": OFFERS - {Kind.RESEARCH_RESULT},
    "needs": NEEDS,
    "results": frozenset({Kind.RESEARCH_RESULT}),
}


class NotFound(Exception):
    """No such record, or none that the asker may know of."""


def public() -> QuerySet[Listing]:
    return Listing.objects.filter(state__in=rules.PUBLIC_STATES).select_related(*RELATED)


# Long words that a museum label leaves out: a page with many plates need not read them.
NOT_ON_A_PLATE = ("description", "partner_role", "advantages", "trl_evidence",
                  "technical_specification", "test_environment", "data_available")

# What the translation desk brings into other languages, in the order in which people read it.
TRANSLATED = ("title", "summary", "description", "advantages", "technical_specification",
              "partner_role", "trl_evidence", "test_environment", "data_available")


def names_in(record: Listing) -> list[str]:
    """Names that stay as they are when its words are translated."""
    organisation = record.organisation.name.plain().values() if record.organisation else ()
    return [name for name in (*organisation, record.organisation_name, record.spdx)
            if name and name.isascii()]


def visible_to(person: Person | None) -> QuerySet[Listing]:
    """What is public, her own, her organisations', and for the desk all."""
    found = Listing.objects.select_related(*RELATED)
    if rules.works_the_desk(person):
        return found
    shown = Q(state__in=rules.PUBLIC_STATES)
    if person is not None and person.is_authenticated:
        shown |= _hers(person)
    return found.filter(shown)


def _hers(person: Person) -> Q:
    return Q(author=person) | Q(organisation__in=person.memberships.filter(
        may_publish=True).values("organisation"))


def listing(number: str, *, asker: Person | None) -> Listing:
    """One record by accession number. Raises `NotFound`, also for what she may not see."""
    found = visible_to(asker).filter(number=number.upper()).first()
    if found is None:
        raise NotFound(number)
    return found


def written_by(person: Person) -> QuerySet[Listing]:
    """Her own records and those of her organisations, whatever their state."""
    return Listing.objects.select_related(*RELATED).filter(_hers(person)).order_by("-changed")


def waiting_for_the_desk() -> QuerySet[Listing]:
    """Submitted records, the longest waiting first."""
    return Listing.objects.filter(state=State.SUBMITTED).select_related(
        *RELATED).order_by("submitted", "pk")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means everything. Built from a query string."""

    kind: str = ""
    sector: str = ""
    economy: str = ""
    stage: str = ""
    lang: str = ""
    example: str = ""
    concept: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """Only known values; a filter that means nothing is left out."""
        allowed = {"kind": Kind.values, "sector": Sector.values, "stage": Stage.values,
                   "example": ["yes", "no"], "lang": codes.CODES}
        read = {}
        for name in cls.__dataclass_fields__:
            value = (given.get(name) or "")[:64].strip()
            if value and value in allowed.get(name, [value]):
                read[name] = value.upper() if name == "economy" else value
        return cls(**read)

    @property
    def any(self) -> bool:
        return bool(self.as_dict())

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__
                if getattr(self, name)}

    def apply(self, found: QuerySet[Listing]) -> QuerySet[Listing]:
        for name, value in self.as_dict().items():
            if name == "economy":
                found = found.filter(economy_id=value)
            elif name == "example":
                found = found.filter(example=value == "yes")
            elif name == "concept":  # as text: SQLite knows no other way into a JSON list
                found = found.annotate(named=Cast("concepts", models.TextField())).filter(
                    named__contains=f'"{value}"')
            else:
                found = found.filter(**{name: value})
        return found


def shelf(name: str, filters: Filters | None = None) -> QuerySet[Listing]:
    """The public records of a shelf (offers, needs, results), newest first. Raises KeyError."""
    found = public().filter(kind__in=SHELVES[name])
    return (filters or Filters()).apply(found).order_by("-published", "-pk")


FACETS = ("kind", "sector", "economy", "stage", "lang", "example")


def concept_facet(name: str, filters: Filters, *, limit: int = 12) -> list[tuple[str, int]]:
    """The concepts that most of the shelf's records name, with how many of those that the filters
    leave name each; without the one that is chosen, and those that all of them name."""
    found = list(shelf(name, filters).order_by().values_list("concepts", flat=True))
    counted = Counter(concept for named in found for concept in named)
    told = [(concept, number) for concept, number in counted.most_common()
            if concept != filters.concept and number < len(found)]
    return sorted(told, key=lambda row: (-row[1], row[0]))[:limit]


def facets(name: str, filters: Filters | None = None) -> dict[str, list[tuple[str, int]]]:
    """For each filter: its values, and how many public records of the shelf each would leave with
    the other filters as they are. Most frequent first."""
    filters, counted = filters or Filters(), {}
    for column in FACETS:
        found = replace(filters, **{column: ""}).apply(public().filter(kind__in=SHELVES[name]))
        attribute = {"economy": "economy_id"}.get(column, column)
        rows = found.order_by().values_list(attribute).annotate(n=Count("pk"))
        values = [(_facet_value(value), number) for value, number in rows
                  if value not in ("", None)]
        counted[column] = sorted(values, key=lambda row: (-row[1], row[0]))
    return counted


def _facet_value(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def counts() -> dict[str, int]:
    """Public records by shelf, in one query."""
    by_kind = dict(public().order_by().values_list("kind").annotate(n=Count("pk")))
    return {name: sum(by_kind.get(kind, 0) for kind in kinds) for name, kinds in SHELVES.items()}


def live_fact() -> LiveFact:
    """How many records are open today."""
    number = public().count()
    return LiveFact(number, ngettext_lazy("open record", "open records", number))


def names_its_maker(record: Listing, asker: Person | None) -> bool:
    """Whether the asker may know whose record it is: of a discreet one only its own people and the
    desk do. Those who were introduced learn it on the page of their interest."""
    return not record.discreet or rules.speaks_for(asker, record) or rules.works_the_desk(asker)


def plate_of(record: Listing, *, lang: str | None = None, asker: Person | None = None) -> Plate:
    """The record's museum label in the reader's language, as the asker may see it."""
    maker = record.organisation.reading(lang) if record.organisation else Reading(
        record.organisation_name, record.lang, Words(""), record.lang, record.lang)
    if not names_its_maker(record, asker):
        maker = Reading("", record.lang, Words(""), record.lang, record.lang)
    return Plate(
        number=record.number,
        title=record.title.best(lang),
        url=record.get_absolute_url(),
        kind=Kind(record.kind).label,
        wing="match",
        room=_("Market"),
        maker=maker.text,
        maker_lang=maker.lang,
        economy=str(record.economy.name.best(lang)) if record.economy else "",
        economy_code=record.economy_id or "",
        date=timezone.localdate(record.published or record.created),
        state=record.state,
        state_label=State(record.state).label,
        summary=record.summary.best(lang),
        concepts=concepts.labels(record.concepts, lang),
        example=record.example,
        side="offer" if record.is_offer else "need",
    )


class ListingEntries:
    """The market's records, as search finds them."""

    model: type[models.Model] = Listing

    def kinds(self) -> Mapping[str, str | Promise]:
        """Names of the kinds, for those who save a search."""
        return dict(Kind.choices)

    def name_again(self, touched: Touched) -> int:
        """After a change of terms: find the concepts of the records it is about anew."""
        changed = 0
        for record in Listing.objects.iterator(chunk_size=200):
            if touched.names(record.concepts) or touched.reads(concepts.text_of(record)):
                found = concepts.found_in(record)
                changed += found != record.concepts and Listing.objects.filter(
                    pk=record.pk, version=record.version).update(concepts=found)
        return changed

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        found = public()
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for record in found.iterator(chunk_size=500):
            yield document_of(record)

    def of_organisation(self, key: str) -> list[str]:
        return [str(pk) for pk in Listing.objects.filter(
            organisation_id=key, discreet=False).order_by(
            "-published", "-pk").values_list("pk", flat=True)]

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        lang = reader_language()
        return {str(record.pk): plate_of(record, lang=lang, asker=asker)
                for record in visible_to(asker).filter(pk__in=keys).defer(*NOT_ON_A_PLATE)}


def document_of(record: Listing) -> Document:
    """The record as the matching engine reads it."""
    source = record.lang or "en"

    def own(text: Any) -> str:
        return text[source].text if source in text else str(text.best(source))

    return Document(
        id=str(record.pk),
        lang=source,
        title=own(record.title),
        summary=own(record.summary),
        description="\n".join(part for part in (
            own(record.description), own(record.advantages),
            own(record.technical_specification)) if part),
        keywords=tuple(record.keywords),
        titles={lang: words.text for lang, words in record.title.items() if lang != source},
        summaries={lang: words.text for lang, words in record.summary.items() if lang != source},
        kind=record.kind,
        economy=record.economy_id or "",
        sector=record.sector,
        stage=record.stage,
        target_economies=tuple(record.target_economies),
        partner_types=tuple(record.partner_types),
        organisation=str(record.organisation.name.best(source))
        if record.organisation and not record.discreet else "",
        organisation_kind=record.organisation.kind if record.organisation else "",
        valid_until=record.valid_until,
        deadline=record.deadline,
        budget=float(record.budget_amount) if record.budget_amount is not None else None,
        currency=record.budget_currency,
        room="market",
        machine_translated=tuple(
            f"{name}.{lang}" for name in ("title", "summary", "description")
            for lang, words in getattr(record, name).items() if words.origin == "machine"),
    )


def new_offers() -> Iterable[FeedItem]:
    return _feed(shelf("offers"))


def new_needs() -> Iterable[FeedItem]:
    return _feed(shelf("needs"))


def _feed(found: QuerySet[Listing]) -> Iterable[FeedItem]:
    for record in found[:50]:
        title, summary = record.title.best(), record.summary.best()
        yield FeedItem(key=record.number, title=title.text, summary=summary.text,
                       url=record.get_absolute_url(), updated=record.published, lang=title.lang,
                       author="" if record.discreet else str(record.organisation or ""),
                       example=record.example)


def in_order_of_accession(found: QuerySet[Listing]) -> QuerySet[Listing]:
    """For export: the order in which an empty house would number them again."""
    return found.order_by("pk")


def newest(number: int = 6) -> QuerySet[Listing]:
    return public().order_by("-published", "-pk")[:number]


def history(record: Listing) -> list[tuple[datetime, str, str]]:
    """When the record was moved, by which verb and to which state, oldest first."""
    targets = {f"listing.{name}": state for name, state in MOVES.items()}
    return [(fact.at, fact.name, targets[fact.name]) for fact in ledger.about(record).filter(
        name__in=targets)]


MOVES = {"drafted": State.DRAFT, "submitted": State.SUBMITTED, "taken_back": State.DRAFT,
         "returned": State.DRAFT, "published": State.PUBLISHED, "imported": State.DRAFT,
         "paused": State.PAUSED, "resumed": State.PUBLISHED, "expired": State.EXPIRED,
         "extended": State.PUBLISHED, "archived": State.ARCHIVED}


def runs_of_imports() -> QuerySet[ImportRun]:
    """Imports, the latest first, without the files themselves."""
    return ImportRun.objects.select_related("person").defer("content")


def counts_of_states(person: Person) -> dict[str, int]:
    """Her own records by state."""
    return dict(Listing.objects.filter(_hers(person)).order_by().values_list("state").annotate(
        n=Count("pk")))
