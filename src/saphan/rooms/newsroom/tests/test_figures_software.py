"""Figures for software: the API, MCP tools, web annotations, and proposals of a language model."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saphan.engines.translation.tests.server import Answer, Seen, serving
from saphan.ground.models import Fact
from saphan.house import callers
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import figures as actions
from saphan.rooms.newsroom.models import Article, Figure
from saphan.rooms.newsroom.tests.conftest import FIGURES
from saphan.rooms.newsroom.tools import figures as tools

ROOM = "/api/v1/newsroom"
API = f"{ROOM}/figures"
QUOTE = "At the end of 2025 Guangxi had 303 smart factories."
TRUE = {"quote": QUOTE, "value": "303", "unit": "factory", "subject": "smart factories",
        "period": "2025", "place": "Guangxi"}


def send(client: Client, who: Person, path: str, body: dict[str, Any]) -> Any:
    secret = people_actions.issue_token(who, name="test", scope="write", by=who)
    return client.post(f"{ROOM}{path}", json.dumps(body), content_type="application/json",
                       headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})


def proposed(client: Client, who: Person, article: Article, settings: Any,
             *claims: dict[str, Any]) -> dict[str, Any]:
    """What the house says to claims that a server with chat completions sends."""
    words = "Here they are: " + json.dumps({"figures": claims}, ensure_ascii=False)

    def reply(seen: Seen) -> Answer:
        assert json.loads(seen.body["messages"][1]["content"])["text"].startswith(QUOTE)
        return Answer({"choices": [{"message": {"content": words}}]})

    with serving(reply) as server:
        settings.TRANSLATION_KIND, settings.TRANSLATION_MODEL = "openai", "small"
        settings.TRANSLATION_URL = f"{server.url}/v1"
        answer = send(client, who, f"/articles/{article.number}/propose-figures", {})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_the_public_api_gives_verified_figures_only(
        client: Client, officer: Person, figures: list[Figure]) -> None:
    assert client.get(API).json()["figures"] == []
    assert client.get(f"{API}/{figures[2].key}").status_code == 404
    actions.verify(figures[2], by=officer, values={"indicator": "exports"})
    [told] = client.get(API, {"unit": "THB"}).json()["figures"]
    assert (told["value"], told["indicator"], told["state"]) == (
        "5200000000", "exports", "verified")
    assert client.get(f"{API}/{figures[2].key}").json() == told


def test_an_officer_verifies_corrects_rejects_and_withdraws_over_the_api(
        client: Client, officer: Person, figures: list[Figure]) -> None:
    first, second = (f"/figures/{each.key}" for each in figures[:2])
    told = send(client, officer, f"{first}/correct", {"values": {"period": "2025-Q4"}}).json()
    assert (told["period"], told["state"]) == ("2025-Q4", "read")
    assert send(client, officer, f"{first}/verify", {}).json()["state"] == "verified"
    wrong = send(client, officer, f"{second}/verify", {"values": {"value": "99"}})
    assert wrong.status_code == 403 and "does not state this value" in wrong.json()["title"]
    gone = send(client, officer, f"{first}/withdraw", {"because": "A hoax"})
    assert gone.json()["state"] == "withdrawn"
    send(client, officer, f"{second}/reject", {"because": "A forecast"})
    assert set(Figure.objects.values_list("state", flat=True)) == {"withdrawn", "rejected", "read"}
    assert send(client, officer, f"{first}/praise", {}).status_code == 422


def test_nobody_else_checks_figures_over_the_api(
        client: Client, person: Callable[..., Person], figures: list[Figure]) -> None:
    assert client.post(f"{API}/{figures[0].key}/verify", "{}",
                       content_type="application/json").status_code == 401
    assert send(client, person("visitor"), f"/figures/{figures[0].key}/verify", {}).status_code in (
        403, 404)
    quoted = {"article": figures[0].article.number, "quote": QUOTE}
    assert send(client, person("reader"), "/figures", quoted).status_code in (403, 404)
    assert set(Figure.objects.values_list("state", flat=True)) == {"read"}


def test_the_tools_find_read_check_and_add_figures(
        officer: Person, figures: list[Figure]) -> None:
    named = {each.name: each for each in tools.tools()}
    assert {name for name, each in named.items() if each.writes} == {
        "newsroom_check_figure", "newsroom_add_figure"}
    assert all("person" in inspect.signature(each.run).parameters for each in named.values())
    [found] = named["newsroom_find_figures"].run(
        unit="factory", place="cn-gx", person=officer)["figures"]
    assert found["subject"] == {"en": "smart factories"}
    key = found["figure"]
    told = named["newsroom_check_figure"].run(key, "verify", person=officer)
    assert told == named["newsroom_read_figure"].run(key)
    Figure.objects.exclude(key=key).delete()
    quote = "Exports of Thailand grew by 12.5 per cent"
    [added] = named["newsroom_add_figure"].run(
        figures[0].article.number, quote, person=officer)["figures"]
    assert (added["value"], added["kind"]) == ("12.5", "change")
    with pytest.raises(callers.Unauthorised):
        named["newsroom_check_figure"].run(key, "reject", person=None)


def test_flagged_figures_can_be_asked_for(
        officer: Person, article: Callable[..., Article], figures: list[Figure]) -> None:
    Figure.objects.filter(pk=figures[1].pk).update(
        flagged=True, flags=[{"code": "contradicts", "figure": figures[2].key}])
    [found] = tools.find_figures(flagged=True, person=officer)["figures"]
    assert found["figure"] == figures[1].key


def test_a_figure_comes_as_a_web_annotation_with_both_selectors(
        client: Client, officer: Person, figures: list[Figure]) -> None:
    actions.verify(figures[0], by=officer)
    answer = client.get(f"/en/newsroom/figures/{figures[0].key}/annotation.json")
    assert answer["Content-Type"].startswith("application/ld+json")
    told = json.loads(answer.content)
    quote, position = told["target"]["selector"]
    text = figures[0].version.text
    assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    assert text[position["start"] : position["end"]] == quote["exact"] == "303"
    assert f"{quote['prefix']}303{quote['suffix']}" in text
    assert told["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert client.get(f"/th/newsroom/figures/{figures[0].key}/annotation.json").json()["id"] == (
        told["id"])
    assert told["id"].startswith("http") and told["type"] == "Annotation"
    assert told["target"]["source"] == figures[0].article.address
    assert told["body"]["value"] == "303"


def test_what_a_language_model_proposes_is_kept_if_the_house_reads_it_too(
        client: Client, officer: Person, article: Callable[..., Article], settings: Any) -> None:
    outcome = proposed(client, officer, article(FIGURES), settings, TRUE)
    [kept] = outcome["accepted"]
    assert (kept["value"], kept["proposed"], kept["state"]) == ("303", True, "read")
    assert outcome["refused"] == 0


@pytest.mark.parametrize(("change", "reason"), [
    ({"quote": QUOTE.replace("303", "330"), "value": "330"}, "quote_missing"),
    ({"quote": QUOTE.replace("had", "has")}, "quote_missing"), ({"quote": "303"}, "quote_short"),
    ({"value": "330"}, "value"), ({"unit": "firm"}, "unit"), ({"period": "2024"}, "period"),
    ({"place": "Thailand"}, "place"), ({"subject": "exports"}, "subject"),
])  # fmt: skip
def test_a_proposal_with_one_thing_wrong_is_refused_and_counted(
        client: Client, officer: Person, article: Callable[..., Article], settings: Any,
        change: dict[str, str], reason: str) -> None:
    outcome = proposed(client, officer, article(FIGURES), settings, TRUE | change)
    assert (outcome["accepted"], outcome["reasons"]) == ([], {reason: 1})
    assert not Figure.objects.exists()
    fact = Fact.objects.get(name="figures.proposed").data
    assert (fact["accepted"], fact["refused"]) == (0, 1)


def test_a_proposal_does_not_bring_back_what_a_person_has_rejected(
        client: Client, officer: Person, figures: list[Figure], settings: Any) -> None:
    actions.reject(figures[0], by=officer, because="A forecast")
    outcome = proposed(client, officer, figures[0].article, settings, TRUE)
    assert (outcome["accepted"], outcome["reasons"]) == ([], {"rejected": 1})
    assert Figure.objects.get(pk=figures[0].pk).state == "rejected"
