"""Questions to the observatory. Getters here cannot return what the asker may not see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from saphan.design import formats
from saphan.design.plate import Plate
from saphan.engines.matching.documents import Document
from saphan.ground import clock, ledger
from saphan.ground.models import Fact
from saphan.ground.text import reader_language
from saphan.house import numbers
from saphan.house.room import FeedItem, LiveFact
from saphan.people.models import Economy, Person
from saphan.rooms.observatory import periods, rules, units
from saphan.rooms.observatory.comparing import Difference, differences
from saphan.rooms.observatory.models import Indicator, Observation, Place

CURRENT = Observation.State.CURRENT
# Fetched once each, not joined: a name is words in a dozen languages, and a page of fifty numbers
# is about three places.
RELATED = ("indicator", "economy", "place")
LIGHT = ("indicator", "economy", "place", "place_said", "value", "high", "relation", "unit",
         "period", "begins", "ends", "subject", "state")
TRANSLATED = ("name", "meaning")
GROUPS = 100
"""Of what is said twice so much is compared at once, where a few disagreements are enough."""
POINTS_AT_MOST = 240
"""More than that nobody can tell apart in one picture."""


class NotFound(Exception):
    """No such record, or none that the asker may know of."""


def visible_to(person: Person | None) -> QuerySet[Indicator]:
    """What is published or archived, and for those who keep the numbers also drafts."""
    found = Indicator.objects.all()
    return found if rules.edits(person) else found.exclude(state=Indicator.State.DRAFT)


def listed(person: Person | None = None, *, sector: str = "") -> QuerySet[Indicator]:
    """What the list shows: no archived ones."""
    found = visible_to(person).exclude(state=Indicator.State.ARCHIVED)
    return found.filter(sector=sector) if sector else found


def takes_figures() -> list[tuple[str, str]]:
    """Slug and name of each indicator that holds numbers of sources, by name."""
    found = Indicator.objects.filter(counts="").exclude(state=Indicator.State.ARCHIVED)
    return sorted(((one.slug, str(one.name)) for one in found), key=lambda row: row[1].casefold())


def indicator(slug: str, *, asker: Person | None) -> Indicator:
    """One indicator by its address. Raises `NotFound`, also for what she may not see."""
    found = visible_to(asker).filter(slug=slug).first()
    if found is None:
        raise NotFound(slug)
    return found


def observation(number: str, *, asker: Person | None) -> Observation:
    """One observation by accession number, also one that was corrected or withdrawn."""
    found = Observation.objects.select_related(*RELATED, "replaces", "replaced_by").filter(
        number=number.upper(), indicator__in=visible_to(asker).values("pk")).first()
    if found is None:
        raise NotFound(number)
    return found


def current(*, of: Indicator | None = None, place: str = "",
            person: Person | None = None) -> QuerySet[Observation]:
    """What counts now, the newest period first. `place`: a code, or `-` for those without one."""
    found = Observation.objects.filter(state=CURRENT).prefetch_related(*RELATED)
    found = found.filter(indicator=of) if of is not None else found.filter(
        indicator__in=visible_to(person).values("pk"))
    if place == "-":
        found = found.filter(place=None, economy=None)
    elif len(place) == 2:
        found = found.filter(economy_id=place)
    elif place:
        found = found.filter(place_id=place)
    return found


def drawn(of: Indicator, places: Sequence[str]) -> list[Observation]:
    """What a chart of these places (codes, `-` for none) shows: the newest, as many as one can tell
    apart, without the words of sources."""
    where = Q(pk__in=[])
    for code in places:
        where |= Q(place=None, economy=None) if code == "-" else Q(
            economy=code) if len(code) == 2 else Q(place=code)
    return list(current(of=of).filter(where).defer("quote", "note", "because")[:POINTS_AT_MOST])


def up_to(chosen: Sequence[Indicator], until: date, *, since: date,
          at_most: int) -> dict[int, list[Observation]]:
    """For each indicator its newest numbers for periods that ended in these years."""
    keys = [key for of in chosen for key in Observation.objects.filter(
        indicator=of, state=CURRENT, ends__lte=until, ends__gte=since).order_by(
            "-ends", "-begins", "pk").values_list("pk", flat=True)[:at_most]]
    found: dict[int, list[Observation]] = defaultdict(list)
    for one in Observation.objects.filter(pk__in=keys).prefetch_related(*RELATED):
        found[one.indicator_id].append(one)
    return found


def newest(chosen: Sequence[Indicator], *, until: date | None = None
           ) -> dict[int, list[Observation]]:
    """For each indicator the observations of its newest period (that ended by `until`): one, or
    more where there are several places or sources."""
    found = Observation.objects.filter(state=CURRENT, indicator__in=[one.pk for one in chosen])
    if until is not None:
        found = found.filter(ends__lte=until)
    ends = dict(found.order_by().values_list("indicator").annotate(last=Max("ends")))
    if not ends:
        return {}
    wanted = Q(pk__in=[])
    for pk, last in ends.items():
        wanted |= Q(indicator=pk, ends=last)
    latest: dict[int, list[Observation]] = defaultdict(list)
    for one in Observation.objects.filter(wanted, state=CURRENT).prefetch_related(
            *RELATED).order_by("-begins", "pk"):
        latest[one.indicator_id].append(one)
    return latest


def is_stale(of: Indicator, ends: date) -> bool:
    """Whether the newest period ended so long ago that it should be looked after."""
    return periods.months_between(ends, clock.today()) >= of.stale_after


def places_of(of: Indicator) -> list[tuple[str, str, int]]:
    """Places with numbers: code (`-` for none), name and how many, the most first."""
    rows = Observation.objects.filter(indicator=of, state=CURRENT).order_by().values_list(
        "economy_id", "place_id").annotate(n=Count("pk"))
    counts: dict[str, int] = defaultdict(int)
    for economy, place, number in rows:
        counts[place or economy or "-"] += number
    names = place_names(counts)
    found = [(code, names.get(code, str(_("Without a place"))), number)
             for code, number in counts.items()]
    return sorted(found, key=lambda row: (-row[2], row[1]))


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Names of economies and places in the reader's language."""
    wanted = list(codes)
    return {one.code: str(one.name) for one in Economy.objects.filter(code__in=wanted)} | {
        one.code: str(one.name) for one in Place.objects.filter(code__in=wanted)}


def disagreements(of: Indicator | None = None, *, person: Person | None = None,
                  since: date | None = None, until: date | None = None,
                  at_most: int | None = None) -> list[Difference]:
    """Where sources say different things about the same, the newest period first. Only what is
    about the same period and place at least twice is read, and of that no words: see `whole`."""
    found = current(of=of, person=person).prefetch_related(None)
    if since is not None:
        found = found.filter(ends__gte=since)
    if until is not None:
        found = found.filter(ends__lte=until)
    key = ("indicator_id", "place_id", "economy_id", "begins", "ends")
    twice = found.order_by("-ends").values_list(*key).annotate(n=Count("pk")).filter(n__gt=1)
    groups, apart = [tuple(row[:5]) for row in twice], list[Difference]()
    step = GROUPS if at_most is not None else max(1, len(groups))
    for begin in range(0, len(groups), step):
        wanted = set(groups[begin:begin + step])
        close = found.only(*LIGHT).filter(indicator_id__in={row[0] for row in wanted},
                                          ends__in={row[4] for row in wanted})
        apart += differences(one for one in close
                             if tuple(getattr(one, name) for name in key) in wanted)
        if at_most is not None and len(apart) >= at_most:
            return apart[:at_most]
    return apart


def whole(found: Sequence[Difference]) -> list[Difference]:
    """The same disagreements with all the words of their sources."""
    keys = [one.pk for difference in found for one in difference.observations]
    read = {one.pk: one for one in Observation.objects.filter(pk__in=keys).prefetch_related(
        *RELATED)}
    return [replace(difference, observations=tuple(
        read[one.pk] for one in difference.observations)) for difference in found]


def counted(of: Indicator, *, part: numbers.Part | None = None,
            count: numbers.Count | None = None) -> numbers.Number | None:
    """What an indicator that counts facts counts; None if the room it counted in has gone."""
    found = numbers.find(of.counts)
    return numbers.number(*found, part=part, count=count) if found else None


def facts_about(one: Observation) -> list[Fact]:
    """What happened to an observation, oldest first."""
    return list(ledger.about(one))


def waiting(*, limit: int = 50) -> QuerySet[Observation]:
    """What nobody has checked at its source, oldest first."""
    return Observation.objects.filter(state=CURRENT, checked=False, example=False).prefetch_related(
        *RELATED).order_by("created", "pk")[:limit]


def left_out(*, limit: int = 20) -> list[Fact]:
    """Figures of the newsroom that did not fit their indicator, the newest first, as long as they
    have not come in by another try."""
    found = Fact.objects.filter(name="figure.left_out").order_by("-seq")[:limit]
    keys = {str(pk): figure for pk, figure in Observation.objects.filter(figure__in=[
        str(fact.data.get("figure")) for fact in found]).values_list("pk", "figure")}
    came = {keys[fact.subject_id]: fact.seq for fact in Fact.objects.filter(
        subject_type=Observation._meta.label_lower, subject_id__in=list(keys),
        name__in=["observation.added", "observation.corrected"]).order_by("seq")}
    return [fact for fact in found if came.get(str(fact.data.get("figure")), 0) < fact.seq]


def live_fact() -> LiveFact:
    """How many published numbers with a source there are today."""
    number = Observation.objects.filter(state=CURRENT).exclude(
        indicator__state=Indicator.State.DRAFT).count()
    return LiveFact(number, ngettext_lazy("number with its source", "numbers with their source",
                                          number))


def plate_of(record: Indicator, *, lang: str | None = None,
             latest: Sequence[Observation] = ()) -> Plate:
    """The indicator's museum label; where its newest number stands, that too."""
    said = when = ""
    if latest:
        first = latest[0]
        said = units.said(first.value, first.unit, first.relation, first.high)
        when = formats.period(first.period)
    return Plate(
        number=record.slug, title=record.name.best(lang), url=record.get_absolute_url(),
        kind=_("Indicator"), wing="know", room=_("Observatory"),
        maker=f"{said} · {when}" if said else "", maker_lang=lang or reader_language(),
        state=record.state, state_label=Indicator.State(record.state).label,
        summary=record.meaning.best(lang), example=record.example)


class IndicatorEntries:
    """The indicators, as search finds them."""

    model: type[models.Model] = Indicator

    def kinds(self) -> Mapping[str, str | Promise]:
        return {"indicator": _("Indicator")}

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        found = Indicator.objects.filter(state=Indicator.State.PUBLISHED)
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for record in found:
            yield document_of(record)

    def of_organisation(self, key: str) -> list[str]:
        return []

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        lang, found = reader_language(), list(visible_to(asker).filter(pk__in=keys))
        latest = newest(found)
        return {str(one.pk): plate_of(one, lang=lang, latest=latest.get(one.pk, ()))
                for one in found}


def document_of(record: Indicator) -> Document:
    """The indicator as the matching engine reads it."""
    source = record.name.source or "en"
    return Document(
        id=str(record.pk), lang=source, title=record.name.best(source).text,
        summary=record.meaning.best(source).text, description="", keywords=(),
        titles={lang: words.text for lang, words in record.name.items() if lang != source},
        summaries={lang: words.text for lang, words in record.meaning.items() if lang != source},
        kind="indicator", sector=record.sector, room="observatory")


def new_observations() -> Iterable[FeedItem]:
    """The latest numbers, for feeds."""
    for one in current().order_by("-created", "-pk")[:50]:
        name, place = one.indicator.name.best(), str(one.place_words) or one.place_said
        said = units.said(one.value, one.unit, one.relation, one.high)
        yield FeedItem(
            key=one.number, url=one.get_absolute_url(), updated=one.created, lang=name.lang,
            title=f"{name.text}: {said}", author=one.source, summary=" · ".join(
                part for part in (formats.period(one.period), place, one.source, one.quote)
                if part), example=one.example or one.indicator.example)


def years() -> list[int]:
    """Years for which a report says something: those in which a period ended, up to this one."""
    found = {day.year for day in Observation.objects.filter(state=CURRENT).order_by().values_list(
        "ends", flat=True).distinct()}
    this = clock.today().year
    return sorted({year for year in found if this - 10 < year <= this} | {this}, reverse=True)
