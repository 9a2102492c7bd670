"""Events as museum labels, and as search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from saphan.design import formats
from saphan.design.plate import Plate
from saphan.engines.matching.documents import Document
from saphan.ground import clock
from saphan.ground.text import Text, reader_language
from saphan.house.wording.reindex import Touched
from saphan.people.models import Person
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.queries import events
from saphan.rooms.meetings.vocabulary import Mode

State = Event.State


def when(event: Event) -> str:
    """Its day, or its first and last day, in the reader's words."""
    first = formats.day(event.first_day, style="medium")
    if event.first_day == event.last_day:
        return first
    return _("%(first)s to %(last)s") % {
        "first": first, "last": formats.day(event.last_day, style="medium")}


def standing(event: Event) -> str:
    """What can be done with it now, in plain words."""
    if event.state == State.RUNNING:
        return _("Taking place now")
    if event.state == State.OPEN and clock.now() < event.registration_ends:
        return _("Registration until %(moment)s") % {
            "moment": formats.moment(event.registration_ends, zone=event.time_zone)}
    if event.takes_wishes:
        return _("Registration is closed. Wishes until %(moment)s") % {
            "moment": formats.moment(event.wishes_end, zone=event.time_zone)}
    if event.state in events.COMING:
        return _("Registration is closed. The timetable is being made.")
    return str(State(event.state).label)


def places_words(event: Event) -> str:
    """How many can still come."""
    left = events.places_left(event)
    if left == 0:
        return _("All places are taken. There is a waiting list.")
    return ngettext("%(number)s place left", "%(number)s places left", left) % {
        "number": formats.number(left)}


def plate_of(event: Event, *, lang: str | None = None) -> Plate:
    """The event's museum label in the reader's language."""
    facts: list[tuple[Any, Any]] = [(gettext_lazy("When"), when(event))]
    if event.venue:
        facts.append((gettext_lazy("Where"), str(event.venue.best(lang))))
    facts.append((gettext_lazy("How"), Mode(event.mode).label))
    if event.state != State.CANCELLED and event.state != State.OVER:
        facts.append((gettext_lazy("Now"), standing(event)))
    if event.state == State.OPEN and clock.now() < event.registration_ends:
        facts.append((gettext_lazy("Places for participants"), places_words(event)))
    return Plate(
        number=event.number,
        title=event.title.best(lang),
        url=event.get_absolute_url(),
        kind=gettext_lazy("Matchmaking event"),
        wing="match",
        room=pgettext_lazy("room", "Meetings"),
        economy=str(event.economy.name.best(lang)),
        economy_code=event.economy_id,
        date=timezone.localdate(event.opened or event.created),
        state=event.state,
        state_label=State(event.state).label,
        summary=event.summary.best(lang),
        example=event.example,
        facts=tuple(facts),
    )


class EventEntries:
    """The room's public events that are not over yet, as search finds them."""

    model: type[models.Model] = Event

    def name_again(self, touched: Touched) -> int:
        """Events keep no concepts of their own."""
        return 0

    def documents(self, keys: Iterable[str] | None = None) -> Iterable[Document]:
        found = events.public().exclude(state=State.CANCELLED)
        if keys is not None:
            found = found.filter(pk__in=list(keys))
        for record in found.iterator(chunk_size=500):
            yield document_of(record)

    def of_organisation(self, key: str) -> list[str]:
        return []

    def plates(self, keys: Sequence[str], *, asker: Person | None) -> dict[str, Plate]:
        lang = reader_language()
        found = (events.visible_to(asker).filter(pk__in=keys).annotate(taken=events.taken_of())
                 .defer(*events.NOT_ON_A_PLATE))
        return {str(record.pk): plate_of(record, lang=lang) for record in found}


def document_of(record: Event) -> Document:
    """The event as the matching engine reads it."""
    source = record.lang or "en"

    def own(text: Text) -> str:
        return text[source].text if source in text else str(text.best(source))

    return Document(
        id=str(record.pk),
        lang=source,
        title=own(record.title),
        summary=own(record.summary),
        description="\n".join(part for part in (own(record.description), own(record.venue))
                              if part),
        titles={lang: words.text for lang, words in record.title.items() if lang != source},
        summaries={lang: words.text for lang, words in record.summary.items() if lang != source},
        kind="event",
        economy=record.economy_id,
        sector=record.sector,
        valid_until=record.last_day,
        deadline=record.registration_ends.astimezone(ZoneInfo(record.time_zone)).date(),
        room="meetings",
        machine_translated=tuple(
            f"{name}.{lang}" for name in ("title", "summary", "description")
            for lang, words in getattr(record, name).items() if words.origin == "machine"),
    )
