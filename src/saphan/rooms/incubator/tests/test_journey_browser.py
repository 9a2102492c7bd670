"""A Lao department's problem, in a browser: from the posting to a validated and to a rejected
pilot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, IN_A_BROWSER, PHONE, RULES

from saphan.ground import clock
from saphan.ground.text import Text
from saphan.people import actions as people_actions
from saphan.people.models import Person, Role
from saphan.rooms.incubator.actions import calls as call_actions
from saphan.rooms.incubator.actions import panel
from saphan.rooms.incubator.models import Answer, Call, Project
from saphan.rooms.incubator.tests import sealed
from saphan.rooms.incubator.tests.conftest import LANDSLIDES

pytestmark = IN_A_BROWSER


@pytest.fixture(autouse=True)
def stopped() -> None:
    """A served house has its own clock: nothing is stopped here."""


def somebody(name: str, language: str, economy: str, *roles: str) -> Person:
    person = Person.objects.create_user(f"{name}@example.org", language=language,
                                        economy_id=economy)
    for role in roles:
        people_actions.grant_role(person, role, by=None)
    return person


def post_the_call(page: Any) -> None:
    """Fill in the questions for a pilot grant, as a person without scripts would."""
    for name in ("title", "summary", "scenario", "environment", "data_available", "ip_terms"):
        if page.locator(f"#id_{name}").count():
            page.fill(f"#id_{name}", LANDSLIDES[name])
    for position, row in enumerate(LANDSLIDES["indicators"]):
        page.fill(f"[name=indicators-{position}-name]", row["name"])
        page.select_option(f"[name=indicators-{position}-direction]", row["direction"])
        page.fill(f"[name=indicators-{position}-value]", str(row["value"]))
        page.fill(f"[name=indicators-{position}-unit]", row["unit"])
        if row.get("must"):
            page.check(f"[name=indicators-{position}-must]")
    for name in ("budget_amount", "budget_currency", "organisation", "registered"):
        page.fill(f"#id_{name}", LANDSLIDES[name])
    page.fill("#id_places", "2")
    page.select_option("#id_organisation_kind", "government")
    page.select_option("#id_economy", "LA")
    page.fill("#id_deadline", "2099-04-15T17:00")
    page.click("button[name=action][value=submit]")


def press(page: Any, verb: str, part: int = 0, **fields: str) -> None:
    form = page.locator(f'form[action$="/do/{verb}/{part}/"]')
    if not form.is_visible():
        form.locator("xpath=ancestor::details[1]/summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        elif name == "file":
            field.set_input_files(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()


def judged(call: Call, reviewers: list[Person], manager: Person) -> None:
    """Three people read both answers and would take both."""
    for person in reviewers:
        reviewer = panel.invite(call, person, by=manager)
        panel.promise(reviewer, by=person)
    panel.assign(call, by=manager)
    call.refresh_from_db()
    for reviewer in call.reviewers.select_related("person"):
        for review in reviewer.reviews.select_related("answer", "reviewer", "reviewer__person"):
            panel.mark(review, {"marks": {row["id"]: 4 for row in call.rubric},
                                "remarks": {row["id"]: "Sound." for row in call.rubric},
                                "lang": "en"}, by=reviewer.person)
            panel.hand_in(review, by=reviewer.person)
    panel.open_the_talk(call, by=manager)
    for answer in call.answers.filter(state=Answer.State.OPENED).select_related("call"):
        panel.prepare(answer, outcome=Answer.State.ACCEPTED, by=manager, reasons=Text.of(
            {"en": "A sound plan that three readers would try on the road."}))
    panel.decide(call, by=manager)


@pytest.mark.parametrize(("hers", "theirs"), [("lo", "vi"), ("en", "zh-hans")])
def test_a_problem_goes_to_a_validated_and_to_a_rejected_pilot(
        visit: Callable[..., Any], tmp_path: Path, hers: str, theirs: str) -> None:
    people_actions.load_economies()
    owner = somebody("owner", hers, "LA")
    manager = somebody("manager", "en", "CN", Role.Name.PROGRAMME_MANAGER)
    keeper = somebody("keeper", "en", "CN", Role.Name.CLERK)
    leads = [somebody(f"lead{number}", theirs, "VN") for number in (1, 2)]
    reviewers = [somebody(f"reader{number}", "en", "SG") for number in range(3)]
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"%PDF-1.4 signed")

    page = visit(f"/{hers}/incubator/new/?form=grant", who=owner, java_script_enabled=False)
    post_the_call(page)
    call = Call.objects.get()
    assert call.state == "submitted", page.content()
    desk = visit(f"/en/incubator/{call.number}/", who=manager, java_script_enabled=False)
    desk.locator('form[action$="/move/post/"] button').click()

    desk.goto(f"/en/incubator/{call.number}/keys/")
    for person in (owner, keeper):
        desk.select_option("#id_person", person.ref)
        desk.locator('form:has([value=appoint]) button').click()
    slips = {}
    for person in (owner, keeper):
        keys = visit(f"/en/incubator/{call.number}/keys/", who=person, java_script_enabled=False)
        keys.locator('form:has([value=slip]) button').click()
        slips[person.pk] = keys.locator(".sealed-code").inner_text()
    desk.goto(f"/en/incubator/{call.number}/keys/")
    desk.locator('form:has([value=make]) button').click()
    desk.goto(f"/en/incubator/{call.number}/")
    desk.locator('form[action$="/move/open/"] button').click()

    for position, lead in enumerate(leads, 1):
        phone = visit(f"/{theirs}/incubator/{call.number}/answer/", who=lead, size=PHONE)
        typed = sealed.words(Call.objects.get(), position)
        for name, value in typed.items():
            if name == "mode":  # a grant asks for none
                continue
            if name in ("organisation_kind", "economy"):
                phone.select_option(f"#id_{name}", value)
            else:
                phone.fill(f"#id_{name}", value)
        phone.locator("button[name=send]").click()
        assert phone.locator(".sealed-code").is_visible(), phone.content()
    assert set(call.answers.values_list("state", flat=True)) == {"sent"}

    Call.objects.update(deadline=clock.now())  # its time is over
    call_actions.end_answers(Call.objects.get())
    for person in (owner, keeper):
        keys = visit(f"/en/incubator/{call.number}/keys/", who=person, java_script_enabled=False)
        keys.fill("#id_slip", slips[person.pk].lower())
        keys.locator('form:has([value=release]) button').click()
    call.refresh_from_db()
    assert call.is_unsealed
    judged(call, reviewers, manager)

    for position, lead, value in ((1, leads[0], "84.5"), (2, leads[1], "61")):
        project = Project.objects.get(answer__position=position)
        address = f"incubator/{call.number}/answers/{position}/project/"
        desk.goto(f"/en/{address}")
        press(desk, "milestone", title="Sensors in five slopes", due="2099-07-01")
        press(desk, "sign", signed="2026-11-01", mode="joint_rd", amount="9000", currency="USD",
              url="https://example.org/signed.pdf")
        press(desk, "begin")
        phone = visit(f"/{theirs}/{address}", who=lead, size=PHONE)
        for row, measured in zip(Call.objects.get().indicators, (value, "1"), strict=True):
            press(phone, "measure", indicator=row["id"], value=measured, on="2026-11-02",
                  method="Counted at five slopes for a month.", file=str(proof))
        for measurement in project.measurements.all():
            desk.goto(f"/en/{address}")
            press(desk, "confirm", measurement.pk)
        page = visit(f"/{hers}/{address}", who=owner, size=PHONE)
        press(page, "validate" if position == 1 else "reject",
              reasons="As the numbers on this page say: posted were 80 %.")
    states = list(Project.objects.order_by("answer__position").values_list("state", flat=True))
    assert states == ["validated", "rejected"]
    public = visit(f"/{hers}/incubator/{call.number}/")
    assert "84.5" in public.content() or "84,5" in public.content()
    assert "61" in public.content()


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")],
                         ids=["desk, light", "phone, dark"])
def test_no_page_of_answers_and_projects_has_an_accessibility_violation(
        visit: Callable[..., Any], size: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from saphan.rooms.incubator.forms.calls import CallForm

    people_actions.load_economies()
    owner, lead = somebody("owner", "lo", "LA"), somebody("lead", "vi", "VN")
    manager = somebody("manager", "en", "CN", Role.Name.PROGRAMME_MANAGER)
    holders = [somebody(f"holder{number}", "en", "CN", Role.Name.CLERK) for number in range(2)]
    form = CallForm({**LANDSLIDES, "deadline": "2099-04-15T17:00"})
    assert form.is_valid(), form.errors
    call = call_actions.start(form.values(by=owner.ref), by=owner)
    call_actions.submit(call, by=owner)
    call_actions.post(call, by=manager)
    slips = sealed.keyed(call, manager, holders)
    look = [(lead, f"{call.number}/answer/"), (manager, f"{call.number}/keys/"),
            (lead, f"{call.number}/")]

    def check(pages: list[tuple[Person, str]]) -> None:
        for who, path in pages:
            page = visit(f"/lo/incubator/{path}", who=who, size=size, color_scheme=scheme)
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(path, fault["id"], fault["nodes"][0]["html"][:200]) for fault in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            page.context.close()

    check(look)
    sealed.answered(call, lead)
    check([(lead, f"{call.number}/answer/")])
    Call.objects.update(deadline=clock.now())
    call.refresh_from_db()
    sealed.opened(call, slips, at=clock.now())
    answer = call.answers.get()
    answer.take("accept")
    Call.objects.update(state=Call.State.ASSIGNED, decided=clock.now())
    from saphan.rooms.incubator.actions import projects

    projects.assign(answer, by=manager)
    check([(manager, f"{call.number}/answers/"), (manager, f"{call.number}/answers/1/"),
           (manager, f"{call.number}/answers/1/project/"), (owner, f"{call.number}/")])
