"""The translation desk in a real browser: keys, no script needed, nobody is shut out."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.doors.tests.test_words import WORDS, published, translator
from saphan.house.rendering import actions
from saphan.house.rendering.models import Rendering
from saphan.people import actions as people
from saphan.people.models import Person

pytestmark = IN_A_BROWSER


@pytest.fixture
def ana(transactional_db: None) -> Person:
    people.load_economies()
    return translator("ana", "pt")


@pytest.fixture
def wanted(ana: Person) -> Rendering:
    actions.begin(published("second"), "pt", by=None)
    found = actions.begin(published("durian-camera"), "pt", by=None)
    Rendering.objects.filter(pk=found.pk).update(demand=3)
    return found


def boxes(page: Any) -> Any:
    return page.locator("textarea[name^=t-]")


def test_hands_stay_on_the_keys_from_the_first_sentence_to_the_review(visit, ana, wanted):
    page = visit(f"/en/words/{wanted.pk}/", who=ana)
    assert page.evaluate("document.activeElement.name") == "t-title-0"
    for number, words in enumerate(WORDS.values()):
        page.keyboard.type(words)
        if number < 2:
            page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate("document.activeElement.name") == "t-summary-0"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Rendering.objects.get(pk=wanted.pk).state == "drafted"
    assert boxes(page).nth(2).input_value() == WORDS["t-summary-1"]
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+Enter")
    assert Rendering.objects.get(pk=wanted.pk).state == "in_review"


def test_keys_go_to_the_next_record_and_back(visit, ana, wanted):
    page = visit(f"/en/words/{wanted.pk}/", who=ana)
    with page.expect_navigation():
        page.keyboard.press("Alt+Shift+ArrowDown")
    assert not page.url.endswith(f"/en/words/{wanted.pk}/")
    with page.expect_navigation():
        page.keyboard.press("Alt+Shift+ArrowUp")
    assert page.url.endswith(f"/en/words/{wanted.pk}/")


def test_buttons_do_the_same_without_a_script(visit, ana, wanted):
    page = visit(f"/en/words/{wanted.pk}/", who=ana, java_script_enabled=False)
    for name, words in WORDS.items():
        page.fill(f"[name={name}]", words)
    page.click("button[value=hand_in]")
    assert Rendering.objects.get(pk=wanted.pk).state == "in_review"


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_no_page_of_the_desk_has_an_accessibility_violation(visit, ana, wanted, size, scheme):
    from axe_playwright_python.sync_playwright import Axe

    actions.save(actions.opened(wanted, actions.kinds.record_of(wanted)), {
        "title": ["Uma câmara"], "summary": ["Classifica 21 toneladas por dia.", None]}, by=ana)
    number = actions.kinds.record_of(wanted).number
    page = visit("/en/words/", who=ana, size=size, color_scheme=scheme)
    for path in ("/en/words/", "/en/words/pt/", f"/en/words/{wanted.pk}/", "/km/words/pt/",
                 "/my/words/", "/en/words/import/", f"/pt/market/{number}/"):
        page.goto(path)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(path, problem["id"], problem["nodes"][0]["html"]) for problem in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
