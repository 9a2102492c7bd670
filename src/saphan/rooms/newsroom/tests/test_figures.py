"""Figures through the front: read, checked, corrected, withdrawn, proposed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saphan.engines.figures import selectors
from saphan.engines.figures.proposal import Claim
from saphan.ground.models import Fact
from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.newsroom import stating
from saphan.rooms.newsroom.actions import articles as article_actions
from saphan.rooms.newsroom.actions import proposing, reading_figures
from saphan.rooms.newsroom.models import Article, Figure, Version
from saphan.rooms.newsroom.reactions import figures as reactions
from saphan.rooms.newsroom.tools import figures as tools

TEXT = ("At the end of 2025 Guangxi had 303 smart factories.\n\n"
        "Exports of Thailand grew by 12.5 per cent in 2026 to 5.2 billion baht.")  # fmt: skip
LIST = "/en/newsroom/figures/"


@pytest.fixture
def figures(article: Callable[..., Article]) -> list[Figure]:
    """The figures of one article, read as the house does."""
    article(TEXT)
    reactions.read()
    return list(Figure.objects.order_by("start"))


def page(client: Client, figure: Figure, status: int = 200) -> str:
    response = client.get(figure.get_absolute_url())
    assert response.status_code == status
    return str(response.content.decode())


def do(client: Client, figure: Figure, step: str, **given: str) -> Any:
    return client.post(f"{LIST}{figure.key}/do/", {"step": step, **given}, follow=True)


def corrected(article: Article, text: str) -> None:
    Version.objects.filter(article=article).update(current=False)
    Version.objects.create(article=article, position=2, at=article.taken, title=article.title,
                           text=text, how="plain", text_digest="x")
    Article.objects.filter(pk=article.pk).update(read=False)
    reactions.read()


def test_figures_are_read_as_articles_come_in_and_tied_to_their_words(
        figures: list[Figure]) -> None:
    first, change, money = figures
    assert (first.value, first.unit, first.period, first.place_code) == (
        303, "factory", "2025", "CN-GX")
    assert (change.unit, change.kind, money.unit) == ("%", "change", "THB")
    text = first.version.text
    assert text[first.start : first.end] == "303"
    assert selectors.find(text, first.selectors) == (first.start, first.end)
    assert Article.objects.get().read


def test_the_public_sees_verified_figures_only(
        client: Client, at_the_desk: Client, figures: list[Figure]) -> None:
    page(client, figures[0], 404)
    assert "303" not in client.get(LIST).content.decode()
    do(at_the_desk, figures[0], "verify")
    seen = page(client, figures[0])
    assert "<mark>303</mark>" in seen
    assert "smart factories" in client.get(LIST).content.decode()


def test_verifying_leads_to_the_next_figure_and_tells_the_other_rooms(
        at_the_desk: Client, officer: Person, figures: list[Figure]) -> None:
    answer = do(at_the_desk, figures[0], "verify", indicator="smart-factories")
    assert answer.redirect_chain[-1][0] == figures[1].get_absolute_url()
    told = Fact.objects.get(name="figure.verified").data
    assert (told["value"], told["unit"], told["indicator"]) == ("303", "factory",
                                                                "smart-factories")
    assert told["subject"] == {"en": "smart factories"}
    assert told["quote"].startswith("At the end of 2025")
    figures[0].refresh_from_db()
    assert figures[0].verified_by == officer


def test_a_value_that_the_quote_does_not_state_is_refused(
        at_the_desk: Client, figures: list[Figure]) -> None:
    answer = do(at_the_desk, figures[0], "verify", value="308")
    assert "does not state this value" in answer.content.decode()
    figures[0].refresh_from_db()
    assert (figures[0].state, figures[0].value) == ("read", 303)


def test_a_person_may_say_subject_place_and_period_better(
        at_the_desk: Client, figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "correct", subject="factories of the model list", period="2025-Q4")
    figures[0].refresh_from_db()
    assert (figures[0].subject, figures[0].period, figures[0].state) == (
        "factories of the model list", "2025-Q4", "read")
    answer = do(at_the_desk, figures[0], "correct", period="last year")
    assert answer.status_code == 422


def test_a_rejected_figure_is_not_read_again(at_the_desk: Client, figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "reject", because="A forecast")
    Article.objects.update(read=False)
    reactions.read()
    assert Figure.objects.count() == 3
    figures[0].refresh_from_db()
    assert (figures[0].state, figures[0].because) == ("rejected", "A forecast")


def test_a_corrected_article_moves_figures_and_withdraws_those_it_no_longer_states(
        at_the_desk: Client, figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    corrected(figures[0].article, "A new first line.\n\n" + TEXT.replace("12.5", "11.5"))
    first, change, _money = (Figure.objects.get(pk=each.pk) for each in figures)
    assert (first.state, first.version.position) == ("verified", 2)
    assert first.version.text[first.start : first.end] == "303"
    assert change.state == "withdrawn"
    assert "no longer says this" in page(at_the_desk, change)
    assert Fact.objects.filter(name="figure.withdrawn").count() == 1
    assert Figure.objects.filter(value="11.5", state="read").exists()


def test_figures_go_with_their_article(officer: Person, figures: list[Figure]) -> None:
    article = figures[0].article
    article_actions.withdraw(article, by=officer, because="A hoax")
    Article.objects.update(read=False)
    reactions.read()
    assert set(Figure.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_two_articles_that_say_otherwise_are_both_flagged_and_both_stay(
        at_the_desk: Client, article: Callable[..., Article], figures: list[Figure]) -> None:
    article("At the end of 2025 Guangxi had 340 smart factories, the paper said.")
    reactions.read()
    first = Figure.objects.get(pk=figures[0].pk)
    other = Figure.objects.get(value=340)
    assert first.flags == [{"code": "contradicts", "figure": other.key}]
    assert other.flags == [{"code": "contradicts", "figure": first.key}]
    assert "says otherwise" in page(at_the_desk, first)
    assert first.key in at_the_desk.get(LIST, {"flagged": "on"}).content.decode()
    do(at_the_desk, other, "reject")
    assert first.key not in at_the_desk.get(LIST, {"flagged": "on"}).content.decode()


def test_an_old_figure_is_marked_when_a_newer_one_is_verified(
        at_the_desk: Client, article: Callable[..., Article], figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    article("At the end of 2026 Guangxi had 350 smart factories.")
    reactions.read()
    do(at_the_desk, Figure.objects.get(value=350), "verify")
    assert Figure.objects.get(pk=figures[0].pk).flags[0]["code"] == "stale"


def test_a_figure_is_added_by_the_words_that_state_it_and_by_no_others(
        at_the_desk: Client, figures: list[Figure]) -> None:
    article = figures[0].article
    Figure.objects.all().delete()
    given = {"article": article.number, "quote": "Guangxi had 304 smart factories"}
    answer = at_the_desk.post(f"{LIST}add/", given)
    assert answer.status_code == 422
    assert "not in the article" in answer.content.decode()
    given["quote"] = "Guangxi had 303 smart factories"
    at_the_desk.post(f"{LIST}add/", given)
    assert Figure.objects.get().value == 303


def test_what_a_language_model_proposes_is_kept_only_if_the_house_reads_it_too(
        officer: Person, article: Callable[..., Article], settings: Any,
        monkeypatch: pytest.MonkeyPatch) -> None:
    made = article(TEXT)
    settings.TRANSLATION_URL, settings.TRANSLATION_MODEL = "http://localhost:1", "model"
    quote = "At the end of 2025 Guangxi had 303 smart factories"
    claims = [Claim(quote, value, "factory") for value in (303, 330)]
    claims.append(Claim(quote, 303, "factory", period="2024"))  # type: ignore[arg-type]
    monkeypatch.setattr(proposing, "ask", lambda *_args: claims)
    outcome = proposing.propose(made, by=officer)
    assert [each.value for each in outcome.accepted] == [303]
    assert outcome.accepted[0].proposed
    assert (outcome.refused, dict(outcome.reasons)) == (2, {"value": 1, "period": 1})
    assert Fact.objects.get(name="figures.proposed").data["refused"] == 2


def test_the_list_narrows_and_goes_on_where_it_ended(
        at_the_desk: Client, article: Callable[..., Article]) -> None:
    for number in range(45):
        article(f"In 2026 Laos had {100 + number} clinics.")
    reading_figures.take_up(60)
    first = at_the_desk.get(LIST, {"place": "LA", "unit": "hospital"}).content.decode()
    assert "144" in first and "Older figures" in first
    assert first.count("<li>\n<h2>") == 40
    assert "No" in at_the_desk.get(LIST, {"place": "TH"}).content.decode()


def test_a_figure_comes_as_a_web_annotation_with_both_selectors(
        client: Client, at_the_desk: Client, figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    body = json.loads(client.get(f"{LIST}{figures[0].key}/annotation.json").content)
    kinds = [each["type"] for each in body["target"]["selector"]]
    assert kinds == ["TextQuoteSelector", "TextPositionSelector"]
    assert body["body"]["value"] == "303"


def test_only_the_desk_checks(client: Client, person: Callable[..., Person],
                              figures: list[Figure]) -> None:
    client.force_login(person("visitor"))
    assert do(client, figures[0], "verify").status_code == 404
    assert Figure.objects.get(pk=figures[0].pk).state == "read"


def test_software_reads_verified_figures_and_an_officer_checks_by_tool(
        client: Client, officer: Person, figures: list[Figure]) -> None:
    assert client.get("/api/v1/newsroom/figures").json()["figures"] == []
    tools.check_figure(figures[2].key, "verify", {"indicator": "exports"}, person=officer)
    [told] = client.get("/api/v1/newsroom/figures", {"unit": "THB"}).json()["figures"]
    assert (told["value"], told["indicator"], told["state"]) == (
        "5200000000", "exports", "verified")
    with pytest.raises(callers.Unauthorised):
        tools.check_figure(figures[0].key, "reject", person=None)


def test_verified_figures_go_out_as_a_feed(
        client: Client, at_the_desk: Client, figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    [item] = stating.feed()
    assert (item.key, item.title) == (figures[0].key, "303 smart factories")
