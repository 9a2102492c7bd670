"""The exhibition in a real browser: exhibits in use, a kiosk, one's own visit, a guided group."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES
from django.conf import settings

from saphan.people.models import Role
from saphan.rooms.exhibition import catalogue, running
from saphan.rooms.exhibition.tests.conftest import step
from saphan.rooms.exhibition.views import exhibit as exhibit_views

pytestmark = IN_A_BROWSER
KIOSK = {"width": 1080, "height": 1920}
OWN = ("which_language", "surface_inspector")
SLOW = 60_000  # milliseconds: two cores start an exhibit and a browser at once


@pytest.fixture
def exhibits(open_hall: Any, monkeypatch: pytest.MonkeyPatch, transactional_db: None,
             ) -> Iterator[Path]:
    """Two of the house's own exhibits, as every visitor meets them."""
    hall, root = open_hall
    for old in root.iterdir():
        shutil.rmtree(old)
    for slug in OWN:
        shutil.copytree(settings.PACKAGE / "exhibits" / slug, root / slug)
    monkeypatch.setattr(catalogue, "roots", lambda: [(root, True)])
    monkeypatch.setattr(running, "hall", lambda: hall)
    monkeypatch.setattr(exhibit_views, "PATIENCE_SECONDS", 15.0)
    running._pending.clear()
    step()
    yield root
    catalogue.forget()


@pytest.fixture
def visit(exhibits: Path, visit: Callable[..., Any]) -> Callable[..., Any]:
    """Opens a page of the hall."""
    return partial(visit, patience=SLOW)


def accessible(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("lang", "size", "theme"), [("th", PHONE, "light"),
                                                     ("my", PHONE, "dark"),
                                                     ("zh-hans", DESKTOP, "light")])
def test_an_example_runs_with_one_touch_and_shows_what_it_cost(visit, lang, size, theme):
    page = visit(f"/{lang}/exhibition/at/which_language/", size=size, color_scheme=theme)
    accessible(page)
    page.click("button[name=example] >> nth=1")
    page.wait_for_selector("#answer .cost")
    assert page.locator("#answer .marks mark").count() > 3
    assert " J" in page.inner_text(".cost-energy") or "mJ" in page.inner_text(".cost-energy")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is too wide"
    accessible(page)


def test_own_words_run_without_a_script(visit):
    page = visit("/en/exhibition/at/which_language/", java_script_enabled=False)
    page.fill("textarea", "ขอใบเสนอราคาเครื่องคัดทุเรียน")
    page.click("button[data-go]")
    page.wait_for_url("**/run/*/")
    assert "Thai" in page.inner_text("#answer .say >> nth=0")
    assert page.input_value("textarea") == "ขอใบเสนอราคาเครื่องคัดทุเรียน"


def test_a_scratch_drawn_at_a_kiosk_is_found(visit):
    page = visit("/id/kiosk/?at=/id/exhibition/at/surface_inspector/", size=KIOSK)
    assert page.locator("body.kiosk").count() == 1
    small = page.evaluate("""() => [...document.querySelectorAll('main button, main a')].filter(
        (one) => one.offsetParent && one.getBoundingClientRect().height < 44).length""")
    assert small == 0, "a finger misses what is lower than 44 pixels"
    canvas = page.locator("[data-draw] canvas")
    canvas.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('[data-draw] canvas').width !== 640")
    place = canvas.bounding_box()
    page.mouse.move(place["x"] + 60, place["y"] + 60)
    page.mouse.down()
    page.mouse.move(place["x"] + 240, place["y"] + 140, steps=12)
    page.mouse.up()
    page.wait_for_timeout(300)  # the canvas hands its picture over a moment later
    page.click("button[data-go]")
    page.wait_for_selector("#answer .cost")
    assert page.get_attribute("#answer .say >> nth=0", "data-level") == "wrong"
    assert page.locator("#answer .seen rect").count() >= 1
    assert page.get_attribute("[data-idle]", "data-home") == \
        "/id/exhibition/at/surface_inspector/", "the screen begins anew at its own exhibit"


def test_my_visit_is_noted_in_this_browser_alone_and_forgotten_there(visit):
    page = visit("/en/exhibition/at/which_language/")
    page.goto("/en/exhibition/visit/")
    assert page.locator("[data-exhibit-line]:visible").count() == 1
    page.goto("/en/exhibition/")
    assert page.locator("a[data-seen]").count() == 1
    page.goto("/en/exhibition/visit/")
    page.click("[data-visit-clear]")
    page.wait_for_selector("[data-visit-none]:visible")
    assert page.evaluate("localStorage.length") == 0


def test_the_screens_of_a_group_follow_their_guide(visit, person):
    guide = visit("/en/exhibition/tour/guide/", who=person("guide", Role.Name.CLERK))
    guide.click("form.begin-tour button")
    code = guide.inner_text(".tour-code")
    guest = visit("/vi/exhibition/tour/", size=PHONE)
    guest.fill("#code", code.lower())
    guest.click("form.join button")
    guest.wait_for_selector("[data-follow]")
    guide.click(".steer-stops button >> nth=0")
    guest.wait_for_url("**/vi/exhibition/at/*/")
    first = guest.url
    guide.click(".steer-stops button >> nth=1")
    guest.wait_for_url(lambda url: "/exhibition/at/" in url and url != first)
    guide.click("input[name=end] + button")
    guide.wait_for_selector("text=This tour has ended")
