"""Sane input, compression, refusals."""

from __future__ import annotations

import gzip
import json

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import gettext_lazy as _

from saphan.doors.web import middleware
from saphan.ground.access import Refused

TEXT = "สะพาน " * 500


def compressed(coding: str, *, kind: str = "text/html", text: str = TEXT) -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-encoding": coding})
    answer = middleware.Compress(lambda _r: HttpResponse(text, content_type=kind))(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_brotli_goes_first_and_gzip_will_do() -> None:
    assert brotli.decompress(compressed("gzip, br").content).decode() == TEXT
    assert gzip.decompress(compressed("gzip").content).decode() == TEXT
    assert compressed("gzip")["Content-Length"] == str(len(compressed("gzip").content))


@pytest.mark.parametrize("coding", ["", "identity", "br;q=0, gzip;q=0.0", "gzip;q=x"])
def test_who_accepts_no_coding_gets_none(coding: str) -> None:
    answer = compressed(coding)
    assert not answer.has_header("Content-Encoding")
    assert answer["Vary"] == "Accept-Encoding"


def test_small_and_binary_answers_are_left_alone() -> None:
    assert not compressed("br", text="short").has_header("Content-Encoding")
    assert not compressed("br", kind="image/png").has_header("Content-Encoding")


def test_streams_are_never_held_back() -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "br"})
    stream = StreamingHttpResponse(iter([b"data: 1\n\n"]), content_type="text/event-stream")
    assert not middleware.Compress(lambda _r: stream)(request).has_header("Content-Encoding")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/ask/?q=a%00b", "/en/ask/?q=%1b[31m", "/en/%00/",
                                  "/en/help/?x%07=1"])
def test_null_bytes_and_control_characters_are_turned_away(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "characters that cannot be shown" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_with_a_null_byte_never_reaches_the_database(client: Client) -> None:
    assert client.post("/en/help/", {"title": "a\x00b"}).status_code == 400


def test_json_with_an_escaped_null_is_turned_away_but_its_mere_mention_is_not() -> None:
    passed = middleware.SaneInput(lambda _r: HttpResponse("through"))

    def post(body: str) -> int:
        return passed(RequestFactory().post("/api/v1/x", body, content_type="application/json",
                                            headers={"accept": "application/json"})).status_code

    assert post(json.dumps({"title": "a\x00b"})) == 400
    assert post(json.dumps({"title": "a\\u0000b"})) == 200


@pytest.mark.django_db
def test_line_breaks_and_tabs_are_ordinary_text() -> None:
    request = RequestFactory().post("/en/x/", {"text": "one\r\n\ttwo"})
    assert middleware.SaneInput(lambda _r: HttpResponse("through"))(request).status_code == 200


@pytest.mark.django_db
def test_an_endless_question_keeps_its_beginning(client: Client) -> None:
    answer = client.get("/en/ask/", {"q": "durian " * 6000})
    page = answer.content.decode()
    assert answer.status_code == 414
    assert "durian durian" in page
    assert "2,000 characters" in page


def test_an_endless_body_is_refused_before_it_is_read() -> None:
    request = RequestFactory().post("/en/x/", b"", content_type="text/plain",
                                    headers={"accept": "application/json"})
    request.META["CONTENT_LENGTH"] = str(10**9)
    answer = middleware.SaneInput(lambda _r: HttpResponse("through"))(request)
    assert answer.status_code == 413


@pytest.mark.django_db
def test_a_refusal_becomes_a_page_that_says_why() -> None:
    request = RequestFactory().get("/th/x/")
    answer = middleware.Refusals(lambda _r: HttpResponse()).process_exception(
        request, Refused(_("Only its owner may do this.")))
    assert answer is not None
    assert answer.status_code == 403
    assert "Only its owner may do this." in answer.content.decode()


def test_software_gets_its_refusal_as_json() -> None:
    answer = middleware.Refusals(lambda _r: HttpResponse()).process_exception(
        RequestFactory().get("/api/v1/x"), Refused("No."))
    assert answer is not None
    assert json.loads(answer.content) == {"title": "No.", "status": 403}


def test_other_problems_are_not_refusals() -> None:
    refusals = middleware.Refusals(lambda _r: HttpResponse())
    assert refusals.process_exception(RequestFactory().get("/"), ValueError()) is None
