"""The exhibition's pages, under /<language>/exhibition/."""

from __future__ import annotations

from django.urls import path

from saphan.rooms.exhibition.views import exhibit, hall, tours

app_name = "exhibition"
urlpatterns = [
    path("", hall.home, name="home"),
    path("energy/", hall.energy_page, name="energy"),
    path("energy.csv", hall.energy_csv, name="energy_csv"),
    path("visit/", hall.visit, name="visit"),
    path("route/<slug:key>/", hall.route, name="route"),
    path("tour/", tours.join, name="join"),
    path("tour/leave/", tours.leave, name="leave"),
    path("tour/guide/", tours.tours, name="tours"),
    path("tour/guide/begin/", tours.begin, name="begin"),
    path("tour/guide/<slug:code>/", tours.guide, name="guide"),
    path("tour/guide/<slug:code>/steer/", tours.steer, name="steer"),
    path("tour/<slug:code>/", tours.follow, name="follow"),
    path("tour/<slug:code>/now/", tours.now, name="now"),
    path("kept/<str:token>/", exhibit.kept, name="kept"),
    path("kept/<str:token>/delete/", exhibit.forget, name="forget"),
    path("at/<slug:slug>/", exhibit.exhibit, name="exhibit"),
    path("at/<slug:slug>/run/", exhibit.run, name="run"),
    path("at/<slug:slug>/run/<str:ticket>/", exhibit.ticket, name="ticket"),
    path("at/<slug:slug>/run/<str:ticket>/cancel/", exhibit.cancel, name="cancel"),
    path("at/<slug:slug>/run/<str:ticket>/keep/", exhibit.keep, name="keep"),
    path("at/<slug:slug>/code/", exhibit.code, name="code"),
    path("at/<slug:slug>/move/<slug:transition>/", exhibit.move, name="move"),
    path("at/<slug:slug>/file/<path:path>", exhibit.file, name="file"),
]
