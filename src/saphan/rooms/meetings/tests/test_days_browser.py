"""A day in a real browser, with the net and without."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.ground import clock
from saphan.people import actions as people
from saphan.rooms.meetings.models import Slot
from saphan.rooms.meetings.tests import days, making

pytestmark = IN_A_BROWSER


@pytest.fixture(autouse=True)
def economies(transactional_db: None) -> None:
    people.load_economies()


def today(event: Any) -> None:
    """The first slot began ten minutes ago, and where the event is, it is nine in the morning.

    The browser reads the real clock: a place whose midnight is near would put the later slots on
    the next day, which the page shows on a leaf of its own.
    """
    east = (9 - clock.now().hour + 12) % 24 - 12
    event.time_zone = f"Etc/GMT{-east:+d}"     # POSIX counts these names westward
    event.save()
    shift = clock.now() - timedelta(minutes=10) - event.slots.all()[0].begins
    for slot in event.slots.order_by("-begins" if shift > timedelta(0) else "begins"):
        Slot.objects.filter(pk=slot.pk).update(begins=slot.begins + shift, ends=slot.ends + shift)


def kept(page: Any, *, still: bool = True) -> None:
    """Wait until the day lies on the device, or does not any more."""
    page.evaluate("""async (still) => {
        await navigator.serviceWorker.ready;
        while (Boolean(await caches.match(location.href)) !== still)
            await new Promise((done) => setTimeout(done, 50));
    }""", still)


def test_a_day_opens_without_the_net_and_catches_up_when_it_is_back(visit):
    event = days.event()
    ours, now, later = (making.party(event, name) for name in ("Mango", "Boats", "Sensors"))
    days.meeting(ours, now, slot=0)
    made = days.meeting(ours, later, slot=2, table=1)
    today(event)
    page = visit(f"/th/meetings/day/{days.first(ours).token}/")
    kept(page)
    page.wait_for_function("document.querySelector('.day-now .card-title')")
    assert "Boats" in page.inner_text(".day-now") and "Sensors" in page.inner_text(".day-next")

    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-offline]:visible")
    assert "Boats" in page.inner_text(".day-now") and "Sensors" in page.inner_text(".day-list")
    # Not a page without its clothes: style and script are on the device as well, as is the font.
    assert page.evaluate("getComputedStyle(document.querySelector('.day-top section'))"
                         ".borderTopWidth") == "3px"
    assert page.evaluate("document.fonts.ready.then(() => "
                         "document.fonts.check('16px \"Saphan Thai\"', 'ก'))")

    days.move(made, 4)
    page.context.set_offline(False)
    page.wait_for_selector(".slot[data-mark=moved]")
    assert not page.is_visible("[data-offline]")


@pytest.mark.parametrize(("lang", "size", "theme"), [
    ("my", PHONE, "light"), ("en", DESKTOP, "dark")])
def test_a_day_is_accessible_and_fits_the_screen(visit, lang, size, theme):
    from axe_playwright_python.sync_playwright import Axe

    event = days.event(mode="mixed")
    ours, one, two = (making.party(event) for _ in range(3))
    days.meeting(ours, one, slot=0, place=1, link="https://meet.example/a")
    days.meeting(ours, two, slot=2)
    today(event)
    page = visit(f"/{lang}/meetings/day/{days.first(ours).token}/", size=size, color_scheme=theme)
    for closed in page.query_selector_all("details"):
        closed.evaluate("each => each.open = true")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_day_that_was_replaced_leaves_the_device(visit):
    event = days.event()
    guest = days.first(making.party(event))
    page = visit(f"/en/meetings/day/{guest.token}/")
    kept(page)
    guest.token = "another-address-of-hers"
    guest.save()
    page.reload()
    kept(page, still=False)
    page.context.set_offline(True)
    with pytest.raises(Exception, match="net::ERR"):
        page.reload()
