"""Stories, and what officers decide about them: addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path

from saphan.rooms.newsroom.views import stories as views

urlpatterns: list[Any] = [
    path("stories/", views.stories, name="stories"),
    path("stories/<accession:number>/", views.story, name="story"),
    path("stories/<accession:number>/split/", views.split, name="story_split"),
    path("stories/<accession:number>/move/", views.move, name="story_move"),
    path("stories/<accession:number>/merge/", views.merge, name="story_merge"),
    path("stories/<accession:number>/undo/<int:pk>/", views.undo, name="story_undo"),
]
