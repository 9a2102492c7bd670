"""The pages for when something goes wrong. Each says what happened and what one can do, loses
nothing that was typed, and can be shown while the database is away."""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from saphan.design.formats import number
from saphan.doors.problem import problem
from saphan.doors.web import language
from saphan.ground import limits

log = logging.getLogger(__name__)

SECRET_FIELDS = {"code", "credential", "otp", "token"}


def wants_json(request: HttpRequest) -> bool:
    """Whether software is asking: by its door, or because it accepts JSON and no page."""
    if request.path.startswith(("/api/", "/mcp")):
        return True
    accept = request.META.get("HTTP_ACCEPT", "")
    return "application/json" in accept and "text/html" not in accept


def _page(request: HttpRequest, status: int, title: str, text: str, *, hint: str = "",
          template: str = "web/error.html", **context: Any) -> HttpResponse:
    if wants_json(request):
        return problem(status, text)
    page = render_to_string(template, {"status": status, "heading": title, "text": text,
                                       "hint": hint, **context}, request)
    return HttpResponse(page, status=status)


def _in_reader_language(request: HttpRequest) -> Any:
    return translation.override(language.of_request(request))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    with _in_reader_language(request):
        return _page(request, 400, _("We could not read this request"),
                     _("Something in it is not as it should be."),
                     hint=_("Go back, check what you entered, and try again."))


def unreadable(request: HttpRequest) -> HttpResponse:
    """Null bytes or control characters."""
    with _in_reader_language(request):
        return _page(request, 400, _("We could not read this request"),
                     _("It holds characters that cannot be shown or stored."),
                     hint=_("Go back, remove what was pasted last, and try again."),
                     question=_kept_question(request))


def _kept_question(request: HttpRequest) -> str:
    """What was asked, without what cannot be shown, as far as a question may go."""
    typed = parse_qs(request.META.get("QUERY_STRING", "")[:200_000]).get("q", [""])[0]
    return "".join(sign for sign in typed if sign.isprintable() or sign in "\n\t"
                   or unicodedata.category(sign) == "Cf")[:limits.QUESTION_CHARACTERS]


def too_large(request: HttpRequest, *, allowed: int = limits.REQUEST_BYTES) -> HttpResponse:
    with _in_reader_language(request):
        megabytes = number(allowed // (1024 * 1024))
        return _page(request, 413, _("This is too large"),
                     _("We take at most %(number)s MB at once.") % {"number": megabytes},
                     hint=_("Go back and send a smaller file or a shorter text."))


def too_long_address(request: HttpRequest) -> HttpResponse:
    """An endless address; if it was a question, its beginning is kept."""
    with _in_reader_language(request):
        kept = _kept_question(request)
        return _page(request, 414, _("This is too long"),
                     _("A question may have %(number)s characters at most.")
                     % {"number": number(limits.QUESTION_CHARACTERS)},
                     hint=_("Here is its beginning. Shorten it and ask again.") if kept else "",
                     question=kept)


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    with _in_reader_language(request):
        return _page(request, 403, _("This is not possible"), reason)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    with _in_reader_language(request):
        return _page(request, 403, _("This is not possible"),
                     _("You may not see or do this."),
                     hint=_("If you think you should, sign in or ask the service desk."))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    with _in_reader_language(request):
        return _page(request, 404, _("There is no such page"),
                     _("The address is wrong, or what was here has gone."),
                     hint=_("Ask the house, or choose a room on the floor plan."), ask=True)


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault. Touches neither database nor session, and no template that might."""
    try:
        with _in_reader_language(request):
            if wants_json(request):
                return problem(500, _("Something broke on our side."))
            page: str = render_to_string("web/broken.html", {
                "tag": language.bcp47(translation.get_language() or "en"),
                "home": f"/{translation.get_language()}/"})
    except Exception:
        log.exception("the page for a broken page broke")
        page = ("<!doctype html><html lang=en><title>Something broke</title>"
                "<h1>Something broke on our side</h1><p>Please try again in a moment.</p>")
    return HttpResponse(page, status=500)


@dataclass(frozen=True)
class Kept:
    """One submitted field. A secret is asked for again instead of being sent back."""

    name: str
    value: str
    secret: bool = False

    @property
    def long(self) -> bool:
        return len(self.value) > 60 or "\n" in self.value


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is too old or missing: keep what was typed and offer to send it again.

    Only when the form came from a page of ours; else another site might press the button."""
    with _in_reader_language(request):
        if wants_json(request):
            return problem(403, reason)
        ours = from_our_page(request)
        return _page(
            request, 403,
            _("This page had been open too long") if ours else _("This is not possible"),
            _("Nothing is lost. Look through what you wrote and send it again.") if ours
            else _("The form was sent from another site, so nothing was done."),
            template="web/stale.html", ours=ours, kept=_kept(request) if ours else [],
            files=[file.name for _name, sent in request.FILES.lists() for file in sent] if ours
            else [],
            action=request.get_full_path())


def _kept(request: HttpRequest) -> list[Kept]:
    return [Kept(name, "" if _secret(name) else value, _secret(name))
            for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
            for value in values]


def _secret(name: str) -> bool:
    return name.lower() in SECRET_FIELDS or "password" in name.lower()


def from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    said = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", "")
    return bool(said) and urlsplit(said).netloc == request.get_host()
