"""Topics: standing questions: addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path

from saphan.rooms.newsroom.views import topics as views

urlpatterns: list[Any] = [
    path("topics/", views.topics, name="topics"),
    path("topics/new/", views.new, name="topic_new"),
    path("topics/<accession:number>/", views.topic, name="topic"),
    path("topics/<accession:number>/atom/", views.atom, name="topic_atom"),
    path("topics/<accession:number>/edit/", views.edit, name="topic_edit"),
    path("topics/<accession:number>/remove/", views.remove, name="topic_remove"),
    path("topics/<accession:number>/follow/", views.follow, name="topic_follow"),
    path("topics/<accession:number>/sort/<accession:article>/", views.sort, name="topic_sort"),
]
