"""Who calls, as the API and MCP hand it to rooms; and how a room says that something is wrong.

Rooms and doors never import each other: what they both need of a call stands here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes
from saphan.ground.text import reader_language
from saphan.people.models import Person


class Unauthorised(Exception):
    """The token is missing, wrong, expired or revoked."""


class NotForWriting(Exception):
    """The token may read but not write."""


class Invalid(Exception):
    """A submitted record that its form does not take: `errors` are {field, message}."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("invalid")
        self.errors = errors

    @classmethod
    def form(cls, form: Any) -> Invalid:
        return cls([{"field": name, "message": " ".join(map(str, error.messages))}
                    for name, errors in form.errors.as_data().items() for error in errors])


class Missing(Exception):
    """There is no such thing, or none that the asker may know of."""


def reader(lang: str) -> str:
    """The language to answer in: `lang`, or the active one. Raises Invalid for one that the house
    does not know."""
    if not lang:
        return reader_language()
    code = codes.canonical(lang)
    if code == codes.UNDETERMINED:
        raise Invalid([{"field": "lang", "message": gettext(
            "“%(lang)s” is not a language this house knows.") % {"lang": lang[:20]}}])
    return code


def asker(request: Any) -> Person | None:
    """The person who calls, or None."""
    return request.user if request.user.is_authenticated else None


def writer(request: Any) -> Person:
    """The person who calls, with a token that may write. Raises Unauthorised or NotForWriting."""
    person = asker(request)
    if person is None:
        raise Unauthorised(_("This call needs a token. Make one in your account."))
    if request.token is None or request.token.scope != "write":
        raise NotForWriting(_("This token may only read. Make one that may write."))
    return person
