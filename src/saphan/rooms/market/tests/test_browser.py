"""The market in a real browser: what the script adds, and that nothing needs it."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.market import imports, sample
from saphan.rooms.market.models import ImportRun, Listing
from saphan.rooms.market.tests.conftest import DURIAN, signed_in
from saphan.rooms.market.tests.test_import import GOOD, lines

pytestmark = IN_A_BROWSER


@pytest.fixture
def packer(transactional_db: None) -> Person:
    people_actions.load_economies()
    return Person.objects.create_user("packer@example.org", language="th", economy_id="TH")


def says(page: Any, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('[data-status]').textContent.includes(text)", arg=text)


def test_it_saves_while_she_types_and_keeps_her_words_when_the_line_breaks(visit, packer):
    page = visit("/en/market/new/?kind=technology_request", who=packer)
    page.fill("#id_title", DURIAN["title"])
    says(page, "Saved at")
    listing = Listing.objects.get()
    assert page.url.endswith(f"/en/market/{listing.number}/edit/")
    page.context.set_offline(True)
    page.fill("#id_summary", DURIAN["summary"])
    says(page, "Your words are kept on this device")
    page.context.set_offline(False)
    says(page, "Saved at")
    listing.refresh_from_db()
    assert str(listing.summary) == DURIAN["summary"]
    page.fill("#id_summary", "x" * 501)
    says(page, "except: Summary")


def test_words_that_were_never_sent_are_offered_when_she_comes_back(visit, packer):
    page = visit("/en/market/new/?kind=technology_request", who=packer)
    page.fill("#id_title", "หนึ่ง")
    says(page, "Saved at")
    page.context.set_offline(True)
    page.fill("#id_title", "สอง")
    says(page, "kept on this device")
    address, context = page.url, page.context
    page.close()  # she goes away before the line is back
    context.set_offline(False)
    again = visit(address, context=context)
    assert again.input_value("#id_title") == "หนึ่ง"
    again.click("[data-put-back]")
    assert again.input_value("#id_title") == "สอง"
    says(again, "Saved at")


def test_of_two_windows_the_second_is_told_and_keeps_its_words(visit, packer):
    page = visit("/en/market/new/?kind=technology_request", who=packer)
    page.fill("#id_title", "หนึ่ง")
    says(page, "Saved at")
    other = visit(page.url, context=page.context)
    other.fill("#id_title", "จากหน้าต่างอื่น")
    says(other, "Saved at")
    page.fill("#id_title", "ของฉัน")
    says(page, "Somebody saved this record")
    assert str(Listing.objects.get().title) == "จากหน้าต่างอื่น"
    assert page.input_value("#id_title") == "ของฉัน"


def test_a_phone_asks_one_question_at_a_time_and_the_keyboard_goes_on(visit, packer):
    page = visit("/en/market/new/?kind=technology_offer", size=PHONE)
    assert page.is_visible("#id_title")
    assert not page.is_visible("#id_summary")
    page.fill("#id_title", "Durian camera")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_summary"
    assert not page.is_visible("#id_title")
    assert page.is_visible("text=Question 2 of")
    page.get_by_role("button", name="Back", exact=True).click()
    assert page.input_value("#id_title") == "Durian camera"
    page.click("text=Show all questions")
    assert page.is_visible("#id_title")
    assert page.is_visible("#id_summary")
    says(page, "Sign in to save it")


def test_without_a_script_she_writes_and_is_asked_to_sign_in(visit, packer):
    page = visit("/en/market/new/?kind=technology_offer", java_script_enabled=False, size=PHONE)
    assert page.is_visible("#id_summary")
    page.fill("#id_title", "Durian camera")
    page.click("button[value=save]")
    assert "next=%2Fen%2Fmarket%2Fnew%2F" in page.url


def test_the_report_of_an_import_appears_by_itself(visit, packer):
    people_actions.grant_role(packer, Role.Name.CLERK, by=None)
    page = visit("/en/market/import/", who=packer)
    page.fill("#id_pasted", lines(GOOD, {"key": "bad"}))
    page.click("text=Check and load")
    assert page.is_visible("text=You can leave this page")
    imports.run_import.call(ImportRun.objects.get().pk)
    page.wait_for_selector("text=Nothing was loaded, because")
    assert page.is_visible("text=This field is required.")


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")],
                         ids=["desk, light", "phone, dark"])
def test_no_page_of_the_market_has_an_accessibility_violation(visit, packer, size, scheme):
    from axe_playwright_python.sync_playwright import Axe

    sample.make_examples(3)
    people_actions.grant_role(packer, Role.Name.CLERK, by=None)
    number = Listing.objects.first().number
    signed_in(packer).post("/en/market/import/", {"pasted": lines({"key": "bad"}, GOOD)})
    imports.run_import.call(ImportRun.objects.get().pk)
    for path in ("", "needs/?sector=agriculture", f"{number}/", "new/",
                 "new/?kind=technology_request", f"{number}/edit/", "mine/", "desk/", "import/",
                 f"import/{ImportRun.objects.get().pk}/"):
        page = visit(f"/th/market/{path}", who=packer, size=size, color_scheme=scheme)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(path, fault["id"], fault["nodes"][0]["html"][:200]) for fault in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.context.close()
