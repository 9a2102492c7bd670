"""The container door's exhibit: form, check digit, reading, and what it admits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from saphan.engines.runner.refusal import Refusal
from saphan.exhibits.container_door import grammar, iso6346, marks
from saphan.exhibits.container_door.exhibit import container_door
from saphan.exhibits.reading import Glyph, Line, corner

FOLDER = Path(__file__).parents[1]


def glyphs(text: str, **doubts: dict[str, float]) -> list[Glyph]:
    """Sure signs; `p4={"O": 0.6, "0": 0.3}` makes place 4 doubtful."""
    return [Glyph(sign, doubts.get(f"p{at}", {sign: 0.99})) for at, sign in enumerate(text)]


def said(**given: object) -> list[str]:
    return [part["key"] for part in container_door.run(given)["parts"] if part["kind"] == "say"]


def test_check_digit_of_the_standards_own_example_is_three() -> None:
    assert iso6346.check_digit("CSQU305438") == 3
    assert iso6346.valid("CSQU3054383")


def test_any_single_wrong_digit_is_noticed() -> None:
    for place in range(4, 10):
        for digit in "0123456789":
            other = "CSQU3054383"[:place] + digit + "CSQU3054383"[place + 1:]
            assert iso6346.valid(other) == (other == "CSQU3054383")


def test_size_code_tells_length_height_and_type() -> None:
    told = iso6346.size("45R1")
    assert told is not None
    assert (told.length, told.height, told.group) == (12192, 2896, "type_r")
    assert iso6346.size("KGS1") is None


def test_letter_o_among_the_digits_counts_as_zero() -> None:
    found = grammar.best([glyphs("CSQU3O54383")])
    assert found is not None and found[0].chosen == "CSQU3054383"


def test_doubtful_sign_is_chosen_so_that_the_check_digit_is_right_and_said_to_be_changed() -> None:
    doubtful = grammar.best([glyphs("CSQU3854383", p5={"8": 0.6, "0": 0.3})])
    assert doubtful is not None
    assert doubtful[0].chosen == "CSQU3054383" and doubtful[0].changed == [5]


def test_sure_sign_is_never_changed_to_please_the_check_digit() -> None:
    found = grammar.best([glyphs("CSQU3854383")])
    assert found is not None and found[0].chosen == "CSQU3854383"


def test_weights_and_brands_are_no_container_numbers() -> None:
    assert grammar.best([glyphs("MAXGROSS30480KG"), glyphs("TARE 3,707 KG")]) is None


def test_column_is_cut_into_its_signs() -> None:
    mask = np.zeros((300, 60), np.uint8)
    for top in (20, 80, 140):
        mask[top:top + 40, 20:40] = 255
    assert len(marks.runs(mask, 60.0)) == 3


def test_serial_number_below_the_owner_code_belongs_to_it() -> None:
    first = Line(tuple(glyphs("CSQU")), corner([[10, 10], [110, 10], [110, 40], [10, 40]]))
    below = Line(tuple(glyphs("3054383")), corner([[10, 55], [180, 55], [180, 85], [10, 85]]))
    far = Line(tuple(glyphs("3054383")), corner([[10, 455], [180, 455], [180, 485], [10, 485]]))
    picture = np.full((500, 300, 3), 255, np.uint8)
    texts = ["".join(g.text for g in each.glyphs)
             for each in marks.strings(picture, [first, below, far])]
    assert texts.count("CSQU3054383") == 1


@pytest.mark.parametrize(("number", "key"), [
    ("CSQU 305438 3", "typed_right"), ("csqu3054384", "typed_wrong"), ("CSQU305438", "would_be")])
def test_typed_number_gets_its_verdict(number: str, key: str) -> None:
    assert said(photo=None, number=number) == [key]


@pytest.mark.parametrize("number", ["HELLO", "CSQX3054383", "CSQU30543"])
def test_other_text_is_refused(number: str) -> None:
    with pytest.raises(Refusal, match="not_the_form"):
        container_door.run({"photo": None, "number": number})


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(Refusal, match="nothing_given"):
        container_door.run({"photo": None, "number": None})


@pytest.mark.parametrize("name", ["slanted", "column"])
def test_number_on_a_photo_is_read_and_right(name: str) -> None:
    photo = (FOLDER / "examples" / f"{name}.jpg").read_bytes()
    assert "right" in said(photo=photo, number=None)


def test_number_typed_beside_a_photo_is_compared_with_it() -> None:
    photo = (FOLDER / "examples" / "slanted.jpg").read_bytes()
    assert "same" in said(photo=photo, number="DDUU5900321")
    assert "differs" in said(photo=photo, number="CSQU3054383")


def test_missing_check_digit_is_admitted() -> None:
    photo = (FOLDER / "examples" / "rust.jpg").read_bytes()
    assert said(photo=photo, number=None) == ["no_check_digit"]
