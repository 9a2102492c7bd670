"""A packer, a vendor and the house in a browser: wishes, timetable, somebody who does not come,
a mended timetable, a sheet of paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from browsing import IN_A_BROWSER, PHONE, RULES

from saphan.ground import clock, jobs
from saphan.people import actions as people_actions
from saphan.rooms.meetings.actions import computing
from saphan.rooms.meetings.models import Event, Meeting, Party, Plan, Slot, Wish
from saphan.rooms.meetings.tests import making

pytestmark = IN_A_BROWSER


def tomorrow() -> Event:
    """An event that begins tomorrow and still takes wishes today."""
    event = making.event(slots=4, tables=2, floor=1)
    begins = datetime.combine(clock.today() + timedelta(days=1), time(2), UTC)
    for at, slot in enumerate(event.slots.order_by("begins")):
        start = begins + timedelta(minutes=40 * at)
        Slot.objects.filter(pk=slot.pk).update(begins=start, ends=start + timedelta(minutes=30))
    Event.objects.filter(pk=event.pk).update(
        first_day=begins.date(), last_day=begins.date(),
        registration_ends=clock.now() + timedelta(hours=1),
        wishes_end=clock.now() + timedelta(hours=2))
    event.refresh_from_db()
    return event


def press(page: Any, action: str, **where: str) -> None:
    """Press the button of the form that leads there."""
    page.locator(f'form[action$="{action}"] button').first.click()


def day_of(party: Party) -> str:
    return f"/{party.guests.get().language.lower()}/meetings/day/{party.guests.get().token}/"


@pytest.mark.parametrize(("hers", "theirs"), [("th", "zh-hans"), ("en", "vi")])
def test_from_a_wish_to_a_mended_timetable_and_a_sheet_of_paper(
        visit: Callable[..., Any], hers: str, theirs: str) -> None:
    people_actions.load_economies()
    event, organiser = tomorrow(), making.organiser()
    packer = making.party(event, "Chanthaburi Packers", speaks={"th": 3}, account=True,
                          language=hers)
    vendor = making.party(event, "FruitEye", economy="CN", speaks={"zh": 3}, account=True,
                          language="zh-Hans" if theirs == "zh-hans" else theirs)
    fund = making.party(event, "Pilot Fund", economy="SG", speaks={"th": 3, "zh": 3, "en": 3})
    port = making.party(event, "Dry Port", economy="LA", speaks={"th": 3, "zh": 3})
    making.interpreter(event, th=3, zh=3)
    making.wish(fund, packer)
    making.wish(port, vendor)
    making.wish(port, packer, state=Wish.State.SENT, priority=1)

    # She wishes, without scripts, on a phone; the vendor answers.
    phone = visit(f"/{hers}/meetings/{event.number}/people/{vendor.position}/", who=packer.contact,
                  size=PHONE, java_script_enabled=False)
    phone.locator(f'form[action$="/wishes/to/{vendor.position}/"] select[name=priority], '
                  f'form[action$="/wishes/to/{vendor.position}/"] [name=priority][value="3"]'
                  ).first.evaluate("field => field.tagName === 'SELECT' ? "
                                   "(field.value = '3') : (field.checked = true)")
    phone.locator(f'form[action$="/wishes/to/{vendor.position}/"] textarea').first.fill(
        "May we see it sort thick-skinned fruit?")
    press(phone, f"/wishes/to/{vendor.position}/")
    wish = Wish.objects.get(asker=packer, invited=vendor)
    assert (wish.state, wish.priority) == ("sent", 3)
    desk = visit(f"/{theirs}/meetings/{event.number}/wishes/", who=vendor.contact)
    desk.locator(f'form[action$="/wishes/{wish.pk}/accept/"] button[value="3"]').click()
    desk.locator(f'form[action$="/wishes/{wish.pk}/accept/"]').wait_for(state="detached")
    wish.refresh_from_db()
    assert wish.state == "accepted"

    # The house plans; the organiser looks and publishes.
    office = visit(f"/en/meetings/{event.number}/", who=organiser)
    press(office, "/move/close/")
    office.goto(f"/en/meetings/{event.number}/plans/")
    office.locator("[name=effort][value=quick]").check()
    office.locator("form.post button[type=submit]").click()
    assert computing.line.do_all() == 1
    office.goto(f"/en/meetings/{event.number}/plans/1/")
    assert "possible" in office.inner_text(".lead"), office.content()
    office.locator("button[value=publish]").click()
    jobs.drain()
    assert Plan.objects.get().state == "published"
    together = Meeting.objects.get(wish=wish)
    assert together.interpreters.get().name == "Ploy"

    # Both find it in their days, each in the own language.
    for party, other in ((packer, vendor), (vendor, packer)):
        day = visit(day_of(party), size=PHONE)
        assert str(other.organisation) in day.inner_text("main")
    held = {each.wish_id: each for each in Meeting.objects.filter(state="planned")}
    assert len(held) == 4

    # The event begins, and the vendor does not come.
    office.goto(f"/en/meetings/{event.number}/")
    press(office, "/move/begin/")
    office.goto(f"/en/meetings/{event.number}/live/?q=FruitEye")
    office.locator("form:has([name=kind][value=no_show]) button").first.click()
    assert "2 meetings cannot be as planned" in office.inner_text(".lead")
    office.locator("button[name=confirm]").click()
    assert computing.line.do_all() == 1
    office.goto(f"/en/meetings/{event.number}/live/")
    office.locator("#pending button[value=publish]").click()
    jobs.drain()
    together.refresh_from_db()
    assert together.state == "cancelled"
    assert Meeting.objects.filter(state="planned").count() == 2
    day = visit(day_of(packer), size=PHONE)
    assert "Pilot Fund" in day.inner_text(".day-list")
    axe(day)

    # A sheet for each on paper, in the language of whoever holds it.
    office.goto(f"/en/meetings/{event.number}/sheets/print/?kind=people&who=all")
    sheet = office.locator("section.sheet").filter(has_text="Chanthaburi Packers 1").first
    assert sheet.get_attribute("lang").lower() == hers and "Pilot Fund" in sheet.inner_text()
    office.emulate_media(media="print")
    assert len(office.pdf()) > 10_000


def axe(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
