"""What the market's pages share."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from saphan.house.callers import asker
from saphan.house.pages import to_sign_in
from saphan.rooms.market import queries
from saphan.rooms.market.models import Listing


def listing_or_404(request: HttpRequest, number: str) -> Listing:
    """The record, if she may see it; what is not there and what is not hers look the same."""
    try:
        return queries.listing(number, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


__all__ = ["asker", "listing_or_404", "to_sign_in"]
