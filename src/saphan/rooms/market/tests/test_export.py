"""Exports: what goes out comes back the same, and harms no spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from saphan.ground.text import Text
from saphan.rooms.market import actions, exchange, sheets
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import page
from saphan.rooms.market.tests.test_import import GOOD

pytestmark = pytest.mark.django_db


def rows(content: str) -> list[dict]:
    return [json.loads(line) for line in content.split("\n") if line]


def reload(content: str, format: str) -> None:
    """Load an export into a market that holds nothing."""
    Listing.objects.all().delete()
    report = exchange.check(content, format)
    assert not report.problems, report.problems
    for _number, row in report.good:
        exchange.load_row(row, by=None)


def without_number(rows: list[dict]) -> list[dict]:
    """A new house gives its own accession numbers; all else must be the same."""
    return [{name: value for name, value in row.items() if name not in ("number", "source")}
            for row in rows]


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_an_export_loaded_into_an_empty_house_is_the_same_again(
        client, published, format, economies):
    published.budget_amount, published.budget_currency = Decimal("500000.50"), "THB"
    published.keywords = ["ทุเรียน, หมอนทอง"]
    published.indicators = [{"name": "a | b", "value": 95.5, "unit": "%"}]
    published.target_economies = ["CN", "VN"]
    published.title = published.title.with_words("en", '=HYPERLINK("http://x")')
    published.technical_specification = Text.of({"th": "'=1+1\nบรรทัดสอง \"อ้าง\""})
    published.save()
    for row in (GOOD, {**GOOD, "key": "example-1", "example": True, "source": None,
                       "valid_until": "2027-01-31", "keywords": [], "state": "paused"}):
        exchange.load_row(row, by=None)
    Listing.objects.filter(state="paused").update(state="published")
    before = rows(page(client.get("/en/market/export.jsonl")))
    assert len(before) == 3
    reload(page(client.get(f"/en/market/export.{format}")), format)
    after = rows(page(client.get("/en/market/export.jsonl")))
    for one, other in zip(without_number(before), without_number(after), strict=True):
        assert other == one
    assert after[1]["source"] == GOOD["source"]


def test_loading_an_export_into_the_same_house_changes_nothing(client, published):
    content = page(client.get("/en/market/export.jsonl"))
    report = exchange.check(content, "jsonl")
    assert [exchange.load_row(row, by=None) for _number, row in report.good] == [False]
    assert Listing.objects.get().source_url == ""


def test_another_house_learns_from_which_page_a_record_comes(client, published, monkeypatch):
    content = page(client.get("/en/market/export.jsonl"))
    Listing.objects.all().delete()
    monkeypatch.setattr(settings, "BASE_URL", "https://vientiane.example.org")
    exchange.load_row(rows(content)[0], by=None)
    assert Listing.objects.get().source_url == (
        f"http://localhost:8000/en/market/{published.number}/")


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "@SUM(A1)", "-1+1", "\t=1", "=cmd|' /C calc'!A0"])
def test_a_cell_that_a_spreadsheet_would_run_is_text_and_comes_back_as_it_was(
        client, published, formula):
    published.summary = Text.of({"th": formula})
    published.save()
    content = client.get("/en/market/export.csv").content.decode("utf-8-sig")
    for cell in next(iter(list(csv.reader(io.StringIO(content)))[1:])):
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
    reload(content, "csv")
    assert str(Listing.objects.get().summary) == formula.strip()


@how(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="'=+-@\t\r\nกa\",;|", min_size=1, max_size=12))
def test_the_guard_against_formulas_takes_nothing_away(text):
    guarded = sheets._harmless(text)
    assert guarded[0] not in "=+-@\t\r"
    assert sheets._GUARDED.sub(r"\1", guarded) == text


def test_an_export_holds_what_the_filters_leave(client, published, economies):
    exchange.load_row(GOOD, by=None)
    assert [row["kind"] for row in rows(page(client.get("/en/market/export.jsonl?shelf=needs")))] \
        == ["technology_request"]
    assert rows(page(client.get("/en/market/export.jsonl?shelf=offers&sector=finance"))) == []
    one = rows(page(client.get(f"/en/market/export.jsonl?number={published.number}")))
    assert [row["number"] for row in one] == [published.number]


def test_an_empty_export_is_an_empty_sheet(client, db):
    assert client.get("/en/market/export.csv").content.decode("utf-8-sig").strip() == ""
    assert client.get("/en/market/export.jsonl").content == b""


def test_an_export_is_a_file_with_a_name_and_never_holds_a_draft(client, draft, packer, clerk):
    response = client.get("/en/market/export.csv?shelf=needs")
    assert response["Content-Disposition"] == 'attachment; filename="market-needs.csv"'
    assert draft.number not in response.content.decode()
    actions.submit(draft, by=packer)
    assert draft.number not in client.get("/en/market/export.jsonl").content.decode()


