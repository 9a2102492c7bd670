"""Events, registration, check-in."""

from __future__ import annotations

from django.urls import path

from saphan.rooms.meetings.views import events as views

urlpatterns = [
    path("", views.home, name="home"),
]
