"""In which language a reader is answered."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from saphan.doors.web import language


@pytest.mark.parametrize(("asked_for", "home"), [
    ("th-TH,th;q=0.9,en;q=0.5", "/th/"), ("zh-CN,zh;q=0.9", "/zh-hans/"), ("zh", "/zh-hans/"),
    ("zh-SG", "/zh-hans/"), ("zh-TW,en;q=0.3", "/zh-hant/"), ("zh-HK", "/zh-hant/"),
    ("zh-MO", "/zh-hant/"), ("zh-Hant-HK", "/zh-hant/"), ("yue", "/zh-hant/"), ("tl-PH", "/fil/"),
    ("in", "/id/"), ("pt-BR", "/pt/"), ("tet,en;q=0.1", "/pt/"), ("lo", "/lo/"), ("km-KH", "/km/"),
    ("my-MM", "/my/"), ("ja,de;q=0.8", "/en/"), ("de,vi;q=0.4", "/vi/"), ("", "/en/"),
    ("*", "/en/"), ("x" * 5000, "/en/"), ("'; --,,;q=,", "/en/")])
def test_the_front_door_leads_to_the_browsers_language(client: Client, asked_for: str,
                                                       home: str) -> None:
    answer = client.get("/", headers={"accept-language": asked_for})
    assert (answer.status_code, answer["Location"]) == (302, home)
    assert "Accept-Language" in answer["Vary"]


def test_what_she_chose_before_goes_first(client: Client) -> None:
    client.cookies["django_language"] = "my"
    assert client.get("/", headers={"accept-language": "th"})["Location"] == "/my/"


def test_a_spoilt_cookie_is_passed_over(client: Client) -> None:
    client.cookies["django_language"] = "../../x"
    assert client.get("/", headers={"accept-language": "th"})["Location"] == "/th/"


@pytest.mark.parametrize(("written", "right"), [
    ("/zh-CN/help/", "/zh-hans/help/"), ("/zh/help/?a=1", "/zh-hans/help/?a=1"),
    ("/zh-TW/", "/zh-hant/"), ("/tl/ask/", "/fil/ask/"), ("/TH/help/", "/th/help/")])
def test_other_names_of_our_languages_are_put_right(client: Client, written: str,
                                                    right: str) -> None:
    answer = client.get(written)
    assert (answer.status_code, answer["Location"]) == (301, right)


def test_an_address_without_language_finds_its_page(client: Client) -> None:
    answer = client.get("/help/", headers={"accept-language": "km"})
    assert (answer.status_code, answer["Location"]) == (302, "/km/help/")


def test_switching_is_remembered_but_a_shared_link_is_not(client: Client) -> None:
    shared = client.get("/en/help/", headers={"referer": "https://elsewhere.example/th/"})
    assert "django_language" not in shared.cookies
    same = client.get("/en/help/", headers={"referer": "http://testserver/en/"})
    assert "django_language" not in same.cookies
    switched = client.get("/th/help/", headers={"referer": "http://testserver/en/help/"})
    assert switched.cookies["django_language"].value == "th"


def test_the_present_page_is_offered_in_every_language() -> None:
    request = RequestFactory().get("/th/ask/?q=ทุเรียน")
    found = language.links(request)
    assert len(found) == 12
    chinese = next(link for link in found if link.tag == "zh-Hans")
    assert chinese.url.startswith("/zh-hans/ask/?q=")
    assert chinese.absolute == "http://localhost:8000/zh-hans/ask/"
    assert {link.name for link in found} >= {"ไทย", "ລາວ", "ខ្មែរ", "မြန်မာ", "简体中文"}


@pytest.mark.parametrize("path", ["/market/", "/api/v1/", "/a/", "/enable/", "/thai/", "/in-x!/"])
def test_ordinary_addresses_are_not_taken_for_languages(path: str) -> None:
    assert language.alias_in_path(path) is None
