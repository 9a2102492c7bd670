"""Ask the house: the page, and the stream that shows the words' answer before the meaning's."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.design.formats import bcp47, number
from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.house import ask as house_ask
from saphan.house.ask import Answer
from saphan.house.engine import NotReady
from saphan.house.registry import rooms
from saphan.people.models import Person

log = logging.getLogger(__name__)


@require_safe
def page(request: HttpRequest, template: str = "web/ask.html") -> HttpResponse:
    """The whole answer in one page. With `live`, only the page: its script opens the stream."""
    asked = "q" in request.GET
    question = request.GET.get("q", "")
    problem = trouble(question) if asked else ""
    context: dict[str, Any] = {"question": question, "problem": problem, "examples": examples()}
    status = 400 if problem else 200
    if asked and not problem:
        if request.GET.get("live"):
            context["live"] = True
        else:
            try:
                answer = house_ask.ask(question.strip(), lang=_lang(), asker=asker(request))
                context |= told(answer)
            except NotReady as refusal:
                context["problem"], status = str(refusal), 503
            except Refused as refusal:
                context["problem"], status = str(refusal), 400
    return render(request, template, context, status=status)


@require_safe
def stream(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Server-Sent Events: `words`, then `meaning`, each an HTML fragment; `problem` if refused."""
    question = request.GET.get("q", "")
    if problem := trouble(question):
        return HttpResponse(problem, status=400, content_type="text/plain; charset=utf-8")
    language = translation.get_language() or "en"
    events = _events(question.strip(), language, asker(request))
    response = StreamingHttpResponse(_asynchronously(events), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # or a proxy would hold the first answer back
    return response


def _events(question: str, language: str, person: Person | None) -> Iterator[str]:
    """One event per stage of the answer."""
    with translation.override(language):
        answers = iter(house_ask.stream(question, lang=_lang(), asker=person))
    while True:
        # The language is set anew at each step: other work may run on this thread in between.
        with translation.override(language):
            try:
                answer = next(answers)
                event = _event(answer.stage, render_to_string("web/answer.html", told(answer)))
            except StopIteration:
                return
            except Refused as refusal:
                yield _event("problem", render_to_string(
                    "design/notice.html", {"tone": "wrong", "message": str(refusal)}))
                return
            except Exception:
                log.exception("the stream of an answer broke")
                yield _event("broken", _("Something broke on our side."))
                return
        yield event


def _event(name: str, html: str) -> str:
    return "".join([f"event: {name}\n", *[f"data: {line}\n" for line in html.splitlines()], "\n"])


async def _asynchronously(events: Iterator[str]) -> AsyncIterator[str]:
    """A plain iterator would be read to its end before the first event went out."""
    step = sync_to_async(lambda: next(events, None), thread_sensitive=True)
    while (event := await step()) is not None:
        yield event


def trouble(question: str) -> str:
    """Why this cannot be asked, in the reader's words; empty if it can."""
    if not any(unicodedata.category(sign)[0] in "LNSP" for sign in question):
        return _("Write what you are looking for, in your own words.")
    if len(question) > limits.QUESTION_CHARACTERS:
        return _("A question may have %(number)s characters at most.") % {
            "number": number(limits.QUESTION_CHARACTERS)}
    return ""


def told(answer: Answer) -> dict[str, Any]:
    """An answer as its template wants it."""
    return {"answer": answer, "groups": answer.groups, "post_needs": post_needs(answer.question),
            "other_language": answer.question_lang not in ("", answer.lang),
            "complete": answer.stage != "words"}


def post_needs(question: str) -> list[dict[str, Any]]:
    """Where a question that nothing answers can be left as a need."""
    found = []
    for room in rooms():
        if room.post_need:
            try:
                url = f"{reverse(room.post_need)}?{urlencode({'q': question})}"
            except NoReverseMatch:
                continue
            found.append({"room": room, "url": url})
    return found


def examples() -> list[str]:
    """Questions that one can ask by touching them."""
    return [_("Sort fruit by sweetness with a camera"), _("Read Lao handwriting"),
            _("Forecast floods from rain gauges"), _("Check X-rays in a small hospital"),
            _("Trace cold-chain lorries across a border"), _("Answer shoppers in Thai and Chinese")]


def asker(request: HttpRequest) -> Person | None:
    """Who asks, if she has signed in."""
    user: Any = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _lang() -> str:
    return bcp47(translation.get_language() or "en")
