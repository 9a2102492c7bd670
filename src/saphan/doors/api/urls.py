from __future__ import annotations

from django.urls import path

from saphan.doors.api.main import api

urlpatterns = [path("v1/", api.urls)]
