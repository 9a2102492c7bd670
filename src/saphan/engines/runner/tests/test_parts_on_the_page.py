"""A stranger's words and values are data: on the page they are text, and they reach nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.runner import (
    Bars,
    Box,
    Chart,
    Facts,
    Marks,
    Picture,
    Quote,
    Result,
    Rows,
    Say,
    Sound,
    Span,
    Unit,
    Word,
)
from saphan.engines.runner.folder import Folder, Measure
from saphan.rooms.exhibition.answers import Speaker, for_software

BAD = '"><script>alert(1)</script>\'<img src=x onerror=alert(2)>&'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def speaker(**words: dict[str, str]) -> Speaker:
    return Speaker(Folder(
        path=Path("/nowhere"), slug="strange", sector="other", maker="x", licence="x",
        measures=(Measure("right", 0.87),), words={"en": words}), "en")


def page(answer: Result, speaks: Speaker | None = None, **given: Any) -> str:
    return render_to_string("exhibition/parts.html", {
        "parts": (speaks or speaker()).parts(answer.to_json(), given)})


EVERY = [
    Say(BAD, BAD, value=BAD), Facts([(BAD, BAD), (Word(BAD), Unit(1, BAD))]),
    Bars(BAD, [(BAD, 0.5), (Word(BAD), 0.1)], unit=BAD), Rows([BAD], [[BAD], [Word(BAD)]], BAD),
    Marks(BAD, [Span(0, 5, BAD, BAD)], BAD), Quote(BAD, BAD, BAD),
    Picture(BAD, PNG, boxes=[Box(0, 0, 1, 1, BAD, BAD)]),
    Chart(BAD, [BAD, "2"], [(BAD, [1, 2]), (Word(BAD), [2, None])], BAD), Sound(b"RIFF", BAD)]


@pytest.mark.parametrize("part", EVERY, ids=lambda part: type(part).__name__)
def test_markup_in_any_place_of_a_part_is_text(part: Any) -> None:
    html = page(Result(part))
    assert "alert(1)" in html, "the part was left out"
    assert "<script" not in html
    assert "<img src=x" not in html
    assert not re.search(r'<\w+[^<>]*"><script', html)


@pytest.mark.parametrize("group", ["says", "labels"])
def test_markup_in_words_of_the_plate_is_text(group: str) -> None:
    speaks = speaker(**{group: {"key": BAD + "{value}"}})
    part = Say("key", value=BAD) if group == "says" else Facts([(Word("key", {"value": BAD}), 1)])
    html = page(Result(part), speaks)
    assert html.count("&lt;script&gt;") == 2
    assert "<script" not in html


@pytest.mark.parametrize("braces", [
    "{value.__class__}", "{value[0]}", "{value!r}", "{value:>99999999}", "{0}", "{}", "{{value}}",
    "{other}", "{__class__}", "%(value)s %s", "{value.real", "}{"])
def test_braces_reach_values_by_their_name_alone(braces: str) -> None:
    said = speaker(says={"key": braces}).word("says", "key", {"value": 7}).text
    assert said == braces.replace("{value}", "7")


def test_braces_in_a_value_are_not_filled_again() -> None:
    said = speaker(says={"key": "{a} {b}"}).word("says", "key", {"a": "{b}", "b": "{right}"})
    assert said.text == "{b} {right}"


def test_a_brace_that_no_value_fills_says_what_was_measured() -> None:
    assert speaker(says={"key": "{right} are right"}).word("says", "key").text == (
        "87% are right")


def test_a_sentence_without_words_shows_its_key() -> None:
    assert page(Result(Say("no_such_key"))).count("no such key") == 1


WRONG: list[dict[str, Any]] = [
    {"kind": "say"}, {"kind": "facts", "lines": [["one"]]}, {"kind": "facts"},
    {"kind": "bars", "title": "x", "rows": [["a", "b"]], "unit": "share"},
    {"kind": "rows", "columns": 3, "rows": []}, {"kind": "marks", "text": "x", "spans": [{}]},
    {"kind": "picture", "alt": "x", "data": "no bytes"}, {"kind": "sound", "data": "x"},
    {"kind": "picture", "alt": "x", "data": PNG, "boxes": [{"left": "a"}]},
    {"kind": "chart", "title": "x"}, {"kind": "parts"}, {"kind": "word"}, {"kind": None}, {},
    {"kind": ["say"]}, {"kind": {}}, {"kind": "say", "key": 3, "values": [1]},
    {"kind": "facts", "lines": [["x", {"unit": "kg", "value": "many"}], ["y", {"word": [1]}]]},
    {"kind": "_class__"},
    {"kind": "_init__"}, {"kind": "filled"}]


@pytest.mark.parametrize("part", WRONG, ids=str)
def test_a_part_made_wrongly_is_left_out_and_the_others_are_shown(part: dict[str, Any]) -> None:
    good = Result(Quote("the others")).to_json()["parts"]
    views = speaker().parts({"parts": [part, *good]})
    assert [view.text for view in views][-1] == "the others"
    assert len(views) <= 2


@pytest.mark.parametrize("part", WRONG, ids=str)
def test_software_gets_whatever_was_made_wrongly_without_harm(part: dict[str, Any]) -> None:
    told = for_software({"parts": [part, *Result(Quote("others")).to_json()["parts"]]}, speaker())
    assert told[-1]["text"] == "others"


@pytest.mark.parametrize("answer", [{}, {"parts": None}, {"parts": 3}, {"parts": "say"},
                                    {"parts": {"kind": "say"}}, {"parts": ["say", None, 3]}])
def test_what_has_no_parts_shows_nothing(answer: dict[str, Any]) -> None:
    assert speaker().parts(answer) == []
    assert for_software(answer, speaker()) == []


@given(st.floats() | st.integers(-10**60, 10**60), st.sampled_from(["", "share", "kg", "%", "x"]),
       st.none() | st.integers(0, 6))
def test_any_number_can_be_shown(value: float, unit: str, digits: int | None) -> None:
    told = Result(Facts([("a", value), ("b", Unit(value, unit, digits))]),
                  Say("s", value=value)).to_json()
    for lang in ("en", "my", "pt"):
        speaks = Speaker(None, lang)
        assert [str(shown) for _label, shown in speaks.parts(told)[0].lines] != ["", ""]
        assert speaks.refusal("too_many_rows", {"most": told["parts"][1]["values"]["value"]}).text


def test_marks_that_overlap_or_lie_outside_leave_the_text_whole() -> None:
    text = "ทุเรียน is a fruit"
    spans = [Span(0, 7, "th"), Span(3, 9, "over"), Span(12, 99, "out"), Span(5, 2, "turned"),
             Span(-3, 2, "before")]
    [view] = speaker().parts(Result(Marks(text, spans)).to_json())
    assert "".join(piece for piece, _label, _level in view.lines) == text
    assert [label.text for _piece, label, _level in view.lines if label] == ["th"]


def test_only_pictures_become_addresses_of_pictures() -> None:
    html = page(Result(Picture("x", b"<svg onload=alert(1)>")))
    assert "svg" not in html
    assert "data:image/png;base64," in page(Result(Picture("x", PNG)))
    assert "data:image/png;base64," in page(Result(Picture("x", of="photo")), photo=PNG)
    assert "<img" not in page(Result(Picture("x", of="photo")))


def test_a_table_as_long_as_a_book_is_cut() -> None:
    [view] = speaker().parts(Result(Rows(["n"], [[n] for n in range(9_000)])).to_json())
    assert len(view.lines) == 500


def test_software_gets_keys_values_and_the_sentence() -> None:
    answer = Result(Say("key", value=1), Facts([(Word("size"), b"\1\2")])).to_json()
    told = for_software(answer, speaker(says={"key": "It is {value}."}, labels={"size": "Size"}))
    assert told[0] == {"kind": "say", "key": "key", "level": "info", "values": {"value": 1},
                       "text": "It is 1."}
    assert told[1]["lines"] == [[{"word": "size", "values": {}, "text": "Size"}, "AQI="]]


@pytest.mark.parametrize("values", [{}, {"most": BAD}, {"most": 3, "other": "%s %(x)s"}])
def test_a_refusal_of_the_house_takes_any_values(values: dict[str, Any]) -> None:
    said = speaker().refusal("too_many_rows", values).text
    assert said.startswith("This table has too many rows.")
