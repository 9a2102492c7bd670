"""Letters to people, each in the reader's own language: one way for the whole house.

Where no mail server is set, letters lie in the outbox page (see docs/operating.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from saphan.people.models import Person


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter, for example an invitation: text/calendar."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Letter:
    """What one person reads. `link` is a path of this house, written as a whole address below the
    words. `headers` are additional mail headers."""

    subject: str
    body: str
    link: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


def language_of(person: Person) -> str:
    """The language to write to her in."""
    return person.language or "en"


def write(person: Person, compose: Callable[[], Letter]) -> bool:
    """Compose a letter in her language and send it. False if she has left or was shut out.

    `compose` runs with her language active, so that what it translates is hers.
    """
    if not person.is_active:
        return False
    write_to(person.email, language_of(person), compose)
    return True


def write_to(address: str, language: str, compose: Callable[[], Letter], *,
             connection: Any = None) -> None:
    """The same for somebody without an account, of whom the house knows an address and a language.
    Many letters may share a `connection` to the mail server (`django.core.mail.get_connection`)."""
    with translation.override((language or "en").lower()):
        letter = compose()
        body = letter.body.rstrip() + (
            f"\n\n{settings.BASE_URL}{letter.link}\n" if letter.link else "\n")
        mail = EmailMultiAlternatives(" ".join(letter.subject.split()), body, None, [address],
                                      headers=dict(letter.headers), connection=connection)
        if letter.html:
            mail.attach_alternative(letter.html, "text/html")
        for piece in letter.attachments:
            mail.attach(piece.name, piece.content, piece.media_type)
        mail.send()
