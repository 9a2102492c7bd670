"""Briefs, their editions and who gets them: addresses."""

from __future__ import annotations

from django.urls import path, re_path

from saphan.rooms.newsroom.views import brief_edit, briefs, subscribers

urlpatterns = [
    path("briefs/", briefs.archive, name="briefs"),
    path("briefs/new/", brief_edit.new, name="brief_new"),
    path("briefs/subscribe/", subscribers.subscribe, name="brief_subscribe"),
    path("briefs/stop/<str:token>/", subscribers.stop, name="brief_stop"),
    path("briefs/<int:pk>/", briefs.brief, name="brief"),
    path("briefs/<int:pk>/edit/", brief_edit.edit, name="brief_edit"),
    path("briefs/<int:pk>/step/<str:name>/", briefs.step, name="brief_step"),
    path("briefs/<int:pk>/quote/<str:name>/", briefs.quote, name="brief_quote"),
    path("briefs/<int:pk>/editions/<int:position>/", briefs.brief, name="brief_edition"),
    path("briefs/<int:pk>/editions/<int:position>/quote/<str:name>/", briefs.quote,
         name="brief_edition_quote"),
    re_path(r"^briefs/(?P<pk>\d+)/brief\.(?P<kind>docx|pdf|html|txt)$", briefs.file,
            name="brief_file"),
    re_path(r"^briefs/(?P<pk>\d+)/editions/(?P<position>\d+)/brief\.(?P<kind>docx|pdf|html|txt)$",
            briefs.file, name="brief_edition_file"),
]
