"""Questions about briefs. Getters cannot return what the asker may not see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from saphan.design.plate import Plate
from saphan.engines.language import codes
from saphan.engines.matching.documents import Document
from saphan.ground import ledger
from saphan.ground.text import Text, reader_language
from saphan.house.centre import centre
from saphan.house.room import FeedItem
from saphan.people.models import Person
from saphan.rooms.newsroom import blocks
from saphan.rooms.newsroom.blocks import Block
from saphan.rooms.newsroom.models import (
    Brief,
    Edition,
    Figure,
    Posting,
    Subscriber,
    Version,
)
from saphan.rooms.newsroom.rules import briefs as rules
from saphan.rooms.newsroom.rules import desk

State = Brief.State
OUT = (State.APPROVED, State.SENT)


class NotFound(Exception):
    """No such brief, or none that the asker may know of."""


def public() -> QuerySet[Brief]:
    """What everybody may read now."""
    return Brief.objects.filter(state__in=OUT, public=True)


def visible_to(person: Person | None) -> QuerySet[Brief]:
    found = Brief.objects.select_related("topic")
    return found if desk.works_here(person) else found.filter(state__in=OUT, public=True)


def brief(pk: int, *, asker: Person | None) -> Brief:
    """One brief by its key. Raises `NotFound`, also for what she may not see."""
    found = Brief.objects.select_related("topic", "author", "approved_by").filter(pk=pk).first()
    if found is None or not rules.may_see(asker, found):
        raise NotFound(pk)
    return found


def numbered(number: str, *, asker: Person | None) -> Brief:
    found = Brief.objects.select_related("topic", "author").filter(number=number.upper()).first()
    if found is None or not rules.may_see(asker, found):
        raise NotFound(number)
    return found


def edition(found: Brief, position: int | None = None) -> Edition | None:
    """An edition, the newest by default; None before the first approval."""
    editions = found.editions.all()
    if position is not None:
        return editions.filter(position=position).first()
    return editions.order_by("-position").first()


@dataclass(frozen=True)
class Filters:
    """What the archive is narrowed to; empty means everything."""

    text: str = ""
    lang: str = ""
    state: str = ""
    year: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """Only what means something; the rest is left out."""
        lang, state, year = (given.get(name) or "" for name in ("lang", "state", "year"))
        return cls((given.get("text") or "").strip()[:200],
                   lang if lang in codes.CODES else "",
                   state if state in State.values else "",
                   year if year.isdecimal() and len(year) == 4 else "")

    def apply(self, found: QuerySet[Brief]) -> QuerySet[Brief]:
        for word in self.text.split():
            found = found.filter(Q(title__icontains=word) | Q(number__icontains=word)
                                 | Q(standfirst__icontains=word))
        if self.lang:
            found = found.filter(lang=self.lang)
        if self.state:
            found = found.filter(state=self.state)
        if self.year:
            found = found.filter(approved__year=int(self.year))
        return found


def archive(filters: Filters, *, asker: Person | None) -> QuerySet[Brief]:
    """Newest first; for the desk what is being written stands before what went out."""
    found = filters.apply(visible_to(asker)).defer("content")
    return found.order_by(models.F("approved").desc(nulls_first=True), "-changed", "-pk")


def years() -> list[int]:
    return [day.year for day in Brief.objects.exclude(approved=None).datetimes("approved", "year")]


def shown_edition(found: Brief, asker: Person | None) -> Edition | None:
    """The edition that stands now; None where the asker is at the desk and it is being written."""
    writing = found.state in (State.DRAFT, State.REVIEW) or not found.edition
    return None if writing and desk.works_here(asker) else edition(found)


def is_gone(found: Brief, asker: Person | None) -> bool:
    """Whether all that the asker may learn is that it was withdrawn."""
    return found.state == State.WITHDRAWN and not desk.works_here(asker)


def whole(found: Brief, kept: Edition | None) -> dict[str, Any]:
    """A brief as plain data, for software: what is written now for the desk, else the edition."""
    said = kept.whole if kept else {
        "number": found.number, "edition": found.edition, "lang": found.lang,
        "title": found.title, "standfirst": found.standfirst, "content": marked(found.content)}
    return {"id": found.pk, "state": found.state, "version": found.version,
            "public": found.public, "example": found.example,
            "url": settings.BASE_URL + found.get_absolute_url(),
            "digest": kept.digest if kept else None, **said}


def marked(content: list[Block]) -> list[Block]:
    """The parts, figures with whether somebody has verified them."""
    verified = set(Figure.objects.filter(
        key__in=[part["figure"] for part in content if part["kind"] == "figure"],
        state=Figure.State.VERIFIED).values_list("key", flat=True))
    return [{**part, "verified": part["figure"] in verified} if part["kind"] == "figure" else part
            for part in content]


def block(found: Brief, kept: Edition | None, name: str) -> Block | None:
    """One part of an edition, or of what is being written."""
    content = kept.whole["content"] if kept else found.content
    return blocks.by_id(content).get(name)


def quote_url(found: Brief, name: str, position: int = 0, *, lang: str = "") -> str:
    """Where the quote of a part opens: a path in the reader's language, or in `lang`."""
    with translation.override((lang or reader_language()).lower()):
        if position:
            return reverse("newsroom:brief_edition_quote", args=[found.pk, position, name])
        return reverse("newsroom:brief_quote", args=[found.pk, name])


def recipients(found: Brief) -> list[Subscriber]:
    """Who subscribed to briefs of this language, of its topic or of all. What is not public goes
    to the desk, and to the addresses that the desk wrote down itself."""
    rows = Subscriber.objects.filter(lang=found.lang).filter(
        Q(topic=None) | Q(topic=found.topic_id)).select_related("person")
    if not found.public:
        rows = rows.filter(Q(person=None) | Q(person__roles__name__in=desk.ROLES)).distinct()
    return [row for row in rows if row.email or (row.person and row.person.is_active)]


def address_of(row: Subscriber) -> str:
    return row.email or (row.person.email if row.person else "")


def waiting() -> QuerySet[Posting]:
    """Letters that still have to leave, and were not given up."""
    return Posting.objects.filter(tries__lt=5).select_related("edition", "edition__brief")


def citing(what: str) -> list[Brief]:
    """Briefs that went out and cite an article or a figure of this number."""
    return list(Brief.objects.filter(state__in=OUT).annotate(
        words=Cast("content", models.TextField())).filter(words__contains=f'"{what}"'))


def figures_to_add(found: Brief) -> list[Figure]:
    """Figures of the quoted articles that are not in the brief yet, verified ones first."""
    numbers = {part["source"]["article"] for part in found.content if part.get("source")}
    here = {part["figure"] for part in found.content if part["kind"] == "figure"}
    rows = Figure.objects.filter(
        article__number__in=numbers, state__in=[Figure.State.VERIFIED, Figure.State.READ],
    ).exclude(key__in=here).select_related("version", "article")[:60]
    return sorted(rows, key=lambda row: row.state != Figure.State.VERIFIED)


OVERTAKEN = _(
    "A source or figure of this brief was corrected or withdrawn after it was approved.")
HISTORY = {
    "brief.drafted": _("Drafted"), "brief.handed_in": _("Handed in for review"),
    "brief.returned": _("Returned to the author"), "brief.approved": _("Approved"),
    "brief.sent": _("Sent"), "brief.reopened": _("A corrected edition was begun"),
    "brief.withdrawn": _("Withdrawn"), "brief.overtaken": OVERTAKEN,
}


def history(found: Brief) -> list[tuple[Any, Any]]:
    """What happened with it, oldest first."""
    return [(fact.at, HISTORY[fact.name]) for fact in ledger.about(found) if fact.name in HISTORY]


def public_feed() -> Iterable[FeedItem]:
    """Briefs that everybody may read, newest first."""
    for found in public().order_by("-approved", "-pk").defer("content")[:50]:
        yield FeedItem(key=f"{found.number}/{found.edition}", title=found.title,
                       summary=found.standfirst, url=found.get_absolute_url(),
                       updated=found.approved, lang=found.lang, author=centre().name,
                       example=found.example)


class BriefEntries:
    """Public briefs, as search finds them."""

    model: type[models.Model] = Brief

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        found = public()
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for record in found.iterator(chunk_size=200):
            said = [part["text"] or blocks.quote_of(part) for part in record.content]
            yield Document(id=str(record.pk), lang=record.lang, title=record.title,
                           summary=record.standfirst, description="\n".join(said)[:8000],
                           kind="brief", room="newsroom")

    def of_organisation(self, key: str) -> list[str]:
        return []

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        return {str(record.pk): plate_of(record) for record in visible_to(asker).filter(
            pk__in=keys).defer("content")}


def plate_of(record: Brief) -> Plate:
    """The brief's museum label."""
    lang = reader_language()

    def own(words: str) -> Any:
        return Text.of({record.lang: words}, source=record.lang).best(lang)

    moment = record.approved or record.changed
    return Plate(
        number=record.number or str(_("Draft")), title=own(record.title),
        url=record.get_absolute_url(), kind=_("Brief"), wing="know", room=_("Newsroom"),
        maker=centre().name, date=timezone.localdate(moment), state=record.state,
        state_label=State(record.state).label,
        summary=own(record.standfirst) if record.standfirst else None, example=record.example)


def place_of(part: Block, around: int) -> dict[str, str]:
    """A quote with the words around it, as the version that was quoted has them: {before, marked,
    quote …}. A figure is marked inside its quote."""
    source = part["source"]
    text = Version.objects.filter(
        article__number=source["article"], position=source["version"]).values_list(
            "text", flat=True).first()
    start, end = source["start"], source["end"]
    if text is None or text[start:end] != source["quote"]:
        text, start, end = source["quote"], 0, len(source["quote"])
    before, after = text[max(0, start - around):start], text[end:end + around]
    inside = source["quote"].find(part["stated"]) if part["kind"] == "figure" else -1
    stated = part["stated"] if inside >= 0 else source["quote"]
    first = max(inside, 0)
    return {"before": ("…" if start > around else "") + before,
            "quote_before": source["quote"][:first], "marked": stated,
            "quote_after": source["quote"][first + len(stated):],
            "after": after + ("…" if end + around < len(text) else "")}


def fragment(source: Mapping[str, Any]) -> str:
    """The article's address with a text fragment, so that browsers scroll to the quoted words."""
    if not source["address"]:
        return ""
    return f"{source['address'].partition('#')[0]}#:~:text={quote(source['quote'][:80], safe='')}"
