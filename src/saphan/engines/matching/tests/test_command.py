"""The command as a person runs it, with the bundled model: the one slow test of the engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saphan.engines.matching.__main__ import main

OFFERS = [
    {"id": "durian", "lang": "th", "title": "เครื่องคัดเกรดทุเรียนด้วยกล้อง",
     "summary": "ดูความสุกและโรคที่เปลือกโดยไม่ต้องผ่า"},
    {"id": "xray", "lang": "vi", "title": {"vi": "Đọc phim X-quang ngực bằng AI", "en": "X-ray"},
     "summary": {"vi": "Gợi ý tổn thương phổi cho bác sĩ"}, "unknown_field": [1, 2]},
    {"id": "crane", "lang": "zh-Hans", "title": "港口起重机调度系统",
     "summary": "减少集装箱等待时间"},
    {"id": "rice", "lang": "id", "title": "Aplikasi diagnosis penyakit padi dari foto daun",
     "summary": "Petani memotret daun dan menerima saran"},
]  # fmt: skip
NEEDS = [
    {"id": "q1", "lang": "en", "text": "grade durians by ripeness with a camera", "best": "durian"},
    {"id": "q2", "lang": "lo", "text": "ໂຮງໝໍຕ້ອງການອ່ານຮູບເອັກສະເຣໜ້າເອິກ", "best": "xray"},
    {"id": "q3", "lang": "pt", "text": "reduzir a espera de contentores nas gruas do porto",
     "best": "crane"},
    {"id": "q4", "lang": "km", "text": "ថតរូបស្លឹកស្រូវដើម្បីដឹងជំងឺ", "best": "rice"},
    {"id": "q5", "lang": "zh-Hans", "text": "附近哪里有好吃的火锅店", "best": None},
]  # fmt: skip


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


def write(path: Path, rows: list[dict[str, object]]) -> str:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_needs_are_ranked_against_offers_in_other_languages(models: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    status = main(
        ["rank", "--documents", write(tmp_path / "d.jsonl", OFFERS), "--queries",
         write(tmp_path / "q.jsonl", NEEDS), "--out", str(out), "--models", str(models)]
    )  # fmt: skip
    assert status == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["query"] for line in lines] == ["q1", "q2", "q3", "q4", "q5"]
    for line, need in zip(lines, NEEDS, strict=True):
        assert {match["id"] for match in line["ranking"]} == {offer["id"] for offer in OFFERS}
        scores = [match["score"] for match in line["ranking"]]
        assert scores == sorted(scores, reverse=True)
        if need["best"]:
            assert line["ranking"][0]["id"] == need["best"]
            assert line["abstained"] is False
        else:
            assert line["abstained"] is True


def test_only_the_top_is_written_where_that_is_asked(models: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    main(
        ["rank", "--documents", write(tmp_path / "d.jsonl", OFFERS), "--queries",
         write(tmp_path / "q.jsonl", NEEDS), "--out", str(out), "--models", str(models),
         "--top", "2"]
    )  # fmt: skip
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {len(line["ranking"]) for line in lines} == {2}


def test_bad_input_ends_with_status_2_one_line_and_no_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.jsonl").write_text('{"id": "a", "title": "x"}\n{"id": 1.5}\n', encoding="utf-8")
    out = tmp_path / "r.jsonl"
    status = main(
        ["rank", "--documents", str(tmp_path / "d.jsonl"), "--queries",
         write(tmp_path / "q.jsonl", NEEDS), "--out", str(out)]
    )  # fmt: skip
    said = capsys.readouterr().err
    assert status == 2
    assert "d.jsonl:2" in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_a_folder_that_cannot_be_written_ends_with_status_2(
    models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(
        ["rank", "--documents", write(tmp_path / "d.jsonl", OFFERS), "--queries",
         write(tmp_path / "q.jsonl", NEEDS), "--out", str(tmp_path / "none" / "r.jsonl"),
         "--models", str(models)]
    )  # fmt: skip
    assert status == 2
    assert "none" in capsys.readouterr().err
