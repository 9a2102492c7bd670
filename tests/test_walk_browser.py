"""The same walk in a real browser over the sample centre: accessible, light, and nothing broken.

What is here for every room is not repeated in a room's own tests.
"""

from __future__ import annotations

from typing import Any

import pytest
from browsing import CHROMIUM
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from saphan.house.registry import rooms

pytestmark = [pytest.mark.browser,
              pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OWN_FONT = {"th", "lo", "km", "my"}  # scripts that systems often cannot draw
BUDGET, LIGHT_BUDGET = 100, 40  # KB on the wire for a first view
PHONE = ({"width": 390, "height": 844}, "light")
DESK = ({"width": 1280, "height": 900}, "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Heaviest of what a visitor meets: a long answer, and every entrance of every room.
WEIGHT = """() => Math.max(...[performance.getEntriesByType('navigation')[0].transferSize, 0])
  + performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.transferSize, 0)"""


def pages(lang: str) -> list[str]:
    with translation.override(lang):
        return [reverse("plan"), reverse("ask") + "?q=durian",
                reverse("terms"), reverse("term", args=("durian",)),
                *(reverse(entrance.url_name) for room in rooms() for entrance in room.entrances)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_accessible_and_light(browser: Any, served: Any, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    budget = BUDGET if lang in OWN_FONT else LIGHT_BUDGET
    wrong = []
    # What differs by language is width and weight. Structure and contrast, which axe looks at, and
    # the desk and the dark are walked in one language for each kind of script.
    thorough = lang in ("en", "th", "my", "zh-hans")
    for viewport, scheme in (PHONE, DESK) if thorough else (PHONE,):
        for path in pages(lang):
            # A context of its own: nothing comes from the cache, as at a first visit.
            context = browser.new_context(viewport=viewport, color_scheme=scheme)
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
            page.on("console", lambda message, errors=errors: errors.append(message.text)
                    if message.type == "error" else None)
            page.goto(served.url + path, wait_until="load")
            where = f"{path} at {viewport['width']} px, {scheme}:"
            weight = page.evaluate(WEIGHT) / 1024
            if weight > budget:
                wrong.append(f"{where} {weight:.0f} KB, more than {budget}")
            if thorough:
                found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
                wrong += [f"{where} {problem['id']} {problem['nodes'][0]['html'][:120]}"
                          for problem in found.response["violations"]]
            wrong += [f"{where} {error}" for error in errors]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{where} wider than the screen")
            context.close()
    assert wrong == []
