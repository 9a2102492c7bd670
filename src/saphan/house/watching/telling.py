"""Letters about what saved searches found.

What is sent is marked as told, with a fact, in one transaction; only then the letter leaves. A
process that is killed in between sends nothing twice: that one letter is lost, and what it would
have told stands on the page of the search and in its feed. If the mail server refuses the letter
the mark is taken back and the letter is tried again.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.design import formats
from saphan.design.plate import Plate
from saphan.ground import clock, ledger
from saphan.ground.text import reader_language
from saphan.house.ask import Hit
from saphan.house.centre import centre
from saphan.house.watching import looking
from saphan.house.watching.models import Found, Watch
from saphan.people import letters

log = logging.getLogger(__name__)
HOUR = 8
"""At which digests leave, where their reader lives; weekly ones on Monday."""
BETWEEN = timedelta(minutes=10)
"""Between two letters of one search that tells at once: what comes together is told together."""
AGAIN = timedelta(minutes=30)
"""After a letter that could not be sent."""
IN_A_LETTER = 20


@dataclass(frozen=True)
class Item:
    """One record of a letter."""

    hit: Hit
    address: str

    @property
    def note(self) -> str:
        """The language of the title, if it is not the reader's."""
        title = self.hit.plate.title
        return "" if title.lang == title.asked else _("Shown in: %(language)s") % {
            "language": formats.language_name(title.lang)}

    @property
    def from_where(self) -> str:
        plate = self.hit.plate
        example = _("Example") if plate.example else ""
        return " · ".join(part for part in (
            plate.maker, plate.economy, str(plate.kind), example) if part)

    @property
    def unmet(self) -> list[str]:
        """What was asked for and is not so."""
        return [_wish(each.label, each.wanted, each.found) for each in self.hit.requirements
                if each.verdict == "not_met"]

    @property
    def met(self) -> list[str]:
        return [_wish(each.label, each.wanted) for each in self.hit.requirements
                if each.verdict == "met"]

    @property
    def unsaid(self) -> list[str]:
        """What was asked for and the record does not say."""
        return [*self.hit.missing, *(_wish(each.label, each.wanted)
                                     for each in self.hit.requirements
                                     if each.verdict == "unknown")]

    def reasons(self) -> list[tuple[str, list[str]]]:
        """Why it fits and what is not met, in lines of a label and what belongs to it."""
        rows = [(_("What you have in common"), list(self.hit.concepts)), (_("Met"), self.met),
                (_("Not met"), self.unmet), (_("Not mentioned here"), self.unsaid)]
        return [(label, values) for label, values in rows if values]


def _wish(label: str, wanted: str, found: str = "") -> str:
    here = _("here: %(found)s") % {"found": found} if found else ""
    return f"{label}: {wanted}" + (f" ({here})" if here else "")


# When


def next_time(watch: Watch, after: datetime | None = None) -> datetime | None:
    """When its next letter may leave: now, the next morning, the next Monday morning; never."""
    moment = after or clock.now()
    if watch.often == Watch.Often.FEED:
        return None
    if watch.often == Watch.Often.AT_ONCE:
        return moment
    zone = ZoneInfo(zone_of(watch))
    day = moment.astimezone(zone).date()
    while True:
        morning = datetime.combine(day, time(HOUR), tzinfo=zone)
        if morning > moment and (watch.often == Watch.Often.DAILY or day.isoweekday() == 1):
            return morning
        day += timedelta(days=1)


def zone_of(watch: Watch) -> str:
    economy = watch.person.economy
    return economy.time_zone if economy else settings.TIME_ZONE


# Sending


def due() -> QuerySet[Watch]:
    return Watch.objects.filter(
        state=Watch.State.ON, person__is_active=True, next_letter__lte=clock.now(),
    ).select_related("person__economy").order_by("next_letter", "pk")


@clock.every(minutes=5)
def tell() -> None:
    """Send the letters whose time has come."""
    tell_at_once()
    for watch in due().exclude(often=Watch.Often.AT_ONCE):
        send(watch)


def tell_at_once() -> None:
    """Send the letters that wait for no morning."""
    waiting = Found.objects.filter(watch=OuterRef("pk"), state=Found.State.WAITING)
    for watch in due().filter(Exists(waiting), often=Watch.Often.AT_ONCE):
        send(watch)


def send(watch: Watch) -> bool:
    """One letter with all that waits, or none where nothing does. Says whether one was sent."""
    rows = list(watch.found.filter(state=Found.State.WAITING).order_by("-score", "pk"))
    with translation.override(watch.language.lower()):
        shown = looking.plates(row.entry for row in rows)
        rows = [row for row in rows if row.entry in shown]
        letter = compose(watch, [item(row, shown[row.entry]) for row in rows]) if rows else None
    if letter is None:
        if watch.often != Watch.Often.AT_ONCE:
            Watch.objects.filter(pk=watch.pk).update(next_letter=next_time(watch))
        return False
    if not _mark(watch, rows):
        return False
    try:
        return letters.write(watch.person, lambda: letter)
    except (OSError, smtplib.SMTPException):
        log.exception("a letter about a saved search could not be sent")
        _take_back(watch, rows)
        return False


def _mark(watch: Watch, rows: list[Found]) -> bool:
    """These are told, and when the next letter may leave. False if another process was quicker."""
    moment = clock.now()
    following = moment + BETWEEN if watch.often == Watch.Often.AT_ONCE else next_time(watch)
    try:
        with ledger.fact("watch.told", watch, records=len(rows)):
            if not Watch.objects.filter(
                    pk=watch.pk, next_letter=watch.next_letter, state=Watch.State.ON,
            ).update(next_letter=following):
                raise _TooLate
            Found.objects.filter(pk__in=[row.pk for row in rows]).update(
                state=Found.State.TOLD, told=moment)
    except _TooLate:
        return False
    return True


def _take_back(watch: Watch, rows: list[Found]) -> None:
    with ledger.fact("watch.not_told", watch, records=len(rows)):
        Found.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=Found.State.WAITING, told=None)
        Watch.objects.filter(pk=watch.pk).update(next_letter=clock.now() + AGAIN)


class _TooLate(Exception):
    """Another process has sent it, or the search was paused in between."""


# What it says


def item(row: Found, plate: Plate) -> Item:
    found = looking.hit(row.entry, row.score, row.why, plate, reader_language())
    return Item(found, settings.BASE_URL + plate.url)


def compose(watch: Watch, items: list[Item]) -> letters.Letter:
    """The letter in the active language, as plain text and as simple HTML."""
    number, more = len(items), max(len(items) - IN_A_LETTER, 0)
    subject = ngettext("%(number)s new record for “%(name)s”",
                       "%(number)s new records for “%(name)s”", number) % {
        "number": formats.number(number), "name": watch.name}
    addresses = {"page": settings.BASE_URL + watch.get_absolute_url(),
                 "stop": settings.BASE_URL + reverse("watch_stop", args=(watch.stop_key,))}
    known = {"watch": watch, "items": items[:IN_A_LETTER], "subject": subject, "more": _more(more),
             "ending": _ending(watch), "centre": centre().name, "lang": reader_language(),
             **addresses}
    return letters.Letter(
        subject, _plain(known), html=render_to_string("watching/letter.html", known),
        headers={"List-Unsubscribe": f"<{addresses['stop']}>",
                 "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                 "Auto-Submitted": "auto-generated"})


def _more(number: int) -> str:
    return "" if not number else ngettext(
        "and %(number)s more on the page of your search",
        "and %(number)s more on the page of your search", number) % {
            "number": formats.number(number)}


def _ending(watch: Watch) -> str:
    return _("You get this letter because you saved a search here. How often: %(often)s.") % {
        "often": watch.get_often_display()}


def _plain(known: dict[str, Any]) -> str:
    parts = [known["subject"]]
    for place, each in enumerate(known["items"], 1):
        plate = each.hit.plate
        title = f"{formats.number(place)}. {plate.title.text}"
        lines = [f"{title} ({each.note})" if each.note else title, each.from_where]
        lines += [f"{label}: {'; '.join(values)}" for label, values in each.reasons()]
        parts.append("\n".join([*lines, each.address]))
    parts += [known["more"]] if known["more"] else []
    parts.append("\n".join([
        "-- ", known["ending"], _("Change or delete this search: %s") % known["page"],
        _("No more letters of this search: %s") % known["stop"], str(known["centre"])]))
    return "\n\n".join(parts)
