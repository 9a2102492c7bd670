"""Sources, looks at them and alarms: addresses."""

from __future__ import annotations

from django.urls import path

from saphan.rooms.newsroom.views import sources

urlpatterns = [
    path("sources/", sources.listing, name="sources"),
    path("sources.opml", sources.feeds, name="sources_opml"),
    path("sources/new/", sources.new, name="source_new"),
    path("sources/import/", sources.bring, name="sources_import"),
    path("sources/health/", sources.health, name="source_health"),
    path("sources/<slug:key>/", sources.one, name="source"),
    path("sources/<slug:key>/change/", sources.change, name="source_change"),
    path("sources/<slug:key>/do/", sources.do, name="source_do"),
]
