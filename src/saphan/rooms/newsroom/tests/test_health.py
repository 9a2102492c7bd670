"""How a source is doing is judged from its usual ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from saphan.rooms.newsroom import health
from saphan.rooms.newsroom.health import Seen, Usual

NOW = datetime(2027, 3, 1, 4, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


def usual(**more) -> Usual:
    return Usual(**{"created": LONG_AGO, "last_article": NOW - timedelta(hours=2), "length": 2_000,
                    "gap_hours": 3.0, "articles": 40, **more})


def ringing(of: Usual, seen: Seen) -> set[str]:
    return set(health.alarms(of, seen, NOW)[0])


def test_a_source_in_its_usual_ways_rings_nothing() -> None:
    assert ringing(usual(), Seen(read=3)) == set()


@pytest.mark.parametrize(("gap", "hours", "silent"), [
    (3.0, 23, False), (3.0, 25, True), (24.0, 90, False), (24.0, 97, True),
    (None, 24 * 13, False), (None, 24 * 15, True)])
def test_silence_is_longer_than_usual_for_this_source(gap, hours, silent) -> None:
    found = usual(gap_hours=gap, last_article=NOW - timedelta(hours=hours))
    assert ("silent" in ringing(found, Seen())) is silent


def test_a_source_that_never_gave_anything_is_silent_after_three_days() -> None:
    new = Usual(created=NOW - timedelta(days=2))
    assert ringing(new, Seen()) == set()
    assert ringing(Usual(created=NOW - timedelta(days=4)), Seen()) == {"silent"}


@pytest.mark.parametrize(("problem", "failures", "expected"), [
    ("timeout", 2, set()), ("timeout", 3, {"unreachable"}), ("http_error", 9, {"unreachable"}),
    ("private_address", 1, {"private_address"}), ("robots", 1, {"robots"}),
    ("too_large", 1, {"too_large"}), ("nothing_listed", 5, {"layout"}),
    ("bad_recipe", 1, {"layout"})])
def test_trouble_with_the_list_has_a_name(problem, failures, expected) -> None:
    assert ringing(usual(failures=failures), Seen(problem=problem)) == expected


def test_trouble_with_pages_has_a_name() -> None:
    seen = Seen(read=2, short=2)
    seen.doubts.update({"recipe_missed": 2, "wrong_charset": 1})
    seen.troubles.update({"too_large": 1})
    assert ringing(usual(), seen) == {"layout", "short_text", "too_large"}


def test_one_short_note_among_articles_is_no_alarm() -> None:
    assert ringing(usual(), Seen(read=5, short=1)) == set()
    assert health.is_short(400, usual()) and not health.is_short(600, usual())
    assert not health.is_short(10, usual(articles=3))


def test_a_look_that_saw_no_page_ends_no_alarm_about_pages() -> None:
    _found, judged = health.alarms(usual(), Seen(), NOW)
    assert "short_text" not in judged and "silent" in judged
    _found, judged = health.alarms(usual(), Seen(read=1), NOW)
    assert "short_text" in judged
    _found, judged = health.alarms(usual(), Seen(problem="timeout"), NOW)
    assert not judged & {"layout", "silent"}


def test_what_is_usual_is_the_median_and_needs_a_few_articles() -> None:
    assert health.usual_length([100, 2_000, 2_100, 2_200]) is None
    assert health.usual_length([100, 2_000, 2_100, 2_200, 90_000]) == 2_100
    moments = [NOW - timedelta(hours=hours) for hours in (0, 0, 2, 4, 6, 106)]
    assert health.usual_gap(moments) == 2.0
    assert health.usual_gap(moments[:4]) is None
