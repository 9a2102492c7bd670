"""Atom (RFC 4287) and JSON Feed 1.1, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition

from saphan.engines.language import codes
from saphan.ground import ledger
from saphan.house import centre, registry
from saphan.house.room import Feed, FeedItem
from saphan.house.wording import feed as wording

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Owner:
    """Whose feed it is: a room, or the house itself. `path` is the page that it is about."""

    slug: str
    path: str
    purpose: Any
    feeds: Sequence[Feed]


def _owner(slug: str) -> Owner:
    if slug == HOUSE.slug:
        return HOUSE
    try:
        room = registry.room(slug)
    except KeyError:
        raise Http404 from None
    return Owner(room.slug, room.slug, room.purpose, room.feeds)


HOUSE = Owner("house", "terms", _("Words that somebody of the house added or corrected."),
              [wording.FEED])


def _feed(room: str, feed: str) -> tuple[Owner, Feed]:
    declared = _owner(room)
    for candidate in declared.feeds:
        if candidate.slug == feed:
            return declared, candidate
    raise Http404


def _in_language(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, lang: str, room: str, feed: str) -> HttpResponse:
        code = codes.canonical(lang)
        if code.lower() not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(code.lower()):
            return view(request, code, *_feed(room, feed))

    return wrapped


def _etag(_request: HttpRequest, lang: str, room: str, feed: str) -> str:
    return f'"{lang}-{room}-{feed}-{ledger.head()[1][:16]}"'


def _title(room: Owner, feed: Feed) -> str:
    return f"{centre.centre().name} · {feed.title}"


@cache_control(public=True, max_age=300)
@condition(etag_func=_etag)
@_in_language
def atom(request: HttpRequest, lang: str, room: Owner, feed: Feed) -> HttpResponse:
    out = Atom1Feed(title=_title(room, feed),
                    link=f"{settings.BASE_URL}/{lang.lower()}/{room.path}/",
                    description=str(room.purpose), language=lang,
                    feed_url=settings.BASE_URL + request.path)
    for item in feed.items():
        out.add_item(title=item.heading, link=settings.BASE_URL + item.url,
                     description=item.summary,
                     unique_id=_identifier(item, room), updateddate=item.updated,
                     pubdate=item.updated, author_name=item.author or str(centre.centre().name))
    return HttpResponse(out.writeString("utf-8"), content_type=Atom1Feed.content_type)


@cache_control(public=True, max_age=300)
@condition(etag_func=_etag)
@_in_language
def json_feed(request: HttpRequest, lang: str, room: Owner, feed: Feed) -> HttpResponse:
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": _title(room, feed),
        "home_page_url": f"{settings.BASE_URL}/{lang.lower()}/{room.path}/",
        "feed_url": settings.BASE_URL + request.path, "language": lang,
        "items": [{"id": _identifier(item, room), "url": settings.BASE_URL + item.url,
                   "title": item.heading, "content_text": item.summary, "language": item.lang,
                   "date_published": item.updated.isoformat(),
                   **({"authors": [{"name": item.author}]} if item.author else {})}
                  for item in feed.items()]}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False},
                        content_type="application/feed+json")


def _identifier(item: FeedItem, room: Owner) -> str:
    host = settings.BASE_URL.partition("://")[2].partition(":")[0]
    return f"tag:{host},2026:{room.slug}/{item.key}"
