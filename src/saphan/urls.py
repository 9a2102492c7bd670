"""Where the doors are. Pages carry their language first: /th/market/…; software's doors do not."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from saphan.house.registry import rooms

urlpatterns = [
    path("", include("saphan.doors.web.urls_plain")),
    path("api/", include("saphan.doors.api.urls")),
    path("feeds/", include("saphan.doors.feeds.urls")),
    *i18n_patterns(
        path("", include("saphan.doors.web.urls")),
        path("", include("saphan.doors.kiosk.urls")),
        path("account/", include("saphan.doors.web.urls_account")),
        *[path(f"{room.slug}/", include(room.urls)) for room in rooms() if room.urls],
    ),
]

handler400 = "saphan.doors.web.errors.bad_request"
handler403 = "saphan.doors.web.errors.forbidden"
handler404 = "saphan.doors.web.errors.not_found"
handler429 = "saphan.doors.web.account.too_often"  # asked by allauth
handler500 = "saphan.doors.web.errors.broken"
