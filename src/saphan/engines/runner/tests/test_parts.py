"""What an exhibit answered, as JSON: every part, values of number libraries, plain Python."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
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
from saphan.engines.runner.parts import KINDS, BadAnswer, as_result

EACH = [
    (Say("found", "good", number=3, what=Word("door")),
     {"kind": "say", "key": "found", "level": "good",
      "values": {"number": 3, "what": {"word": "door", "values": {}}}}),
    (Facts([(Word("size"), Unit(1.5, "ha", 1)), ("raw", None)]),
     {"kind": "facts", "lines": [[{"word": "size", "values": {}},
                                  {"value": 1.5, "unit": "ha", "digits": 1}], ["raw", None]]}),
    (Bars("shares", [("a", 0.25)]),
     {"kind": "bars", "title": "shares", "rows": [["a", 0.25]], "unit": "share"}),
    (Rows(["a"], [[True], [2]]),
     {"kind": "rows", "columns": ["a"], "rows": [[True], [2]], "title": ""}),
    (Marks("ສະບາຍດີ", [Span(0, 3, "x", "warn")], "lo"),
     {"kind": "marks", "text": "ສະບາຍດີ", "lang": "lo",
      "spans": [{"start": 0, "end": 3, "label": "x", "level": "warn"}]}),
    (Quote("text", "th"), {"kind": "quote", "text": "text", "lang": "th", "title": ""}),
    (Picture("alt", b"\x89PNG", boxes=[Box(0, 0.5, 1, 0.25, "b")]),
     {"kind": "picture", "alt": "alt", "data": b"\x89PNG", "of": "", "boxes": [
         {"left": 0, "top": 0.5, "width": 1, "height": 0.25, "label": "b", "level": "info"}]}),
    (Chart("t", ["1", "2"], [("s", [1.0, None])], "kg"),
     {"kind": "chart", "title": "t", "x": ["1", "2"], "series": [["s", [1.0, None]]],
      "unit": "kg"}),
    (Sound(b"RIFF", "voice"), {"kind": "sound", "data": b"RIFF", "title": "voice"}),
]


@pytest.mark.parametrize(("part", "expected"), EACH, ids=[each["kind"] for _, each in EACH])
def test_every_part_has_its_json(part: Any, expected: dict[str, Any]) -> None:
    assert Result(part).to_json() == {"parts": [expected]}


def test_no_part_is_left_untested() -> None:
    assert {each["kind"] for _, each in EACH} == set(KINDS)


def test_parts_keep_their_order() -> None:
    told = Result(Quote("b"), Say("a"), Quote("c")).to_json()
    assert [each["kind"] for each in told["parts"]] == ["quote", "say", "quote"]


def test_values_of_numpy_become_plain_python() -> None:
    told = Result(
        Facts([("whole", np.int64(3)), ("half", np.float32(0.5)), ("yes", np.bool_(True)),
               ("none", np.float64("nan"))]),
        Chart("t", np.array(["1", "2"]), [("s", np.array([1.5, np.inf]))]),
        Rows(["n"], np.arange(2).reshape(2, 1))).to_json()["parts"]
    assert told[0]["lines"] == [["whole", 3], ["half", 0.5], ["yes", True], ["none", None]]
    assert [type(value) for _, value in told[0]["lines"][:3]] == [int, float, bool]
    assert told[1]["x"] == ["1", "2"]
    assert told[1]["series"] == [["s", [1.5, None]]]
    assert told[2]["rows"] == [[0], [1]]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_is_none(bad: float) -> None:
    told = Result(Facts([("x", bad), ("y", Unit(bad, "kg"))]), Say("s", value=bad)).to_json()
    assert told["parts"][0]["lines"][0][1] is None
    assert told["parts"][0]["lines"][1][1]["value"] is None
    assert told["parts"][1]["values"] == {"value": None}
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("thing", [object(), {1, 2}, lambda: 1, 1j, Word])
def test_what_cannot_be_shown_is_named(thing: Any) -> None:
    with pytest.raises(BadAnswer, match="cannot be shown"):
        Result(Facts([("x", thing)])).to_json()


def test_only_parts_are_parts() -> None:
    with pytest.raises(BadAnswer, match="Word is no part"):
        Result(Word("x")).to_json()  # type: ignore[arg-type]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner,
                                                                max_size=4), max_leaves=8)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4))
def test_any_plain_values_of_a_sentence_become_strict_json(values: dict[str, Any]) -> None:
    part = Say("key")
    object.__setattr__(part, "values", values)
    json.dumps(Result(part).to_json(), allow_nan=False)


@given(VALUES)
def test_any_plain_python_is_an_answer_or_is_refused_by_name(value: Any) -> None:
    try:
        told = as_result(value).to_json()
    except BadAnswer:
        return
    json.dumps(told, allow_nan=False)
    assert {part["kind"] for part in told["parts"]} <= set(KINDS)


def parts(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_result(answer).to_json()["parts"]
    return found


def test_a_string_is_a_quote_and_a_number_a_fact() -> None:
    assert parts("hello")[0]["text"] == "hello"
    assert parts(3)[0]["lines"] == [["", 3]]
    assert parts(False)[0]["lines"] == [["", False]]


def test_numbers_of_numpy_are_answers_too() -> None:
    assert parts(np.float32(0.5))[0]["lines"] == [["", 0.5]]
    assert parts({"n": np.int64(3)})[0]["lines"] == [["n", 3]]
    assert parts(np.array([1, 2]))[0]["rows"] == [[1], [2]]


def test_a_dict_is_facts_and_a_list_of_dicts_a_table_over_all_keys() -> None:
    assert parts({"a": 1, "b": None, "c": [1]})[0]["lines"] == [["a", 1], ["b", None], ["c", "[1]"]]
    told = parts([{"a": 1}, {"b": 2}])[0]
    assert (told["columns"], told["rows"]) == (["a", "b"], [[1, None], [None, 2]])


def test_a_mixed_list_is_a_table_with_one_column() -> None:
    assert parts(["x", 2, None])[0]["rows"] == [["x"], [2], [None]]
    assert parts([{"a": 1}, "x"])[0]["rows"] == [["{'a': 1}"], ["x"]]
    assert parts([]) == [{"kind": "rows", "columns": [""], "rows": [], "title": ""}]


def test_a_part_several_parts_and_a_result_are_taken_as_they_are() -> None:
    assert parts(Say("x"))[0]["key"] == "x"
    assert [each["key"] for each in parts([Say("x"), Say("y")])] == ["x", "y"]
    assert [each["key"] for each in parts((Say("x"), Say("y")))] == ["x", "y"]
    made = Result(Say("z"))
    assert as_result(made) is made


@pytest.mark.parametrize("answer", [None, object(), {1, 2}, b"bytes"])
def test_nothing_and_what_is_unknown_are_no_answer(answer: Any) -> None:
    with pytest.raises(BadAnswer, match=type(answer).__name__):
        as_result(answer)
