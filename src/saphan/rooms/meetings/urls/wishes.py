"""Who takes part, wishes, suggestions, feedback."""

from __future__ import annotations

from django.urls import URLPattern, path

from saphan.rooms.meetings.views import all_wishes, feedback, people, wishes

urlpatterns: list[URLPattern] = [
    path("<accession:number>/people/", people.people, name="people"),
    path("<accession:number>/people/suggested/", people.suggested, name="suggested"),
    path("<accession:number>/people/<int:position>/", people.participant, name="participant"),
    path("<accession:number>/wishes/", wishes.wishes, name="wishes"),
    path("<accession:number>/wishes/to/<int:position>/", wishes.send, name="wish_send"),
    path("<accession:number>/wishes/<int:key>/<slug:verb>/", wishes.act, name="wish_do"),
    path("<accession:number>/all-wishes/", all_wishes.all_wishes, name="all_wishes"),
    path("<accession:number>/all-wishes/add/", all_wishes.add, name="all_wishes_add"),
    path("<accession:number>/all-wishes/wishes.csv", all_wishes.export, name="all_wishes_csv"),
    path("<accession:number>/all-wishes/load/", all_wishes.load, name="all_wishes_load"),
    path("<accession:number>/all-wishes/suggest/", all_wishes.suggest, name="all_wishes_suggest"),
    path("<accession:number>/all-wishes/<int:key>/", all_wishes.one_wish, name="one_wish"),
    path("<accession:number>/feedback/", feedback.overview, name="feedback_overview"),
    path("<accession:number>/feedback/answers.csv", feedback.export, name="feedback_csv"),
    path("<accession:number>/meetings/<str:word>/feedback/", feedback.feedback, name="feedback"),
    path("day/<str:token>/meetings/<str:word>/feedback/", feedback.of_guest, name="day_feedback"),
]
