"""The incubator's pages, under /<language>/incubator/."""

from __future__ import annotations

from django.urls import path

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.incubator import views

app_name = "incubator"
urlpatterns = [
    path("", views.home, name="home"),
]
