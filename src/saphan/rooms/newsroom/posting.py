"""The letters of a brief, on their way to who gets it."""

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
from saphan.ground import jobs
from saphan.people import letters
from saphan.rooms.newsroom import papers
from saphan.rooms.newsroom.models import Brief, Edition, Posting
from saphan.rooms.newsroom.queries import briefs as queries

log = logging.getLogger(__name__)
AT_ONCE = 200
"""Letters of one round of the worker."""


@jobs.job
def leave_now() -> None:
    """Let the letters leave. A letter that the server refuses is tried again in the next round."""
    leave()


def leave() -> int:
    """Send what waits; returns how many letters left. A row goes before its letter does, so that a
    process which is killed in between sends nothing twice."""
    sent, made, failed = 0, dict[int, letters.Letter](), set[int]()
    for row in queries.waiting()[:AT_ONCE]:
        if row.edition_id in failed:
            continue
        if row.edition.brief.state == Brief.State.WITHDRAWN:
            row.delete()
            continue
        if row.edition_id not in made and not _composed(row.edition, made):
            Posting.objects.filter(edition=row.edition).update(tries=F("tries") + 1)
            failed.add(row.edition_id)
            continue
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


def _composed(edition: Edition, made: dict[int, letters.Letter]) -> bool:
    """A brief that cannot be printed must not keep the letters of others waiting."""
    try:
        made[edition.pk] = compose(edition)
    except Exception:
        log.exception("%s cannot be printed", edition.brief.number)
        return False
    return True


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
