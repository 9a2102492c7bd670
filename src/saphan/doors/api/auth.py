"""Who calls: a bearer token, or nobody. A wrong token is an error, never an anonymous caller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security.base import AuthBase

from saphan.ground import clock, limits
from saphan.house.callers import Unauthorised
from saphan.people import queries as people
from saphan.people.models import Person, Token

ANONYMOUS_CALLS, TOKEN_CALLS = 120, 600  # a minute
WRONG_TOKENS = 20  # a minute, from one address


class TooMany(Exception):
    """More calls than the limit allows; `seconds` to wait."""

    seconds = 60


def caller_of(authorization: str, address: str) -> tuple[Person | None, Token | None]:
    """The person behind an `Authorization` header; (None, None) without one.

    Raises Unauthorised for a token that is not valid and TooMany beyond the rate limit.
    """
    kind, _space, secret = authorization.partition(" ")
    found = None
    if authorization:
        found = people.person_of_token(secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            _count("api-wrong-token", address, WRONG_TOKENS)
            raise Unauthorised(_("This token is not valid. Make a new one in your account."))
    who = f"t{found[1].pk}" if found else address
    _count("api", who, TOKEN_CALLS if found else ANONYMOUS_CALLS)
    if found is None:
        return None, None
    person, token = found
    moment = clock.now()
    if token.used is None or moment - token.used > timedelta(minutes=10):
        Token.objects.filter(pk=token.pk).update(used=moment)
    return person, token


def _count(what: str, who: str, at_most: int) -> None:
    verdict = limits.spend(what, who, at_most=at_most, per=timedelta(minutes=1))
    if not verdict:
        raise TooMany(verdict.reason)


class Caller(AuthBase):
    """Ninja's hook: sets `request.user` and `request.token` and always lets through, because most
    of the house is public. What writes asks `callers.writer`."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = ("A token made in one's account. Reading what is public needs none; "
                           "writing needs one with write scope.")

    def __call__(self, request: HttpRequest) -> Any:
        person, token = caller_of(request.headers.get("Authorization", ""),
                                  request.META.get("REMOTE_ADDR", ""))
        request.user = person or AnonymousUser()
        request.token = token  # type: ignore[attr-defined]
        return True
