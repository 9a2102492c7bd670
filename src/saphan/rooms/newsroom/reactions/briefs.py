"""Briefs, their editions and who gets them: what the house does on its own."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from saphan.engines.paper import FontMissing
from saphan.engines.paper.mail import html
from saphan.engines.paper.plain import text
from saphan.ground import clock, jobs
from saphan.ground.models import Fact
from saphan.people import actions as people_actions
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.newsroom import papers
from saphan.rooms.newsroom.models import Brief, Edition, Posting, Subscriber
from saphan.rooms.newsroom.queries import briefs as queries

log = logging.getLogger(__name__)
AT_ONCE = 200
"""Letters of one round of the worker."""


@jobs.on("brief.sent")
def post(_fact: Fact) -> None:
    """Let the letters leave. A letter that the server refuses is tried again in the next round."""
    leave()


@clock.every(minutes=10)
def try_again() -> None:
    """What the mail server refused, or what was more than one round."""
    leave()


def leave() -> int:
    """Send what waits; returns how many letters left. A row goes before its letter does, so that a
    process which is killed in between sends nothing twice."""
    sent, made = 0, dict[int, letters.Letter]()
    for row in queries.waiting()[:AT_ONCE]:
        if row.edition.brief.state == Brief.State.WITHDRAWN:
            row.delete()
            continue
        if row.edition_id not in made:
            made[row.edition_id] = compose(row.edition)
        gone, _rows = Posting.objects.filter(pk=row.pk).delete()
        if not gone:
            continue
        try:
            letters.write_to(row.email, row.edition.brief.lang,
                             lambda row=row: addressed(made[row.edition_id], row))  # type: ignore[misc]
        except (OSError, smtplib.SMTPException) as problem:
            log.warning("a brief did not leave: %s", problem)
            Posting.objects.create(edition=row.edition, email=row.email, token=row.token,
                                   tries=row.tries + 1)
        else:
            Edition.objects.filter(pk=row.edition_id).update(sent_to=F("sent_to") + 1)
            sent += 1
    return sent


def compose(edition: Edition) -> letters.Letter:
    """The letter of an edition, with its files; the same for everybody but the last line."""
    brief = edition.brief
    paper = papers.of(brief, edition, edition.whole)
    attached = []
    for kind in ("docx", "pdf"):
        try:
            attached.append(letters.Attachment(f"{brief.number}.{kind}",
                                               *papers.printed(paper, kind)))
        except FontMissing as problem:
            log.warning("%s goes out without its PDF: %s", brief.number, problem)
    return letters.Letter(f"{paper.title} ({brief.number})", text(paper), html=html(paper),
                          attachments=attached, headers={"Auto-Submitted": "auto-generated"})


def addressed(letter: letters.Letter, row: Posting) -> letters.Letter:
    """With the reader's own way out."""
    if not row.token:
        return letter
    brief = row.edition.brief
    with translation.override(brief.lang.lower()):
        words = _("No more briefs by e-mail")
        url = settings.BASE_URL + reverse("newsroom:brief_stop", args=[row.token])
    paper = papers.of(brief, row.edition, row.edition.whole)
    return letters.Letter(
        letter.subject, f"{letter.body.rstrip()}\n\n{words}: {url}",
        html=html(paper, foot=((words, url),)), attachments=letter.attachments,
        headers={**letter.headers, "List-Unsubscribe": f"<{url}>",
                 "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})


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
