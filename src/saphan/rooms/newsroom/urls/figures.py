"""Figures and the desk that checks them: addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path

from saphan.rooms.newsroom.views import figures as views

urlpatterns: list[Any] = [
    path("figures/", views.listing, name="figures"),
    path("figures/add/", views.add, name="figure-add"),
    path("figures/<accession:key>/", views.figure, name="figure"),
    path("figures/<accession:key>/annotation.json", views.annotation, name="figure-annotation"),
    path("figures/<accession:key>/do/", views.do, name="figure-do"),
    path("articles/<accession:number>/propose-figures/", views.propose, name="figures-propose"),
]
