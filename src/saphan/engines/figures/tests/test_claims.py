"""Selectors find a quote again, claims must be readable, and figures know each other."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from saphan.engines.figures import find, selectors
from saphan.engines.figures.proposal import Claim, check
from saphan.engines.figures.sameness import Tie, compare, is_stale

DAY = date(2025, 4, 8)
TEXT = ("At the end of 2023 Guangxi had 303 smart factories and 197 digital workshops. "
        "The number of AI firms grew by 19.77 per cent in 2024.")  # fmt: skip
TRUE = Claim("Guangxi had 303 smart factories and 197 digital workshops", Decimal(303), "factory",
             None, "=", "smart factories", "2023", "CN-GX")  # fmt: skip


def test_a_stretch_is_found_at_its_place_and_after_a_shift():
    start = TEXT.index("303")
    kept = selectors.both(TEXT, start, start + 3)
    assert selectors.find(TEXT, kept) == (start, start + 3)
    assert selectors.find("A new first line.\n\n" + TEXT, kept) == (start + 19, start + 22)


def test_a_number_that_stands_elsewhere_now_is_not_taken_for_it():
    kept = selectors.both(TEXT, TEXT.index("303"), TEXT.index("303") + 3)
    assert selectors.find("Room 303 is closed, they said.", kept) is None


def test_of_two_equal_quotes_the_one_with_the_same_neighbours_is_meant():
    text = "First 40 cars came. Then 40 cars left."
    kept = selectors.both(text, text.rindex("40"), text.rindex("40") + 2)
    longer = "In all 40 cars were red. " + text
    assert selectors.find(longer, kept) == (longer.rindex("40"), longer.rindex("40") + 2)


def test_a_claim_that_the_parser_reads_the_same_way_is_accepted():
    assert check(TRUE, TEXT, "en", DAY).accepted == find(TEXT, "en", DAY)[0]


@pytest.mark.parametrize(("reason", "wrong"), [
    ("value", {"value": Decimal(308)}), ("value", {"value": Decimal(303000)}),
    ("unit", {"unit": "project"}), ("relation", {"relation": ">="}),
    ("period", {"period": "2024"}), ("place", {"place": "CN-YN"}),
    ("subject", {"subject": "patents"}), ("subject", {"subject": "digital workshops"}),
    ("quote_missing", {"quote": "Guangxi had 304 smart factories"}),
    ("quote_short", {"quote": "303"}),
])  # fmt: skip
def test_a_claim_with_one_thing_wrong_is_refused_with_the_reason(reason, wrong):
    checked = check(replace(TRUE, **wrong), TEXT, "en", DAY)
    assert not checked
    assert reason in checked.reasons


def test_rounded_figures_agree_and_different_ones_contradict():
    first = find("In 2024 Guangxi had 1.25 million firms.", "en", DAY)[0]
    rounded = find("In 2024 Guangxi had 1,248,000 firms.", "en", DAY)[0]
    other = find("In 2024 Guangxi had 1.31 million firms.", "en", DAY)[0]
    assert compare(first, rounded) is Tie.SAME
    assert compare(first, other) is Tie.CONTRADICTS


def test_a_later_year_updates_and_another_subject_is_unrelated():
    first = find("In 2023 Guangxi had 303 smart factories.", "en", DAY)[0]
    later = find("In 2024 Guangxi had 350 smart factories.", "en", DAY)[0]
    other = find("In 2023 Guangxi had 303 pig farms.", "en", DAY)[0]
    assert compare(first, later) is Tie.UPDATES
    assert compare(later, first) is Tie.UNRELATED
    assert compare(first, other) is Tie.UNRELATED


def test_a_yearly_figure_is_stale_when_the_next_but_one_year_is_half_over():
    assert not is_stale("2023", DAY, date(2024, 12, 31))
    assert is_stale("2023", DAY, date(2025, 9, 1))
