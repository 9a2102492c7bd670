"""Letters about wishes: one a day at most, and one before wishes end."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.design import formats
from saphan.ground import ledger
from saphan.people import letters
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import news as queries
from saphan.rooms.meetings.queries.news import News, Reminder

NAMED = 10


def tell(news: News) -> int:
    """Write what is new to those who speak for a party. Returns how many were written to."""
    with ledger.fact(queries.TOLD, news.party, event=news.party.event.number,
                     wanted=len(news.wanted_by), accepted=len(news.accepted_by),
                     declined=news.declined):
        return sum(letters.write(person, lambda: _digest(news))
                   for person in queries.readers(news.party))


def remind(reminder: Reminder) -> int:
    """Write that wishes end soon."""
    with ledger.fact(queries.REMINDED, reminder.party, event=reminder.party.event.number,
                     to_answer=reminder.to_answer):
        return sum(letters.write(person, lambda: _reminder(reminder))
                   for person in queries.readers(reminder.party))


def _digest(news: News) -> letters.Letter:
    event = news.party.event
    subject, parts = "", list[str]()
    if news.wanted_by:
        count = len(news.wanted_by)
        subject = ngettext("%(number)s wants to meet you", "%(number)s want to meet you",
                           count) % {"number": formats.number(count)}
        parts += [_("They want to meet you:"), _names(news.wanted_by)]
    if news.accepted_by:
        count = len(news.accepted_by)
        subject = subject or ngettext(
            "%(number)s wants to meet you as well", "%(number)s want to meet you as well",
            count) % {"number": formats.number(count)}
        parts += [_("They accepted your wish:"), _names(news.accepted_by)]
    if news.declined:
        said = ngettext("%(number)s declined your wish.", "%(number)s declined your wish.",
                        news.declined) % {"number": formats.number(news.declined)}
        subject = subject or _("An answer to your wish")
        parts.append(said)
    parts.append(_until(event))
    return letters.Letter(f"{event.title.best()} · {subject}", "\n\n".join(parts),
                          link=_address(news.party))


def _reminder(reminder: Reminder) -> letters.Letter:
    event, parts = reminder.party.event, list[str]()
    if reminder.to_answer:
        parts.append(ngettext(
            "%(number)s participant waits for your answer.",
            "%(number)s participants wait for your answer.", reminder.to_answer) % {
                "number": formats.number(reminder.to_answer)})
    if reminder.has_few:
        parts.append(_("You have few wishes. The house suggests whom you could meet."))
    parts.append(_until(event))
    return letters.Letter(f"{event.title.best()} · {_('Wishes end soon')}", "\n\n".join(parts),
                          link=_address(reminder.party))


def _until(event: Event) -> str:
    return _("Wishes can be sent and answered until %(moment)s.") % {
        "moment": formats.moment(event.wishes_end, zone=event.time_zone)}


def _names(parties: Sequence[Party]) -> str:
    """Each on a line; of many only the first, and how many more."""
    shown = [f"– {party.organisation.name.best()} ({party.economy})" for party in parties[:NAMED]]
    more = len(parties) - NAMED
    if more > 0:
        shown.append(ngettext("– and %(number)s more", "– and %(number)s more", more) % {
            "number": formats.number(more)})
    return "\n".join(shown)


def _address(party: Party) -> str:
    return f"{reverse('meetings:wishes', args=[party.event.number])}?as={party.position}"
