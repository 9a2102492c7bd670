"""Briefs, their editions and who gets them: what the house does on its own."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse

from saphan.ground import clock, jobs, ledger
from saphan.ground.models import Fact
from saphan.people import actions as people_actions
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.newsroom import findings, posting
from saphan.rooms.newsroom.models import Brief, Posting, Subscriber
from saphan.rooms.newsroom.queries import briefs as queries


@clock.every(minutes=10)
def try_again() -> None:
    """What the mail server refused, or what was more than one round."""
    posting.leave()


@jobs.on("figure.withdrawn", "figure.rejected", "article.withdrawn", "article.corrected")
def overtaken(fact: Fact) -> None:
    """A brief that went out cites what was taken back: its author and who approved it are told,
    once for each edition."""
    what = str(fact.data.get("figure") or fact.data.get("number") or "")
    for brief in queries.citing(what) if what else ():
        told = any(said.name == "brief.overtaken" and said.data.get("edition") == brief.edition
                   for said in ledger.about(brief))
        if told or not findings.fallen(brief.content):
            continue
        ledger.record("brief.overtaken", brief, edition=brief.edition, because=what)
        for person in {brief.author, brief.approved_by} - {None}:
            assert person is not None
            letters.write(person, lambda brief=brief: _letter(brief))  # type: ignore[misc]


def _letter(brief: Brief) -> letters.Letter:
    lines = dict.fromkeys(str(each.message) for each in findings.fallen(brief.content))
    return letters.Letter(f"{brief.number} {brief.title}", "\n".join(
        [str(queries.OVERTAKEN), "", *lines]), link=reverse("newsroom:brief", args=[brief.pk]))


def _export(person: Person) -> dict[str, object]:
    return {"briefs": [{"number": brief.number, "title": brief.title, "state": brief.state}
                       for brief in Brief.objects.filter(author=person).defer("content")],
            "subscriptions": [{"lang": row.lang, "topic": row.topic.number if row.topic else None}
                              for row in _subscriptions(person).select_related("topic")]}


def _subscriptions(person: Person) -> QuerySet[Subscriber]:
    """Hers, and those that the desk wrote down for her address."""
    return Subscriber.objects.filter(Q(person=person) | Q(email__iexact=person.email))


def _forget(person: Person) -> None:
    """Her subscriptions go with her; briefs stay without her name."""
    _subscriptions(person).delete()
    Posting.objects.filter(email__iexact=person.email).delete()
    Brief.objects.filter(author=person).update(author=None)
    Brief.objects.filter(approved_by=person).update(approved_by=None)


people_actions.HOLDERS["newsroom-briefs"] = (_export, _forget)
