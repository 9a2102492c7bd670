"""The REST API, from outside, as other people's software meets it."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from served import Served

NOT_TRANSLATED = re.compile(r"^[\x00-\x7f]*$")


def bearer(served: Served, scope: str) -> dict[str, str]:
    return {"authorization": f"Bearer {served.tokens[scope]}"}


def need(**changes: object) -> dict[str, object]:
    return {"kind": "technology_request", "lang": "th", "sector": "agriculture",
            "title": "ต้องการระบบคัดเกรดมังคุดด้วยกล้อง",
            "summary": "โรงคัดบรรจุต้องการคัดเกรดมังคุดส่งออกให้สม่ำเสมอ", **changes}


def test_its_description_is_openapi_3_1_and_every_operation_is_described(served: Served) -> None:
    schema = served.get("/api/v1/openapi.json").json

    assert schema["openapi"].startswith("3.1")
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation["summary"] and operation["responses"] for operation in operations)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(schema)):
        found = schema
        for step in reference.split("/"):
            found = found[step]
    assert schema["components"]["securitySchemes"]["Caller"] == {
        **schema["components"]["securitySchemes"]["Caller"], "type": "http", "scheme": "bearer"}


def test_a_question_in_one_language_finds_records_in_others_and_says_why(served: Served) -> None:
    answer = served.get("/api/v1/ask?question=ระบบคัดเกรดทุเรียน&lang=zh-Hans").json

    assert answer["question_lang"] == "th" and answer["lang"] == "zh-Hans"
    hits = [hit for room in answer["rooms"] for hit in room["hits"]]
    assert hits and any(hit["title"]["lang"] != "th" for hit in hits)
    assert any("榴莲" in hit["why"]["concepts"] for hit in hits)
    places = {hit["url"].removeprefix(f"{served.url}/zh-hans/").split("/")[0] for hit in hits}
    assert "market" in places and places <= {
        "market", "exhibition", "meetings", "observatory", "newsroom"}


def test_posting_a_question_gives_the_same_answer_as_getting_it(served: Served) -> None:
    got = served.get("/api/v1/ask?question=port containers&lang=en&limit=3").json
    posted = served.post("/api/v1/ask", {"question": "port containers", "lang": "en",
                                         "limit": 3}).json
    assert got == posted and got["rooms"]


def test_a_stream_has_two_lines_and_ends_with_the_complete_answer(served: Served) -> None:
    streamed = served.get("/api/v1/ask/stream?question=榴莲分级&lang=vi")
    whole = served.get("/api/v1/ask?question=榴莲分级&lang=vi").json

    lines = [json.loads(line) for line in streamed.text.splitlines()]
    assert [line["stage"] for line in lines] == ["words", "meaning"]
    assert lines[1] == whole


def test_words_go_out_as_themselves_and_not_as_escapes(served: Served) -> None:
    answer = served.get("/api/v1/rooms", accept_language="th")
    assert "ตลาด" in answer.text


@pytest.mark.parametrize("header", ["Bearer sph_wrong", "Bearer ", "Basic dXNlcjpwYXNz", "x" * 900])
def test_a_wrong_token_is_refused_in_the_callers_language(served: Served, header: str) -> None:
    answer = served.get("/api/v1/rooms", authorization=header, accept_language="th")

    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json["status"] == 401 and not NOT_TRANSLATED.match(answer.json["title"])


def test_posting_without_a_token_is_refused(served: Served) -> None:
    assert served.post("/api/v1/market/", need()).status == 401


def test_a_token_for_reading_cannot_write(served: Served) -> None:
    answer = served.post("/api/v1/market/", need(), accept_language="zh-hans",
                         **bearer(served, "read"))
    assert answer.status == 403
    assert not NOT_TRANSLATED.match(answer.json["title"])


def test_a_need_is_posted_as_a_draft_that_others_do_not_see(served: Served) -> None:
    posted = served.post("/api/v1/market/", need(), **bearer(served, "write"))

    assert posted.status == 201, posted.text
    number = posted.json["number"]
    assert posted.json["state"] == "draft"
    assert posted.json["record"]["title"] == {"th": "ต้องการระบบคัดเกรดมังคุดด้วยกล้อง"}
    assert served.get(f"/api/v1/market/{number}").status == 404
    assert served.get(f"/api/v1/market/{number}", **bearer(served, "read")).status == 200


def test_a_wrong_record_is_refused_with_every_field_that_is_wrong(served: Served) -> None:
    answer = served.post("/api/v1/market/", need(title="ก" * 300, sector="nothing"),
                         accept_language="vi", **bearer(served, "write"))
    assert answer.status == 422
    assert {error["field"] for error in answer.json["errors"]} >= {"title", "sector"}


@pytest.mark.parametrize(("path", "status"), [
    ("/api/v1/ask?question=durian&lang=klingon", 422),
    ("/api/v1/ask?question=", 422),
    ("/api/v1/ask?question=%20%20...", 422),
    ("/api/v1/ask", 422),
    ("/api/v1/ask?question=durian&limit=0", 422),
    ("/api/v1/ask?question=durian&limit=100000000000000000000", 422),
    ("/api/v1/ask?question=%00%01", 400),
    ("/api/v1/ask?question=%FF%FE", 200),  # not UTF-8: what remains is asked, or refused below
    ("/api/v1/ask/stream?question=", 422),
    ("/api/v1/market/listings/offers?page=99999999999999999999", 422),
    ("/api/v1/market/listings/offers?page=-1", 422),
    ("/api/v1/market/listings/nothing", 404),
    ("/api/v1/market/MKT-2026-9999", 404),
    ("/api/v1/market/' OR 1=1 --", 404),
    ("/api/v1/nowhere", 404),
])
def test_what_cannot_be_answered_is_a_problem_and_never_a_stack_trace(
        served: Served, path: str, status: int) -> None:
    answer = served.get(path, accept_language="th")

    assert answer.status in (status, 422)
    if answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert not NOT_TRANSLATED.match(answer.json["title"]), answer.json
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("body", [
    b"", b"{bad", b"[]", b"null", b'{"question": 7}', b"\xff\xfe", b'{"question": "\\u0000"}',
    b'{"question": "' + b"x" * 1_000_000 + b'"}', b"[" * 100_000])
def test_a_body_that_makes_no_sense_is_a_problem_and_never_a_stack_trace(
        served: Served, body: bytes) -> None:
    answer = served.post("/api/v1/ask", body)
    assert 400 <= answer.status < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["title"] and "Traceback" not in answer.text


def test_more_than_the_house_takes_at_once_is_refused(served: Served) -> None:
    answer = served.post("/api/v1/ask", b'{"question": "' + b"x" * 3_000_000 + b'"}')
    assert answer.status == 413


def test_a_question_longer_than_a_few_sentences_is_refused_with_the_limit(served: Served) -> None:
    answer = served.post("/api/v1/ask", {"question": "durian " * 400, "lang": "en"})
    assert answer.status == 422
    assert "2000" in answer.json["errors"][0]["message"]


def test_the_export_holds_every_public_record_as_import_reads_it(served: Served) -> None:
    lines = served.get("/api/v1/market/export.jsonl").text.splitlines()
    records = [json.loads(line) for line in lines]

    assert len(records) == 323
    assert len({record["key"] for record in records}) == 323
    assert all(record["title"] and record["kind"] for record in records)


def operations() -> Iterator[Any]:
    """Every operation of the house and of its rooms."""
    from saphan.doors.api.main import api

    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            yield from view.operations


def statuses(source: str) -> set[int | str]:
    """First arguments of each `Status(…)` in a piece of source; an expression as it is written."""
    found: set[int | str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Status":
            code = node.args[0]
            for each in (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,):
                found.add(each.value if isinstance(each, ast.Constant) else ast.unparse(each))
    return found


FROM_ELSEWHERE = {"bad.status": {400}}
"""What an expression may be: `engines.runner.oip.OipError.status`."""


def test_every_status_that_an_operation_answers_with_is_declared() -> None:
    """What is not declared is answered with 500, after the work was done."""
    seen: dict[ModuleType, set[int | str]] = {}
    for operation in operations():
        view = inspect.unwrap(operation.view_func)
        answered = statuses(inspect.getsource(view))
        seen.setdefault(inspect.getmodule(view), set()).update(answered)  # type: ignore[arg-type]
        codes = set().union(*(FROM_ELSEWHERE.get(str(code), {code}) for code in answered))
        assert codes <= set(operation.response_models), (view, codes)
    for module, answered in seen.items():
        everywhere = statuses(inspect.getsource(module))
        assert everywhere == answered, f"{module.__name__}: Status outside a view is not checked"
