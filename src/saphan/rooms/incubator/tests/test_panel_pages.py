"""The panel on its pages, in the API and in MCP: what each reader gets to see, and what not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from saphan.ground import clock, jobs
from saphan.house import callers
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.tests.conftest import NOW, page, signed_in
from saphan.rooms.incubator.tests.sealed import AFTER, answered, keyed, opened
from saphan.rooms.incubator.tests.test_panel import marks, prepared
from saphan.rooms.incubator.tools import panel as tools

LATER = NOW + AFTER + timedelta(days=1)
TEAM = "Xyloglyph Geodynamics"
PARTNER = "Quernstone Relief Fund"
LEAD = "Zebulon Quist"
SECRETS = (TEAM, PARTNER, LEAD, "zebulon@example.org", "relief@quernstone.example")


@pytest.fixture
def call(posted: Call, manager: Person, person: Callable[..., Person]) -> Iterator[Call]:
    """Two answers; the first of a team with names that stand nowhere else."""
    slips = keyed(posted, manager, [person(f"holder{number}") for number in range(3)])
    lead = person("zebulon", economy_id="VN")
    Person.objects.filter(pk=lead.pk).update(name=LEAD)
    answered(posted, lead, 1, organisation=TEAM, partners=[
        {"name": PARTNER, "economy": "TH", "role": "tries it in the villages",
         "email": "relief@quernstone.example"}])
    answered(posted, person("lead2", economy_id="VN"), 2)
    made = opened(posted, slips, at=NOW + AFTER)
    with clock.stopped_at(LATER):
        yield made


@pytest.fixture
def panel(call: Call, manager: Person, person: Callable[..., Person]) -> list[Person]:
    people = [person(f"reviewer{number}") for number in range(3)]
    for number, each in enumerate(people):
        each.name = f"Mali Reader{number}"
        each.save(update_fields=["name"])
        actions.promise(actions.invite(call, each, by=manager), by=each)
    actions.assign(call, by=manager)
    return people


def everything_shown_to(person: Person, call: Call) -> str:
    """All that a reviewer can open: pages, API, MCP."""
    client = signed_in(person)
    secret = people_actions.issue_token(person, name="test", scope="write", by=None)
    seen = []
    for path in ("", "reviews/", "reviews/1/", "reviews/2/", "answers/", "answers/1/", "scores/",
                 "decision/", "panel/", "answers/1/decision/"):
        seen.append(client.get(f"/en/incubator/{call.number}/{path}").content.decode())
    for path in ("", "/reviews", "/reviews/1", "/reviews/2", "/answers", "/scores", "/panel",
                 "/answers/1/decision"):
        seen.append(Client().get(f"/api/v1/incubator/{call.number}{path}",
                                 headers={"authorization": f"Bearer {secret}"}).content.decode())
    for tool in (tools.my_reviews, tools.panel_scores):
        seen.append(told(lambda tool=tool: tool(call.number, person=person)))  # type: ignore[misc]
    for tool in (tools.read_review, tools.read_decision):
        seen.append(told(lambda tool=tool: tool(f"{call.number}-01", person=person)))  # type: ignore[misc]
    return "\n".join(seen)


def told(ask: Callable[[], Any]) -> str:
    try:
        return json.dumps(ask(), ensure_ascii=False, default=str)
    except callers.Missing:
        return ""


def test_the_blind_round_leaks_no_name_on_pages_in_the_api_or_in_mcp(
        call: Call, panel: list[Person]) -> None:
    seen = everything_shown_to(panel[0], call)
    assert "Small sensors in the ground" in seen  # she does read the answer
    assert [secret for secret in SECRETS if secret in seen] == []


def test_a_programme_manager_on_the_panel_reads_as_blindly(
        call: Call, panel: list[Person], manager: Person) -> None:
    actions.promise(actions.invite(call, manager, by=manager), by=manager)
    seat = queries.sitting(call)[-1]
    actions.give(call, queries.to_assign(call)[0], seat, by=manager)
    seen = everything_shown_to(manager, call)
    assert "Small sensors in the ground" in seen
    assert [secret for secret in SECRETS if secret in seen] == []


def test_the_second_round_tells_the_names(call: Call, panel: list[Person],
                                          manager: Person) -> None:
    hand_in_both(call, panel)
    actions.open_the_talk(call, by=manager)
    seen = everything_shown_to(panel[0], call)
    assert TEAM in seen
    assert PARTNER in seen


def hand_in_both(call: Call, panel: list[Person], secret: str = "A good plan.") -> None:
    for number, reviewer in enumerate(panel):
        for position in (1, 2):
            review = queries.review(call, position, asker=reviewer)
            actions.mark(review, marks(call, 4 if position == 1 else 2, f"{secret} {number}"),
                         by=reviewer)
            actions.hand_in(review, by=reviewer)


def test_nobody_sees_the_marks_of_others_in_the_first_round(call: Call,
                                                            panel: list[Person]) -> None:
    review = queries.review(call, 1, asker=panel[1])
    actions.mark(review, marks(call, 2, "Obfuscatory hydrology"), by=panel[1])
    actions.hand_in(review, by=panel[1])
    assert "Obfuscatory" not in everything_shown_to(panel[0], call)
    assert "Obfuscatory" in everything_shown_to(panel[1], call)


def test_others_marks_and_where_they_differ_are_open_in_the_second(
        call: Call, panel: list[Person], manager: Person) -> None:
    hand_in_both(call, panel, "Obfuscatory hydrology")
    actions.open_the_talk(call, by=manager)
    text = page(signed_in(panel[0]).get(f"/en/incubator/{call.number}/reviews/1/"))
    assert "Where you differ" in text
    assert "Obfuscatory hydrology 2" in text


def test_a_reviewer_in_conflict_cannot_read(call: Call, manager: Person, stranger: Person,
                                            person: Callable[..., Person]) -> None:
    team = call.answers.get(position=1).organisation
    assert team is not None
    stranger.memberships.create(organisation=team)
    other = person("other")
    for each in (stranger, other):
        actions.promise(actions.invite(call, each, by=manager), by=each)
    actions.assign(call, by=manager)
    client = signed_in(stranger)
    assert client.get(f"/en/incubator/{call.number}/reviews/1/").status_code == 404
    assert page(client.get(f"/en/incubator/{call.number}/reviews/2/"))
    assert told(lambda: tools.read_review(f"{call.number}-01", person=stranger)) == ""


def test_a_reviewer_of_a_partner_by_another_spelling_is_found(
        call: Call, manager: Person, stranger: Person) -> None:
    fund = people_actions.find_or_add_organisation(
        {"en": "QUERNSTONE  relief fund"}, economy="TH", kind="association", by=None)
    stranger.memberships.create(organisation=fund)
    actions.promise(actions.invite(call, stranger, by=manager), by=stranger)
    actions.assign(call, by=manager)
    assert [each.answer.position for each in queries.reviews_of(call, stranger)] == [2]


def test_one_button_declares_a_conflict(call: Call, panel: list[Person]) -> None:
    client = signed_in(panel[0])
    path = f"/en/incubator/{call.number}/reviews/1/"
    assert "I cannot judge this answer" in page(client.get(path))
    client.post(path, {"conflict": "yes"})
    assert client.get(path).status_code == 404


def test_a_reviewer_saves_while_she_writes_and_hands_in(call: Call,
                                                        panel: list[Person]) -> None:
    client, path = signed_in(panel[0]), f"/en/incubator/{call.number}/reviews/1/"
    client.post(path, {"save": "yes", "mark_fit": "4"})
    assert queries.review(call, 1, asker=panel[0]).marks == {"fit": 4}
    client.post(path, {"hand_in": "yes", "mark_fit": "4"})
    assert queries.review(call, 1, asker=panel[0]).state == "open"
    given = {key: value for row in call.rubric for key, value in (
        (f"mark_{row['id']}", "3"), (f"remark_{row['id']}", "Said clearly."))}
    client.post(path, {"hand_in": "yes", **given})
    assert queries.review(call, 1, asker=panel[0]).state == "handed_in"


def test_raw_and_adjusted_stand_side_by_side(call: Call, panel: list[Person],
                                             manager: Person) -> None:
    hand_in_both(call, panel)
    text = page(signed_in(manager).get(f"/en/incubator/{call.number}/scores/"))
    assert "The plain mean of the weighted marks" in text
    assert "harsh and mild reviewers are evened out" in text
    assert text.count('<svg class="interval"') == 2
    found = tools.panel_scores(call.number, person=manager)["answers"][0]
    assert {"raw", "adjusted", "low", "high", "group"} <= found.keys()


def test_only_the_desk_the_director_and_later_the_owner_see_scores(
        call: Call, panel: list[Person], manager: Person, owner: Person, stranger: Person,
        clerk: Person) -> None:
    hand_in_both(call, panel)
    path = f"/en/incubator/{call.number}/scores/"
    seen = {who.email.split("@")[0]: signed_in(who).get(path).status_code
            for who in (manager, clerk, owner, stranger, panel[0])}
    assert seen == {"manager": 200, "clerk": 200, "owner": 404, "stranger": 404, "reviewer0": 404}
    actions.open_the_talk(call, by=manager)
    assert signed_in(owner).get(path).status_code == 200


@pytest.fixture
def decided(call: Call, panel: list[Person], manager: Person) -> Call:
    hand_in_both(call, panel)
    actions.open_the_talk(call, by=manager)
    prepared(call, manager, "accepted", "declined")
    return actions.decide(call, by=manager)


def test_each_team_gets_its_own_reasons_and_no_reviewer_is_named(decided: Call) -> None:
    mail.outbox.clear()
    jobs.drain()
    mine = [m for m in mail.outbox if "lead2@example.org" in m.to and "-02" in m.subject]
    assert len(mine) == 1
    assert "Reasons for the answer at place 2." in mine[0].body
    assert "place 1" not in mine[0].body
    assert "Mali" not in mine[0].body
    assert "2 / 5" in mine[0].body
    assert "appeal" in mine[0].body


def test_the_public_sees_the_chosen_and_nothing_of_the_others(decided: Call) -> None:
    seen = page(Client().get(f"/en/incubator/{decided.number}/")) + Client().get(
        f"/api/v1/incubator/{decided.number}").content.decode()
    assert TEAM in seen
    assert "Slope Institute 2" not in seen
    assert "proposal 2" not in seen
    assert Client().get(f"/en/incubator/{decided.number}/answers/2/decision/").status_code == 302


def test_a_lead_reads_her_decision_and_appeals_on_its_page(decided: Call) -> None:
    lead = decided.answers.get(position=2).lead
    assert lead is not None
    client, path = signed_in(lead), f"/en/incubator/{decided.number}/answers/2/decision/"
    text = page(client.get(path))
    assert "Reasons for the answer at place 2." in text
    assert "File the appeal" in text
    assert "Mali" not in text
    assert client.get(path.replace("/2/", "/1/")).status_code == 404
    answer = client.post(path, {"words": "Our dates stand on the second page."})
    assert re.search(r"/appeals/\d+/$", answer["Location"])
    assert "Our dates stand" in page(client.get(answer["Location"]))


def test_the_draft_of_the_reasons_carries_remarks_without_names(
        call: Call, panel: list[Person], manager: Person) -> None:
    hand_in_both(call, panel)
    text = page(signed_in(manager).get(f"/en/incubator/{call.number}/answers/2/decision/"))
    draft = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert draft is not None
    assert "A good plan. 1" in draft[1]
    assert "Mali" not in draft[1]


def test_reasons_that_name_a_reviewer_are_not_taken(call: Call, panel: list[Person],
                                                    manager: Person) -> None:
    hand_in_both(call, panel)
    answer = signed_in(manager).post(
        f"/en/incubator/{call.number}/answers/2/decision/",
        {"outcome": "declined", "reasons": "Mali Reader1 thinks that the plan is too short."})
    assert answer.status_code == 422
