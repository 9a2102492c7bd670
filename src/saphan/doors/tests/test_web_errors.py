"""When something goes wrong, nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from saphan.doors.web import errors

OURS = {"origin": "http://testserver"}


@pytest.mark.django_db
def test_a_missing_page_offers_the_box_and_the_plan(client: Client) -> None:
    answer = client.get("/en/no/such/page/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is no such page" in page
    assert 'name="q"' in page


def test_the_broken_page_needs_no_database() -> None:
    # No django_db mark: touching the database would fail this test.
    answer = errors.broken(RequestFactory().get("/th/"))
    assert answer.status_code == 500
    assert 'lang="th"' in answer.content.decode()


def test_the_broken_page_survives_a_broken_template(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> str:
        raise RuntimeError("templates are gone")

    monkeypatch.setattr(errors, "render_to_string", fail)
    assert b"Something broke" in errors.broken(RequestFactory().get("/th/")).content


@pytest.mark.parametrize("path", ["/api/v1/x", "/mcp"])
def test_software_gets_json(path: str) -> None:
    answer = errors.broken(RequestFactory().get(path))
    assert answer["Content-Type"] == "application/problem+json"


def stale(fields: dict[str, Any], **headers: str) -> str:
    request = RequestFactory().post("/en/market/new/?step=2", fields, headers=headers)
    answer = errors.stale_form(request, "CSRF token missing.")
    assert answer.status_code == 403
    return answer.content.decode()


@pytest.mark.django_db
def test_a_stale_form_keeps_every_word_and_brings_a_fresh_token() -> None:
    long_text = "กล้องสี่ตัวบนสายพาน " * 20
    page = stale({"title": "Durian", "description": long_text, "sector": ["a", "b"]}, **OURS)
    assert 'name="title" value="Durian"' in page
    assert long_text.strip() in page
    assert page.count('name="sector"') == 2
    assert 'name="csrfmiddlewaretoken"' in page
    assert 'action="/en/market/new/?step=2"' in page


@pytest.mark.django_db
def test_a_stale_form_does_not_send_passwords_back() -> None:
    page = stale({"login": "a@b.example", "password": "hush-hush"}, **OURS)
    assert "hush-hush" not in page
    assert 'type="password" name="password"' in page


@pytest.mark.django_db
def test_a_stale_form_names_the_files_that_must_be_chosen_again() -> None:
    page = stale({"title": "x", "photo": SimpleUploadedFile("durian.jpg", b"x")}, **OURS)
    assert "durian.jpg" in page
    assert "multipart/form-data" in page


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_a_form_from_elsewhere_gets_no_button_to_press(headers: dict[str, str]) -> None:
    page = stale({"title": "Durian"}, **headers)
    assert "<form method=\"post\"" not in page
    assert "Durian" not in page


@pytest.mark.django_db
def test_sending_again_is_what_the_token_check_accepts() -> None:
    # The whole way: refused without a token, accepted with the one from the page.
    client = Client(enforce_csrf_checks=True)
    page = client.post("/en/help/", {"title": "Durian"}, headers=OURS).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = client.post("/en/help/", {"title": "Durian", "csrfmiddlewaretoken": token},
                        headers=OURS)
    assert again.status_code == 405  # past the check; the help page takes no forms
