"""What visitors, hosts and guides are told, each in the own language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.people import calendars, letters
from saphan.people.models import Person
from saphan.rooms.meetings.models import Visit
from saphan.rooms.meetings.visits import shown


def path_of(visit: Visit, lang: str) -> str:
    """The page of the routes that needs no account, in a language."""
    with translation.override(lang.lower()):
        return reverse("meetings:visit_route", args=[visit.token])


def entry(visit: Visit, *, cancelled: bool = False) -> calendars.Entry:
    """A visit in a calendar."""
    return calendars.Entry(
        key=f"visit-{visit.number.lower()}", sequence=visit.sequence, starts=visit.starts_at,
        ends=visit.ends_at, summary=_("Visit to the centre: %(title)s") % {"title": visit.title},
        description=_routes(visit), cancelled=cancelled, changed=visit.changed,
        link=settings.BASE_URL + path_of(visit, shown.active_language()))


def _routes(visit: Visit) -> str:
    rows = shown.Rows().of_visit(visit)
    return "\n\n".join("\n".join([
        _("Group %(name)s, %(people)s people, %(languages)s") % {
            "name": row.name, "people": formats.number(row.people), "languages": row.spoken},
        *(f"{shown.clock_of(stop)} {stop.station}" for stop in row.stops)]) for row in rows)


def when(visit: Visit) -> str:
    return formats.moment(visit.starts_at)


def confirmed(visit: Visit) -> letters.Letter:
    return _letter(visit, _("Your visit is confirmed"), _(
        "We look forward to your visit on %(when)s. The page below shows where each group goes "
        "and when. You can pass its address on to everybody who comes.") % {"when": when(visit)})


def changed(visit: Visit) -> letters.Letter:
    return _letter(visit, _("Your routes have changed"), _(
        "We had to change something in your visit on %(when)s. The page below shows what holds "
        "now.") % {"when": when(visit)})


def cancelled(visit: Visit) -> letters.Letter:
    words = _("The visit on %(when)s is cancelled.") % {"when": when(visit)}
    if visit.cancelled_because:
        words += "\n\n" + visit.cancelled_because
    return letters.Letter(
        f"{visit.number} · {_('Your visit is cancelled')}", f"{words}\n\n{visit.title}",
        attachments=[_attached(visit, cancelled=True)])


def requested(visit: Visit) -> letters.Letter:
    return letters.Letter(
        f"{visit.number} · {_('Somebody asks for a visit')}",
        _("%(people)s people would like to come on %(when)s.") % {
            "people": formats.number(visit.people), "when": when(visit)} + f"\n\n{visit.title}",
        link=visit.get_absolute_url())


def to_guide(visit: Visit) -> letters.Letter:
    return letters.Letter(
        f"{visit.number} · {_('Your tours')}",
        _("You lead or interpret on %(when)s. Your page shows where and when.") % {
            "when": when(visit)} + f"\n\n{visit.title}",
        link=reverse("meetings:visits_mine"))


def _letter(visit: Visit, subject: str, words: str) -> letters.Letter:
    return letters.Letter(
        f"{visit.number} · {subject}", f"{words}\n\n{visit.title}",
        link=path_of(visit, shown.active_language()), attachments=[_attached(visit)])


def _attached(visit: Visit, *, cancelled: bool = False) -> letters.Attachment:
    content = calendars.published([entry(visit, cancelled=cancelled)], name=visit.number,
                                  lang=shown.active_language())
    return letters.Attachment(f"{visit.number}.ics", content, "text/calendar")


def visitors(visit: Visit) -> list[Person]:
    """Who asked, and the host."""
    found = {person.pk: person for person in (visit.asker, visit.host)
             if person is not None and person.is_active}
    return list(found.values())


def guides(visit: Visit) -> list[Person]:
    found = {}
    for group in visit.groups.select_related("guide__person", "interpreter__person"):
        for guide in (group.guide, group.interpreter):
            if guide is not None and guide.person is not None and guide.person.is_active:
                found[guide.person.pk] = guide.person
    return list(found.values())
