"""The Khmer page's exhibit: lines, reading, doubt."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saphan.engines.runner.media import picture
from saphan.engines.runner.refusal import Refusal
from saphan.exhibits.khmer_page import recogniser
from saphan.exhibits.khmer_page.exhibit import khmer_page
from saphan.exhibits.khmer_page.page import Page, page, rows, whole
from saphan.exhibits.reading import Glyph, Line, corner

FOLDER = Path(__file__).parents[1]


def place(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return corner([[left, top], [right, top], [right, bottom], [left, bottom]])


def photo(name: str) -> bytes:
    return (FOLDER / "examples" / f"{name}.jpg").read_bytes()


def test_notice_is_read_sign_for_sign() -> None:
    text = page(picture(photo("notice"))).text
    assert "ព្រះរាជាណាចក្រកម្ពុជា" in text
    assert text.splitlines()[1].split() == ["ជាតិ", "សាសនា", "ព្រះមហាក្សត្រ"]
    assert "០១២ ៣៤៥ ៦៧៨" in text


def test_blurred_page_is_called_poor_and_its_doubtful_signs_are_marked() -> None:
    parts = khmer_page.run({"photo": photo("blurred")})["parts"]
    assert parts[0]["key"] == "poor"
    marks = next(part for part in parts if part["kind"] == "marks")
    assert len(marks["spans"]) > 5 and marks["lang"] == "km"
    assert all(0 <= span["start"] < span["end"] <= len(marks["text"]) for span in marks["spans"])


def test_empty_page_is_refused() -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "PNG")
    with pytest.raises(Refusal, match="no_print"):
        khmer_page.run({"photo": out.getvalue()})


def test_specks_above_a_line_are_left_out_and_short_words_stay() -> None:
    line, speck, word = place(0, 0, 400, 40), place(10, 50, 30, 62), place(0, 80, 60, 120)
    assert len(whole([line, speck, word])) == 2


def test_two_pieces_on_one_line_are_read_from_left_to_right() -> None:
    right, left, below = place(300, 2, 400, 40), place(0, 0, 200, 38), place(0, 90, 50, 130)
    assert [[each[0, 0] for each in row] for row in rows([right, left, below])] == [[0, 300], [0]]


def test_long_line_is_divided_only_where_there_is_a_gap() -> None:
    strip = np.full((40, 800, 3), 255, np.uint8)
    strip[10:30, 0:380:2] = 0
    strip[10:30, 420:800:2] = 0
    first, second = (part.shape[1] for part in recogniser.pieces(strip, 12))
    assert 380 < first < 420 and first + second == 800
    strip[10:30, ::2] = 0
    assert len(recogniser.pieces(strip, 12)) == 1


def test_share_of_khmer_tells_a_page_in_another_language() -> None:
    def made(text: str) -> Page:
        return Page((Line(tuple(Glyph(sign, {sign: 1.0}) for sign in text),
                          place(0, 0, 9, 9)),), ())
    assert made("ទឹកស្អាត").khmer == 1
    assert made("Clean water 25").khmer == 0
