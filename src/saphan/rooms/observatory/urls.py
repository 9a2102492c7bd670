"""The observatory's pages, under /<language>/observatory/."""

from __future__ import annotations

from django.urls import path

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.observatory import views

app_name = "observatory"
urlpatterns = [
    path("", views.home, name="home"),
    path("board/", views.board, name="board"),
    path("board/<slug:stage>/", views.counted, name="counted"),
    path("report/", views.reports, name="reports"),
    path("report/<int:year>/", views.year, name="report"),
    path("report/<int:year>.docx", views.paper, {"ending": "docx"}, name="report_docx"),
    path("report/<int:year>.pdf", views.paper, {"ending": "pdf"}, name="report_pdf"),
    path("data/", views.data, name="data"),
    path("desk/", views.desk, name="desk"),
    path("import/", views.imports, name="imports"),
    path("new/", views.new, name="new"),
    path("indicators/<slug:slug>/", views.indicator, name="indicator"),
    path("indicators/<slug:slug>/edit/", views.edit, name="edit"),
    path("indicators/<slug:slug>/add/", views.add, name="add"),
    path("indicators/<slug:slug>/do/<slug:step>/", views.indicator_do, name="indicator_do"),
    path("observations/<accession:number>/", views.observation, name="observation"),
    path("observations/<accession:number>/correct/", views.correct, name="correct"),
    path("observations/<accession:number>/do/<slug:step>/", views.observation_do,
         name="observation_do"),
]
