"""What the function is called with: every problem at once, and never a value of another type."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.runner.inputs import (
    FILES,
    TEXTS,
    BadInputs,
    Input,
    Problem,
    check,
    schema,
)

TYPES = {"number": float, "integer": int, "yes_no": bool, **dict.fromkeys(TEXTS, str),
         "choice": str, **dict.fromkeys(FILES, bytes)}


def one(kind: str = "line", **more: Any) -> Input:
    return Input("one", kind, **more)


def value(wanted: Input, raw: Any) -> Any:
    return check([wanted], {"one": raw})["one"]


def problem(wanted: Input, raw: Any) -> Problem:
    with pytest.raises(BadInputs) as caught:
        check([wanted], {"one": raw})
    [found] = caught.value.problems
    return found


def test_all_problems_come_at_once_and_name_their_fields() -> None:
    wanted = [Input("text", "line", most=3), Input("count", "integer"), Input("photo", "image"),
              Input("way", "choice", choices=("a", "b"))]
    with pytest.raises(BadInputs) as caught:
        check(wanted, {"text": "long", "count": "1.5", "way": "c", "colour": "red"})
    assert {(each.field, each.code) for each in caught.value.problems} == {
        ("text", "too_long"), ("count", "not_whole"), ("photo", "required"),
        ("way", "not_a_choice"), ("colour", "unknown")}
    assert "photo: required" in str(caught.value)


@pytest.mark.parametrize("nothing", [None, "", b""])
def test_nothing_is_the_default_or_a_problem(nothing: Any) -> None:
    assert problem(one(), nothing).code == "required"
    assert value(one(required=False, default="x"), nothing) == "x"
    assert value(one("image", required=False), nothing) is None


def test_what_is_left_out_gets_its_default() -> None:
    assert check([one("number", required=False, default=2.5)], {}) == {"one": 2.5}
    assert check([one("yes_no", required=False, default=True)], {}) == {"one": True}


def test_a_box_that_is_not_ticked_is_no_even_where_the_default_is_yes() -> None:
    assert value(one("yes_no", required=False, default=True), None) is False
    assert value(one("yes_no", required=False, default=True), False) is False


@pytest.mark.parametrize(("raw", "meant"), [
    (True, True), ("on", True), ("true", True), (1, True), (False, False), ("no", False),
    (0, False), ("off", False)])
def test_yes_and_no_as_forms_and_software_say_them(raw: Any, meant: bool) -> None:
    assert value(one("yes_no"), raw) is meant


@pytest.mark.parametrize("raw", ["perhaps", 2, [], {}, ["on"], 0.5])
def test_what_is_neither_yes_nor_no_is_a_problem(raw: Any) -> None:
    assert problem(one("yes_no"), raw).code == "not_yes_no"


@pytest.mark.parametrize(("raw", "number"), [
    (3, 3.0), ("3", 3.0), (" 3.5 ", 3.5), ("3,5", 3.5), ("-0,25", -0.25), ("1e3", 1000.0)])
def test_numbers_with_a_decimal_point_or_comma(raw: Any, number: float) -> None:
    assert value(one("number"), raw) == number


@pytest.mark.parametrize("raw", ["x", "nan", "inf", "-Infinity", math.nan, math.inf, True, [], {},
                                 "1,000,5", 10**400, "9" * 400])
def test_what_is_no_finite_number_is_a_problem(raw: Any) -> None:
    assert problem(one("number"), raw).code == "not_a_number"
    assert problem(one("integer"), raw).code == "not_a_number"


def test_limits_of_numbers_hold_at_both_ends() -> None:
    wanted = one("number", at_least=0, at_most=10)
    assert value(wanted, 0) == 0
    assert value(wanted, 10) == 10
    assert problem(wanted, -0.001) == Problem("one", "too_small", 0)
    assert problem(wanted, 10.001) == Problem("one", "too_large", 10)


def test_a_whole_number_is_an_int_and_a_half_is_a_problem() -> None:
    found = value(one("integer"), "12.0")
    assert (found, type(found)) == (12, int)
    assert problem(one("integer"), 0.5).code == "not_whole"


def test_texts_have_limits_in_characters_and_plain_line_ends() -> None:
    assert value(one("words", most=3), "ກຂຄ") == "ກຂຄ"
    assert problem(one("words", most=3), "ກຂຄງ") == Problem("one", "too_long", 3)
    assert value(one("words"), "a\r\nb") == "a\nb"
    assert problem(one(), 3).code == "not_text"
    assert problem(one(), ["a"]).code == "not_text"


def test_a_choice_is_one_of_them() -> None:
    wanted = one("choice", choices=("th", "3"))
    assert value(wanted, "th") == "th"
    assert value(wanted, 3) == "3"
    assert problem(wanted, "TH") == Problem("one", "not_a_choice", "th, 3")


DATA = bytes(range(256))


@pytest.mark.parametrize("raw", [
    DATA, base64.b64encode(DATA).decode(),
    "data:image/png;base64," + base64.b64encode(DATA).decode()])
def test_files_come_as_bytes_as_base64_or_as_a_data_address(raw: Any) -> None:
    assert value(one("image"), raw) == DATA


@pytest.mark.parametrize(("raw", "code"), [
    ("%%%", "not_base64"), ("abc", "not_base64"), ("é", "not_base64"), (3, "not_a_file"),
    ([1], "not_a_file"), ("data:image/png;base64", "not_a_file")])
def test_what_is_no_file_is_a_problem(raw: Any, code: str) -> None:
    assert problem(one("file"), raw).code == code


def test_the_limit_of_a_file_counts_its_bytes_not_its_base64() -> None:
    wanted = one("audio", most=256)
    assert value(wanted, base64.b64encode(DATA).decode()) == DATA
    assert problem(wanted, base64.b64encode(DATA + b"x").decode()) == Problem(
        "one", "too_big", 256)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.binary(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner,
                                                                max_size=3), max_leaves=5)
INPUTS = st.builds(
    one, st.sampled_from([kind for kind in TYPES if kind != "choice"]), required=st.booleans(),
    most=st.none() | st.integers(1, 20), at_least=st.none() | st.integers(-10, 0),
    at_most=st.none() | st.integers(1, 10)) | st.builds(
    one, st.just("choice"), required=st.booleans(), choices=st.just(("a", "b", "1")))


@given(INPUTS, JUNK)
def test_whatever_is_given_the_function_gets_its_type_or_nothing_is_called(
        wanted: Input, raw: Any) -> None:
    try:
        found = value(wanted, raw)
    except BadInputs:
        return
    assert found is None or type(found) is TYPES[wanted.kind]


def plain(wanted: Input) -> st.SearchStrategy[Any]:
    """Values as software sends them: JSON of the declared type, within and beyond the limits."""
    if wanted.kind in FILES:
        return st.binary(max_size=30).map(lambda data: base64.b64encode(data).decode())
    if wanted.kind == "yes_no":
        return st.booleans()
    if wanted.kind == "integer":
        return st.integers(-20, 20)
    if wanted.kind == "number":
        return st.floats(-20, 20)
    return st.text(max_size=30) | st.sampled_from(["a", "b", "1", "c"])


@given(st.data(), INPUTS)
def test_the_schema_takes_what_check_takes_and_refuses_what_it_refuses(
        data: st.DataObject, wanted: Input) -> None:
    raw = data.draw(plain(wanted))
    told = schema([wanted])
    jsonschema.Draft202012Validator.check_schema(told)
    fits = jsonschema.Draft202012Validator(told).is_valid({"one": raw})
    code = refused(wanted, raw)
    # JSON Schema cannot say "not empty", and base64 comes in steps of three bytes.
    assert fits is (not code) or code in ("required", "too_big") or raw == "", raw


def refused(wanted: Input, raw: Any) -> str:
    try:
        value(wanted, raw)
    except BadInputs as bad:
        return bad.problems[0].code
    return ""


def test_the_schema_says_what_is_required_closed_and_described() -> None:
    wanted = [Input("photo", "image", most=300), Input("strict", "yes_no"),
              Input("rate", "number", required=False, default=0.0, at_least=0, at_most=1)]
    told = schema(wanted, {"photo": "A photo of the door"})
    assert told["required"] == ["photo"]
    assert told["additionalProperties"] is False
    assert told["properties"]["photo"] == {
        "type": "string", "contentEncoding": "base64", "contentMediaType": "image/jpeg",
        "maxLength": 400, "description": "A photo of the door"}
    assert told["properties"]["rate"] == {
        "type": "number", "minimum": 0, "maximum": 1, "default": 0.0}
    json.dumps(told)
