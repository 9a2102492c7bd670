"""Briefs, their editions and who gets them: what the house does on its own."""

from __future__ import annotations

from saphan.ground import clock
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom import posting
from saphan.rooms.newsroom.models import Brief, Subscriber


@clock.every(minutes=10)
def try_again() -> None:
    """What the mail server refused, or what was more than one round."""
    posting.leave()


def _export(person: Person) -> dict[str, object]:
    return {"briefs": [{"number": brief.number, "title": brief.title, "state": brief.state}
                       for brief in Brief.objects.filter(author=person).defer("content")],
            "subscriptions": [{"lang": row.lang, "topic": row.topic.number if row.topic else None}
                              for row in Subscriber.objects.filter(person=person)]}


def _forget(person: Person) -> None:
    """Her subscriptions go with her; briefs stay without her name."""
    Subscriber.objects.filter(person=person).delete()
    Brief.objects.filter(author=person).update(author=None)
    Brief.objects.filter(approved_by=person).update(approved_by=None)


people_actions.HOLDERS["newsroom-briefs"] = (_export, _forget)
