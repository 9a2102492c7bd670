"""Imports: every bad row is named, nothing is loaded by half, loading again changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saphan.ground import ledger
from saphan.ground.models import Fact
from saphan.rooms.market import exchange, imports
from saphan.rooms.market.models import ImportRun, Listing
from saphan.rooms.market.tests.conftest import page

pytestmark = pytest.mark.django_db

GOOD = {
    "key": "th-durian-camera", "kind": "technology_offer", "lang": "th",
    "title": {"th": "กล้องคัดทุเรียน", "en": "Durian camera"},
    "summary": {"th": "บอกความสุกจากภาพ"}, "description": {"th": "ใช้กับสายพานเดิมได้"},
    "organisation": {"name": {"th": "บริษัทกล้อง", "en": "Camera Co"}, "economy": "TH",
                     "kind": "company", "url": "https://example.org"},
    "sector": "agriculture", "keywords": ["ทุเรียน", "กล้อง"], "stage": "on_the_market",
    "partnership": ["licence"], "patents": [{"number": "TH123", "url": "https://example.org/p"}],
    "source": {"url": "https://example.org/durian", "title": "Durian", "read": "2026-11-22"},
}


def lines(*rows: Any) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
                     for row in rows)


def send(client, content: str | bytes, name: str = "records.jsonl", **fields: Any):
    """Upload a file at the desk, let the worker do its work, and open the report."""
    data = content.encode() if isinstance(content, str) else content
    response = client.post("/en/market/import/", {
        "file": SimpleUploadedFile(name, data), **fields})
    if response.status_code == 302:
        run = ImportRun.objects.latest("pk")
        imports.run_import.call(run.pk)
        return client.get(response["Location"])
    return response


def test_a_file_is_loaded_and_published_at_once(client, as_clerk, economies):
    html = page(send(as_clerk, lines(GOOD)))
    assert "Loaded" in html
    listing = Listing.objects.get()
    assert listing.number in page(client.get("/en/market/offers/"))
    assert "Camera Co" in page(client.get(f"/en/market/{listing.number}/"))
    assert "https://example.org/durian" in page(client.get(f"/en/market/{listing.number}/"))


def test_an_import_names_every_bad_row_and_loads_nothing(as_clerk):
    html = page(send(as_clerk, lines(
        GOOD,
        {**GOOD, "key": "no-kind", "kind": "gift"},
        "{not json",
        {**GOOD, "key": "no-source", "source": None},
        {**GOOD, "key": "TH-durian-camera"},
        {**GOOD, "key": "long", "title": {"th": "ก" * 257}},
        {**GOOD, "key": "where", "organisation": {"name": {"en": "X"}, "economy": "XX"}},
        {**GOOD, "key": "typo", "titel": "x"},
        {**GOOD, "key": "script", "source": {"url": "javascript:alert(1)"}})))
    assert not Listing.objects.exists()
    run = ImportRun.objects.get()
    assert run.state == "refused"
    assert [(problem["row"], problem["field"]) for problem in run.problems
            if not problem.get("warning")] == [
        (2, "kind"), (3, ""), (4, "source"), (5, "key"), (6, "title"), (7, "organisation"),
        (8, "titel"), (9, "source")]
    assert (run.rows, run.bad_rows) == (9, 8)
    assert "Nothing was loaded" in html
    for problem in run.problems:
        assert problem["message"].split("“")[0] in html


def test_the_good_rows_are_loaded_when_she_says_so(as_clerk):
    send(as_clerk, lines(GOOD, {**GOOD, "key": "bad", "kind": "gift"}), take_good_rows="on")
    run = ImportRun.objects.get()
    assert (run.state, run.loaded, run.bad_rows) == ("loaded", 1, 1)
    assert Listing.objects.get().key == "th-durian-camera"


def test_loading_a_file_twice_changes_nothing(as_clerk):
    send(as_clerk, lines(GOOD))
    listing, facts = Listing.objects.get(), Fact.objects.filter(name__startswith="listing").count()
    send(as_clerk, lines(GOOD))
    again = Listing.objects.get()
    assert ImportRun.objects.latest("pk").unchanged == 1
    assert (again.version, again.changed, again.valid_until) == (
        listing.version, listing.changed, listing.valid_until)
    assert Fact.objects.filter(name__startswith="listing").count() == facts


def test_loading_a_corrected_file_changes_what_was_corrected_and_nothing_else(as_clerk):
    send(as_clerk, lines(GOOD))
    send(as_clerk, lines({**GOOD, "summary": {"th": "บอกความสุกจากภาพสี"}}))
    listing = Listing.objects.get()
    assert str(listing.summary) == "บอกความสุกจากภาพสี"
    assert ledger.about(listing).last().data["fields"] == ["summary"]


def test_fields_that_a_row_leaves_out_stay(as_clerk):
    send(as_clerk, lines(GOOD))
    send(as_clerk, lines({name: GOOD[name] for name in (
        "key", "kind", "lang", "title", "organisation", "source")}))
    listing = Listing.objects.get()
    assert listing.stage == "on_the_market"
    assert listing.patents == GOOD["patents"]
    assert listing.version == 1


def test_an_import_that_was_killed_half_way_is_finished_by_the_next_worker(as_clerk, clerk):
    rows = [{**GOOD, "key": f"row-{number}"} for number in range(5)]
    run = imports.begin(lines(*rows).encode(), file_name="a.jsonl", by=clerk)
    exchange.load_row(rows[0], by=clerk)  # what the first worker managed
    run.state = ImportRun.State.LOADING
    run.save()
    imports.run_import.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.loaded, run.unchanged) == ("loaded", 4, 1)
    assert Listing.objects.count() == 5


def test_the_worker_of_the_house_does_queued_imports(
        as_clerk, clerk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = imports.begin(lines(GOOD).encode(), file_name="a.jsonl", by=clerk)
    assert "refresh" in page(as_clerk.get(f"/en/market/import/{run.pk}/"))
    queued = DBTaskResult.objects.get()
    queued.task.call(*queued.args_kwargs["args"])
    run.refresh_from_db()
    assert run.state == "loaded"


def test_rows_can_be_pasted(as_clerk):
    assert as_clerk.post("/en/market/import/", {"pasted": lines(GOOD)}).status_code == 302
    assert ImportRun.objects.get().format == "jsonl"


@pytest.mark.parametrize(("content", "name", "reason"), [
    (b"x" * (20 * 1024 * 1024 + 1), "a.csv", "too large"),
    ("กล้อง".encode("tis-620"), "a.csv", "not UTF-8"),
    (b"key\x00,kind", "a.csv", "not text"),
    (b"PK\x03\x04", "a.xlsx", ".jsonl, .csv, .xml or .json"),
], ids=["too large", "not UTF-8", "null characters", "wrong ending"])
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(clerk, content, name, reason):
    from saphan.ground.access import Refused

    with pytest.raises(Refused, match=reason):
        imports.begin(content, file_name=name, by=clerk)
    assert not ImportRun.objects.exists()


def test_the_page_says_beside_the_field_why_a_file_is_refused(as_clerk):
    response = send(as_clerk, "กล้อง".encode("tis-620"), "a.csv")
    assert response.status_code == 422
    assert "This file is not UTF-8 text" in response.content.decode()


def test_an_empty_form_asks_for_a_file(as_clerk):
    response = as_clerk.post("/en/market/import/", {})
    assert response.status_code == 422
    assert "Choose a file, or paste rows." in response.content.decode()


def test_only_the_desk_imports(client, as_packer, packer):
    from saphan.ground.access import Refused

    assert client.get("/en/market/import/").status_code == 302
    assert as_packer.post("/en/market/import/", {"pasted": lines(GOOD)}).status_code == 403
    with pytest.raises(Refused):
        imports.begin(b"", file_name="a.csv", by=packer)


def test_a_report_is_in_the_language_of_whoever_sent_the_file(as_clerk):
    as_clerk.post("/th/market/import/", {"pasted": lines("[]", GOOD)})
    run = ImportRun.objects.get()
    assert run.language == "th"


def test_the_file_itself_is_not_kept_after_the_import(as_clerk):
    send(as_clerk, lines(GOOD))
    assert ImportRun.objects.get().content == ""


@pytest.mark.parametrize("row", [
    {"keywords": 5}, {"title": []}, {"title": {"xx": "x"}}, {"partnership": {"a": 1}},
    {"deadline": 20261122, "kind": "rd_request"}, {"budget": "500 THB", "kind": "rd_request"},
    {"budget": {"amount": float("nan"), "currency": "THB"}, "kind": "rd_request"},
    {"patents": 5}, {"patents": [{"number": {"a": 1}}]}, {"trl": True}, {"trl": [1]},
    {"organisation": "", "economy": None}, {"organisation": {"name": 5, "economy": "TH"}},
    {"organisation": {"name": {"en": "x"}, "economy": []}}, {"source": "https://example.org"},
    {"source": {"url": 5}}, {"published": "soon"}, {"state": "gone"}, {"lang": "xx"},
    {"lang": "vi"}, {"key": 5}, {"key": "a b"}, {"example": "yes"}, {"title": "\ud800"},
    {"spdx": "a\x00b"}, {"sector": ["agriculture"]},
], ids=str)
def test_a_row_with_values_of_the_wrong_kind_is_named_and_breaks_nothing(economies, row):
    report = exchange.check(json.dumps({**GOOD, **row}), "jsonl")
    assert report.problems, row
    assert not report.good


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["th", "en", "name", "url", "economy", "amount", "currency", "number"]),
        inner, max_size=3), max_leaves=6)


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from((*exchange.checking.FIELDS, "budget", "other")), value=json_values)
def test_whatever_a_row_holds_it_is_loaded_or_named(economies, field, value):
    report = exchange.check(json.dumps({**GOOD, field: value}), "jsonl")
    assert report.good or report.problems
    for _number, row in report.good:
        exchange.load_row(row, by=None)


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text(max_size=300) | st.text(alphabet="key,;\t\"'\n=title:th", max_size=200))
def test_whatever_a_sheet_holds_reading_it_ends_with_a_report(economies, content):
    for format in ("csv", "jsonl"):
        report = exchange.check(content, format)
        assert not report.good


def test_a_csv_of_a_spreadsheet_that_writes_semicolons_is_read(economies):
    content = ("key;kind;title:id;organisation:id;economy;source_url\r\n"
               "a;technology_offer;Kamera, durian;PT Kamera;ID;https://example.org\r\n")
    report = exchange.check(content, "csv")
    assert not report.problems
    assert report.good[0][1]["title"] == {"id": "Kamera, durian"}


def test_a_csv_names_columns_that_it_does_not_know(economies):
    report = exchange.check("key,titel\na,b\n", "csv")
    assert [(problem.row, problem.field) for problem in report.problems] == [(0, "titel")]


def test_a_csv_row_with_too_many_cells_is_named(economies):
    report = exchange.check("key,kind\na,b,c\n", "csv")
    assert [problem.row for problem in report.problems] == [1]


def test_a_line_separator_inside_a_string_does_not_break_a_line(economies):
    report = exchange.check(lines({**GOOD, "summary": {"th": "ก\u2028ข"}}), "jsonl")
    assert not report.problems


def test_the_page_says_how_many_rows_are_loaded_and_how_many_can_be_found(as_clerk, monkeypatch):
    class Searched:
        class index:
            cursor = 0

    monkeypatch.setattr(imports, "engine", lambda: Searched)
    html = page(send(as_clerk, lines(*({**GOOD, "key": f"row-{number}"} for number in range(3)))))
    run = ImportRun.objects.get()
    assert imports.indexed(run) == 0
    assert "Making what is loaded searchable" in html and "0 of 3" in html and "data-poll" in html
    Searched.index.cursor = ledger.about(Listing.objects.order_by("pk")[1]).last().seq
    assert imports.indexed(run) == 2
    Searched.index.cursor = ledger.head()[0]
    assert imports.indexed(run) == 3
    html = page(as_clerk.get(f"/en/market/import/{run.pk}/"))
    assert "searchable" not in html and "data-poll" not in html


def test_a_killed_import_goes_on_behind_its_last_saved_row_with_the_right_counts(
        as_clerk, clerk, monkeypatch):
    rows = [{**GOOD, "key": f"row-{number}"} for number in range(60)]
    run = imports.begin(lines("[]", *rows).encode(), file_name="a.jsonl", by=clerk,
                        take_good_rows=True)
    load, batches = exchange.load_row, []

    def dies(row, **kwargs):
        if row["key"] == "row-40":
            raise KeyboardInterrupt
        return load(row, **kwargs)

    monkeypatch.setattr(exchange, "load_row", dies)
    with pytest.raises(KeyboardInterrupt):
        imports.run_import.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.loaded, Listing.objects.count()) == ("loading", 25, 25)
    monkeypatch.setattr(exchange, "load_row", lambda row, **kwargs: (
        batches.append(row["key"]), load(row, **kwargs))[1])
    imports.run_import.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.loaded, run.unchanged, run.bad_rows) == ("loaded", 60, 0, 1)
    assert batches == [f"row-{number}" for number in range(25, 60)]
    assert Listing.objects.count() == 60
    assert ledger.verify().intact


def test_a_row_that_fails_takes_no_other_with_it(as_clerk, clerk, monkeypatch):
    load = exchange.load_row

    def refuses(row, **kwargs):
        changed = load(row, **kwargs)
        if row["key"] == "row-3":
            raise ValueError("the house has changed")
        return changed

    monkeypatch.setattr(exchange, "load_row", refuses)
    rows = [{**GOOD, "key": f"row-{number}"} for number in range(6)]
    send(as_clerk, lines(*rows))
    run = ImportRun.objects.get()
    assert (run.state, run.loaded, run.bad_rows) == ("loaded", 5, 1)
    assert set(Listing.objects.values_list("key", flat=True)) == {
        f"row-{number}" for number in (0, 1, 2, 4, 5)}
    numbers = sorted(Listing.objects.values_list("number", flat=True))
    assert int(numbers[-1][-4:]) - int(numbers[0][-4:]) == 4  # nothing is left of the sixth
    assert ledger.verify().intact
