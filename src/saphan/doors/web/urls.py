"""The pages of the house itself, under a language."""

from __future__ import annotations

from django.urls import path

from saphan.doors.web import (
    ask,
    numbers,
    terms,
    terms_desk,
    views,
    watch_pages,
    words_desk,
    words_edit,
    words_files,
    words_wish,
)

urlpatterns = [
    path("", views.plan, name="plan"),
    path("ask/", ask.page, name="ask"),
    path("ask/stream", ask.stream, name="ask_stream"),
    path("centre/", views.about, name="centre"),
    path("help/", views.help_page, name="help"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    *terms.urlpatterns,
    *terms_desk.urlpatterns,
    *numbers.urlpatterns,
    *watch_pages.urlpatterns,
    *words_desk.urlpatterns,
    *words_wish.urlpatterns,
    *words_files.urlpatterns,
    *words_edit.urlpatterns,
]
