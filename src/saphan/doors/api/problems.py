"""What goes wrong in a call becomes problem+json in the caller's language, never a stack trace."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from saphan.doors.api import auth
from saphan.doors.problem import problem
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.engine import NotReady


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(403, error.reason)


def not_ready(request: HttpRequest, error: NotReady) -> HttpResponse:
    response = problem(503, error.reason)
    response["Retry-After"] = "60"
    return response


def unauthorised(request: HttpRequest, error: Exception) -> HttpResponse:
    response = problem(401, error)
    response["WWW-Authenticate"] = "Bearer"
    return response


def not_for_writing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(403, error)


def too_many(request: HttpRequest, error: auth.TooMany) -> HttpResponse:
    response = problem(429, error)
    response["Retry-After"] = str(error.seconds)
    return response


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Parameters or a body that do not have the declared shape."""
    errors = [{"field": str(item["loc"][-1]), "message": _message(item)} for item in error.errors]
    return problem(422, _("Some of what you sent could not be read."), errors=errors)


def _message(item: dict[str, Any]) -> str:
    """What Pydantic found, in the reader's language; its own words are English."""
    kind, limits = item["type"], item.get("ctx", {})
    if kind == "missing":
        return _("This field is required.")
    if kind == "string_too_long":
        return _("At most %(limit)d characters.") % {"limit": limits["max_length"]}
    if kind in ("less_than_equal", "greater_than_equal"):
        return _("This number is too large or too small.")
    if kind.startswith("int_"):
        return _("Write a whole number.")
    return _("This value could not be read.")


def invalid_form(request: HttpRequest, error: callers.Invalid) -> HttpResponse:
    return problem(422, _("Please correct what is marked."), errors=error.errors)


def missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, _("There is no such record, or it is not public."))


def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own: a body that is not JSON, above all."""
    return problem(error.status_code, _("Some of what you sent could not be read."))


HANDLERS: dict[type[Exception], Any] = {
    Refused: refused, NotReady: not_ready, callers.Unauthorised: unauthorised,
    callers.NotForWriting: not_for_writing, auth.TooMany: too_many, ValidationError: invalid,
    callers.Invalid: invalid_form, callers.Missing: missing, Http404: missing,
    HttpError: http_error}


def handle(api: NinjaAPI) -> None:
    """Let the API answer in this way."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
