"""What counts as one thing."""

import cv2
import numpy as np
import pytest

from saphan.engines.runner import Refusal, media
from saphan.exhibits.count_things import counting, scenes
from saphan.exhibits.count_things.exhibit import count_things, histogram


def table(*discs, ground=(230, 230, 225), colour=(120, 60, 40)):
    picture = np.full((240, 320, 3), ground, np.uint8)
    for x, y, radius in discs:
        cv2.circle(picture, (x, y), radius, colour, -1, cv2.LINE_AA)
    return picture


def test_two_that_touch_are_two():
    things = counting.find(table((100, 120, 25), (148, 120, 25)))
    assert [(round(t.x / 10), round(t.y / 10)) for t in things] == [(10, 12), (15, 12)]


def test_a_large_and_a_small_one_that_touch_are_two():
    assert len(counting.find(table((100, 120, 40), (153, 120, 15), (250, 60, 30)))) == 3


def test_light_things_on_a_dark_ground_count_as_well():
    light = table((60, 60, 20), (160, 60, 20), (160, 160, 20), ground=(40, 60, 80),
                  colour=(240, 240, 230))
    assert len(counting.find(light)) == 3


def test_uneven_light_is_not_a_thing():
    slope = np.linspace(0.7, 1.0, 320)[None, :, None]
    picture = (table((60, 60, 20), (160, 60, 20), (250, 160, 20)) * slope).astype(np.uint8)
    assert len(counting.find(picture)) == 3


def test_one_cut_by_the_rim_is_marked_unsure():
    things = counting.find(table((60, 60, 20), (160, 60, 20), (160, 160, 20), (0, 150, 20)))
    assert [thing.odd for thing in sorted(things, key=lambda t: t.x)] == [True, False, False, False]


def test_an_empty_table_is_refused():
    with pytest.raises(Refusal, match="nothing_stands_out"):
        count_things(photo=media.png(table()))


def test_drawn_scenes_say_how_many_they_hold():
    for kind in scenes.KINDS:
        drawn = scenes.scene(kind, 7, count=9)
        assert drawn.count == 9
        assert abs(len(counting.find(drawn.picture)) - 9) <= 1


def test_the_shares_of_sizes_add_up_to_one():
    assert sum(share for _, share in histogram(np.array([0.5, 1.0, 1.1, 2.0]))) == pytest.approx(1)
    assert histogram(np.array([1.0, 1.0])) == [("1.0–1.0", 1.0)]
