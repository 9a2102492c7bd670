"""The API itself: the house's own operations, and every room's router under its slug."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from pydantic import Field

from saphan.doors.api import auth
from saphan.engines.language import codes
from saphan.ground.access import Refused
from saphan.house import ask as house
from saphan.house import callers, registry, render
from saphan.people import queries as people

api = NinjaAPI(
    title="Saphan",
    version="1",
    description="Ask the house, read its records, post needs. Every answer is in the language of "
                "the parameter `lang`, or of the Accept-Language header.",
    urls_namespace="api",
    auth=auth.identify_caller,
    docs_url=None,
    openapi_url="/openapi.json",
)


class Problem(Schema):
    """What went wrong, in the reader's language, after RFC 9457."""

    title: str
    status: int
    errors: list[dict[str, Any]] = []


class Question(Schema):
    """A question to the house, in any language."""

    question: str = Field(max_length=20_000)
    lang: str = Field("", description="Language of the answer; default: Accept-Language.")
    limit: int = Field(12, ge=1, le=50, description="Records for each room at most.")


def problem(request: HttpRequest, status: int, title: Any, **extra: Any) -> HttpResponse:
    response = api.create_response(request, {"title": str(title), "status": status, **extra},
                                   status=status)
    response["Content-Type"] = "application/problem+json"
    return response


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(request, 403, error.reason)


@api.exception_handler(callers.Unauthorised)
def unauthorised(request: HttpRequest, error: Exception) -> HttpResponse:
    response = problem(request, 401, error)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(callers.NotForWriting)
def not_for_reading(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, 403, error)


@api.exception_handler(auth.TooMany)
def too_many(request: HttpRequest, error: auth.TooMany) -> HttpResponse:
    response = problem(request, 429, error)
    response["Retry-After"] = str(error.seconds)
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]}
              for item in error.errors]
    return problem(request, 422, _("Some of what you sent could not be read."), errors=errors)


@api.exception_handler(callers.Invalid)
def invalid_form(request: HttpRequest, error: callers.Invalid) -> HttpResponse:
    return problem(request, 422, _("Please correct what is marked."), errors=error.errors)


@api.exception_handler(callers.Missing)
def missing(request: HttpRequest, error: callers.Missing) -> HttpResponse:
    return problem(request, 404, _("There is no such record, or it is not public."))


@api.get("/rooms", tags=["house"], summary="The rooms of the house")
def rooms(request: HttpRequest) -> list[dict[str, Any]]:
    return [render.room(room) for room in registry.rooms()]


@api.get("/economies", tags=["house"], summary="Countries and regions, with the centre's names")
def economies(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"code": economy.code, "name": str(economy.name), "asean": economy.asean,
             "languages": economy.languages} for economy in people.economies()]


@api.get("/ask", tags=["house"], summary="Ask the house")
def ask(request: HttpRequest, question: str, lang: str = "", limit: int = 12) -> dict[str, Any]:
    return _answer(request, Question(question=question, lang=lang, limit=limit))


@api.post("/ask", tags=["house"], summary="Ask the house")
def ask_by_post(request: HttpRequest, body: Question) -> dict[str, Any]:
    return _answer(request, body)


def _answer(request: HttpRequest, body: Question) -> dict[str, Any]:
    lang = reader(body.lang)
    with translation.override(lang.lower()):
        answer = house.ask(body.question, lang=lang, asker=callers.asker(request), limit=body.limit)
        return render.answer(answer)


@api.get("/ask/stream", tags=["house"],
         summary="Ask, and get the answer in two lines of NDJSON: by words, then by meaning")
def ask_stream(request: HttpRequest, question: str, lang: str = "", limit: int = 12) -> Any:
    lang, asker = reader(lang), callers.asker(request)
    steps = house.stream(question, lang=lang, asker=asker, limit=limit)
    with translation.override(lang.lower()):
        first = next(steps)  # so that a refused question is an error, not a broken stream

    def lines() -> Any:
        with translation.override(lang.lower()):
            yield render.json_line(render.answer(first))
            for step in steps:
                yield render.json_line(render.answer(step))

    return StreamingHttpResponse(lines(), content_type="application/x-ndjson")


def reader(lang: str) -> str:
    """The language to answer in. Raises Refused for one that the house does not know."""
    if not lang:
        from saphan.ground.text import reader_language

        return reader_language()
    code = codes.canonical(lang)
    if code == codes.UNDETERMINED:
        raise Refused(_("“%(lang)s” is not a language this house knows.") % {"lang": lang[:20]})
    return code


def mount_rooms() -> None:
    """Every room's router under its slug, once."""
    for room in registry.rooms():
        if room.api:
            api.add_router(f"/{room.slug}", room.api, tags=[room.slug])


mount_rooms()
