"""The market's pages, under /<language>/market/."""

from __future__ import annotations

from django.urls import path, register_converter

from saphan.house import converters  # noqa: F401  <accession:number>
from saphan.rooms.market import views
from saphan.rooms.market.interest import views as interest


class Sheet:
    """A format of export."""

    regex = "jsonl|csv|xml|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sheet, "sheet")

app_name = "market"
urlpatterns = [
    path("", views.home, name="home"),
    path("offers/", views.shelf, {"name": "offers"}, name="offers"),
    path("needs/", views.shelf, {"name": "needs"}, name="needs"),
    path("results/", views.shelf, {"name": "results"}, name="results"),
    path("new/", views.new, name="new"),
    path("post-need/", views.post_need, name="post_need"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("interests/", interest.mine, name="interests"),
    path("broker/", interest.desk, name="broker"),
    path("import/", views.imports, name="imports"),
    path("import/<int:pk>/", views.import_run, name="import_run"),
    path("export.<sheet:format>", views.export, name="export"),
    path("<accession:number>/", views.listing, name="listing"),
    path("<accession:number>/edit/", views.edit, name="edit"),
    path("<accession:number>/why-not/", interest.why_not, name="why_not"),
    path("<accession:number>/interest/", interest.ask, name="ask"),
    path("<accession:number>/interest/<int:position>/", interest.interest, name="interest"),
    path("<accession:number>/interest/<int:position>/do/<slug:verb>/", interest.do,
         name="interest_do"),
    path("<accession:number>/interest/<int:position>/evidence/<int:pk>/", interest.evidence,
         name="interest_evidence"),
    path("<accession:number>/interest/<int:position>/evidence/<int:pk>/confirm/",
         interest.confirm, name="interest_confirm"),
    path("<accession:number>/move/<slug:transition>/", views.move, name="move"),
    path("<accession:number>/media/", views.media_add, name="media_add"),
    path("<accession:number>/media/<int:pk>/", views.media, name="media"),
    path("<accession:number>/media/<int:pk>/remove/", views.media_remove, name="media_remove"),
]
