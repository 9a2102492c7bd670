"""A signature becomes inputs; a parameter that cannot be one is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import pytest

from saphan.engines.runner import (
    Audio,
    BadContract,
    Drawing,
    Exhibit,
    Field,
    File,
    Image,
    Line,
    Refusal,
    Say,
    Table,
    Words,
    exhibit,
)
from saphan.engines.runner.contract import load
from saphan.engines.runner.inputs import Input, read


def only(function: Callable[..., Any]) -> Input:
    """The one input of a function."""
    [found] = exhibit(function).inputs
    return found


def annotated(hint: Any, *default: Any) -> Input:
    def made(one: Any) -> None: ...

    made.__annotations__ = {"one": hint}
    made.__defaults__ = default or None
    return only(made)


@pytest.mark.parametrize(("hint", "kind", "most"), [
    (str, "line", None), (Line, "line", 200), (Words, "words", 2_000), (Table, "table", 200_000),
    (int, "integer", None), (float, "number", None), (bool, "yes_no", None),
    (bytes, "file", None), (Image, "image", 8 * 2**20), (Drawing, "drawing", 4 * 2**20),
    (Audio, "audio", 8 * 2**20), (File, "file", 8 * 2**20)])
def test_every_hint_of_the_contract_has_its_kind_and_limit(
        hint: Any, kind: str, most: int | None) -> None:
    found = annotated(hint)
    assert (found.kind, found.most, found.required) == (kind, most, True)


def test_a_default_makes_an_input_optional_and_is_kept() -> None:
    found = annotated(float, 2.5)
    assert (found.required, found.default) == (False, 2.5)
    assert annotated(str, "").required is False


@pytest.mark.parametrize("hint", [Optional[Image], Image | None])  # noqa: UP045
def test_none_makes_a_file_optional(hint: Any) -> None:
    found = annotated(hint, None)
    assert (found.kind, found.required, found.default) == ("image", False, None)


def test_or_none_without_a_default_is_optional_too() -> None:
    assert annotated(Annotated[int | None, Field(at_least=3)]).required is False


def test_a_literal_is_a_choice_of_words() -> None:
    found = annotated(Literal["th", "lo", 3])
    assert (found.kind, found.choices) == ("choice", ("th", "lo", "3"))


def test_a_literal_may_be_annotated_and_optional() -> None:
    found = annotated(Annotated[Literal["a", "b"], Field(unit="kg")] | None, None)
    assert (found.kind, found.choices, found.unit, found.required) == (
        "choice", ("a", "b"), "kg", False)


def test_what_is_said_later_adds_to_what_was_said_before() -> None:
    found = annotated(Annotated[Words, Field(most=50, lang="lo")])
    assert (found.kind, found.most, found.rows, found.lang) == ("words", 50, 4, "lo")


def test_a_limit_of_zero_said_later_counts() -> None:
    found = annotated(Annotated[Annotated[float, Field(at_least=5)], Field(at_least=0)])
    assert found.at_least == 0


def test_other_annotations_are_left_alone() -> None:
    assert annotated(Annotated[Line, "a remark", Field(most=9)]).most == 9


@pytest.mark.parametrize("hint", [list[str], dict, complex, str | int, Path])
def test_a_hint_that_is_no_type_of_the_contract_names_the_parameter(hint: Any) -> None:
    with pytest.raises(BadContract, match=r"one: .*no type of the contract"):
        annotated(hint)


def test_a_parameter_without_a_hint_is_named() -> None:
    def made(good: Line, bad) -> None: ...  # type: ignore[no-untyped-def]

    with pytest.raises(BadContract, match="bad needs a type hint"):
        exhibit(made)


def test_stars_are_refused_by_name() -> None:
    def many(*texts: str) -> None: ...

    def named(**texts: str) -> None: ...

    for function in (many, named):
        with pytest.raises(BadContract, match="texts"):
            exhibit(function)


def test_a_file_has_no_default_bytes() -> None:
    with pytest.raises(BadContract, match=r"one: .*Image \| None"):
        annotated(Image, b"x")


def test_a_description_is_json_and_comes_back_whole() -> None:
    import json

    @exhibit
    def made(photo: Image, name: Annotated[Line, Field(most=20)] = "x",
             way: Literal["a", "b"] = "b") -> Say:
        """What it does."""
        return Say("done")

    told = json.loads(json.dumps(made.describe()))
    assert told["doc"] == "What it does."
    assert read(told["inputs"]) == made.inputs


def test_an_exhibit_is_still_a_function_and_runs_to_json() -> None:
    @exhibit
    def made(number: int) -> Say:
        return Say("said", "good", number=number + 1)

    assert made(2).values == {"number": 3}
    assert made.run({"number": 2}) == {"parts": [
        {"kind": "say", "key": "said", "level": "good", "values": {"number": 3}}]}


def test_a_refusal_goes_through() -> None:
    @exhibit
    def made(text: Line) -> Say:
        raise Refusal("no_door", seen=3)

    with pytest.raises(Refusal) as caught:
        made.run({"text": "x"})
    assert (caught.value.key, caught.value.values) == ("no_door", {"seen": 3})


def folder(place: Path, code: str, **others: str) -> Path:
    for name, text in {"exhibit": code, **others}.items():
        (place / f"{name}.py").write_text(text, "utf-8")
    return place


ONE = "from saphan.engines.runner import exhibit\n@exhibit\ndef one(text: str) -> str:\n"


def test_a_folder_is_a_package_of_its_own(tmp_path: Path) -> None:
    made = load(folder(tmp_path, "from . import helper\n" + ONE + "    return helper.SAID\n",
                       helper="SAID = 'from beside'\n"))
    assert isinstance(made, Exhibit)
    assert made.run({"text": ""})["parts"][0]["text"] == "from beside"


def test_two_folders_with_helpers_of_one_name_do_not_meet(tmp_path: Path) -> None:
    said = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made = load(folder(tmp_path / name, "from . import helper\n" + ONE
                           + "    return helper.SAID\n", helper=f"SAID = {name!r}\n"))
        said.append(made("x"))
    assert said == ["first", "second"]
    assert "helper" not in sys.modules


def test_future_annotations_are_read(tmp_path: Path) -> None:
    code = ("from __future__ import annotations\nfrom saphan.engines.runner import Image, exhibit\n"
            "@exhibit\ndef one(photo: Image | None = None) -> str:\n    return 'x'\n")
    assert load(folder(tmp_path, code)).inputs[0].kind == "image"


def test_a_folder_without_code_or_with_two_exhibits_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadContract, match=r"has no exhibit\.py"):
        load(tmp_path)
    with pytest.raises(BadContract, match="it holds 0"):
        load(folder(tmp_path, "x = 1\n"))
    with pytest.raises(BadContract, match="it holds 2"):
        load(folder(tmp_path, ONE + "    return text\n@exhibit\ndef two(text: str) -> str:\n"
                    "    return text\n"))


def test_a_file_that_the_code_itself_misses_is_not_called_a_missing_exhibit(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"weights\.bin"):
        load(folder(tmp_path, "open('weights.bin')\n" + ONE + "    return text\n"))


def test_what_is_said_outside_an_optional_counts_more_than_what_is_said_inside() -> None:
    found = annotated(Annotated[Annotated[int, Field(at_least=3, unit="kg")] | None,
                                Field(at_least=0)])
    assert (found.at_least, found.unit, found.required) == (0, "kg", False)
