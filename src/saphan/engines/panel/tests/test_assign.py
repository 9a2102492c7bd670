"""Who reads what."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.engines.panel import Problem, assign
from saphan.engines.panel.connected import islands_of

ANSWERS = [f"a{at}" for at in range(6)]
REVIEWERS = [f"r{at}" for at in range(4)]
PAIRS = st.tuples(st.sampled_from(ANSWERS), st.sampled_from(REVIEWERS))


def most_places(per_answer, forbidden, loads):
    """The most pairs that any assignment can have: Ford and Fulkerson on single pairs."""
    given_to = {reviewer: [] for reviewer in REVIEWERS}

    def place(answer, seen):
        for reviewer in REVIEWERS:
            if (answer, reviewer) in forbidden or reviewer in seen or answer in given_to[reviewer]:
                continue
            seen.add(reviewer)
            if len(given_to[reviewer]) < loads.get(reviewer, 99):
                given_to[reviewer].append(answer)
                return True
            for other in list(given_to[reviewer]):
                given_to[reviewer].remove(other)
                given_to[reviewer].append(answer)
                if place(other, seen):
                    return True
                given_to[reviewer].remove(answer)
                given_to[reviewer].append(other)
        return False

    return sum(place(answer, set()) for answer in ANSWERS for _ in range(per_answer))


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 3), st.sets(PAIRS, max_size=14),
       st.dictionaries(st.sampled_from(REVIEWERS), st.integers(0, 7)), st.integers(0, 3))
def test_as_many_places_are_filled_as_can_be_and_no_rule_is_broken(per, forbidden, loads, seed):
    found = assign(ANSWERS, REVIEWERS, per, conflicts=forbidden, loads=loads, seed=seed)
    assert len(set(found.pairs)) == len(found.pairs)
    assert not set(found.pairs) & forbidden
    for reviewer in REVIEWERS:
        here = sum(r == reviewer for _, r in found.pairs)
        assert here == found.loads[reviewer] <= loads.get(reviewer, 99)
    readers = {answer: sum(a == answer for a, _ in found.pairs) for answer in ANSWERS}
    assert max(readers.values()) <= per
    assert len(found.pairs) >= most_places(per, forbidden, loads)
    missing = {p.answer: p.missing for p in found.problems if p.kind == "too_few_readers"}
    assert missing == {a: per - n for a, n in readers.items() if n < per}
    apart = [p for p in found.problems if p.kind == "not_connected"]
    assert bool(apart) == (len(islands_of(found.pairs)) > 1)
    again = assign(ANSWERS, REVIEWERS, per, conflicts=forbidden, loads=loads, seed=seed)
    assert again == found


@settings(deadline=None, max_examples=30)
@given(st.sets(PAIRS, max_size=6))
def test_loads_are_as_even_as_they_can_be(forbidden):
    """Against every assignment of three answers; those joined by one hand-over may be less even."""
    answers = ANSWERS[:3]
    options = [list(itertools.combinations(
        [r for r in REVIEWERS if (a, r) not in forbidden], 2)) for a in answers]
    if not all(options):
        return
    evenest = min(sum(sum(r in pair for pair in choice) ** 2 for r in REVIEWERS)
                  for choice in itertools.product(*options))
    found = assign(answers, REVIEWERS, 2, conflicts=forbidden)
    assert sum(n * n for n in found.loads.values()) <= evenest + 2


def test_two_hundred_answers_are_shared_out_evenly_connected_and_mixed():
    answers = [f"a{at}" for at in range(200)]
    reviewers = [f"r{at}" for at in range(25)]
    found = assign(answers, reviewers, 5, seed=1)
    assert set(found.loads.values()) == {40}
    assert found.problems == ()
    readers = {}
    for answer, reviewer in found.pairs:
        readers.setdefault(answer, []).append(reviewer)
    met = Counter(pair for those in readers.values()
                  for pair in itertools.combinations(sorted(those), 2))
    assert len(met) == 25 * 24 / 2
    assert min(met.values()) >= 4  # 6.7 on average; 1 or 2 if left to chance


def test_loads_are_evened_out_along_chains():
    """Without that, r2 reads one and r3 three: nobody may simply hand on to r2."""
    found = assign(["a0", "a1", "a2", "a3"], ["r0", "r1", "r2", "r3"], 2,
                   conflicts=[("a0", "r2"), ("a1", "r1"), ("a2", "r1")])
    assert set(found.loads.values()) == {2}


def test_another_seed_gives_another_equally_good_assignment():
    one, two = (assign(ANSWERS, REVIEWERS, 2, seed=seed) for seed in (1, 2))
    assert one.pairs != two.pairs
    assert sorted(one.loads.values()) == sorted(two.loads.values()) == [3, 3, 3, 3]


def test_only_those_who_know_the_language_read():
    found = assign(["a", "b"], ["x", "y"], 1, languages={"a": ["th", "lo"], "b": ["vi"]},
                   speaks={"x": ["lo", "en"], "y": ["vi"]})
    assert found.pairs == (("a", "x"), ("b", "y"))
    assert Problem("not_connected", missing=1, why="allowed") in found.problems


def test_what_is_impossible_is_said_with_its_reasons():
    found = assign(["a", "b"], ["u", "v", "w", "x"], 2, conflicts=[("a", "u")], loads={"w": 0},
                   languages={"a": ["km"]}, speaks={"v": ["en"]})
    assert found.problems[0] == Problem(
        "too_few_readers", "a", missing=1, conflicts=1, language=1, full=1)


def test_too_few_places_altogether_are_counted():
    found = assign(["a", "b", "c"], ["x", "y"], 2, loads={"x": 2, "y": 1})
    assert found.problems[0] == Problem("places_short", missing=3)


def test_a_full_reader_makes_room_by_handing_on():
    found = assign(["a", "b"], ["x", "y"], 1, conflicts=[("a", "y")], loads={"x": 1, "y": 1})
    assert found.pairs == (("a", "x"), ("b", "y"))


def test_what_stands_stays_unless_a_conflict_came_up():
    found = assign(ANSWERS, REVIEWERS, 2, keep=[("a0", "r0"), ("a0", "r1"), ("a1", "r2")],
                   conflicts=[("a1", "r2")])
    assert {("a0", "r0"), ("a0", "r1")} <= set(found.pairs)
    assert ("a1", "r2") not in found.pairs
    assert found.problems == ()


def test_islands_are_joined():
    found = assign(list("abcd"), list("wxyz"), 2,
                   keep=[("a", "w"), ("a", "x"), ("b", "w"), ("b", "x")])
    assert len(islands_of(found.pairs)) == 1 and found.problems == ()


def test_one_reader_each_cannot_connect_and_that_is_why():
    found = assign(["a", "b"], ["x", "y"], 1)
    assert found.problems == (Problem("not_connected", missing=1, why="too_few_pairs"),)


@pytest.mark.parametrize("names", [(["a", "a"], ["x"]), (["a"], ["x", "x"])])
def test_names_that_occur_twice_are_refused(names):
    with pytest.raises(ValueError, match="differ"):
        assign(*names, 1)


def test_a_kept_pair_of_a_stranger_is_refused():
    with pytest.raises(ValueError, match="unknown"):
        assign(["a"], ["x"], 1, keep=[("a", "z")])
