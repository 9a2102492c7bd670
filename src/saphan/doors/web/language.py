"""Which language a reader is answered in, and where the present page stands in the others."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from saphan.design.formats import bcp47

# What browsers and addresses say, and what it means here. Django itself knows zh-CN, zh-TW and
# their like; these it does not.
MEANT = {"tl": "fil", "in": "id", "zh": "zh-hans", "cmn": "zh-hans", "yue": "zh-hant",
         "tet": "pt", "zsm": "ms", "jv": "id", "su": "id", "ceb": "fil"}


@dataclass(frozen=True)
class LanguageLink:
    """The present page in one language: `tag` is BCP 47, `name` the endonym."""

    code: str
    tag: str
    name: str
    url: str
    absolute: str


def supported(code: str) -> str | None:
    """The code of ours that serves this language tag, or None."""
    code = code.strip().lower().replace("_", "-")
    head = code.partition("-")[0]
    try:
        return translation.get_supported_language_variant(MEANT.get(code) or code)
    except LookupError:
        return MEANT.get(head)


def from_path(path: str) -> str | None:
    """The language that the address begins with, if it is one of ours as we write it."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else None


def alias_in_path(path: str) -> str | None:
    """The address as we write it, where it begins with another name of a language of ours:
    /zh-CN/x and /tl/x become /zh-hans/x and /fil/x."""
    first, _slash, rest = path.lstrip("/").partition("/")
    if not 2 <= len(first) <= 12 or not first.replace("-", "").replace("_", "").isalpha():
        return None
    lowered = first.lower()
    if lowered not in MEANT and not (lowered in dict(settings.LANGUAGES)
                                     or lowered.startswith(("zh-", "zh_"))):
        return None
    code = supported(first)
    return f"/{code}/{rest}" if code and code != first else None


def preferred(request: HttpRequest) -> str:
    """What she chose before (cookie), else what her browser asks for, else English."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen and (code := supported(chosen)):
        return code
    for tag, _weight in parse_accept_lang_header(
            request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:500].lower()):
        if tag == "*":
            break
        if code := supported(tag):
            return code
    return settings.LANGUAGE_CODE


def of_request(request: HttpRequest) -> str:
    """The language of this request: of its address, else the preferred one."""
    return from_path(request.path_info) or preferred(request)


def chosen_now(request: HttpRequest) -> str | None:
    """The language she has just switched to: she came from a page of ours in another one."""
    code = from_path(request.path_info)
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if not code or came_from.netloc != request.get_host():
        return None
    before = from_path(came_from.path)
    return code if before and before != code else None


def links(request: HttpRequest) -> list[LanguageLink]:
    """The present page in every language. Addresses differ only in their first part."""
    path = request.path
    here = from_path(path)
    rest = path.lstrip("/").partition("/")[2] if here else ""
    query = request.META.get("QUERY_STRING", "") if request.method == "GET" else ""
    # An endless question must not be repeated twelve times in the page.
    tail = f"?{query}" if query and len(query) <= 400 else ""
    return [LanguageLink(code, bcp47(code), name, f"/{code}/{rest}{tail}",
                         f"{settings.BASE_URL}/{code}/{rest}")
            for code, name in settings.LANGUAGES]
