"""Sources, looks at them and alarms: what the house does on its own."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.ground import clock
from saphan.people import letters
from saphan.people.models import Person, Role
from saphan.rooms.newsroom.actions import rounds
from saphan.rooms.newsroom.models import Alarm, Look, Page
from saphan.rooms.newsroom.queries import sources as queries
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.troubles import ALARMS

LOOKS_KEPT = timedelta(days=90)
PAGES_KEPT = timedelta(days=400)


@clock.every(minutes=1)
def read_sources() -> None:
    """Read what is due, and go on with a round that a process left behind."""
    if queries.round_now() is None and queries.due().exists():
        rounds.ask_for()
    rounds.line.look()


@clock.every(days=1)
def forget_what_is_old() -> None:
    """Looks of long ago tell nothing of how a source is doing; addresses of long ago are listed no
    more, and if one is, the archive knows its article."""
    Look.objects.filter(at__lt=clock.now() - LOOKS_KEPT).delete()
    Page.objects.filter(fetched__lt=clock.now() - PAGES_KEPT).delete()


@clock.every(days=1)
def tell_of_alarms() -> None:
    """One letter a day about the alarms that began since the last one and still ring: to who added
    the source, or else to those who run the newsroom."""
    with transaction.atomic():
        fresh = [alarm for alarm in queries.ringing().select_related("source__added_by")
                 if not alarm.detail.get("told")]
        for alarm in fresh:
            Alarm.objects.filter(pk=alarm.pk).update(
                detail={**alarm.detail, "told": clock.now().isoformat()})
    by_reader: dict[int, tuple[Person, list[Alarm]]] = {}
    managers = list(Person.objects.filter(
        is_active=True, roles__name=Role.Name.PROGRAMME_MANAGER).distinct())
    for alarm in fresh:
        adder = alarm.source.added_by
        readers = [adder] if adder and adder.is_active and desk.works_here(adder) else managers
        for person in readers:
            by_reader.setdefault(person.pk, (person, []))[1].append(alarm)
    for person, alarms in by_reader.values():
        letters.write(person, lambda alarms=alarms: _letter(alarms))  # type: ignore[misc]


def _letter(alarms: list[Alarm]) -> letters.Letter:
    subject = ngettext("A source needs a look", "%(count)d sources need a look",
                       len({alarm.source_id for alarm in alarms}))
    lines = [f"{alarm.source.name}: {ALARMS.get(alarm.code, alarm.code)}" for alarm in alarms]
    return letters.Letter(
        subject % {"count": len({alarm.source_id for alarm in alarms})},
        _("The newsroom noticed:") + "\n\n" + "\n".join(lines),
        link=reverse("newsroom:source_health"))
