"""What only a browser can tell: no accessibility violation (axe-core, WCAG 2.2 A and AA, and 7:1
contrast), nothing wider than the screen, fonts that arrive, a kiosk that goes back to its start."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import CHROMIUM

from saphan.house import ask as house_ask

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")]

ALL_PAGES = ("", "ask/", "ask/?q=durian", "centre/", "help/", "nowhere/")
FIRST_PAGES = ("", "ask/?q=durian")
SCREENS = (("phone", 390, 844, "light"), ("desk", 1280, 900, "dark"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(autouse=True)
def _one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from saphan.doors.tests.test_web_ask import answer

    monkeypatch.setattr(house_ask, "ask", lambda question, **_how: answer(question))


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": RULES},
               "rules": {"color-contrast-enhanced": {"enabled": True}}}
    return [f"{problem['id']}: {problem['nodes'][0]['html'][:160]}"
            for problem in Axe().run(page, options=options).response["violations"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "paths"), [
    ("en", ALL_PAGES), ("my", ALL_PAGES), ("th", FIRST_PAGES), ("zh-hans", FIRST_PAGES),
    ("km", FIRST_PAGES)])
def test_no_page_has_an_accessibility_violation(browser: Any, live_server: Any, code: str,
                                                paths: tuple[str, ...]) -> None:
    found = []
    for name, width, height, scheme in SCREENS:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        for path in paths:
            page.goto(f"{live_server.url}/{code}/{path}")
            found += [f"{name} /{code}/{path} {problem}" for problem in violations(page)]
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{name} /{code}/{path} is {wider} px too wide"] if wider > 0 else []
        page.close()
    assert found == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "family"), [
    ("th", "Saphan Thai"), ("lo", "Saphan Lao"), ("km", "Saphan Khmer"), ("my", "Saphan Burmese")])
def test_the_scripts_own_font_is_loaded_and_no_other(browser: Any, live_server: Any, code: str,
                                                     family: str) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/{code}/")
    page.evaluate("document.fonts.ready")
    loaded = set(page.evaluate("[...document.fonts].filter(f => f.status === 'loaded')"
                               ".map(f => f.family.replaceAll('\"', ''))"))
    assert loaded == {family, "Saphan Numerals", "Saphan Endonyms"}
    page.close()


@pytest.mark.django_db(transaction=True)
def test_without_javascript_one_can_ask(browser: Any, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/")
    page.fill("#question", "durian")
    page.click(".askbox button")
    assert page.url.endswith("/en/ask/?q=durian")
    assert page.locator(".plate").count() == 1
    context.close()


@pytest.mark.django_db(transaction=True)
def test_the_kiosk_warns_and_then_begins_again(browser: Any, live_server: Any) -> None:
    hurry = ("() => { const d = document.querySelector('[data-idle]'); d.dataset.warnAfter = 0.3;"
             " d.dataset.resetAfter = 3; dispatchEvent(new KeyboardEvent('keydown')); }")
    context = browser.new_context(viewport={"width": 1080, "height": 1920})
    page = context.new_page()
    page.goto(f"{live_server.url}/th/kiosk/ask/?q=durian")
    page.evaluate(hurry)
    page.wait_for_selector("[data-idle]:not([hidden])")
    assert violations(page) == []
    page.click("[data-idle] button")
    assert page.is_hidden("[data-idle]")
    page.wait_for_selector("[data-idle]:not([hidden])")
    page.wait_for_url("**/th/kiosk/")
    page.evaluate(hurry)
    page.wait_for_selector("[data-attract]:not([hidden])")
    assert violations(page) == []
    context.close()


@pytest.mark.django_db(transaction=True)
def test_everything_in_the_kiosk_can_be_hit_with_a_finger(browser: Any, live_server: Any) -> None:
    page = browser.new_page(viewport={"width": 1080, "height": 1920})
    small = []
    for path in ("kiosk/", "kiosk/ask/?q=durian"):
        page.goto(f"{live_server.url}/th/{path}")
        small += page.evaluate(
            "[...document.querySelectorAll('a, button, summary')]"
            ".filter(e => e.offsetParent && !e.matches('.skip, .floor .name'))"
            ".map(e => [e.textContent.trim(), e.getBoundingClientRect()])"
            ".filter(([, r]) => r.width < 44 || r.height < 44).map(([text]) => text)")
    assert small == []
    page.close()
