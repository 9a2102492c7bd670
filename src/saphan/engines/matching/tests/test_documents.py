import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saphan.engines.matching.documents import Document
from saphan.engines.matching.reading import BadInput, read_documents, read_queries, to_document

FULL = Document(
    id="th-1", lang="th", title="เครื่องคัดทุเรียน", summary="คัดตามความสุก", description="ยาว" * 400,
    titles={"en": "Durian sorter"}, summaries={"en": "Sorts by ripeness"}, keywords=("ทุเรียน",),
    room="market", kind="technology_offer", economy="TH", sector="agriculture",
    stage="demonstration", target_economies=("LA", "VN"), organisation_kind="company",
    valid_until=date(2027, 1, 31), machine_translated=("title.en",),
)  # fmt: skip


def test_a_document_survives_being_stored_as_json() -> None:
    assert Document.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


def test_the_passage_holds_both_titles_the_summary_and_only_the_start_of_the_description() -> None:
    lines = FULL.passage().split("\n")
    assert lines[:3] == ["เครื่องคัดทุเรียน", "Durian sorter", "คัดตามความสุก"]
    assert len(FULL.passage()) < 700


def test_an_english_title_is_not_repeated() -> None:
    assert Document("x", "en", "Sorter", titles={"en": "Sorter"}).passage() == "Sorter"


@pytest.mark.parametrize("title", ["Durian sorter", {"en": "Durian sorter", "th": "เครื่องคัดทุเรียน"}])
def test_words_may_be_a_string_or_an_object_of_languages(title: Any) -> None:
    document = to_document({"id": "a", "lang": "en", "title": title, "summary": "s", "new": 1})
    assert document.title == "Durian sorter"
    assert document.summary == "s"


def test_a_record_of_the_market_is_read_with_its_organisation() -> None:
    document = to_document(
        {
            "key": "vn-x", "kind": "rd_request", "lang": "vi", "title": {"vi": "Cần", "en": "Need"},
            "summary": {"vi": "Tóm tắt", "en": "Summary"}, "target_economies": ["cn"],
            "organisation": {"name": {"vi": "Viện"}, "economy": "VN", "kind": "institute"},
            "valid_until": "2027-02-01", "budget": {"amount": 5, "currency": "VND"},
        }
    )  # fmt: skip
    assert (document.id, document.economy, document.organisation_kind) == (
        "vn-x",
        "VN",
        "institute",
    )
    assert document.titles == {"en": "Need"}
    assert document.summaries == {"en": "Summary"}
    assert document.target_economies == ("CN",)
    assert document.valid_until == date(2027, 2, 1)
    assert document.organisation == "Viện"


def test_a_document_without_a_language_is_identified() -> None:
    assert to_document({"id": 7, "title": "เครื่องคัดแยกทุเรียน"}).lang == "th"
    assert to_document({"id": 7, "title": "เครื่องคัดแยกทุเรียน"}).id == "7"


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "not JSON"),
        ("[1]", "expected an object"),
        ('{"title": "x"}', "'id'"),
        ('{"id": "", "title": "x"}', "'id'"),
        ('{"id": "b", "lang": "en"}', "'title'"),
        ('{"id": "b", "title": 5}', "'title'"),
        ('{"id": "b", "title": {"en": 5}}', "'title'"),
        ('{"id": "b", "title": "x", "valid_until": "soon"}', "'valid_until'"),
        ('{"id": "a", "title": "again"}', "was there before"),
    ],
)
def test_a_bad_document_is_named_by_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path, '{"id": "a", "title": "fine"}', "", line)
    with pytest.raises(BadInput, match=rf"in\.jsonl:3: .*{said}"):
        list(read_documents(path))


def test_a_query_needs_text_and_an_id(tmp_path: Path) -> None:
    path = write(tmp_path, '{"id": "q", "lang": "zh-TW", "text": "榴槤"}')
    (query,) = read_queries(path)
    assert (query.id, query.lang, query.text) == ("q", "zh-Hant", "榴槤")
    with pytest.raises(BadInput, match="'text'"):
        list(read_queries(write(tmp_path, '{"id": "q"}')))


def test_a_missing_file_and_wrong_bytes_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="none"):
        list(read_documents(tmp_path / "none.jsonl"))
    (tmp_path / "bad.jsonl").write_bytes(b'{"id": "\xff\xfe"}')
    with pytest.raises(BadInput, match="UTF-8"):
        list(read_documents(tmp_path / "bad.jsonl"))


def test_codes_and_words_of_other_houses_are_understood() -> None:
    document = to_document(
        {"id": "a", "lang": "en", "title": "x", "economy": "tha", "stage": "TRL 7",
         "target_economies": ["Laos", "vn", "zz"], "languages": ["vi-VN", "ภาษาลาว", "Klingon"],
         "partner_types": "company", "organisation_kind": "SME"}
    )  # fmt: skip
    assert (document.economy, document.stage) == ("TH", "demonstration")
    assert document.target_economies == ("LA", "VN", "ZZ")
    assert document.languages == ("vi", "lo", "Klingon")
    assert (document.partner_types, document.organisation_kind) == (("company",), "SME")


@pytest.mark.parametrize("stage", ["who knows", 7, None, [], {"a": 1}, True, -3.5])
def test_an_odd_stage_is_kept_or_left_aside_never_an_error(stage: Any) -> None:
    assert isinstance(to_document({"id": "a", "title": "x", "stage": stage}).stage, str)
