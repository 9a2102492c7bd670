"""The trade paper's exhibit: values, layout, fields, sums."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from saphan.exhibits.reading import Glyph, Line, corner
from saphan.exhibits.trade_paper import layout, values
from saphan.exhibits.trade_paper.exhibit import trade_paper
from saphan.exhibits.trade_paper.paper import Paper, label, paper

FOLDER = Path(__file__).parents[1]


def line(text: str, x: float, y: float, angle: float = 0.0) -> Line:
    """Print of 10 by 20 pixels a sign, the whole sheet turned by `angle` radians."""
    points = np.array([[x, y], [x + 10 * len(text), y], [x + 10 * len(text), y + 20], [x, y + 20]])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Line(tuple(Glyph(sign, {sign: 0.99}) for sign in text),
                corner((points @ turn.T).tolist()))


def table(total: str, angle: float = 0.0) -> Paper:
    """A small invoice in Indonesian."""
    rows = [("FAKTUR", 100, 0), ("No. Faktur", 100, 60), ("INV-2026-0007", 400, 60),
            ("Tanggal: 5 Agustus 2026", 100, 100),
            ("Uraian", 100, 200), ("Kode HS", 400, 200), ("Kuantitas", 600, 200),
            ("Harga satuan", 800, 200), ("Nilai", 1000, 200),
            ("Dried mango", 100, 250), ("0804.50", 400, 250), ("10", 600, 250),
            ("2.50", 800, 250), ("25.00", 1000, 250),
            ("White rice", 100, 300), ("1006.30", 400, 300), ("4", 600, 300),
            ("100.00", 800, 300), ("400.00", 1000, 300),
            ("Jumlah total", 600, 360), (f"USD {total}", 1000, 360)]
    return paper(layout.cells([line(*each, angle) for each in rows]))


@pytest.mark.parametrize(("text", "expected"), [
    ("05/08/2026", (date(2026, 8, 5), False)), ("2026-08-05", (date(2026, 8, 5), False)),
    ("2026年8月5日", (date(2026, 8, 5), False)), ("5 Ogos 2026", (date(2026, 8, 5), False)),
    ("5 de agosto de 2026", (date(2026, 8, 5), False)),
    ("August 5, 2026", (date(2026, 8, 5), False)), ("05/08/2569", (date(2026, 8, 5), True)),
    ("31/02/2026", None), ("no date", None)])
def test_dates_are_read_as_each_country_writes_them(text: str, expected: object) -> None:
    assert values.day(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("USD 12,345.60", 12345.6), ("EUR 12.345,60", 12345.6), ("IDR 1.250.000", 1250000),
    ("18,659 KG", 18659), ("7", 7), ("none", None)])
def test_amounts_are_read_with_points_or_commas(text: str, expected: float | None) -> None:
    assert values.amount(text) == expected


def test_codes_are_found_by_their_form() -> None:
    assert values.currency("TOTAL US$ 5") == "USD" and values.currency("THBX") == ""
    assert values.incoterm("FOB Haiphong, 2020") == "FOB Haiphong"
    assert values.containers("CSQU 3054383 / x") == ["CSQU3054383"]


@pytest.mark.parametrize(("text", "expected"), [
    ("Invoice No.: A-1", ("number", "A-1")), ("发票号码：A-1", ("number", "A-1")),
    ("Berat kotor", ("gross", "")), ("Netong timbang: 5", ("net", "5")), ("Datuk Lim", None)])
def test_field_names_are_known_in_many_languages(text: str, expected: object) -> None:
    assert label(text) == expected


@pytest.mark.parametrize("angle", [0.0, 0.05, -0.05])
def test_table_is_read_even_when_the_sheet_is_turned(angle: float) -> None:
    found = table("425.00", angle)
    assert found.kind == "invoice" and found.fields["number"].value == "INV-2026-0007"
    assert found.fields["date"].value == "2026-08-05"
    assert [(item.hs, item.amount) for item in found.items] == [("080450", 25), ("100630", 400)]
    assert found.adds_up is True and found.currency == "USD"


def test_wrong_total_is_noticed() -> None:
    assert table("435.00").adds_up is False


def test_sum_is_not_claimed_where_an_amount_is_missing() -> None:
    found = paper(layout.cells([line("Total: USD 5.00", 0, 0)]))
    assert found.total == 5 and found.adds_up is None


@pytest.mark.parametrize(("name", "keys"), [
    ("invoice", {"found", "adds_up"}), ("wrong_sum", {"found", "does_not_add_up"}),
    ("chinese", {"found", "buddhist"}), ("folded", {"no_paper"})])
def test_photo_gets_its_verdicts(name: str, keys: set[str]) -> None:
    parts = trade_paper.run({"photo": (FOLDER / "examples" / f"{name}.jpg").read_bytes()})["parts"]
    assert {part["key"] for part in parts if part["kind"] == "say"} == keys


def test_fields_of_the_chinese_paper_are_in_the_table() -> None:
    photo = (FOLDER / "examples" / "chinese.jpg").read_bytes()
    tables = [part for part in trade_paper.run({"photo": photo})["parts"] if part["kind"] == "rows"]
    got = {row[0]["word"]: row[1] for row in tables[0]["rows"]}
    assert got["number"] == "A-2025-0928" and got["date"] == "2025-07-28"
    assert got["seller"] == "桂林米粉厂"
