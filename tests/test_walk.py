"""One walk through the whole house: every room, every entrance, every language.

A new room is tested here before its author writes a test.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from saphan.house.registry import rooms
from saphan.house.room import Room

LANGUAGES = [code for code, _name in settings.LANGUAGES]
HOUSE_PAGES = ["plan", "ask", "centre", "help", "terms", "account_login", "account_signup"]
DESK_PAGES = ["term_desk", "term_review", "term_history", "term_import", "term_new", "words_desk",
              "words_import"]
ENTRANCES = [(room, entrance) for room in rooms() for entrance in room.entrances]

every_language = pytest.mark.parametrize("lang", LANGUAGES)
every_room = pytest.mark.parametrize("room", rooms(), ids=lambda room: room.slug)
every_entrance = pytest.mark.parametrize(
    ("room", "entrance"), ENTRANCES, ids=[entrance.url_name for _room, entrance in ENTRANCES])


def address(url_name: str, lang: str) -> str:
    with translation.override(lang):
        return reverse(url_name)


def text_of(html: str, tag: str) -> list[str]:
    found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", inner).split()) for inner in found]


def opens(client: Client, url: str, lang: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    html = response.content.decode()
    head, _dash, script = lang.partition("-")
    tag = f"{head}-{script.title()}" if script else lang
    assert f'<html lang="{tag}"' in html
    titles, headings = text_of(html, "title"), text_of(html, "h1")
    assert len(titles) == 1 and titles[0], f"{url} needs one title"
    assert len(headings) == 1 and headings[0], f"{url} needs one heading"
    assert "%(" not in html and "{{" not in html, f"{url} shows a placeholder"
    return html


@pytest.mark.django_db
@every_language
@pytest.mark.parametrize("page", HOUSE_PAGES)
def test_every_page_of_the_house_opens_in_every_language(
        client: Client, page: str, lang: str) -> None:
    opens(client, address(page, lang), lang)


@pytest.mark.django_db
@every_language
def test_a_term_opens_in_every_language(client: Client, lang: str) -> None:
    with translation.override(lang):
        url = reverse("term", args=("durian",))
    opens(client, url, lang)


@pytest.mark.django_db
@every_language
@pytest.mark.parametrize("page", DESK_PAGES)
def test_the_term_desk_opens_in_every_language(
        admin_client: Client, page: str, lang: str) -> None:
    opens(admin_client, address(page, lang), lang)


@pytest.mark.django_db
@every_language
@every_entrance
def test_every_entrance_opens_in_every_language(
        client: Client, room: Room, entrance, lang: str) -> None:
    html = opens(client, address(entrance.url_name, lang), lang)
    with translation.override(lang):
        assert str(room.name) in html


@pytest.mark.django_db
@every_language
@every_room
def test_every_room_has_a_place_on_the_plan(client: Client, room: Room, lang: str) -> None:
    plan = client.get(address("plan", lang)).content.decode()
    with translation.override(lang):
        assert str(room.name) in plan
        assert reverse(room.entrances[0].url_name).rsplit("/", 2)[0] in plan


@pytest.mark.django_db
@every_entrance
def test_a_page_asks_the_database_as_often_for_30_records_as_for_1(
        client: Client, room: Room, entrance) -> None:
    if room.make_examples is None:
        pytest.skip("this room keeps no records")
    url = address(entrance.url_name, "th")

    def queries() -> int:
        with CaptureQueriesContext(connection, ) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    room.make_examples(3)  # one for each shelf a room may have
    client.get(url)  # what is cached once is not counted
    few = queries()
    room.make_examples(87)
    assert queries() == few


@every_room
def test_every_room_says_what_one_can_do_there(room: Room) -> None:
    package = room.urls.rpartition(".")[0]
    folder = Path(__import__(package, fromlist=["x"]).__file__).parent
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert len(readme.split()) > 30


@every_room
def test_every_transition_has_a_rule_and_a_translated_label(room: Room) -> None:
    from importlib import import_module

    package = room.urls.rpartition(".")[0]
    folder = Path(import_module(package).__file__).parent
    corners = [f"{package}.{path.parent.name}" for path in folder.glob("*/rules.py")]
    tables = [import_module(f"{place}.rules").BY_TRANSITION for place in (package, *corners)]
    for model in room.lifecycles:
        for move in model.lifecycle.transitions.values():
            assert any(callable(table.get(move.name)) for table in tables), move.name
            with translation.override("th"):
                thai = str(move.label)
            with translation.override("en"):
                assert thai != str(move.label), f"{move.name} is not translated"


@every_room
def test_every_name_of_a_room_is_translated(room: Room) -> None:
    for words in (room.name, room.purpose, *(entrance.label for entrance in room.entrances)):
        with translation.override("en"):
            english = str(words)
        for lang in LANGUAGES:
            if lang == "en":
                continue
            with translation.override(lang):
                assert str(words) != english, f"{english!r} in {lang}"
