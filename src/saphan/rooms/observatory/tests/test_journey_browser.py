"""In a browser: a director opens a count down to its records and a published number down to its
quote; an officer corrects it; the report prints with readable charts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES
from django.utils import translation

from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.observatory.models import Observation
from saphan.rooms.observatory.tests.conftest import added, cooperation, made_indicator

pytestmark = IN_A_BROWSER


@pytest.fixture(autouse=True)
def stopped() -> None:
    """A served house has its own clock: nothing is stopped here."""


@pytest.fixture
def director(db: None) -> Person:
    people_actions.load_economies()
    made_indicator()
    cooperation("2026-02", "2026-03")
    cooperation("2026-04")
    added(key="a", note="With the fourteen that were raised later.")
    added(key="b", value="310", source="统计局", address="https://tj.example.cn/310")
    added(key="c", period="2024", value="400", relation=">", checked=False)
    added(key="d", period="2024", value="5", place="TH", relation="range", high="9")
    person = Person.objects.create_user("director@example.org")
    people_actions.grant_role(person, Role.Name.DIRECTOR, by=None)
    people_actions.grant_role(person, Role.Name.LIAISON_OFFICER, by=None,
                              economy=Economy.objects.get(code="TH"))
    return person


def sound(page: Any) -> None:
    """No barrier that axe knows, and nothing wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES["runOnly"]}})
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]] \
        == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def test_a_number_opens_its_quote_and_a_slip_is_corrected(visit: Callable[..., Any],
                                                          director: Person) -> None:
    page = visit("/en/observatory/", who=director)
    page.get_by_role("link", name="Smart factories").click()
    sound(page)
    assert page.get_by_text("They differ by 7.").is_visible()
    page.get_by_role("region", name="The numbers").get_by_role("link", name="303").click()
    sound(page)
    assert page.locator("blockquote").inner_text() == "累计认定智能工厂303家"
    page.get_by_role("link", name="Correct").click()
    sound(page)
    page.get_by_label("Why?").fill("The page says 313.")
    page.get_by_label("Value", exact=True).fill("313")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="313").wait_for()
    sound(page)
    assert Observation.objects.get(value=303).state == Observation.State.CORRECTED


def test_a_count_of_the_board_opens_its_records(visit: Callable[..., Any],
                                                director: Person) -> None:
    page = visit("/en/observatory/board/", who=director)
    sound(page)
    signed = page.get_by_role("listitem").filter(has=page.get_by_role(
        "heading", name="Agreements signed"))
    signed.get_by_role("link", name="2", exact=True).click()
    page.get_by_role("heading", name="What was counted").wait_for()
    sound(page)
    assert page.get_by_text("2 in all").is_visible()
    page.get_by_role("link", name="MKT-2026-0002").click()
    assert page.get_by_text("MKT-2026-0002").first.is_visible()
    page.goto("/en/observatory/board/")
    page.get_by_role("region", name="By country or region").get_by_role(
        "row", name="Thailand").get_by_role("link", name="1", exact=True).click()
    assert page.get_by_text("1 in all").is_visible()


@pytest.mark.parametrize("lang", ["th", "my"])
def test_pages_fit_a_phone_and_read_without_barriers(visit: Callable[..., Any], director: Person,
                                                     lang: str) -> None:
    with translation.override(lang):
        one = Observation.objects.get(value=310)
    page = visit(f"/{lang}/observatory/", who=director, size=PHONE)
    for path in ("", "indicators/smart-factories/", f"observations/{one.number}/", "board/",
                 "board/signed/", "report/", "report/2024/", "data/", "desk/", "import/",
                 "indicators/smart-factories/add/", "new/"):
        page.goto(f"/{lang}/observatory/{path}")
        sound(page)


def test_the_report_prints_its_charts_and_sources(visit: Callable[..., Any],
                                                  director: Person) -> None:
    page = visit("/th/observatory/report/2024/", who=director, size=DESKTOP)
    page.emulate_media(media="print")
    assert page.locator("nav.room-nav").is_hidden()
    chart = page.locator("figure.chart-time svg").first
    box = chart.bounding_box()
    assert chart.is_visible() and box["width"] > 300 and box["height"] > 100
    assert page.get_by_text("https://tj.example.cn/310").is_visible()
    assert len(page.pdf()) > 10_000
