"""The gate's findings on the page: readable by everybody, on a phone, without a script."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.market import actions
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.conftest import DURIAN

pytestmark = IN_A_BROWSER
WORDS = f"{DURIAN['description']} สนใจโทร 081-234-5678 ลดสูงสุด 30%"
CLAIM = f"{DURIAN['summary']} ด้วยระบบชั้นนำระดับโลก"


@pytest.fixture
def packer(transactional_db: None) -> Person:
    people_actions.load_economies()
    return Person.objects.create_user("packer@example.org", language="th", economy_id="TH")


@pytest.fixture
def draft(packer: Person) -> Listing:
    return actions.start({
        "kind": "technology_request", "lang": "th", "economy_id": "TH",
        "title": Text.of({"th": DURIAN["title"]}), "summary": Text.of({"th": CLAIM}),
        "description": Text.of({"th": WORDS})}, by=packer)


def is_fit_to_read(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    result = Axe().run(page, options=RULES)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.parametrize("lang", ["en", "th"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_findings_stand_beside_the_field_and_are_fit_to_read(visit, packer, draft, size, lang):
    page = visit(f"/{lang}/market/{draft.number}/edit/", who=packer, size=size)
    assert page.locator(".finding").count() == 3
    is_fit_to_read(page)


def test_she_submits_reads_what_is_wrong_answers_and_the_desk_decides(visit, packer, draft):
    page = visit(f"/en/market/{draft.number}/edit/", who=packer, size=DESKTOP)
    page.click("button[value=submit]")
    page.wait_for_url("**/edit/#gate")
    assert page.is_visible("text=Please look at what is marked below")
    page.fill("#id_objection", "The number is that of a sensor.")
    page.click("button[value=submit]")
    page.wait_for_url(f"**/en/market/{draft.number}/")
    clerk = Person.objects.create_user("clerk@example.org")
    people_actions.grant_role(clerk, Role.Name.CLERK, by=None)
    desk = visit("/en/market/desk/", who=clerk, size=PHONE)
    assert desk.is_visible("text=The number is that of a sensor.")
    assert desk.is_visible("text=A person must decide")
    is_fit_to_read(desk)
