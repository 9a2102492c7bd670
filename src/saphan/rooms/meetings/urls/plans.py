"""Plans, the board, now and next, what happened, single meetings."""

from __future__ import annotations

from django.urls import URLPattern, path

from saphan.rooms.meetings.views import board, live, plans

urlpatterns: list[URLPattern] = [
    path("<accession:number>/plans/", plans.plans, name="plans"),
    path("<accession:number>/plans/<int:plan>/", plans.plan, name="plan"),
    path("<accession:number>/plans/<int:plan>/why/", plans.why, name="plan_why"),
    path("<accession:number>/plans/<int:plan>/meetings/", plans.in_plan, name="plan_meetings"),
    path("<accession:number>/plans/<int:plan>/compare/", plans.compare, name="plan_compare"),
    path("<accession:number>/board/", board.board, name="board"),
    path("<accession:number>/board/<int:wish>/spots/", board.spots, name="board_spots"),
    path("<accession:number>/board/move/", board.move, name="board_move"),
    path("<accession:number>/live/", live.live, name="live"),
    path("<accession:number>/now/", live.now, name="now"),
    path("<accession:number>/meetings/<str:word>/", live.meeting, name="meeting"),
]
