"""Articles, their versions and evidence: addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.newsroom.views import articles as views
from saphan.rooms.newsroom.views import bringing

urlpatterns: list[Any] = [
    path("articles/", views.listing, name="articles"),
    path("articles/bring/", bringing.bring, name="bring"),
    path("articles/feed.atom", views.feed, {"kind": "atom"}, name="articles-atom"),
    path("articles/feed.json", views.feed, {"kind": "json"}, name="articles-json"),
    path("articles/<accession:number>/", views.article, name="article"),
    path("articles/<accession:number>/edit/", views.edit, name="article-edit"),
    path("articles/<accession:number>/versions/", views.versions, name="article-versions"),
    path("articles/<accession:number>/evidence/<int:position>/", views.proof,
         name="article-evidence"),
    path("articles/<accession:number>/evidence/<int:position>.warc.gz", views.archive,
         name="article-archive"),
    path("articles/<accession:number>/do/<slug:verb>/", views.act, name="article-do"),
]
