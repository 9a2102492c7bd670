from __future__ import annotations

from django.urls import path

from saphan.doors.feeds import views

app_name = "feeds"
urlpatterns = [
    path("<str:lang>/<slug:room>/<slug:feed>.atom", views.atom, name="atom"),
    path("<str:lang>/<slug:room>/<slug:feed>.json", views.json_feed, name="json"),
]
