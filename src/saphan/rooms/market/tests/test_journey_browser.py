"""A Thai packer and a Guangxi vendor, in a browser: from a need to a recorded outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.ground import jobs
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Person, Role
from saphan.rooms.market.models import Interest, Listing
from saphan.rooms.market.tests.conftest import DURIAN
from saphan.rooms.market.tests.test_interest import WORDS

pytestmark = IN_A_BROWSER
VENDOR = "广西果眼智能科技有限公司"
DESCRIPTION = DURIAN["description"] + " คัดได้ชั่วโมงละ 2,000 ลูก ผิดไม่เกิน 5 % และทำงานในห้องที่ร้อน 40 °C"


def somebody(name: str, language: str, economy: str, *roles: str) -> Person:
    person = Person.objects.create_user(f"{name}@example.org", language=language,
                                        economy_id=economy)
    for role in roles:
        people_actions.grant_role(person, role, by=None)
    return person


def press(page: Any, verb: str) -> None:
    """Fill and send the form of a verb; opens it first where it is folded."""
    form = page.locator(f'form[action$="/do/{verb}/"]')
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").click()
    form.locator("button[type=submit]").click()


def record(page: Any, verb: str, kind: str, proof: Path) -> None:
    form = page.locator(f'form[action$="/do/{verb}/"]')
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").click()
    form.locator("[name=kind]").select_option(kind)
    form.locator("[name=on]").fill("2026-11-02")
    form.locator("[name=file]").set_input_files(proof)
    form.locator("button[type=submit]").click()


@pytest.mark.parametrize(("hers", "theirs"), [("th", "zh-hans"), ("en", "vi")])
def test_a_packer_and_a_vendor_go_from_need_to_outcome(
        visit: Callable[..., Any], tmp_path: Path, hers: str, theirs: str) -> None:
    people_actions.load_economies()
    packer = somebody("packer", hers, "TH")
    vendor = somebody("vendor", theirs, "CN")
    clerk = somebody("clerk", "en", "CN", Role.Name.CLERK)
    broker = somebody("broker", "en", "TH")
    people_actions.grant_role(broker, Role.Name.LIAISON_OFFICER, by=None,
                              economy=Economy.objects.get(code="TH"))
    people_actions.add_own_organisation(
        vendor, {"zh-Hans": VENDOR}, economy="CN", kind="company", by=vendor)
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.4 signed")

    desk = visit(f"/{hers}/market/new/?kind=technology_request", who=packer,
                 java_script_enabled=False)
    for name in ("title", "summary"):
        desk.fill(f"#id_{name}", DURIAN[name])
    desk.fill("#id_description", DESCRIPTION)
    desk.fill("#id_partner_role", "ทดสอบกล้องกับสายคัดของเราสองเดือน แล้วสอนพนักงานใช้งาน")
    desk.select_option("#id_economy", "TH")
    desk.click("button[value=submit]")
    listing = Listing.objects.get()
    assert listing.state == "submitted", desk.content()
    page = visit(f"/en/market/{listing.number}/", who=clerk, java_script_enabled=False)
    page.locator('form[action$="/move/publish/"] button').click()

    phone = visit(f"/{theirs}/market/{listing.number}/", who=vendor, size=PHONE)
    phone.locator('a[href$="/interest/"]').click()
    for name, words in WORDS.items():
        phone.fill(f"#id_{name}", words)
    phone.locator("form.post button[type=submit]").click()
    interest = Interest.objects.get()
    address = f"market/{listing.number}/interest/1/"

    page = visit(f"/{hers}/{address}", who=packer)
    assert "果眼" not in page.content() and "vendor@" not in page.content()
    press(page, "accept")
    phone.goto(f"/{theirs}/{address}")
    assert "packer@" not in phone.content()
    press(phone, "agree")
    page = visit(f"/en/{address}", who=broker)
    form = page.locator('form[action$="/do/introduce/"]')
    if not form.is_visible():
        form.locator("xpath=ancestor::details/summary").click()
    form.locator("[name=meets_at]").fill("2099-03-05T09:30")
    form.locator("[name=where]").fill("https://meet.example.org/durian")
    form.locator("button[type=submit]").click()
    jobs.drain()
    phone.goto(f"/{theirs}/{address}")
    assert "packer@example.org" in phone.content()
    for verb, kind in (("sign", "memorandum"), ("start", "pilot"), ("conclude", "deployment")):
        record(phone, verb, kind, proof)
    page = visit(f"/{hers}/{address}", who=packer)
    assert VENDOR in page.content()
    page.locator('form[action$="/confirm/"] button').last.click()
    interest.refresh_from_db()
    assert interest.state == "outcome"
    assert interest.progress.filter(confirmed__isnull=False).count() == 1


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")],
                         ids=["desk, light", "phone, dark"])
def test_no_page_of_the_brokered_path_has_an_accessibility_violation(
        visit: Callable[..., Any], size: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from saphan.rooms.market import sample
    from saphan.rooms.market.interest import actions
    from saphan.rooms.market.interest.forms import InterestForm

    sample.make_examples(2)
    people_actions.load_economies()
    owner, vendor = somebody("owner", "th", "TH"), somebody("vendor", "en", "CN")
    manager = somebody("manager", "en", "CN", Role.Name.PROGRAMME_MANAGER)
    Listing.objects.update(example=False, author=owner, organisation=None)
    first, second = Listing.objects.order_by("pk")[:2]
    form = InterestForm(WORDS, by=vendor, listing=first)
    assert form.is_valid(), form.errors
    interest = actions.send(first, form.values(), by=vendor, agree=True)
    actions.say_why_not(first, "too_early", by=vendor)
    for who, path in ((owner, f"{first.number}/"), (owner, f"{first.number}/interest/1/"),
                      (owner, "interests/"), (vendor, f"{second.number}/"),
                      (vendor, f"{second.number}/interest/"), (manager, "broker/"),
                      (manager, f"{interest.listing.number}/interest/1/")):
        page = visit(f"/th/market/{path}", who=who, size=size, color_scheme=scheme)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(path, fault["id"], fault["nodes"][0]["html"][:200]) for fault in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.context.close()
