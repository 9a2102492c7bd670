"""Days at their secret addresses, letters about them, printouts."""

from __future__ import annotations

from django.urls import URLPattern, path

from saphan.rooms.meetings.views import days, sheets

urlpatterns: list[URLPattern] = [
    path("day/worker.js", days.worker, name="day_worker"),
    path("day/<str:token>/", days.day, name="day"),
    path("day/<str:token>/calendar.ics", days.calendar, name="day_calendar"),
    path("day/<str:token>/seen/", days.seen, name="day_seen"),
    path("day/<str:token>/address/", days.address, name="day_address"),
    path("day/<str:token>/report/", days.report, name="day_report"),
    path("day/<str:token>/link/<str:word>/", days.link, name="day_link"),
    path("<accession:number>/my-day/", days.my_day, name="my_day"),
    path("<accession:number>/sheets/", sheets.choose, name="sheets"),
    path("<accession:number>/sheets/print/", sheets.sheets, name="sheets_print"),
    path("<accession:number>/sheets/printed/", sheets.printed, name="sheets_printed"),
    path("<accession:number>/sheets/letters/", sheets.letters, name="sheets_letters"),
    path("<accession:number>/sheets/address/", sheets.address, name="sheets_address"),
]
