"""Questions about articles. Lists read only what they show: no counting, no offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from saphan.design.plate import Plate
from saphan.engines.extraction.page import weight
from saphan.engines.language import codes
from saphan.engines.matching.documents import Document
from saphan.engines.matching.documents import Filters as Narrow
from saphan.ground import clock
from saphan.ground.text import Reading, Words
from saphan.house.engine import NotReady
from saphan.house.room import FeedItem
from saphan.people.models import Person
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.models import Article, Figure, Source, Version
from saphan.rooms.newsroom.rules import articles as rules
from saphan.rooms.newsroom.vocabulary import Origin

AT_ONCE = 30
BEST = 100
"""What a search for words shows: the best, not all."""
QUOTE = 200
"""Latin letters of somebody else's text that everybody may read here; a third in Chinese."""
FEED = 50
State = Article.State
_NOT_IN_LISTS = ("vector", "warnings", "byline", "withdrawn_because")


class NotFound(Exception):
    """No such article, or none that the asker may know of."""


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Built from a query string."""

    q: str = ""
    source: str = ""
    lang: str = ""
    economy: str = ""
    since: date | None = None
    until: date | None = None
    shelf: str = ""
    """`copies` shows copies too, `doubtful` what the house was not sure of, `withdrawn`."""

    @classmethod
    def read(cls, given: Mapping[str, str], *, desk: bool) -> Filters:
        """Only what means something; the shelves are the desk's."""
        said = {name: (given.get(name) or "").strip()[:200] for name in cls.__dataclass_fields__}
        lang = codes.canonical(said["lang"])
        return cls(
            q=said["q"], source=said["source"] if re.fullmatch(r"[\w-]{1,80}", said["source"])
            else "", lang=lang if lang in codes.LANGUAGES else "",
            economy=said["economy"].upper()[:2], since=_day(said["since"]),
            until=_day(said["until"]),
            shelf=said["shelf"] if desk and said["shelf"] in SHELVES else "")

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name in self.__dataclass_fields__
                if (value := getattr(self, name))}

    def apply(self, found: QuerySet[Article]) -> QuerySet[Article]:
        """Without the words, which the index of the archive answers."""
        state = State.WITHDRAWN if self.shelf == "withdrawn" else State.TAKEN
        found = found.filter(state=state)
        if self.shelf == "":
            found = found.filter(copy_of=None)
        if self.shelf == "doubtful":
            found = found.exclude(warnings=[])
        if self.source:
            found = found.filter(source=Source.objects.filter(key=self.source).values("pk")[:1])
        plain = {"lang": self.lang, "economy_id": self.economy, "day__gte": self.since,
                 "day__lte": self.until}
        return found.filter(**{name: value for name, value in plain.items() if value})


SHELVES = {"copies": _("Copies too"), "doubtful": _("Read with doubts"),
           "withdrawn": _("Withdrawn")}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Page:
    """Articles of a list, and where it goes on: `after` for the next page, empty at the end."""

    articles: list[Article]
    after: str = ""
    best: bool = False
    """Whether these are the best hits of a search rather than the newest."""


def listed() -> QuerySet[Article]:
    return Article.objects.select_related("source", "economy").defer(*_NOT_IN_LISTS)


def page(filters: Filters, after: str = "", at_once: int = AT_ONCE) -> Page:
    """The newest articles that pass, from behind `after` on; for words the best."""
    found = filters.apply(listed())
    if filters.q:
        return _by_words(filters, found)
    mark = re.fullmatch(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})", after)
    if mark and (day := _day(mark[1])):
        found = found.filter(day__lte=day).exclude(day=day, pk__gte=int(mark[2]))
    rows = list(found.order_by("-day", "-pk")[:at_once + 1])
    more = len(rows) > at_once
    last = rows[at_once - 1] if more else None
    return Page(rows[:at_once], f"{last.day.isoformat()}.{last.pk}" if last else "")


def _by_words(filters: Filters, found: QuerySet[Article]) -> Page:
    """What means the words, in whatever language; without the index what names them."""
    number = re.fullmatch(r"NWS-\d{4}-\d{4,7}", filters.q.upper())
    if number:
        return Page(list(Article.objects.filter(number=number[0], state=State.TAKEN)))
    try:
        opened = meaning.matcher()
        narrow = Narrow(langs=(filters.lang,) if filters.lang else (),
                        economies=(filters.economy,) if filters.economy else ())
        question = opened.read(filters.q, filters=narrow, now=clock.today())
        keys = [int(match.document.id) for match in opened.answer(question, BEST).matches
                if match.document is not None]
    except NotReady:
        keys = []
    if not keys:
        return Page(list(found.filter(title__icontains=filters.q).order_by("-day", "-pk")[:BEST]),
                    best=True)
    by_key = {each.pk: each for each in found.filter(pk__in=keys)}
    return Page([by_key[key] for key in keys if key in by_key], best=True)


def article(number: str, *, asker: Person | None) -> Article:
    """One article. Raises `NotFound`, for people outside also where it was withdrawn."""
    found = Article.objects.select_related("source", "economy", "story", "copy_of__source").defer(
        "vector").filter(number=number.upper()).first()
    if found is None or (found.state == State.WITHDRAWN and not rules.may_read_whole(asker)):
        raise NotFound(number)
    return found


def versions(article: Article) -> list[Version]:
    """The newest first, without their texts."""
    return list(article.versions.defer("text", "signature").order_by("-position"))


def version(article: Article, position: int | None = None) -> Version:
    """One version, the current one by default. Raises `NotFound`."""
    found = article.versions.filter(
        **({"current": True} if position is None else {"position": position})).first()
    if found is None:
        raise NotFound(f"{article.number} {position}")
    return found


def copies(article: Article) -> list[Article]:
    # In the order of the database: asked for another, it walks the whole archive in that order.
    found = [each for each in listed().filter(copy_of=article).order_by()[:200]
             if each.state == State.TAKEN]
    return sorted(found, key=lambda each: (each.day, each.pk))


def quote(article: Article) -> str:
    """As much of the text as everybody may read: its first sentence or two, never more than half
    of it."""
    lead = article.lead
    wide = weight(lead) / max(1, len(lead))
    most = int(min(QUOTE / max(1.0, wide), article.length / 2))
    if len(lead) <= most:
        return lead
    lead = lead[:most]
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)|[。！？]", lead)]
    return lead[:ends[-1]] if ends and ends[-1] > most // 3 else f"{lead.rstrip()}…"


def sources() -> list[tuple[str, str]]:
    """Key and name of each source that has articles."""
    return list(Source.objects.filter(articles__gt=0).order_by("name").values_list("key", "name"))


@dataclass(frozen=True)
class Piece:
    """Some characters of a text, and what they are: a figure, a quote, or neither."""

    text: str
    figure: Figure | None = None
    quoted: bool = False
    first: bool = False
    """Where a quote begins: what an address with `#quote` leads to."""


@dataclass
class Paragraph:
    pieces: list[Piece] = field(default_factory=list)


def marked(version: Version, quoted: tuple[int, int] | None = None) -> list[Paragraph]:
    """The text of a version with its figures where they stand, and a quote (`quoted`: from, to, in
    characters) where somebody points at one. Of figures that overlap the first is marked."""
    text = version.text
    figures = Figure.objects.filter(version=version).exclude(
        state__in=[Figure.State.REJECTED, Figure.State.WITHDRAWN]).order_by("start", "-end")
    spans: list[tuple[int, int, Figure]] = []
    for figure in figures:
        if figure.end <= len(text) and (not spans or figure.start >= spans[-1][1]):
            spans.append((figure.start, figure.end, figure))
    begin, end = quoted or (0, 0)
    cuts = sorted({0, len(text), *(at for one, two, _f in spans for at in (one, two)),
                   *(at for at in (begin, end) if 0 <= at <= len(text))})
    of_figure = {(one, two): figure for one, two, figure in spans}
    found = [Paragraph()]
    for one, two in pairwise(cuts):
        here = next((each for (s, e), each in of_figure.items() if s <= one and two <= e), None)
        for at, part in enumerate(text[one:two].split("\n\n")):
            if at:
                found.append(Paragraph())
            if part:
                found[-1].pieces.append(Piece(
                    part, here, begin <= one < end, one == begin < end and not at))
    return [each for each in found if each.pieces]


# For search, feeds and software


def found_by_asking() -> QuerySet[Article]:
    """The articles that Ask the house knows: those that somebody brought or an official source
    published, and those with a verified figure. All others stand in the archive, where their number
    does not bury what the house itself has to offer."""
    return Article.objects.filter(
        Q(state=State.TAKEN, copy_of=None) & (
            ~Q(origin=Origin.FETCHED) | Q(source__official=True)
            | Q(pk__in=Figure.objects.filter(state=Figure.State.VERIFIED).values("article"))))


class ArticleEntries:
    """Articles, as search finds them."""

    model: type[models.Model] = Article

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        found = found_by_asking()
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for each in found.defer(*_NOT_IN_LISTS).iterator(chunk_size=500):
            yield meaning.document(each)

    def of_organisation(self, key: str) -> list[str]:
        return []

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        found = listed().filter(pk__in=keys, state=State.TAKEN)
        return {str(each.pk): plate_of(each) for each in found}


def plate_of(article: Article) -> Plate:
    """The article as others see it in lists: a quote, never the whole."""

    def words(text: str) -> Any:
        return Reading(text, article.lang, Words(text), article.lang, article.lang)

    return Plate(
        number=article.number, title=words(article.title), url=article.get_absolute_url(),
        kind=_("Article"), wing="know", room=_("Newsroom"), maker=article.outlet,
        maker_lang=article.lang, date=article.day, summary=words(quote(article)),
        economy=str(article.economy.name) if article.economy else "",
        economy_code=article.economy_id or "", example=article.example)


def feed(filters: Filters | None = None) -> list[FeedItem]:
    """The newest articles, as feed readers get them."""
    found = (filters or Filters()).apply(listed()).order_by("-day", "-pk")[:FEED]
    return [item_of(each) for each in found]


def item_of(article: Article) -> FeedItem:
    """The article in a feed: a quote, never the whole."""
    return FeedItem(key=article.number, title=article.title, summary=quote(article),
                    url=reverse("newsroom:article", args=[article.number]), updated=article.taken,
                    lang=article.lang, author=article.outlet, example=article.example)
