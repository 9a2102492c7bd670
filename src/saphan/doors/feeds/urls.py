from __future__ import annotations

from django.urls import path

from saphan.doors.feeds import views, watches

app_name = "feeds"
urlpatterns = [
    *watches.urlpatterns,
    path("<str:lang>/<slug:room>/<slug:feed>.atom", views.atom, name="atom"),
    path("<str:lang>/<slug:room>/<slug:feed>.json", views.json_feed, name="json"),
]
