"""The kiosk in the hall, under a language: /th/kiosk/."""

from __future__ import annotations

from django.urls import path

from saphan.doors.kiosk import views

app_name = "kiosk"
urlpatterns = [
    path("kiosk/", views.plan, name="plan"),
    path("kiosk/ask/", views.ask, name="ask"),
    path("kiosk/leave/", views.leave, name="leave"),
]
