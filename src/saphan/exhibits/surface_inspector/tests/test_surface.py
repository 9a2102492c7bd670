"""What the inspector sees, and what it lets pass."""

import numpy as np
import pytest

from saphan.engines.runner import Refusal, media
from saphan.exhibits.surface_inspector import eye, plates
from saphan.exhibits.surface_inspector.exhibit import inspect_surface, known


def parts(result, kind):
    return [part for part in result.to_json()["parts"] if part["kind"] == kind]


def test_the_frame_lies_around_the_damage():
    clean = plates.good("metal", 4001)
    hurt = clean.copy()
    hurt[150:200, 300:304] = 20
    model, limit = known("metal", 1)
    found = eye.places(model.distances(hurt), limit)
    assert found and found[0].x <= 300 <= found[0].x + found[0].width
    assert found[0].y <= 175 <= found[0].y + found[0].height
    assert eye.score(model.distances(clean)) < eye.score(model.distances(hurt))


@pytest.mark.parametrize("material", plates.MATERIALS)
def test_more_false_alarms_allowed_means_a_lower_limit(material):
    assert known(material, 10)[1] < known(material, 1)[1]


@pytest.mark.parametrize("material", plates.MATERIALS)
def test_a_strong_dent_is_found_and_most_good_plates_pass(material):
    model, limit = known(material, 1)
    assert eye.score(model.distances(plates.damaged(material, 4100, "dent", 0.9))) > limit
    passed = [eye.score(model.distances(plates.good(material, seed))) <= limit
              for seed in range(4200, 4206)]
    assert sum(passed) >= 5


def test_one_good_photo_teaches_an_unknown_surface():
    good = media.jpeg(plates.good("cloth", 4300), 92)
    hurt = media.jpeg(plates.damaged("cloth", 4301, "missing", 0.9), 92)
    told = inspect_surface(photo=hurt, surface="other", good=good)
    assert {part["key"] for part in parts(told, "say")} == {"differs", "one_good"}
    told = inspect_surface(photo=media.jpeg(plates.good("cloth", 4302), 92), surface="other",
                           good=good)
    assert "passes" in {part["key"] for part in parts(told, "say")}


def test_a_plain_surface_can_be_its_own_measure():
    told = inspect_surface(photo=media.jpeg(plates.damaged("metal", 4400, "stain", 0.9), 92),
                           surface="other")
    assert {part["key"] for part in parts(told, "say")} == {"differs", "own_measure"}


def test_nothing_shown_is_refused():
    with pytest.raises(Refusal, match="nothing_to_look_at"):
        inspect_surface()
    with pytest.raises(Refusal, match="too_small"):
        inspect_surface(photo=media.png(np.zeros((50, 50, 3), np.uint8)))


def test_the_same_seed_draws_the_same_plate():
    assert np.array_equal(plates.good("tile", 5), plates.good("tile", 5))
    assert not np.array_equal(plates.good("tile", 5), plates.good("tile", 6))
