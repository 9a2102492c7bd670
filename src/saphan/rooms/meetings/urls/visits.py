"""Visits and guided tours."""

from __future__ import annotations

from django.urls import path

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.meetings.visits.views import desk, one

urlpatterns = [
    path("visits/", one.home, name="visits"),
    path("visits/request/", one.request_visit, name="visit_request"),
    path("visits/my-tours/", desk.my_tours, name="visits_mine"),
    path("visits/desk/", desk.today, name="visits_desk"),
    path("visits/desk/<str:day>/", desk.day, name="visits_day"),
    path("visits/desk/<str:day>/plan/", desk.plan_day, name="visits_plan"),
    path("visits/desk/<str:day>/happened/", desk.happened, name="visits_happened"),
    path("visits/plans/<int:key>/<slug:step>/", desk.plan_move, name="visits_plan_move"),
    path("visits/stations/", desk.stations, name="stations"),
    path("visits/stations/take-over/", desk.take_over, name="stations_take_over"),
    path("visits/stations/new/", desk.station, name="station_new"),
    path("visits/stations/<int:key>/", desk.station, name="station"),
    path("visits/guides/", desk.guides, name="guides"),
    path("visits/guides/new/", desk.guide, name="guide_new"),
    path("visits/guides/<int:key>/", desk.guide, name="guide"),
    path("visits/route/<str:token>/", one.route, name="visit_route"),
    path("visits/route/<str:token>/calendar.ics", one.route_calendar, name="visit_calendar"),
    path("visits/<accession:number>/", one.visit, name="visit"),
    path("visits/<accession:number>/edit/", one.edit, name="visit_edit"),
    path("visits/<accession:number>/sheets/", one.sheets, name="visit_sheets"),
    path("visits/<accession:number>/move/<slug:transition>/", one.move, name="visit_move"),
]
