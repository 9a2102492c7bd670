"""Questions about calls. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from saphan.design import formats
from saphan.design.plate import Plate
from saphan.engines.language import codes
from saphan.engines.matching.documents import Document
from saphan.ground import clock, ledger
from saphan.ground.text import Reading, Text, Words, reader_language
from saphan.house.room import FeedItem, LiveFact
from saphan.house.wording.reindex import Touched
from saphan.people.models import Person
from saphan.rooms.incubator import concepts
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.rules import calls as rules
from saphan.rooms.incubator.vocabulary import Form, Sector

RELATED = ("organisation", "economy")
State = Call.State
DECIDED = frozenset({State.ASSIGNED, State.CLOSED})
SHELVES: dict[str, frozenset[str]] = {
    "open": Call.OPEN, "evaluation": frozenset({State.EVALUATION}), "decided": DECIDED}
# Long words that a museum label leaves out: a page with many plates need not read them.
NOT_ON_A_PLATE = ("scenario", "environment", "data_available", "ip_terms", "support",
                  "eligibility", "rubric", "key_parts")
# What the translation desk brings into other languages, in the order in which people read it.
TRANSLATED = ("title", "summary", "scenario", "environment", "data_available", "ip_terms",
              "support", "eligibility")
PUBLIC = Q(state__in=Call.PUBLIC) | Q(state=State.CANCELLED, posted__isnull=False)


class NotFound(Exception):
    """No such call, or none that the asker may know of."""


def public() -> QuerySet[Call]:
    """What everybody may read: announced calls and all that came of them, also cancelled ones."""
    return Call.objects.filter(PUBLIC).select_related(*RELATED)


def visible_to(person: Person | None) -> QuerySet[Call]:
    """What is public, her own, her organisations', and for the desk all."""
    found = Call.objects.select_related(*RELATED)
    if rules.looks_at_the_desk(person):
        return found
    if person is not None and person.is_authenticated:
        return found.filter(PUBLIC | _hers(person))
    return found.filter(PUBLIC)


def _hers(person: Person) -> Q:
    return Q(author=person) | Q(organisation__in=person.memberships.filter(
        may_publish=True).values("organisation"))


def names_in(record: Call) -> list[str]:
    """Names that stay as they are when its words are translated."""
    organisation = record.organisation.name.plain().values() if record.organisation else ()
    return [name for name in (*organisation, record.organisation_name)
            if name and name.isascii()]


def call(number: str, *, asker: Person | None) -> Call:
    """One call by accession number. Raises `NotFound`, also for what she may not see."""
    found = visible_to(asker).filter(number=number.upper()).first()
    if found is None:
        raise NotFound(number)
    return found


def written_by(person: Person) -> QuerySet[Call]:
    """Her own calls and those of her organisations, whatever their state."""
    return Call.objects.select_related(*RELATED).filter(_hers(person)).order_by("-changed")


def waiting_for_the_desk() -> QuerySet[Call]:
    """Submitted calls, the longest waiting first."""
    return Call.objects.filter(state=State.SUBMITTED).select_related(*RELATED).order_by(
        "submitted", "pk")


def under_way() -> QuerySet[Call]:
    """Calls in which somebody has something to do, the nearest deadline first."""
    return Call.objects.filter(state__in=[
        State.SUBMITTED, State.POSTED, State.ANSWERING, State.EVALUATION,
        State.ASSIGNED]).select_related(*RELATED, "manager").order_by("deadline", "pk")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means everything. Built from a query string."""

    form: str = ""
    sector: str = ""
    economy: str = ""
    lang: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """Only known values; a filter that means nothing is left out."""
        allowed = {"form": Form.values, "sector": Sector.values, "lang": codes.CODES}
        read = {}
        for name in cls.__dataclass_fields__:
            value = (given.get(name) or "")[:64].strip()
            if value and value in allowed.get(name, [value]):
                read[name] = value.upper() if name == "economy" else value
        return cls(**read)

    def as_dict(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__
                if getattr(self, name)}

    def apply(self, found: QuerySet[Call]) -> QuerySet[Call]:
        return found.filter(**{{"economy": "economy_id"}.get(name, name): value
                               for name, value in self.as_dict().items()})


def shelf(name: str, filters: Filters | None = None) -> QuerySet[Call]:
    """Calls that are `open` (the nearest deadline first), under `evaluation`, or `decided` (the
    latest first). Raises KeyError for other shelves."""
    found = (filters or Filters()).apply(public().filter(state__in=SHELVES[name]))
    order = ("-decided", "-pk") if name == "decided" else ("deadline", "pk")
    return found.order_by(*order).defer(*NOT_ON_A_PLATE)


FACETS = ("form", "sector", "economy")


def facets(filters: Filters | None = None) -> dict[str, list[tuple[str, int]]]:
    """For each filter: its values, and how many public calls each would leave with the other
    filters as they are. Most frequent first."""
    filters, counted = filters or Filters(), {}
    for column in FACETS:
        found = replace(filters, **{column: ""}).apply(public().exclude(state=State.CANCELLED))
        attribute = {"economy": "economy_id"}.get(column, column)
        rows = found.order_by().values_list(attribute).annotate(n=Count("pk"))
        counted[column] = sorted(((str(value), number) for value, number in rows if value),
                                 key=lambda row: (-row[1], row[0]))
    return counted


def live_fact() -> LiveFact:
    """How many calls take answers, or will, today."""
    number = public().filter(state__in=Call.OPEN, deadline__gt=clock.now()).count()
    return LiveFact(number, ngettext_lazy("open call", "open calls", number))


def days_left(record: Call) -> int | None:
    """Whole days until the deadline; None where there is none or it has passed."""
    if record.deadline is None or record.is_over:
        return None
    return (record.deadline - clock.now()).days


def time_left(record: Call) -> str:
    """How long one can still answer, in the reader's words; empty if one cannot."""
    if record.state not in Call.OPEN or record.deadline is None or record.is_over:
        return ""
    days = days_left(record) or 0
    if days:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {
            "days": formats.number(days)}
    hours = int((record.deadline - clock.now()).total_seconds() // 3600)
    return ngettext("%(hours)s hour left", "%(hours)s hours left", hours) % {
        "hours": formats.number(hours)}


def maker_of(record: Call, lang: str | None = None) -> Reading:
    """The owner's name as the reader gets it."""
    if record.organisation:
        return record.organisation.reading(lang)
    return Reading(record.organisation_name, record.lang, Words(""), record.lang, record.lang)


def plate_of(record: Call, *, lang: str | None = None) -> Plate:
    """The call's museum label in the reader's language."""
    maker = maker_of(record, lang)
    facts: list[tuple[Any, Any]] = []
    if record.deadline:
        day = formats.day(record.deadline, style="medium", zone=record.time_zone)
        left = time_left(record)
        facts.append((_("Deadline"), f"{day} · {left}" if left else day))
    if record.budget_amount is not None:
        facts.append((_("Budget"), formats.money(record.budget_amount, record.budget_currency)))
    return Plate(
        number=record.number,
        title=record.title.best(lang),
        url=record.get_absolute_url(),
        kind=Form(record.form).label,
        wing="match",
        room=_("Incubator"),
        maker=maker.text,
        maker_lang=maker.lang,
        economy=str(record.economy.name.best(lang)) if record.economy else "",
        economy_code=record.economy_id or "",
        date=timezone.localdate(record.posted or record.created),
        state=record.state,
        state_label=State(record.state).label,
        summary=record.summary.best(lang),
        concepts=concepts.labels(record.concepts, lang),
        example=record.example,
        side="need",
        facts=tuple(facts),
    )


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric as a reader gets it; `weight` in per cent."""

    id: str
    name: Reading
    weight: int
    guide: Reading


def rubric_of(record: Call, lang: str | None = None) -> list[Criterion]:
    """What the panel looks at, in the reader's language as far as it was written in it."""
    return [Criterion(row["id"], _reading(row["name"], record.lang, lang), row["weight"],
                      _reading(row.get("guide") or {}, record.lang, lang))
            for row in record.rubric]


def _reading(words: Mapping[str, str], source: str, lang: str | None) -> Reading:
    text = Text.of(words, source=source if source in words else "", origin="house")
    return text.best(lang)


class CallEntries:
    """The incubator's public calls, as search finds them."""

    model: type[models.Model] = Call

    def name_again(self, touched: Touched) -> int:
        """After a change of terms: find the concepts of the calls it is about anew."""
        changed = 0
        for record in Call.objects.iterator(chunk_size=200):
            if touched.names(record.concepts) or touched.reads(concepts.text_of(record)):
                found = concepts.found_in(record)
                changed += found != record.concepts and Call.objects.filter(
                    pk=record.pk, version=record.version).update(concepts=found)
        return changed

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        found = public().exclude(state=State.CANCELLED)
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for record in found.iterator(chunk_size=500):
            yield document_of(record)

    def of_organisation(self, key: str) -> list[str]:
        return [str(pk) for pk in Call.objects.filter(organisation_id=key).order_by(
            "-posted", "-pk").values_list("pk", flat=True)]

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        lang = reader_language()
        return {str(record.pk): plate_of(record, lang=lang)
                for record in visible_to(asker).filter(pk__in=keys).defer(*NOT_ON_A_PLATE)}


def document_of(record: Call) -> Document:
    """The call as the matching engine reads it."""
    source = record.lang or "en"

    def own(text: Text) -> str:
        return concepts.own(text, source)

    measured = " ".join(f"{row['name']} {row.get('value', '')} {row.get('unit', '')}".strip() + "."
                        for row in record.indicators)
    return Document(
        id=str(record.pk),
        lang=source,
        title=own(record.title),
        summary=own(record.summary),
        description="\n".join(part for part in (
            own(record.scenario), measured, own(record.environment), own(record.support)) if part),
        keywords=tuple(record.keywords),
        titles={lang: words.text for lang, words in record.title.items() if lang != source},
        summaries={lang: words.text for lang, words in record.summary.items() if lang != source},
        kind=record.form,
        economy=record.economy_id or "",
        sector=record.sector,
        target_economies=tuple(record.lead_economies),
        partner_types=tuple(record.lead_types),
        organisation=str(record.organisation.name.best(source)) if record.organisation else "",
        organisation_kind=record.organisation.kind if record.organisation else "",
        deadline=timezone.localdate(record.deadline) if record.deadline else None,
        budget=float(record.budget_amount) if record.budget_amount is not None else None,
        currency=record.budget_currency,
        room="incubator",
        machine_translated=tuple(
            f"{name}.{lang}" for name in ("title", "summary", "scenario")
            for lang, words in getattr(record, name).items() if words.origin == "machine"),
    )


def open_calls() -> Iterable[FeedItem]:
    """The feed of calls that can be answered, the latest first."""
    return _feed(public().filter(state__in=Call.OPEN).order_by("-posted", "-pk"), "posted")


def decided_calls() -> Iterable[FeedItem]:
    """The feed of calls whose teams were chosen, the latest first."""
    return _feed(shelf("decided").exclude(decided__isnull=True), "decided")


def _feed(found: QuerySet[Call], moment: str) -> Iterable[FeedItem]:
    for record in found[:50]:
        title, summary = record.title.best(), record.summary.best()
        yield FeedItem(key=f"{record.number}/{moment}", title=title.text, summary=summary.text,
                       url=record.get_absolute_url(), updated=getattr(record, moment),
                       lang=title.lang, author=str(record.organisation or ""))


def in_order_of_accession(found: QuerySet[Call]) -> QuerySet[Call]:
    """For export: the order in which an empty house would number them again."""
    return found.order_by("pk")


MOVES = {"drafted": State.DRAFT, "submitted": State.SUBMITTED, "taken_back": State.DRAFT,
         "returned": State.DRAFT, "posted": State.POSTED, "opened": State.ANSWERING,
         "ended": State.EVALUATION, "decided": State.ASSIGNED, "finished": State.CLOSED,
         "cancelled": State.CANCELLED, "imported": "", "extended": ""}
NOT_FOR_ALL = frozenset({"drafted", "submitted", "taken_back", "returned"})


def history(record: Call, *, asker: Person | None = None) -> list[tuple[datetime, str]]:
    """When which verb was done to the call, oldest first: the name of the fact without its
    subject. Outsiders see what happened since it was announced."""
    hidden = frozenset() if rules.is_concerned(asker, record) else NOT_FOR_ALL
    told = {f"call.{name}": name for name in MOVES.keys() - hidden}
    return [(fact.at, told[fact.name]) for fact in ledger.about(record).filter(name__in=told)]
