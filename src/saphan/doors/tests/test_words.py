"""The translation desk through its pages and the API: readers ask, translators write, a second
person approves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from saphan.doors.tests.account import PASSWORD
from saphan.ground.text import Text
from saphan.house.rendering import actions
from saphan.house.rendering.models import Rendering
from saphan.people import actions as people
from saphan.people.models import Person, Token
from saphan.rooms.market import actions as market
from saphan.rooms.market.models import Listing

pytestmark = pytest.mark.django_db
WORDS = {"t-title-0": "Uma câmara que classifica durião",
         "t-summary-0": "A câmara classifica 12 toneladas por dia.",
         "t-summary-1": "Não toca na fruta."}
SENTENCES = {"title": [WORDS["t-title-0"]], "summary": [WORDS["t-summary-0"],
                                                        WORDS["t-summary-1"]]}


@pytest.fixture(autouse=True)
def _economies(db: None) -> None:
    people.load_economies()


@pytest.fixture
def listing() -> Listing:
    return published("durian-camera")


def published(key: str) -> Listing:
    return market.take_in({
        "key": key, "kind": "technology_offer", "lang": "en", "economy_id": "TH", "example": True,
        "title": Text.of({"en": "A camera that grades durian"}),
        "summary": Text.of({"en": "The camera grades 12 tonnes a day. It does not touch the fruit."}
                           )}, state="published", published=None, by=None)


def translator(name: str, *langs: str) -> Person:
    made = Person.objects.create_user(f"{name}@example.org", PASSWORD)
    for lang in langs:
        people.grant_role(made, "translator", by=None, lang=lang)
    return made


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def ana() -> Client:
    return signed_in(translator("ana", "pt"))


@pytest.fixture
def rui() -> Client:
    return signed_in(translator("rui", "pt"))


@pytest.fixture
def wanted(listing: Listing) -> Rendering:
    return actions.begin(listing, "pt", by=None)


def text(response: Any) -> str:
    return response.content.decode()


def send(client: Client, rendering: Rendering, do: str, **words: str) -> Any:
    """Press a button of the page as it stands now."""
    page = text(client.get(f"/en/words/{rendering.pk}/"))
    hidden = {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0]
              for name in ("version", "digest")}
    return client.post(f"/en/words/{rendering.pk}/", {**hidden, "do": do, **words}, follow=True)


# Readers


def test_a_reader_is_told_and_asks_without_an_account(client: Client, listing: Listing) -> None:
    page = text(client.get(f"/pt/market/{listing.number}/"))
    assert f'value="market.listing.{listing.pk}"' in page and 'value="pt"' in page
    answer = client.post("/pt/words/wish/", {
        "record": f"market.listing.{listing.pk}", "lang": "pt"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/pt/market/{listing.number}/"
    assert Rendering.objects.get().demand == 1
    assert "words/wish" not in text(client.get(f"/en/market/{listing.number}/"))


def test_asking_needs_the_token_of_the_form(listing: Listing) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/pt/words/wish/", {"record": f"market.listing.{listing.pk}",
                                             "lang": "pt"})
    assert answer.status_code == 403 and not Rendering.objects.exists()


@pytest.mark.parametrize("record", ["", "market.listing.999999", "market.listing.x",
                                    "people.person.1", "MKT-1999-0001", "market.listing.²"])
def test_what_is_not_public_cannot_be_asked_for(client: Client, listing: Listing,
                                                record: str) -> None:
    answer = client.post("/en/words/wish/", {"record": record, "lang": "pt"})
    assert answer.status_code == 404


def test_a_record_page_asks_the_database_as_often_with_and_without_a_wish(
        client: Client, listing: Listing) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/pt/market/{listing.number}/")
        return len(captured)

    queries()
    before = queries()
    actions.wish(listing, "pt", who="a")
    assert queries() == before


# The desk


@pytest.mark.parametrize("page", ["", "pt/", "import/", "{pk}/", "pt/export.xlf",
                                  "{pk}/export.csv"])
def test_the_desk_is_for_those_who_work_there(wanted: Rendering, page: str, ana: Client) -> None:
    url = f"/en/words/{page.format(pk=wanted.pk)}"
    assert Client().get(url).status_code == 302
    visitor = signed_in(translator("visitor"))
    assert visitor.get(url).status_code == 403
    khmer = signed_in(translator("khmer", "km"))
    assert khmer.get(url).status_code == (200 if page in ("", "import/") else 403)
    assert ana.get(url).status_code == 200


def test_the_way_from_the_record_to_the_reader(listing: Listing, ana: Client,
                                               rui: Client) -> None:
    assert "words/begin" in text(ana.get(f"/pt/market/{listing.number}/"))
    begun = ana.post("/en/words/begin/", {"record": f"market.listing.{listing.pk}", "lang": "pt"})
    rendering = Rendering.objects.get()
    assert begun["Location"] == f"/en/words/{rendering.pk}/"
    send(ana, rendering, "save", **WORDS, minutes="12")
    send(ana, rendering, "hand_in", **WORDS)
    refused = send(ana, rendering, "approve")
    assert refused.status_code == 422 and "second person" in text(refused)
    send(rui, rendering, "approve", **WORDS)
    rendering.refresh_from_db()
    assert (rendering.state, rendering.minutes) == ("approved", 12)
    page = text(Client().get(f"/pt/market/{listing.number}/"))
    assert WORDS["t-title-0"] in page and "words/wish" not in page


def test_original_terms_and_figures_stand_beside_the_boxes(wanted: Rendering, ana: Client) -> None:
    page = text(ana.get(f"/en/words/{wanted.pk}/"))
    assert "<mark>durian</mark>" in page and '<a href="/en/terms/durian/">durião</a>' in page
    assert '<mark data-kind="figure">12</mark>' in page
    assert page.count("<textarea id=\"t-") == 3


def test_a_difference_is_shown_at_its_sentence(wanted: Rendering, ana: Client) -> None:
    page = text(send(ana, wanted, "save", **{**WORDS, "t-summary-0":
                                             "A câmara classifica 21 toneladas por dia."}))
    place = page.index('id="w-summary-0"')
    assert "data-blocks" in page[place:place + 400] and 'id="w-summary-1"' not in page


def test_what_was_typed_is_not_lost_when_somebody_was_quicker(wanted: Rendering, ana: Client,
                                                              rui: Client) -> None:
    seen = text(ana.get(f"/en/words/{wanted.pk}/"))
    version = re.findall(r'name="version" value="(\d+)"', seen)[0]
    send(rui, wanted, "save", **WORDS)
    send(rui, wanted, "release")
    answer = ana.post(f"/en/words/{wanted.pk}/", {
        "do": "save", "version": version, "t-title-0": "As palavras da Ana"})
    assert answer.status_code == 409
    assert "As palavras da Ana" in text(answer)
    assert f'name="version" value="{version}"' in text(answer)


@pytest.mark.parametrize("wrong", [{"minutes": "many"}, {"t-title-0": "x" * 9000}])
def test_what_cannot_be_taken_is_said_and_kept_in_its_box(wanted: Rendering, ana: Client,
                                                          wrong: dict[str, str]) -> None:
    answer = send(ana, wanted, "save", **{**WORDS, **wrong})
    assert answer.status_code == 422
    assert WORDS["t-summary-1"] in text(answer)
    assert Rendering.objects.get().state == "wanted"


def test_a_reviewer_who_changed_words_is_told_that_another_must_approve(
        wanted: Rendering, ana: Client, rui: Client) -> None:
    send(ana, wanted, "hand_in", **WORDS)
    answer = send(rui, wanted, "approve", **{**WORDS, "t-title-0": "Câmara para durião"})
    assert "second person" in text(answer)
    assert Rendering.objects.get().state == "drafted"


@pytest.mark.parametrize("do", ["claim", "release", "machine", "set_aside", "nothing", "reopen"])
def test_every_button_answers(wanted: Rendering, ana: Client, do: str) -> None:
    answer = send(ana, wanted, do, remark="because")
    assert answer.status_code == (404 if do == "nothing" else 422 if do == "reopen" else 200)


def test_the_queue_asks_the_database_as_often_for_20_as_for_2(ana: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ana.get("/pt/words/pt/").status_code == 200
        return len(captured)

    for key in range(2):
        actions.begin(published(f"few-{key}"), "pt", by=None)
    queries()
    before = queries()
    for key in range(18):
        actions.begin(published(f"more-{key}"), "pt", by=None)
    assert queries() == before


def test_an_administrator_makes_a_translator_for_a_language(admin_client: Client) -> None:
    person = translator("new")
    with translation.override("en"):
        url = reverse("people_person", args=(person.pk,))
        action = reverse("people_give_role", args=(person.pk,))
    wrong = admin_client.post(action, {"role": "translator", "reason": "She reads Khmer"})
    assert wrong.status_code == 422
    admin_client.post(action, {"role": "translator", "lang": "km", "reason": "She reads Khmer"})
    assert list(person.roles.values_list("name", "lang")) == [("translator", "km")]
    assert "ខ្មែរ" in text(admin_client.get(url))


def test_files_go_out_and_come_back(wanted: Rendering, ana: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    out = ana.get("/en/words/pt/export.xlf")
    assert out["Content-Type"].startswith("application/xliff+xml")
    filled = out.content.decode().replace(
        '<target state="needs-translation" />', f"<target>{WORDS['t-title-0']}</target>", 1)
    answer = ana.post("/en/words/import/", {
        "file": SimpleUploadedFile("words.xlf", filled.encode())})
    assert answer.status_code == 200
    assert Rendering.objects.get().sentences["title"][0]["t"] == WORDS["t-title-0"]
    bad = ana.post("/en/words/import/", {"file": SimpleUploadedFile("words.xlf", b"<x/>")})
    assert bad.status_code == 422 and "XLIFF" in text(bad)


# Software


def bearer(person: Person, scope: str = "write") -> dict[str, str]:
    secret = people.issue_token(person, name="t", scope=scope, by=person)
    return {"authorization": f"Bearer {secret}"}


def test_software_lists_submits_and_approves_by_the_same_rules(
        client: Client, wanted: Rendering) -> None:
    ana, rui = translator("ana", "pt"), translator("rui", "pt")
    url = f"/api/v1/words/{wanted.pk}"
    assert client.get("/api/v1/words/wanted?into=pt").status_code == 401
    listed = client.get("/api/v1/words/wanted?into=pt", headers=bearer(ana, "read")).json()
    assert [row["id"] for row in listed["translations"]] == [wanted.pk]
    read = client.get(url, headers=bearer(ana)).json()
    assert [one["source"] for one in read["fields"][1]["sentences"]] == [
        "The camera grades 12 tonnes a day.", "It does not touch the fruit."]
    body = {"sentences": SENTENCES, "version": read["version"], "digest": read["digest"],
            "hand_in": True}
    only_reads = client.put(url, body, content_type="application/json",
                            headers=bearer(ana, "read"))
    assert only_reads.status_code == 403
    done = client.put(url, body, content_type="application/json", headers=bearer(ana))
    assert done.status_code == 200, done.content
    assert (done.json()["state"], done.json()["places_to_mend"]) == ("in_review", 0)
    again = client.put(url, body, content_type="application/json", headers=bearer(ana))
    assert again.status_code == 403  # the version is no longer true
    assert client.post(
        f"{url}/approve", content_type="application/json", headers=bearer(ana)).status_code == 403
    approved = client.post(
        f"{url}/approve", content_type="application/json", headers=bearer(rui))
    assert approved.json()["state"] == "approved"
    assert client.get("/api/v1/words/").json()[-1]["approved"] == 1


def test_software_is_told_what_is_wrong_with_what_it_sent(client: Client,
                                                          wanted: Rendering) -> None:
    ana = translator("ana", "pt")
    answer = client.put(f"/api/v1/words/{wanted.pk}", {"sentences": {"title": ["a", "b"]}},
                        content_type="application/json", headers=bearer(ana))
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "title"
    assert client.get("/api/v1/words/999999", headers=bearer(ana)).status_code == 404
    assert client.post(
        f"/api/v1/words/{wanted.pk}/fly", content_type="application/json",
        headers=bearer(ana)).status_code == 404


def test_software_asks_for_a_language_for_its_readers(client: Client, listing: Listing) -> None:
    answer = client.post("/api/v1/words/wish", {"record": listing.number, "into": "km"},
                         content_type="application/json")
    assert answer.json()["counted"] is True and Rendering.objects.get().lang == "km"


def test_tools_work_by_the_same_rules(wanted: Rendering) -> None:
    from saphan.doors.mcp import words
    from saphan.ground.access import Refused

    ana, rui = translator("ana", "pt"), translator("rui", "pt")
    with pytest.raises(Refused):
        words.wanted_translations("pt", person=None)
    assert words.wanted_translations("pt", person=ana)["count"] == 1
    assert words.read_translation(wanted.pk, person=ana)["state"] == "wanted"
    words.submit_translation(wanted.pk, SENTENCES, hand_in=True, person=ana)
    with pytest.raises(Refused, match="second person"):
        words.move_translation(wanted.pk, "approve", person=ana)
    assert words.move_translation(wanted.pk, "approve", person=rui)["state"] == "approved"
    assert Token.objects.count() == 0
