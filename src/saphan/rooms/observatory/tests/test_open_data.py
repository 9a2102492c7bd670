"""Others take the numbers away: CSV, JSON, CSVW, DCAT; and ask whether anything changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from typing import Any

import pytest
from django.test import Client

from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.observatory import actions, opendata
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.tests.conftest import FACTORIES, added, values

pytestmark = pytest.mark.django_db
DATA = "/api/v1/observatory/data"


def body(response: Any) -> bytes:
    """All of an answer, also of one that is streamed."""
    from asgiref.sync import async_to_sync

    assert response.status_code == 200, response.status_code
    if not getattr(response, "is_async", False):
        return bytes(response.getvalue())

    async def whole() -> bytes:
        return b"".join([part async for part in response])

    return async_to_sync(whole)()


def test_csv_and_json_say_the_same(indicator: Indicator, client: Client) -> None:
    added(note="read twice")
    added(key="b", value="19.5", period="2024-Q1", high="20", relation="range", checked=False)
    rows = list(csv.DictReader(io.StringIO(body(client.get(f"{DATA}/all.csv")).decode())))
    told = json.loads(body(client.get(f"{DATA}/all.json")))
    assert [row["value"] for row in rows] == ["303", "19.5"]
    assert [row["place_name"] for row in rows] == ["Guangxi", "Guangxi"]
    for row, each in zip(rows, told["observations"], strict=True):
        assert {name: value for name, value in row.items() if value} == {
            name: {True: "true", False: "false"}.get(value, value) if isinstance(value, bool)
            else value for name, value in each.items()}
    assert told["indicators"][0]["name"]["th"] == "โรงงานอัจฉริยะ"


def test_words_in_other_languages_are_given_away_too(indicator: Indicator, client: Client) -> None:
    one = added(note="Eight months.")
    one.note = one.note.with_words("th", "แปดเดือน")
    one.save()
    [told] = json.loads(body(client.get(f"{DATA}/all.json")))["observations"]
    assert told["note"] == "Eight months."
    assert told["words"] == {"note": {"en": "Eight months.", "th": "แปดเดือน"}}
    assert client.get(f"/api/v1/observatory/observations/{one.number}").json()["words"]


def test_drafts_withdrawn_and_corrected_numbers_are_not_given_away(
        indicator: Indicator, client: Client, officer: Person) -> None:
    one = added()
    actions.correct(one, values(value="304"), by=officer, because="x")
    Indicator.objects.create(slug="secret")
    rows = csv.DictReader(io.StringIO(body(client.get(f"{DATA}/all.csv")).decode()))
    assert [row["value"] for row in rows] == ["304"]
    assert client.get(f"{DATA}/secret.csv").status_code == 404
    assert b"secret" not in body(client.get(f"{DATA}/all.json"))


def test_what_did_not_change_is_not_sent_again(indicator: Indicator, client: Client) -> None:
    added()
    first = client.get(f"{DATA}/smart-factories.csv")
    again = client.get(f"{DATA}/smart-factories.csv", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    added(key="b", value="1")
    later = client.get(f"{DATA}/smart-factories.csv", headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200 and later["ETag"] != first["ETag"]


def test_the_catalogue_names_checksums_that_hold(indicator: Indicator, client: Client) -> None:
    added()
    told = json.loads(body(client.get(f"{DATA}/catalogue.jsonld")))
    assert told["@type"] == "dcat:Catalog" and told["dct:publisher"]["@type"] == "foaf:Agent"
    for dataset in told["dcat:dataset"]:
        assert [file["dcat:downloadURL"]["@id"] for file in dataset["dcat:distribution"]] == [
            f"{dataset['@id']}.csv", f"{dataset['@id']}.json"]
        for file in dataset["dcat:distribution"]:
            path = file["dcat:downloadURL"]["@id"].partition("localhost:8000")[2]
            content = body(client.get(path))
            assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(
                content).hexdigest()
            assert file["dcat:byteSize"]["@value"] == str(len(content))
    one = told["dcat:dataset"][1]
    assert one["dct:temporal"]["dcat:startDate"]["@value"] == "2023-01-01"
    assert one["dct:spatial"][0]["@id"].endswith("/CHN")
    assert {words["@language"] for words in one["dct:title"]} == {"en", "th"}


def test_turtle_says_what_json_ld_says(indicator: Indicator, client: Client) -> None:
    added()
    Indicator.objects.filter(pk=indicator.pk).update(meaning=indicator.meaning.with_words(
        "en", 'A "quoted" \\ line\nand another.'))
    ttl = body(client.get(f"{DATA}/catalogue.ttl")).decode()
    told = json.loads(body(client.get(f"{DATA}/catalogue.jsonld")))
    for dataset in told["dcat:dataset"]:
        assert f"<{dataset['@id']}> a dcat:Dataset" in ttl
    assert ttl.count("a dcat:Distribution") == 4 and ttl.count("spdx:checksumValue") == 4
    assert r'"A \"quoted\" \\ line\nand another."@en' in ttl
    bare = re.sub(r'"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^\w+:\w+)?|<[^>]*>', "", ttl)
    assert bare.count("[") == bare.count("]") and '"' not in bare


def test_columns_are_described(indicator: Indicator, client: Client) -> None:
    added()
    told = client.get(f"{DATA}/smart-factories.csv-metadata.json").json()
    head = body(client.get(f"{DATA}/smart-factories.csv")).decode().splitlines()[0].split(",")
    assert [column["name"] for column in told["tableSchema"]["columns"]] == head
    assert told["url"].endswith("/smart-factories.csv")
    assert "describedby" in client.get(f"{DATA}/smart-factories.csv")["Link"]


def test_software_adds_corrects_and_withdraws_under_the_same_rules(
        indicator: Indicator, officer: Person, stranger: Person, client: Client) -> None:
    def call(person: Person, path: str, **sent: Any) -> Any:
        secret = people_actions.issue_token(person, name="t", scope="write", by=person)
        return client.post(f"/api/v1/observatory/{path}", sent, content_type="application/json",
                           headers={"Authorization": f"Bearer {secret}"})

    assert client.post("/api/v1/observatory/observations", FACTORIES,
                       content_type="application/json").status_code == 401
    assert call(stranger, "observations", **FACTORIES).status_code == 403
    wrong = call(officer, "observations", **{**FACTORIES, "period": "soon"})
    assert wrong.status_code == 422 and "period" in wrong.content.decode()
    made = call(officer, "observations", **FACTORIES)
    assert made.status_code == 201 and made.json()["value"] == "303"
    number = made.json()["observation"]
    new = call(officer, f"observations/{number}/correct", because="Misread.",
               **{**FACTORIES, "value": 305})
    assert new.status_code == 201, new.content
    assert call(officer, f"observations/{new.json()['observation']}/withdraw",
                because="").status_code == 403
    gone = call(officer, f"observations/{new.json()['observation']}/withdraw", because="No.")
    assert gone.json()["state"] == "withdrawn"
    told = client.get("/api/v1/observatory/indicators/smart-factories").json()
    assert told["count"] == 0 and Observation.objects.count() == 2


def test_what_the_house_counts_is_open_data_by_month(economies: None, client: Client) -> None:
    from saphan.ground import ledger
    from saphan.people.models import Economy
    from saphan.rooms.market.models import Interest, Listing
    from saphan.rooms.observatory.tests.conftest import made_indicator

    made_indicator("agreements-signed", counts="market.signed", unit="agreements")
    thailand = Economy.objects.get(code="TH")
    listing = Listing.objects.create(number="MKT-2026-0001", kind="technology_request",
                                     economy=thailand)
    found = Interest(listing=listing, position=1, number="MKT-2026-0001-01", economy=thailand,
                     lang="en", sent="2026-01-01T00:00:00Z")
    with ledger.fact("interest.signed", found, listing=listing.number, economy="TH"):
        found.save()
    [row] = list(opendata.rows(Indicator.objects.get()))
    assert (row["value"], row["period"], row["unit"]) == ("1", "2026-11", "agreements")
    assert row["record"].endswith("/en/numbers/market.signed/?period=2026-11")
