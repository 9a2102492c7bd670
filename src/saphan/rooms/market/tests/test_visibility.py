"""What is not public stays unseen: in lists, on its page, in the API, search, feeds, exports."""

from __future__ import annotations

import pytest

from saphan.people import actions as people_actions
from saphan.rooms.market import actions, exchange, queries, tools
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import page, text_of
from saphan.rooms.market.tests.test_import import GOOD
from saphan.rooms.market.vocabulary import State

pytestmark = pytest.mark.django_db
HIDDEN = [state for state in State.values if state != State.PUBLISHED]


@pytest.fixture(params=HIDDEN)
def hidden(request, published) -> Listing:
    Listing.objects.filter(pk=published.pk).update(state=request.param)
    published.refresh_from_db()
    return published


@pytest.mark.parametrize("address", [
    "/en/market/", "/en/market/needs/", "/en/market/needs/?sector=general",
    "/en/market/export.jsonl", "/en/market/export.csv?shelf=needs",
    "/api/v1/market/listings/needs", "/api/v1/market/export.jsonl",
    "/feeds/en/market/needs.atom", "/feeds/en/market/needs.json"])
def test_no_list_shows_it(client, hidden, address):
    assert hidden.number not in text_of(client.get(address))


def test_its_page_looks_like_no_page(client, hidden):
    missing = client.get("/en/market/MKT-2026-9999/")
    there = client.get(f"/en/market/{hidden.number}/")
    assert (there.status_code, missing.status_code) == (404, 404)


def test_the_api_and_tools_do_not_know_it(client, hidden):
    from saphan.house import callers

    assert client.get(f"/api/v1/market/{hidden.number}").status_code == 404
    with pytest.raises(callers.Missing):
        tools.read(hidden.number)


def test_search_neither_reads_nor_shows_it(hidden, packer):
    entries = queries.ListingEntries()
    assert list(entries.documents([str(hidden.pk)])) == []
    assert entries.plates([str(hidden.pk)], asker=None) == {}
    assert set(entries.plates([str(hidden.pk)], asker=packer)) == {str(hidden.pk)}


def test_its_author_and_the_desk_see_it(as_packer, as_clerk, hidden):
    for client in (as_packer, as_clerk):
        assert hidden.number in page(client.get(f"/en/market/{hidden.number}/"))


def test_what_is_public_is_everywhere(client, published):
    for address in ("/en/market/", "/en/market/needs/", "/api/v1/market/listings/needs",
                    f"/api/v1/market/{published.number}", "/feeds/en/market/needs.atom",
                    "/feeds/en/market/needs.json", "/en/market/export.jsonl"):
        assert published.number in text_of(client.get(address)), address


def test_a_member_who_may_not_publish_does_not_see_drafts(client, draft, stranger):
    organisation = people_actions.find_or_add_organisation(
        {"th": "สวน"}, economy="TH", kind="company")
    Listing.objects.filter(pk=draft.pk).update(organisation=organisation)
    membership = people_actions.join_organisation(stranger, organisation, by=None)
    client.force_login(stranger)
    assert client.get(f"/en/market/{draft.number}/").status_code == 200
    membership.may_publish = False
    membership.save()
    assert client.get(f"/en/market/{draft.number}/").status_code == 404


def test_the_history_tells_strangers_nothing_of_the_time_before_publishing(
        client, as_packer, published):
    address = f"/en/market/{published.number}/"
    assert "Draft begun" not in page(client.get(address))
    assert "Draft begun" in page(as_packer.get(address))


def test_filters_narrow_and_can_be_taken_off(client, published, economies):
    exchange.load_row({**GOOD, "key": "a", "kind": "rd_request", "stage": "", "patents": []},
                      by=None)
    everything = page(client.get("/en/market/needs/"))
    assert "2 records" in everything
    assert "Agriculture (1)" in everything
    narrowed = page(client.get("/en/market/needs/?sector=agriculture"))
    assert published.number not in narrowed
    assert "1 record" in narrowed
    assert "Remove the filter Sector: Agriculture" in narrowed
    nothing = page(client.get("/en/market/needs/?sector=agriculture&kind=technology_request"))
    assert "Nothing fits all of these filters" in nothing


@pytest.mark.parametrize("query", [
    "sector=nonsense", "page=99", "page=x", "economy=%27%3B--", "lang=xx", "example=maybe",
    "kind=technology_offer&page=-1"])
def test_a_nonsense_filter_is_left_out(client, published, query):
    assert client.get(f"/en/market/needs/?{query}").status_code == 200


def test_the_counts_of_a_filter_are_those_of_the_other_filters(published, economies):
    exchange.load_row({**GOOD, "key": "a", "kind": "rd_request", "stage": "", "patents": []},
                      by=None)
    facets = queries.facets("needs", queries.Filters(sector="agriculture"))
    assert facets["kind"] == [("rd_request", 1)]
    assert sorted(facets["sector"]) == [("agriculture", 1), ("general", 1)]


def test_leaving_takes_drafts_away_and_leaves_what_an_organisation_published(
        packer, published, draft):
    organisation = people_actions.find_or_add_organisation(
        {"th": "สวน"}, economy="TH", kind="company")
    Listing.objects.filter(pk=published.pk).update(organisation=organisation)
    other = actions.start({"kind": "business_offer", "lang": "th"}, by=packer)
    assert people_actions.HOLDERS["market"][0](packer)["listings"]
    people_actions.HOLDERS["market"][1](packer)
    assert not Listing.objects.filter(pk=other.pk).exists()
    published.refresh_from_db()
    assert published.author is None
