"""The desk that checks figures, in a browser: by keyboard, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.people.models import Person
from saphan.rooms.newsroom.models import Figure

pytestmark = IN_A_BROWSER


def test_v_and_x_check_figures_one_after_another_but_only_where_they_are_checked(
        house: None, figures: list[Figure], officer: Person, visit: Any) -> None:
    first, second, third = figures
    page = visit(first.get_absolute_url(), who=officer, size=DESKTOP)
    page.locator("nav a").first.focus()
    page.keyboard.press("v")
    page.wait_for_timeout(300)
    assert first.key in page.url

    page.locator("#check").focus()
    page.keyboard.press("v")
    page.wait_for_url(f"**/{second.key}/#check")
    page.locator("summary", has_text="Reject").click()
    page.get_by_label("Why").first.fill("vx")
    assert second.key in page.url
    page.locator("#check").focus()
    page.keyboard.press("x")
    page.wait_for_url(f"**/{third.key}/#check")
    states = dict(Figure.objects.values_list("key", "state"))
    assert states == {first.key: "verified", second.key: "rejected", third.key: "read"}


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_figures_are_easy_to_check_for_everybody(
        house: None, figures: list[Figure], officer: Person, visit: Any,
        screen: dict[str, int]) -> None:
    axe = Axe()
    for path in ("figures/", f"figures/{figures[0].key}/", "figures/add/"):
        page = visit(f"/th/newsroom/{path}", who=officer, size=screen)
        found = axe.run(page, options=RULES).response["violations"]
        assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
