"""What a few leaves teach."""

import numpy as np
import pytest

from saphan.engines.runner import Refusal, media
from saphan.exhibits.leaf_teacher import leaves, teacher
from saphan.exhibits.leaf_teacher.exhibit import judge_leaf

PLACE = leaves.orchard(0)


def photo(seed, sick, strength=0.7):
    return media.jpeg(leaves.leaf(PLACE, seed, sick, strength), 92)


def taught(count=3):
    return ({f"good_{at}": photo(at, False) for at in range(1, count + 1)}
            | {f"bad_{at}": photo(at + 10, True) for at in range(1, count + 1)})


def said(result):
    return [part["key"] for part in result.to_json()["parts"] if part["kind"] == "say"]


def seen(picture):
    tiny = teacher.small(picture)
    return teacher.numbers(tiny, teacher.leaf_mask(tiny))


def test_a_clearly_sick_and_a_healthy_leaf_are_told_apart():
    assert said(judge_leaf(photo=photo(50, True), **taught()))[0] in ("looks_sick", "leans_sick")
    assert said(judge_leaf(photo=photo(51, False), **taught()))[0] in ("looks_healthy",
                                                                      "leans_healthy")


def test_teaching_it_the_other_way_round_turns_the_verdict():
    swapped = {("bad" if name.startswith("good") else "good") + name[-2:]: data
               for name, data in taught().items()}
    assert "healthy" in said(judge_leaf(photo=photo(50, True), **swapped))[0]


def test_one_photo_on_a_side_cannot_test_itself():
    assert "too_few" in said(judge_leaf(photo=photo(50, True), **taught(1)))


def test_photos_without_a_difference_are_told_to_teach_nothing():
    numbers = [seen(leaves.leaf(PLACE, seed, False)) for seed in range(60, 66)]
    assert sum(teacher.left_out(numbers[:3], numbers[3:])) < 6


def test_the_field_with_the_spot_speaks_loudest():
    good = [seen(leaves.leaf(PLACE, seed, False)) for seed in range(1, 4)]
    bad = [seen(leaves.leaf(PLACE, seed, True, 0.8)) for seed in range(11, 14)]
    leaf = leaves.leaf(PLACE, 70, False).copy()
    leaf[125:147, 170:192] = (80, 45, 25)
    tiny = teacher.small(leaf)
    moved = teacher.speaking(teacher.teach(good, bad), tiny, teacher.leaf_mask(tiny))
    row, column = np.unravel_index(moved.argmax(), moved.shape)
    assert abs(row - 5) <= 1 and abs(column - 5) <= 1


def test_it_never_claims_to_be_certain():
    far = teacher.Taught(np.zeros(15), np.full(15, 100.0), np.ones(15))
    assert far.chance(np.full(15, 100.0)) < 0.98 and far.chance(np.zeros(15)) > 0.02


def test_a_tiny_picture_is_refused():
    with pytest.raises(Refusal, match="too_small"):
        judge_leaf(photo=media.png(np.zeros((20, 20, 3), np.uint8)), **taught(1))
