"""The term base as files: TBX, SKOS, CSV."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from saphan.engines.language import terms_export
from saphan.house import engine
from saphan.house.centre import centre
from saphan.house.wording import queries

MEDIA_TYPES = {"tbx": "application/x-tbx+xml", "ttl": "text/turtle", "csv": "text/csv",
               "jsonld": "application/ld+json"}


def origin() -> terms_export.Origin:
    """Whose terms these are, and the address that their identifiers begin with."""
    return terms_export.Origin(title=centre().name, base=f"{settings.BASE_URL}/terms/")


def _etag(_request: HttpRequest, format: str) -> str:
    return f'"{format}-{queries.head()}-{len(engine.terms())}"'


@require_safe
@cache_control(public=True, max_age=300)
@condition(etag_func=_etag)
def export(request: HttpRequest, format: str) -> HttpResponse:
    if format not in MEDIA_TYPES:
        raise Http404
    content = "".join(terms_export.WRITERS[format](engine.terms(), origin()))
    return HttpResponse(
        content, content_type=f"{MEDIA_TYPES[format]}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="terms.{format}"'})
