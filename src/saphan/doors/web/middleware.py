"""What happens to every request of the site: size and sanity, language, refusals, compression."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from typing import Any

import brotli
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

from saphan.doors.problem import problem as for_software
from saphan.doors.web import errors, language
from saphan.ground import limits
from saphan.ground.access import Refused

GetResponse = Callable[[HttpRequest], HttpResponseBase]

URL_BYTES = 32 * 1024  # a question of 2,000 Thai characters takes 18 KB in an address
SMALLEST = 500  # bytes below which compressing costs more than it saves
_COMPRESSIBLE = re.compile(r"(text/(?!event-stream)|application/(json|xml|javascript|[\w.-]+\+"
                           r"(json|xml)))", re.IGNORECASE)
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# An escaped null in JSON; an even number of backslashes before it makes it mere text.
_JSON_NULL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Compress:
    """Brotli or gzip for text that goes out whole. Streams are never held back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (response.streaming or response.has_header("Content-Encoding")
                or not _COMPRESSIBLE.match(response.get("Content-Type", ""))):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        assert isinstance(response, HttpResponse)
        content = response.content
        if len(content) < SMALLEST:
            return response
        coding = accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if coding == "br":
            response.content = brotli.compress(content, quality=5)
        elif coding == "gzip":
            # The time of day would make equal pages differ.
            response.content = gzip.compress(content, compresslevel=6, mtime=0)
        else:
            return response
        response.headers["Content-Encoding"] = coding
        response.headers["Content-Length"] = str(len(response.content))
        if (tag := response.get("ETag", "")).startswith('"'):
            response.headers["ETag"] = f"W/{tag}"
        return response


def accepted(header: str) -> str:
    """`br`, `gzip` or nothing: the best coding that the client accepts (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _semicolon, parameter = part.strip().partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return next((coding for coding in ("br", "gzip") if weights.get(coding, 0) > 0), "")


class Static(WhiteNoiseMiddleware):
    """WhiteNoise, with files given in one piece: ours are a few kilobytes, and under ASGI a
    response that reads a file step by step is collected first anyway, with a warning."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, or the part of it that is asked for."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class SaneInput:
    """Turns away what nobody reads: endless addresses and bodies, null bytes, control characters.

    It stands before sessions and views, so that no database ever sees such input."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.META.get("QUERY_STRING", "")) + len(request.path) > URL_BYTES:
            return errors.too_long_address(request)
        kind = request.content_type or ""
        allowed = limits.UPLOAD_BYTES if kind == "multipart/form-data" else limits.REQUEST_BYTES
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return errors.bad_request(request)
        if length > allowed:
            return errors.too_large(request, allowed=allowed)
        if _UNREADABLE.search(request.path) or any(map(_unreadable, request.GET.lists())):
            return errors.unreadable(request)
        if request.method in ("POST", "PUT", "PATCH"):
            if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
                if any(map(_unreadable, request.POST.lists())):
                    return errors.unreadable(request)
            elif kind.endswith("json") and _JSON_NULL.search(request.body):
                return errors.unreadable(request)
        return self.get_response(request)


def _unreadable(field: tuple[str, Iterable[Any]]) -> bool:
    name, values = field
    return any(isinstance(text, str) and _UNREADABLE.search(text) for text in (name, *values))


class ReaderLanguage(LocaleMiddleware):
    """The language of the address; without one, what the reader chose or her browser asks for.

    Other names of our languages in an address are put right: /zh-CN/ leads to /zh-hans/. Whoever
    switches the language is remembered by a cookie; whoever follows a link is not."""

    async_capable = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if right := language.alias_in_path(request.path_info):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{right}?{query}" if query else right)
        response = super().__call__(request)
        assert isinstance(response, HttpResponseBase)  # we are only ever called synchronously
        return response

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(language.of_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest,
                         response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        if code := language.chosen_now(request):
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600,
                                samesite="Lax", secure=settings.SECURE)
        return response


class Refusals:
    """What the rules do not allow becomes a page, or an answer for software, that says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, Refused):
            return None
        if errors.wants_json(request):
            return for_software(403, problem.reason)
        return errors.refused(request, str(problem.reason))


__all__ = ["Compress", "ReaderLanguage", "Refusals", "SaneInput", "accepted"]
