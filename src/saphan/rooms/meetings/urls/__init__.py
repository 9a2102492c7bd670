"""The pages of the meetings room, under /<language>/meetings/."""

from __future__ import annotations

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.meetings.urls import days, events, plans, visits, wishes

app_name = "meetings"
urlpatterns = [*visits.urlpatterns, *days.urlpatterns, *plans.urlpatterns, *wishes.urlpatterns,
               *events.urlpatterns]
