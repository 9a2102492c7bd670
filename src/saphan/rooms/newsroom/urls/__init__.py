"""The pages of the newsroom, under /<language>/newsroom/."""

from __future__ import annotations

from django.urls import path

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.newsroom.urls import articles, briefs, figures, sources, stories, topics
from saphan.rooms.newsroom.views import hall

app_name = "newsroom"
urlpatterns = [path("", hall.home, name="home"), *sources.urlpatterns, *articles.urlpatterns,
               *figures.urlpatterns, *stories.urlpatterns, *topics.urlpatterns,
               *briefs.urlpatterns]
