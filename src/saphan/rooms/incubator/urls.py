"""The incubator's pages, under /<language>/incubator/."""

from __future__ import annotations

from django.urls import path

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.incubator import views

app_name = "incubator"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("export.jsonl", views.export, name="export"),
    path("<accession:number>/", views.call, name="call"),
    path("partner/<str:token>/", views.partner, name="partner"),
    path("<accession:number>/keys/", views.keys, name="keys"),
    path("<accession:number>/answer/", views.write, name="write"),
    path("<accession:number>/answer/withdraw/", views.withdraw, name="withdraw"),
    path("<accession:number>/answers/", views.answers, name="answers"),
    path("<accession:number>/answers/<int:position>/", views.answer, name="answer"),
    path("<accession:number>/panel/", views.panel, name="panel"),
    path("<accession:number>/reviews/", views.reviews, name="reviews"),
    path("<accession:number>/reviews/<int:position>/", views.review, name="review"),
    path("<accession:number>/scores/", views.scores, name="scores"),
    path("<accession:number>/decision/", views.decision, name="decision"),
    path("<accession:number>/answers/<int:position>/decision/", views.answer_decision,
         name="answer_decision"),
    path("<accession:number>/appeals/<int:pk>/", views.appeal, name="appeal"),
    path("<accession:number>/answers/<int:position>/project/", views.project, name="project"),
    path("<accession:number>/answers/<int:position>/project.json", views.project_export,
         name="project_export"),
    path("<accession:number>/answers/<int:position>/project/do/<slug:verb>/<int:part>/",
         views.project_do, name="project_do"),
    path("<accession:number>/answers/<int:position>/project/evidence/<int:pk>/",
         views.project_evidence, name="evidence"),
    path("<accession:number>/edit/", views.edit, name="edit"),
    path("<accession:number>/move/<slug:transition>/", views.move, name="move"),
    path("<accession:number>/extend/", views.extend, name="extend"),
    path("<accession:number>/hand-over/", views.hand_over, name="hand_over"),
]
