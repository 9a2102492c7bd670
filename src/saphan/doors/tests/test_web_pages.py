"""The plan, the centre, organisations, the kiosk: they open, say what is true, and are light."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import storages
from django.test import Client

from saphan.house.centre import centre
from saphan.house.registry import rooms
from saphan.people.models import Economy, Organisation

pytestmark = pytest.mark.django_db
CODES = [code for code, _name in settings.LANGUAGES]
SCRIPT_FONTS = {"th": "thai", "lo": "lao", "km": "khmer", "my": "burmese"}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("page", ["", "ask/", "centre/", "help/", "kiosk/"])
def test_every_page_opens_in_every_language(client: Client, code: str, page: str) -> None:
    answer = client.get(f"/{code}/{page}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r"<title>.+</title>", text)
    assert text.count("<h1") == 1
    assert text.count('rel="alternate" hreflang') == 12
    assert "style=" not in text  # the content security policy forbids it
    assert not re.search(r"\son\w+=", text)


def test_the_language_is_named_as_the_world_names_it(client: Client) -> None:
    assert '<html lang="zh-Hans"' in client.get("/zh-hans/").content.decode()


def test_the_plan_shows_every_room_and_opens_those_that_are(client: Client) -> None:
    page = client.get("/en/").content.decode()
    for place in centre().plan():
        assert place.name in page
    assert page.count("Opens later") == len(centre().plan()) - len(
        [room for room in rooms() if room.urls])


def test_a_room_of_the_software_takes_its_planned_place() -> None:
    places = {place.number: place for place in centre().plan()}
    assert len(places) >= 11
    for room in rooms():
        assert places[room.number].room is room


def test_every_figure_opens_its_quote_and_source(client: Client) -> None:
    page = client.get("/en/centre/").content.decode()
    for figure in centre().figures:
        assert f'id="{figure.id}"' in page
        if figure.verified:
            assert figure.quote in page
            assert figure.url in page
    assert page.count("Not checked") == sum(not figure.verified for figure in centre().figures)


@pytest.fixture
def thailand() -> Economy:
    return Economy.objects.get_or_create(code="TH", defaults={"name": {
        "source": "en", "words": {"en": {"text": "Thailand"}}}})[0]


def test_an_organisation_has_a_page_under_all_its_names(client: Client, thailand: Economy) -> None:
    from saphan.ground.text import Text

    made = Organisation.objects.create(name=Text.of({"th": "สวนฉลาด", "en": "Clever Orchard"}),
                                       economy=thailand, url="https://orchard.example/")
    made.aliases.create(name="CleverOrchard Co.", folded="cleverorchard")
    page = client.get(f"/en/organisations/{made.pk}/").content.decode()
    for wanted in ("Clever Orchard", "CleverOrchard Co.", "https://orchard.example/"):
        assert wanted in page


def test_a_person_acting_for_herself_has_no_page(client: Client, thailand: Economy) -> None:
    from saphan.ground.text import Text

    made = Organisation.objects.create(name=Text.of({"en": "Somebody"}), economy=thailand,
                                       kind=Organisation.Kind.INDIVIDUAL)
    assert client.get(f"/en/organisations/{made.pk}/").status_code == 404
    assert client.get("/en/organisations/999999999999999999999/").status_code == 404


def test_the_monitor_is_told_whether_the_house_can_answer(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_robots_do_not_ask(client: Client) -> None:
    assert "Disallow: /th/ask" in client.get("/robots.txt").content.decode()


def test_the_kiosk_keeps_its_shell_until_it_is_left(client: Client) -> None:
    shell = client.get("/th/kiosk/").content.decode()
    assert 'data-warn-after="60" data-reset-after="15"' in shell
    assert "data-attract" in shell
    assert "kiosk.js" in client.get("/th/help/").content.decode()
    assert 'action="/th/kiosk/ask/"' in client.get("/th/ask/").content.decode()
    assert client.get("/th/kiosk/leave/")["Location"] == "/th/"
    assert "kiosk.js" not in client.get("/th/help/").content.decode()


def test_nothing_in_the_kiosk_leads_out_of_the_house(client: Client) -> None:
    page = client.get("/th/kiosk/").content.decode()
    body = page[page.index("<body"):]
    assert not re.search(r'href="https?://', body)


def found(path: str) -> Path:
    where = finders.find(path)
    assert isinstance(where, str)
    return Path(where)


def weight(page: bytes, code: str) -> int:
    """Bytes on the wire for the first view: page, styles, scripts, icon and every font that the
    page's own words, the numerals and the list of languages can ask for."""
    text = page.decode()
    assets = {path.split("?")[0] for path in re.findall(r'/static/([\w./-]+)', text)}
    total = len(brotli.compress(page, quality=5))
    for asset in assets:
        # With hashed names, the file is found by the name without its hash.
        file = found(re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", asset))
        content = file.read_bytes()
        total += len(content) if file.suffix == ".woff2" else len(brotli.compress(content))
    fonts = ["numerals", "endonyms"]
    if script := SCRIPT_FONTS.get(code):
        fonts += [name for name in (f"{script}-600",)
                  if finders.find(f"saphan/fonts/{name}.woff2")]
    return total + sum(found(f"saphan/fonts/{name}.woff2").stat().st_size for name in fonts)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("page", ["", "ask/", "centre/", "help/", "kiosk/"])
def test_the_first_view_is_light(client: Client, code: str, page: str,
                                 record_property: Callable[[str, object], None]) -> None:
    bytes_on_the_wire = weight(client.get(f"/{code}/{page}").content, code)
    record_property("bytes", bytes_on_the_wire)
    assert bytes_on_the_wire <= (100 if code in SCRIPT_FONTS else 40) * 1024


def test_pages_open_also_before_static_files_were_collected(client: Client) -> None:
    assert storages["staticfiles"] is not None
    assert "saphan/site" in client.get("/en/help/").content.decode()
