"""Every way into the two rooms, for pages, feeds, the API, MCP and open data: who may not write
does not, and what is not public stays inside."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from saphan.doors.mcp import server
from saphan.ground import clock, jobs
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.people import actions as people_actions
from saphan.people.models import Person
from saphan.rooms.newsroom.actions import articles as archive
from saphan.rooms.newsroom.models import (
    Article,
    Brief,
    Edition,
    Figure,
    Match,
    Source,
    Story,
    Subscriber,
    Topic,
)
from saphan.rooms.newsroom.vocabulary import Sharing
from saphan.rooms.observatory import actions as observatory
from saphan.rooms.observatory.models import Indicator
from saphan.rooms.observatory.tests.conftest import added, made_indicator
from saphan.rooms.observatory.tests.test_open_data import body

pytestmark = pytest.mark.django_db
ROOMS = ("newsroom", "observatory")
SECRET = re.compile(rb"Hidden\w+|officer@example\.org|reader@example\.org")


def api() -> Iterator[tuple[str, str]]:
    """Method and path of everything that the API says the two rooms offer."""
    described = json.loads(Client().get("/api/v1/openapi.json").content)
    for path, methods in described["paths"].items():
        if path.startswith(tuple(f"/api/v1/{room}/" for room in ROOMS)):
            for method in methods:
                yield method.upper(), path


def tools(writes: bool) -> list[Any]:
    rooms = tuple(f"saphan.rooms.{room}." for room in ROOMS)
    return [tool for tool in server.tools()
            if tool.run.__module__.startswith(rooms) and tool.writes == writes]


def test_every_corner_is_there_for_software() -> None:
    offered = {path.split("/")[4] for _method, path in api()}
    assert offered >= {"sources", "articles", "stories", "figures", "topics", "briefs",
                       "indicators", "observations", "board", "data"}
    named = " ".join(tool.name for writes in (True, False) for tool in tools(writes))
    for corner in ("source", "article", "stor", "figure", "topic", "brief", "indicator",
                   "observation", "signed_running_outcome"):
        assert corner in named


def test_nobody_writes_without_a_token(economies: None, client: Client) -> None:
    written = [(method, path) for method, path in api() if method != "GET"]
    assert len(written) > 20
    for method, path in written:
        address = re.sub(r"\{[^}]+\}", "1", path)
        answer = client.generic(method, address, "{}", content_type="application/json")
        assert answer.status_code in (401, 403, 404, 422), (method, path, answer.status_code)
    assert not (Article.objects.exists() or Source.objects.exists() or Topic.objects.exists())


def test_software_writes_a_brief(officer: Person, client: Client,
                                 article: Callable[..., Article]) -> None:
    source = article("The port opened on Monday. It has 12 berths.")
    secret = people_actions.issue_token(officer, scope="write", name="desk", by=officer)

    def call(method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        answer = client.generic(
            method, f"/api/v1/newsroom/briefs{path}", json.dumps(given),
            content_type="application/json", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code < 300, answer.content
        return dict(answer.json())

    made = call("POST", "", {"lang": "en", "articles": source.number, "title": "Port"})
    written = call("PUT", f"/{made['id']}", {
        "version": made["version"], "title": "The port", "standfirst": "It opened."})
    assert (written["title"], written["standfirst"]) == ("The port", "It opened.")
    assert call("POST", f"/{made['id']}/hand_in", {})["state"] == "review"


def test_whoever_only_has_an_account_changes_nothing(
        economies: None, person: Callable[..., Person]) -> None:
    stranger = person("stranger")
    given: dict[str, dict[str, Any]] = {
        "newsroom_add_article": {"text": "A title\n\nA text."},
        "newsroom_draft_brief": {"lang": "en", "articles": ["NWS-2027-0001"]},
        "newsroom_check_figure": {"key": "FIG-2027-0001", "step": "verify"},
        "newsroom_add_figure": {"article": "NWS-2027-0001", "quote": "12 ships"},
        "newsroom_propose_figures": {"article": "NWS-2027-0001"},
        "add_news_source": {"source": {"name": "A", "way": "by_hand"}},
        "try_news_source": {"source": {"name": "A", "address": "https://a.example.org/rss"}},
        "change_news_source": {"key": "a", "changes": {"name": "B"}},
        "move_news_source": {"key": "a", "step": "pause"},
        "begin_topic": {"query": "durians"},
        "add_observation": {"indicator": "a", "value": "1", "period": "2024", "source": "x"}}
    for tool in tools(writes=True):
        assert tool.name in given, f"say here how {tool.name} is called"
        with pytest.raises((Refused, callers.Missing, callers.Invalid)):
            tool.run(**given[tool.name], person=stranger)
    assert not (Article.objects.exists() or Source.objects.exists() or Topic.objects.exists()
                or Brief.objects.exists() or Figure.objects.exists())


@pytest.fixture
def secrets(article: Callable[..., Article], officer: Person, source: Source) -> None:
    """One of each that the public may not read, beside one that it may."""
    Source.objects.update(last_problem="HiddenTrouble", added_by=officer)
    text = "The port opened on Monday. " * 8 + "HiddenText says the mayor. " * 30
    public, gone = article(text), article("It says HiddenArticle.", title="HiddenTitle")
    story = Story.objects.create(number="STY-2027-0001", title=gone.title, lang="en",
                                 first_day=gone.day, last_day=gone.day, size=2, languages=["en"])
    lost = Story.objects.create(number="STY-2027-0002", title="HiddenStory", lang="en",
                                first_day=gone.day, last_day=gone.day, size=1, languages=["en"])
    alone = article("It says HiddenArticle too.", title="HiddenStory", story=lost)
    Article.objects.filter(pk__in=[public.pk, gone.pk]).update(story=story, placed=True)
    open_to_all = Topic.objects.create(number="TPC-2027-0001", name="Ports", query="ports",
                                       sharing=Sharing.PUBLIC)
    for each in (public, gone):
        Match.objects.create(topic=open_to_all, article=each, score=1, day=each.day,
                             at=clock.now())
    for each in (gone, alone):
        each.refresh_from_db()
        archive.withdraw(each, by=officer, because="HiddenReason")
    version = public.versions.get()
    for state in ("read", "rejected", "withdrawn"):
        Figure.objects.create(
            key=f"FIG-2027-{state}"[:20], article=public, version=version, state=state, value=1,
            start=0, end=3, subject="HiddenFigure", quote="HiddenQuote", extractor="t", lang="en",
            day=public.day, because="HiddenReason")
    for sharing in (Sharing.OWN, Sharing.DESK):
        Topic.objects.create(number=f"TPC-2027-{sharing.upper()}"[:20], owner=officer,
                             name=f"Hidden{sharing.title()}", query="HiddenQuery", sharing=sharing)
    block = {"id": "a1", "kind": "sentence", "text": "HiddenBrief", "origin": "person",
             "source": None}
    whole = {"number": "BRF-2027-0002", "lang": "en", "title": "HiddenInside", "edition": 1,
             "standfirst": "", "content": [block], "approved": "2027-03-01", "corrects": 0}
    Brief.objects.create(lang="en", title="HiddenDraft", content=[block], author=officer)
    # Of a public brief that was withdrawn the title stays readable, so that links to it say so.
    for number, title, fields in (
            ("BRF-2027-0002", "HiddenInside", {"public": False, "state": "sent"}),
            ("BRF-2027-0003", "Withdrawn", {"public": True, "state": "withdrawn",
                                            "returned_because": "HiddenReason"})):
        made = Brief.objects.create(number=number, lang="en", title=title, edition=1,
                                    content=[block], approved=clock.now(), **fields)
        Edition.objects.create(brief=made, position=1, at=clock.now(), digest="0" * 64,
                               whole={**whole, "number": number, "title": title})
    Subscriber.objects.create(email="reader@example.org", lang="en", token="HiddenToken")
    made_indicator()
    made_indicator("hidden", name={"en": "HiddenIndicator"})
    added(indicator="hidden", source="HiddenSource", quote="HiddenQuote 303")
    Indicator.objects.filter(slug="hidden").update(state="draft")
    observatory.withdraw(added(key="k", source="Someone"), by=None, because="Wrong.")
    jobs.drain()


def arguments() -> dict[str, list[str]]:
    """What stands for each parameter of an address."""
    articles = list(Article.objects.values_list("number", flat=True))
    figures = list(Figure.objects.values_list("key", flat=True))
    topics = list(Topic.objects.values_list("number", flat=True))
    briefs = [str(pk) for pk in Brief.objects.values_list("pk", flat=True)]
    numbers = ["BRF-2027-0002", "BRF-2027-0003", "STY-2027-0001", "STY-2027-0002"]
    return {"article": articles, "number": [*articles, *topics, *numbers],
            "key": [*figures, "river-daily"], "pk": briefs,
            "name": ["a1", "all", "hidden"], "position": ["1"], "version": ["1"],
            "slug": ["hidden", "smart-factories"], "kind": ["txt", "html"], "year": ["2023"],
            "stage": ["signed"], "ending": ["csv", "json", "ttl", "jsonld"], "verb": ["withdraw"],
            "step": ["publish"], "token": ["none"]}


def filled(pattern: str, parameters: list[str]) -> Iterator[dict[str, str]]:
    """Every filling of an address with what there is."""
    found: list[dict[str, str]] = [{}]
    for name in parameters:
        found = [{**one, name: value} for one in found for value in arguments()[name]]
    assert found, pattern
    yield from found


def pages() -> Iterator[str]:
    """Every page of the two rooms, and what others say of them."""
    for room in ROOMS:
        names = get_resolver().namespace_dict[room][1].reverse_dict
        for name in {each for each in names if isinstance(each, str)}:
            for possible, _pattern, _defaults, _converters in names.getlist(name):
                for _path, parameters in possible:
                    for given in filled(name, parameters):
                        try:
                            yield reverse(f"{room}:{name}", kwargs=given)
                        except Exception:  # a number of another kind of record
                            continue
    yield from ("/en/", "/en/rooms/", "/sitemap.xml", "/en/newsroom/articles/?q=Hidden",
                "/en/newsroom/articles/?shelf=withdrawn", "/en/newsroom/figures/?state=read",
                "/en/newsroom/briefs/?state=draft", "/en/newsroom/stories/?alone=on",
                "/en/newsroom/articles/feed.atom", "/en/newsroom/articles/feed.json",
                *(f"/feeds/en/newsroom/{name}.atom" for name in ("briefs", "articles", "figures")),
                "/feeds/en/observatory/new.atom")


def test_what_is_not_public_is_on_no_page_and_in_no_feed(
        secrets: None, client: Client, at_the_desk: Client) -> None:
    seen, asked = 0, sorted(set(pages()))
    for address in asked:
        answer: Any = client.get(address)
        content = body(answer) if answer.status_code == 200 else answer.content
        assert not SECRET.search(content), (address, SECRET.findall(content))
        assert answer.status_code < 500, address
        seen += answer.status_code == 200
    assert seen > 30
    assert b"HiddenDraft" in at_the_desk.get("/en/newsroom/briefs/").content  # they are there


def test_what_is_not_public_is_in_no_answer_to_software(secrets: None, client: Client) -> None:
    seen = 0
    for method, path in api():
        if method != "GET":
            continue
        for given in filled(path, re.findall(r"\{([^}]+)\}", path)):
            address = path.format(**given)
            answer: Any = client.get(address)
            content = body(answer) if answer.status_code == 200 else answer.content
            assert not SECRET.search(content), (address, SECRET.findall(content))
            assert answer.status_code < 500, address
            seen += answer.status_code == 200
    assert seen > 15


def test_what_is_not_public_is_told_by_no_tool(secrets: None) -> None:
    seen = 0
    for tool in tools(writes=False):
        names = [name for name, one in inspect.signature(tool.run).parameters.items()
                 if one.default is inspect.Parameter.empty and name != "person"]
        for given in filled(tool.name, names):
            try:
                answer = tool.run(**given, person=None)
            except (Refused, callers.Missing, callers.Invalid, callers.Unauthorised):
                continue
            said = json.dumps(answer, default=str).encode()
            assert not SECRET.search(said), (tool.name, given, SECRET.findall(said))
            seen += 1
    assert seen > 8
