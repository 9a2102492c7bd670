"""The same event across days: placing one at a time, going over all again, obeying people."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.language.embed import Vectors, unit
from saphan.engines.stories.clustering import Item, Shelf, cluster, place, words

DAY = date(2025, 4, 1)


def near(axis: int, other: int = 7, share: float = 0.2) -> Vectors:
    """A vector that mostly points along one axis; vectors of one axis have a cosine above 0.9."""
    vector = np.zeros(8, np.float32)
    vector[axis], vector[other] = 1, share
    found: Vectors = unit(vector)[0]
    return found


def item(key: str, axis: int, days: int = 0, other: int = 7) -> Item:
    return Item(key, near(axis, other), DAY + timedelta(days=days))


def test_an_article_joins_the_story_it_is_like_and_begins_one_otherwise() -> None:
    shelf = Shelf(8)
    shelf.add("hall", near(0), DAY)
    shelf.add("durian", near(1), DAY)

    found = place(near(0, 6), DAY, shelf)

    assert found is not None and found.key == "hall"
    assert place(near(2), DAY, shelf) is None


def test_a_story_that_was_silent_for_long_takes_no_more_articles() -> None:
    shelf = Shelf(8)
    shelf.add("hall", near(0), DAY)

    assert place(near(0), DAY + timedelta(days=5), shelf) is not None
    assert place(near(0), DAY + timedelta(days=6), shelf) is None
    shelf.add("hall", near(0), DAY + timedelta(days=5))
    assert place(near(0), DAY + timedelta(days=10), shelf) is not None


def test_an_article_stays_out_of_the_story_that_people_took_it_from() -> None:
    shelf = Shelf(8)
    shelf.add("hall", near(0), DAY)

    assert place(near(0), DAY, shelf, barred={"hall"}) is None


def test_a_story_that_people_merged_takes_what_is_like_either_part() -> None:
    shelf = Shelf(8)
    shelf.put("fair", near(0), 1, DAY, DAY)
    shelf.put("fair", near(1), 1, DAY, DAY)

    for axis in (0, 1):
        found = place(near(axis, 6), DAY, shelf)
        assert found is not None and found.key == "fair"


def test_stories_that_turn_out_to_be_one_are_named_the_longer_first() -> None:
    shelf = Shelf(8)
    shelf.add("late", near(0), DAY + timedelta(days=1))
    for _article in range(2):
        shelf.add("early", near(0, 6), DAY)
    shelf.add("durian", near(1), DAY)

    assert shelf.close() == [("early", "late")]
    assert shelf.close(apart=[frozenset({"early", "late"})]) == []


def test_going_over_all_again_groups_by_event() -> None:
    found = cluster([item("a", 0), item("b", 1), item("c", 0, 2), item("d", 1, 3, 6)])

    assert found == [["a", "c"], ["b", "d"]]


def test_the_same_words_a_month_later_are_another_event() -> None:
    assert cluster([item("a", 0), item("b", 0, 31)]) == [["a"], ["b"]]


def test_people_hold_together_what_is_not_alike_and_keep_apart_what_is() -> None:
    items = [item("a", 0), item("b", 1), item("c", 0)]

    found = cluster(items, together=[("a", "b")], apart=[("a", "c")])

    assert found == [["a", "b"], ["c"]]


def test_an_empty_day_has_no_stories() -> None:
    assert cluster([]) == []
    assert Shelf(8).nearest(near(0), DAY) == []


ITEMS = st.lists(st.tuples(st.integers(0, 3), st.integers(4, 7), st.integers(0, 12)),
                 min_size=1, max_size=16)  # fmt: skip
PAIRS = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=4)


@settings(deadline=None, max_examples=60)
@given(ITEMS, PAIRS, PAIRS)
def test_each_article_is_in_one_group_and_decisions_hold(
    given_items: list[tuple[int, int, int]],
    joined: list[tuple[int, int]],
    parted: list[tuple[int, int]],
) -> None:
    items = [item(f"{number:02}", axis, day, other)
             for number, (axis, other, day) in enumerate(given_items)]  # fmt: skip
    keys = [each.key for each in items]
    together = [(f"{a:02}", f"{b:02}") for a, b in joined]
    apart = [(f"{a:02}", f"{b:02}") for a, b in parted]

    found = cluster(items, together=together, apart=apart)

    assert sorted(key for group in found for key in group) == keys
    at = {key: number for number, group in enumerate(found) for key in group}
    assert all(at[a] == at[b] for a, b in together if a in at and b in at)
    linked = [set(group) for group in cluster(items, together=together, alike=2.0)]
    for a, b in apart:
        same = any({a, b} <= group for group in linked)
        assert a not in at or b not in at or same or at[a] != at[b]
    shuffled = cluster(items[::-1], together=together, apart=apart)
    assert {frozenset(group) for group in shuffled} == {frozenset(group) for group in found}


def test_what_is_embedded_begins_with_the_title_said_once() -> None:
    assert words("Hall opens", "Hall opens\n\nIt covers 19,000 m².") == (
        "Hall opens. It covers 19,000 m²."
    )
    assert len(words("Hall opens", "long " * 200)) <= 300
