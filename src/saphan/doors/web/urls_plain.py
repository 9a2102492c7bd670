"""Addresses without a language: for browsers, robots and monitors."""

from __future__ import annotations

from django.urls import path

from saphan.doors.web import plain

urlpatterns = [
    path("", plain.front_door, name="front_door"),
    path("robots.txt", plain.robots, name="robots"),
    path("favicon.ico", plain.favicon, name="favicon"),
    # Addresses of concepts in exported files: they lead to the page in the reader's language.
    path("terms/", plain.in_her_language),
    path("terms/<path:rest>", plain.in_her_language),
    path("healthz", plain.healthz, name="healthz"),
]
