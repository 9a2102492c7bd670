"""Asking the house: the page without JavaScript, and the stream of two answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import AsyncClient, Client

from saphan.design.plate import Plate
from saphan.doors.web import ask
from saphan.ground.access import Refused
from saphan.ground.text import Text, Words
from saphan.house import ask as house_ask
from saphan.house.ask import Answer, Hit, Requirement
from saphan.house.registry import rooms
from saphan.house.room import Room

pytestmark = pytest.mark.django_db


def answer(question: str, *, stage: str = "meaning", abstained: bool = False) -> Answer:
    title = Text("th", {"th": Words("คัดแยกทุเรียน"), "en": Words("Durian sorting", "machine")})
    plate = Plate("MKT-2026-0042", title.best("en"), "/en/market/MKT-2026-0042/", "Offer", "match",
                  "Market", maker="สวนฉลาด", maker_lang="th", economy="Thailand")
    wish = Requirement("economy", "Country or region", "Thailand", "Viet Nam", "not_met")
    room = Room("market", 2, "match", "Market", "…")
    hits = (Hit("1", "market", 0.8, plate, concepts=("fruit grading",), requirements=(wish,)),)
    return Answer(question, "en", "th", groups=((room, hits),), abstained=abstained, stage=stage,
                  concepts=("durian",))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the house was asked; it answers with one record, in two stages when streamed."""
    calls: list[dict[str, Any]] = []

    def one(question: str, **how: Any) -> Answer:
        calls.append({"question": question, **how})
        return answer(question, abstained="nothing" in question)

    def both(question: str, **how: Any) -> Iterator[Answer]:
        calls.append({"question": question, **how})
        yield answer(question, stage="words")
        yield answer(question)

    monkeypatch.setattr(house_ask, "ask", one)
    monkeypatch.setattr(house_ask, "stream", both)
    return calls


def test_the_page_answers_whole_without_javascript(client: Client,
                                                   told: list[dict[str, Any]]) -> None:
    page = client.get("/en/ask/", {"q": " ทุเรียน "}).content.decode()
    for wanted in ("One record fits.", "MKT-2026-0042", "Durian sorting", "Machine translation",
                   "fruit grading", "not met", "Country or region", "here: Viet Nam",
                   "Fits in part", "You asked in this language: Thai"):
        assert wanted in page
    assert told == [{"question": "ทุเรียน", "lang": "en", "asker": None}]


def test_when_nothing_fits_it_says_so_and_offers_to_post_the_need(
        client: Client, told: list[dict[str, Any]]) -> None:
    page = client.get("/en/ask/", {"q": "nothing & more"}).content.decode()
    assert "Nothing here fits well enough." in page
    if any(room.post_need for room in rooms()):
        assert "?q=nothing+%26+more" in page
        assert "Post this as a need" in page


@pytest.mark.parametrize(("typed", "said"), [
    ("", "in your own words"), ("  \n ", "in your own words"), ("\u200b\u200d", "own words"),
    ("x" * 2001, "2,000 characters")])
def test_what_cannot_be_asked_is_explained_and_kept(client: Client, told: list[dict[str, Any]],
                                                    typed: str, said: str) -> None:
    reply = client.get("/en/ask/", {"q": typed})
    page = reply.content.decode()
    assert reply.status_code == 400
    assert said in page
    assert f">{typed}</textarea>" in page
    assert 'aria-invalid="true"' in page
    assert told == []


def test_exactly_two_thousand_characters_are_fine(client: Client,
                                                  told: list[dict[str, Any]]) -> None:
    assert client.get("/th/ask/", {"q": "ก" * 2000}).status_code == 200


def test_a_refusal_keeps_the_question(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_how: Any) -> Answer:
        raise Refused("That was too often.")

    monkeypatch.setattr(house_ask, "ask", refuse)
    reply = client.get("/en/ask/", {"q": "durian"})
    assert reply.status_code == 400
    assert "That was too often." in reply.content.decode()
    assert ">durian</textarea>" in reply.content.decode()


def test_a_question_is_text_and_never_markup(client: Client, told: list[dict[str, Any]]) -> None:
    page = client.get("/en/ask/", {"q": "</textarea><script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_the_live_page_comes_at_once_and_leaves_asking_to_its_script(
        client: Client, told: list[dict[str, Any]]) -> None:
    page = client.get("/en/ask/", {"q": "durian", "live": "1"}).content.decode()
    assert "data-live" in page
    assert told == []


@pytest.mark.django_db(transaction=True)
def test_the_stream_tells_the_words_first_and_then_the_meaning(told: list[dict[str, Any]]) -> None:
    async def read() -> tuple[Any, str]:
        reply = await AsyncClient().get("/en/ask/stream", {"q": "ทุเรียน"})
        return reply, "".join([part.decode() async for part in reply.streaming_content])

    reply, body = asyncio.run(read())
    assert reply["Content-Type"].startswith("text/event-stream")
    assert reply["Cache-Control"] == "no-store"
    words, meaning = body.strip().split("\n\n")
    assert words.startswith("event: words\n")
    assert "Looking by meaning now" in words
    assert meaning.startswith("event: meaning\n")
    assert "One record fits." in meaning
    assert all(line.startswith(("event: ", "data: ")) for line in words.splitlines())


def test_each_stage_is_drawn_in_the_readers_language(told: list[dict[str, Any]]) -> None:
    events = list(ask._events("durian", "zh-hans", None))
    assert [event.split("\n")[0] for event in events] == ["event: words", "event: meaning"]
    assert told[0]["lang"] == "zh-Hans"


def test_a_stream_that_breaks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: Any, **_how: Any) -> Iterator[Answer]:
        yield answer("x", stage="words")
        raise RuntimeError("the model went away")

    monkeypatch.setattr(house_ask, "stream", breaks)
    events = list(ask._events("x", "en", None))
    assert events[-1].startswith("event: broken")


def test_the_stream_refuses_what_the_page_refuses(client: Client) -> None:
    assert client.get("/en/ask/stream", {"q": " "}).status_code == 400
