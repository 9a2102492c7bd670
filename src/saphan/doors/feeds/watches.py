"""The private feed of a saved search, at an address that nobody can guess: Atom and JSON Feed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from saphan.engines.language import codes
from saphan.ground import ledger
from saphan.ground.text import reader_language
from saphan.house.centre import centre
from saphan.house.room import FeedItem
from saphan.house.watching import queries, telling
from saphan.house.watching.models import Watch

View = Callable[[HttpRequest, Watch], HttpResponse]


def _watch(key: str) -> Watch:
    try:
        return queries.by_feed(key)
    except queries.NotFound:
        raise Http404 from None


def _etag(_request: HttpRequest, lang: str, key: str) -> str:
    """Changes with every fact, so also when a record of the feed is taken back."""
    return f'"{lang}-{_watch(key).changed.timestamp()}-{ledger.head()[1][:16]}"'


def _of_watch(view: View) -> Callable[..., HttpResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, lang: str, key: str) -> HttpResponse:
        code = codes.canonical(lang)
        if code.lower() not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(code.lower()):
            response = view(request, _watch(key))
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def _items(watch: Watch) -> list[FeedItem]:
    found = []
    for result in queries.results(watch):
        item = telling.Item(result.hit, result.hit.plate.url)
        lines = [item.from_where, *(f"{label}: {'; '.join(values)}"
                                    for label, values in item.reasons())]
        title = result.hit.plate.title
        found.append(FeedItem(key=result.entry, title=title.text, summary="\n".join(lines),
                              url=item.address, updated=result.at, lang=title.lang,
                              author=result.hit.plate.maker))
    return found


def _title(watch: Watch) -> str:
    return f"{centre().name} · {watch.name}"


@require_safe
@cache_control(private=True, max_age=300)
@condition(etag_func=_etag)
@_of_watch
def atom(request: HttpRequest, watch: Watch) -> HttpResponse:
    out = Atom1Feed(title=_title(watch), link=settings.BASE_URL + watch.get_absolute_url(),
                    description=_("What your saved search found"), language=reader_language(),
                    feed_url=settings.BASE_URL + request.path)
    for item in _items(watch):
        out.add_item(title=item.title, link=settings.BASE_URL + item.url, description=item.summary,
                     unique_id=_identifier(item), updateddate=item.updated, pubdate=item.updated,
                     author_name=item.author or str(centre().name))
    return HttpResponse(out.writeString("utf-8"), content_type=Atom1Feed.content_type)


@require_safe
@cache_control(private=True, max_age=300)
@condition(etag_func=_etag)
@_of_watch
def json_feed(request: HttpRequest, watch: Watch) -> HttpResponse:
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": _title(watch),
        "home_page_url": settings.BASE_URL + watch.get_absolute_url(),
        "feed_url": settings.BASE_URL + request.path, "language": reader_language(),
        "items": [{"id": _identifier(item), "url": settings.BASE_URL + item.url,
                   "title": item.title, "content_text": item.summary, "language": item.lang,
                   "date_published": item.updated.isoformat(),
                   **({"authors": [{"name": item.author}]} if item.author else {})}
                  for item in _items(watch)]}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False},
                        content_type="application/feed+json")


def _identifier(item: FeedItem) -> str:
    host = settings.BASE_URL.partition("://")[2].partition(":")[0]
    return f"tag:{host},2026:watch/{item.key}"


urlpatterns = [
    path("<str:lang>/watches/<str:key>.atom", atom, name="watch_atom"),
    path("<str:lang>/watches/<str:key>.json", json_feed, name="watch_json"),
]
