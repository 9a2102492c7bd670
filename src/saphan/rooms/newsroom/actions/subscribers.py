"""Who gets briefs by e-mail."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.newsroom.models import Subscriber, Topic
from saphan.rooms.newsroom.rules import desk


def subscribe(person: Person, *, lang: str, topic: Topic | None = None) -> Subscriber:
    """She wants the public briefs of a language, of one topic or of all."""
    known = Subscriber.objects.filter(person=person, lang=lang, topic=topic).first()
    if known is not None:
        return known
    return _add(Subscriber(person=person, lang=lang, topic=topic), by=person)


def add(*, email: str, name: str, lang: str, topic: Topic | None, by: Person) -> Subscriber:
    """The desk adds an address that has asked for it."""
    desk.at_the_desk(by).or_raise()
    if Subscriber.objects.filter(email__iexact=email, lang=lang, topic=topic).exists():
        raise Refused(_("This address is on the list already."))
    return _add(Subscriber(email=email, name=name, lang=lang, topic=topic), by=by)


def _add(made: Subscriber, *, by: Person) -> Subscriber:
    made.token = secrets.token_urlsafe(24)
    with ledger.fact("subscriber.added", made, by=by, lang=made.lang,
                     topic=made.topic.number if made.topic else ""):
        made.save()
    return made


def stop(token: str, *, by: Person | None = None) -> bool:
    """No more letters. Whoever has the letter has the token. True if there was a subscription."""
    found = Subscriber.objects.filter(token=token).first() if token else None
    if found is None:
        return False
    with ledger.fact("subscriber.stopped", found, by=by):
        pk = found.pk
        found.delete()
        found.pk = pk  # the fact is about what was there
    return True
