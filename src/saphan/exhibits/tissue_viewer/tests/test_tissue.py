"""Stains come apart, and nuclei are found."""

import numpy as np
import pytest

from saphan.engines.runner import Refusal, media
from saphan.exhibits.tissue_viewer import fields, stains
from saphan.exhibits.tissue_viewer.exhibit import view_tissue


def slide(blue, brown):
    """A picture of stains laid on in known amounts, beside a strip of clear glass."""
    def unit(vector):
        return np.array(vector) / np.linalg.norm(vector)

    mixed = blue * unit(stains.HAEMATOXYLIN) + brown * unit(stains.DAB)
    picture = np.full((120, 120, 3), 240.0)
    picture[:, 20:] = 240 * 10 ** -mixed
    return picture.round().astype(np.uint8)


def test_amounts_of_two_stains_come_back_as_they_were_laid_on():
    taken = stains.amounts(slide(0.4, 0.7), "brown")[60, 60]
    assert taken == pytest.approx([0.4, 0.7, 0.0], abs=0.03)


def test_clear_glass_is_no_tissue_and_unstained_tissue_is_not_stained():
    part = stains.shares(slide(0.4, 0.0), "brown")
    assert part.tissue == pytest.approx(100 / 120, abs=0.03)
    assert part.stained < 0.02
    assert stains.shares(slide(0.1, 0.6), "brown").fair > 0.9


@pytest.mark.parametrize("second", ["brown", "pink"])
def test_made_nuclei_are_counted_nearly_right(second):
    made = fields.tissue(7, second, count=40)
    assert len(made.centres) == 40
    assert 34 <= len(stains.nuclei(made.picture, second, made.across)) <= 44


def test_a_nucleus_is_outlined_where_it_lies():
    made = fields.tissue(8, "brown", count=12)
    found = stains.nuclei(made.picture, "brown", made.across)
    for x, y in made.centres[:3]:
        assert min(np.hypot(x - each.x, y - each.y) for each in found) < made.across / 2


def test_the_answer_says_that_it_is_no_diagnosis():
    told = view_tissue(photo=media.png(fields.tissue(9).picture), nucleus=15)
    assert "no_diagnosis" in {part.get("key") for part in told.to_json()["parts"]}


def test_a_picture_without_tissue_is_refused():
    with pytest.raises(Refusal, match="no_tissue"):
        view_tissue(photo=media.png(np.full((150, 150, 3), 245, np.uint8)))
