"""Questions to the exhibition. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.db import models
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from saphan.design.plate import Plate
from saphan.engines.matching.documents import Document
from saphan.ground import clock
from saphan.ground.text import reader_language
from saphan.house.room import FeedItem, LiveFact
from saphan.people.models import Person
from saphan.rooms.exhibition import rules
from saphan.rooms.exhibition.models import Exhibit, KeptRun, Run, Tour
from saphan.rooms.exhibition.vocabulary import TOUR_HOURS, Outcome, Sector, State


class NotFound(Exception):
    """No such exhibit, or none that the asker may know of."""


def shown() -> QuerySet[Exhibit]:
    """What stands in the hall, in the order in which one walks it."""
    return Exhibit.objects.filter(state__in=rules.SHOWN_STATES)


def exhibit(slug: str) -> Exhibit:
    """One exhibit by slug or accession number. Raises NotFound."""
    found = shown().filter(Q(slug=slug.lower()) | Q(number=slug.upper())).first()
    if found is None:
        raise NotFound(slug)
    return found


def everything() -> QuerySet[Exhibit]:
    """For the staff: also what is no longer shown."""
    return Exhibit.objects.all()


def plate_of(found: Exhibit, *, lang: str | None = None) -> Plate:
    """The exhibit's museum label in the reader's language."""
    return Plate(
        number=found.number, title=found.title.best(lang), url=found.get_absolute_url(),
        kind=_("Runs outside the hall") if found.runs_outside else _("Exhibit"), wing="show",
        room=_("Exhibition"), maker=found.maker, economy_code=found.maker_economy,
        date=timezone.localdate(found.placed), state=found.state,
        state_label=State(found.state).label, summary=found.does.best(lang),
        example=found.example, facts=((_("Sector"), Sector(found.sector).label),))


def live_fact() -> LiveFact:
    number = Exhibit.objects.filter(state=State.RUNNING).count()
    return LiveFact(number, ngettext_lazy("exhibit running", "exhibits running", number))


class ExhibitEntries:
    """The exhibits, as search finds them."""

    model: type[models.Model] = Exhibit

    def documents(self, keys: Iterable[str] | None = None) -> Iterator[Document]:
        found = shown()
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for each in found.iterator(chunk_size=500):
            titles = {lang: words.text for lang, words in each.title.items()}
            does = {lang: words.text for lang, words in each.does.items()}
            source = each.title.source or "en"
            yield Document(
                id=str(each.pk), lang=source, title=titles.get(source, ""),
                summary=does.get(source, ""), room="exhibition", kind="exhibit",
                titles={lang: text for lang, text in titles.items() if lang != source},
                summaries={lang: text for lang, text in does.items() if lang != source},
                sector="" if each.sector == Sector.OTHER else each.sector,
                stage="demonstration")

    def of_organisation(self, key: str) -> list[str]:
        return []

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        lang = reader_language()
        return {str(each.pk): plate_of(each, lang=lang) for each in shown().filter(pk__in=keys)}


def new_exhibits() -> Iterator[FeedItem]:
    for each in shown().order_by("-placed", "-pk")[:50]:
        title, does = each.title.best(), each.does.best()
        yield FeedItem(key=each.number, title=title.text, summary=does.text,
                       url=each.get_absolute_url(), updated=each.placed, lang=title.lang,
                       author=each.maker)


@dataclass(frozen=True)
class Totals:
    """What an exhibit's runs came to. Energy in joules, CO2e in grams, each low, central, high;
    None where no run could say."""

    slug: str
    number: str
    runs: int
    answered: int
    by_house: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    joules: tuple[float, float, float] | None
    grams: tuple[float, float, float] | None
    unknown: int
    """Runs whose energy nobody could say: they are not zero."""

    @property
    def typical_s(self) -> float:
        return self.wall_s / self.runs if self.runs else 0.0


def totals(exhibits: QuerySet[Exhibit] | None = None) -> list[Totals]:
    """Per exhibit, over all runs that were recorded."""
    found = (exhibits if exhibits is not None else shown()).order_by("number").annotate(
        n=Count("runs"), answered=Count("runs", filter=Q(runs__outcome=Outcome.DONE)),
        by_house=Count("runs", filter=Q(runs__by_house=True)),
        unknown=Count("runs", filter=Q(runs__joules=None)),
        peak=Max("runs__peak_mb"), **{f"sum_{name}": Sum(f"runs__{name}") for name in (
            "cpu_s", "wall_s", "joules_low", "joules", "joules_high", "grams_low", "grams",
            "grams_high")})
    return [Totals(each.slug, each.number, each.n, each.answered, each.by_house,
                   each.sum_cpu_s or 0.0, each.sum_wall_s or 0.0, each.peak or 0.0,
                   _range(each, "joules"), _range(each, "grams"), each.unknown)
            for each in cast("Sequence[Any]", found)]


def _range(each: Any, name: str) -> tuple[float, float, float] | None:
    values = [getattr(each, f"sum_{name}{end}") for end in ("_low", "", "_high")]
    return None if None in values else (values[0], values[1], values[2])


def usual_seconds(found: Exhibit) -> float | None:
    """What a run took on average lately, in seconds; None before the first."""
    lately = Run.objects.filter(exhibit=found, outcome=Outcome.DONE).order_by("-pk")[:20]
    spans = [run.wall_s for run in lately]
    return sum(spans) / len(spans) if spans else None


def due_for_exercise(at_most: int, older_than: timedelta) -> list[Exhibit]:
    """Exhibits that nobody ran with success lately, the longest ago first."""
    limit = clock.now() - older_than
    return list(shown().exclude(state=State.CLOSED).filter(
        Q(last_success=None) | Q(last_success__lt=limit), example=False).order_by(
        models.F("last_failure").asc(nulls_first=True),
        models.F("last_success").asc(nulls_first=True))[:at_most])


def kept(token: str) -> KeptRun:
    """A kept run, by the link that only its visitor has. Raises NotFound."""
    found = KeptRun.objects.select_related("exhibit").filter(
        token=token, until__gte=clock.today()).first()
    if found is None:
        raise NotFound(token)
    return found


def tour(code: str) -> Tour:
    """A tour by the code on the guide's screen. Raises NotFound."""
    found = Tour.objects.select_related("exhibit").filter(code=code.strip().upper()).first()
    if found is None:
        raise NotFound(code)
    return found


def tours_of(guide: Person) -> QuerySet[Tour]:
    """Her tours that are under way, the newest first."""
    return Tour.objects.filter(guide=guide, state=Tour.State.OPEN, moved__gte=clock.now()
                               - timedelta(hours=TOUR_HOURS)).select_related("exhibit")
