"""Figures through the front: read, checked, corrected, withdrawn, proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saphan.engines.figures import selectors
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.newsroom import stating
from saphan.rooms.newsroom.actions import articles as article_actions
from saphan.rooms.newsroom.actions import reading_figures
from saphan.rooms.newsroom.models import Article, Figure, Version
from saphan.rooms.newsroom.reactions import figures as reactions
from saphan.rooms.newsroom.tests.conftest import FIGURES as TEXT

LIST = "/en/newsroom/figures/"


def page(client: Client, figure: Figure, status: int = 200) -> str:
    response = client.get(figure.get_absolute_url())
    assert response.status_code == status
    return str(response.content.decode())


def do(client: Client, figure: Figure, step: str, **given: str) -> Any:
    return client.post(f"{LIST}{figure.key}/do/", {"step": step, **given}, follow=True)


def flags(figure: Figure) -> list[str]:
    return [flag["code"] for flag in Figure.objects.get(pk=figure.pk).flags]


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
    assert answer.redirect_chain[-1][0] == f"{figures[1].get_absolute_url()}#check"
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



def test_the_list_narrows_and_goes_on_where_it_ended(
        at_the_desk: Client, article: Callable[..., Article]) -> None:
    for number in range(45):
        article(f"In 2026 Laos had {100 + number} clinics.")
    reading_figures.take_up(60)
    first = at_the_desk.get(LIST, {"place": "LA", "unit": "hospital"}).content.decode()
    assert "144" in first and "Older figures" in first
    assert first.count("<li>\n<h2>") == 40
    assert "No" in at_the_desk.get(LIST, {"place": "TH"}).content.decode()



def test_only_the_desk_checks(client: Client, person: Callable[..., Person],
                              figures: list[Figure]) -> None:
    client.force_login(person("visitor"))
    assert do(client, figures[0], "verify").status_code == 404
    assert Figure.objects.get(pk=figures[0].pk).state == "read"



def test_verified_figures_go_out_as_a_feed(
        client: Client, at_the_desk: Client, figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    [item] = stating.feed()
    assert (item.key, item.title) == (figures[0].key, "303 smart factories")


def test_how_exact_a_figure_is_cannot_be_said_otherwise_than_the_quote_says_it(
        at_the_desk: Client, figures: list[Figure]) -> None:
    answer = do(at_the_desk, figures[0], "correct", relation=">")
    assert "does not state this value" in answer.content.decode()
    assert Figure.objects.get(pk=figures[0].pk).relation == "="


def test_a_correction_lifts_a_contradiction_and_may_make_one(
        at_the_desk: Client, article: Callable[..., Article], figures: list[Figure]) -> None:
    article("At the end of 2024 Guangxi had 340 smart factories.")
    reactions.read()
    other = Figure.objects.get(value=340)
    assert not other.flagged
    do(at_the_desk, other, "correct", period="2025")
    assert flags(figures[0]) == flags(other) == ["contradicts"]
    do(at_the_desk, other, "verify", period="2024")
    assert flags(figures[0]) == flags(other) == []


def test_a_figure_is_not_old_any_more_when_the_newer_one_turns_out_wrong(
        at_the_desk: Client, article: Callable[..., Article], figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    article("At the end of 2026 Guangxi had 350 smart factories.")
    reactions.read()
    newer = Figure.objects.get(value=350)
    do(at_the_desk, newer, "verify")
    assert flags(figures[0]) == ["stale"]
    assert "Say why" in do(at_the_desk, newer, "withdraw").content.decode()
    do(at_the_desk, newer, "withdraw", because="A forecast")
    assert flags(figures[0]) == []


def test_the_public_is_not_told_of_a_contradiction_that_nobody_has_verified(
        client: Client, at_the_desk: Client, article: Callable[..., Article],
        figures: list[Figure]) -> None:
    do(at_the_desk, figures[0], "verify")
    article("At the end of 2025 Guangxi had 340 smart factories, the paper said.")
    reactions.read()
    other = Figure.objects.get(value=340)
    assert other.key in page(at_the_desk, figures[0])
    address = f"/api/v1/newsroom/figures/{figures[0].key}"
    assert other.key not in page(client, figures[0])
    assert client.get(address).json()["flags"] == []
    do(at_the_desk, other, "verify")
    assert other.key in page(client, figures[0])
    assert client.get(address).json()["flags"] == [{"code": "contradicts", "figure": other.key}]


def test_another_day_of_the_article_moves_what_counts_from_it_but_not_what_a_person_said(
        at_the_desk: Client, article: Callable[..., Article]) -> None:
    made = article("Last year Laos had 120 clinics.\n\nLast year Laos had 40 schools.")
    reactions.read()
    clinics, schools = Figure.objects.order_by("start")
    do(at_the_desk, schools, "correct", period="2026-Q1")
    Article.objects.filter(pk=made.pk).update(day="2026-02-26", published="2026-02-26", read=False)
    reactions.read()
    clinics, schools = Figure.objects.order_by("start")
    assert (clinics.period, schools.period) == ("2025", "2026-Q1")
    assert clinics.day == schools.day == made.day.replace(year=2026)
    assert Figure.objects.count() == 2


@pytest.mark.parametrize(("lang", "text", "stated", "value"), [
    ("th", "ลาวมีโรงงาน ๓๐๓ แห่งในปี ๒๕๖๘", "๓๐๓", 303),
    ("km", "ឡាវមានសាលារៀន ១២០ ក្នុងឆ្នាំ២០២៥។", "១២០", 120),
    ("my", "လာအိုတွင် စက်ရုံ ၃၀၃ ရုံ ရှိသည်။", "၃၀၃", 303),
    ("lo", "ລາວມີໂຮງງານ ໓໐໓ ແຫ່ງ.", "໓໐໓", 303),
])
def test_native_digits_are_read_and_quoted_as_they_stand(
        at_the_desk: Client, article: Callable[..., Article], lang: str, text: str, stated: str,
        value: int) -> None:
    article(text, lang=lang, title="ข่าว")
    reactions.read()
    figure = Figure.objects.get()
    assert (figure.value, figure.selectors[0]["exact"][: len(stated)]) == (value, stated)
    seen = page(at_the_desk, figure)
    assert f"<mark>{stated}" in seen
    assert f'<span class="said">{value}' in seen  # a reader of English gets her own digits
