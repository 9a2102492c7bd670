"""Container loading: lists read, plans that could be built, reasons, and the picture's order."""

import itertools

import numpy as np
import pytest

from saphan.engines.runner import Refusal
from saphan.engines.runner.media import table
from saphan.exhibits.container_loading import made
from saphan.exhibits.container_loading.cargo import CONTAINERS, Container, Kind, read_cargo
from saphan.exhibits.container_loading.exhibit import load
from saphan.exhibits.container_loading.packing import Block, pack
from saphan.exhibits.container_loading.plain import layers
from saphan.exhibits.container_loading.view import draw, in_order

HEAD = "name,length,width,height,kg,count,bears\n"


def boxes_of(plan):
    """Every single box of a plan: (kind, corner, size)."""
    for block in plan.blocks:
        for steps in itertools.product(*(range(count) for count in block.across)):
            corner = [block.at[axis] + steps[axis] * block.side[axis] for axis in range(3)]
            yield block.kind, np.array(corner), np.array(block.side)


def shared(one, other, axes):
    return np.prod([max(0, min(one[1][a] + one[2][a], other[1][a] + other[2][a])
                        - max(one[1][a], other[1][a])) for a in axes])


def test_a_list_is_read_with_its_seventh_column():
    kinds = read_cargo(table(HEAD + "Durian,50.2,35,30,18,80,162\nTray,40,30,12,5,9,\n"))
    assert kinds == [Kind("Durian", 51, 35, 30, 18, 80, 162), Kind("Tray", 40, 30, 12, 5, 9)]


@pytest.mark.parametrize(("text", "key"), [
    ("a,b\nx,1\n", "too_few_columns"), (HEAD + "x,0,1,1,1,1,\n", "bad_row"),
    (HEAD + "x,10,10,10,1,1.5,\n", "bad_row"), (HEAD + "x,10,ten,10,1,1,\n", "bad_row"),
    (HEAD + "x,10,10,10,1,5001,\n", "too_many_boxes")])
def test_what_is_no_list_of_boxes_is_refused(text, key):
    with pytest.raises(Refusal) as no:
        read_cargo(table(text))
    assert no.value.key == key


@pytest.mark.parametrize("number", [3, 8, 20])
def test_a_plan_can_be_built(number):
    kinds = made.cargo(number, 1)
    plan = pack(made.CONTAINER, kinds)
    whole = list(boxes_of(plan))
    for kind in range(number):
        assert sum(each[0] == kind for each in whole) + plan.left[kind] == kinds[kind].count
    for each in whole:
        assert sorted(each[2]) == sorted((kinds[each[0]].length, kinds[each[0]].width,
                                          kinds[each[0]].height))
        assert (each[1] >= 0).all()
        assert (each[1] + each[2] <= (587, 233, 220)).all()
    for one, other in itertools.combinations(whole, 2):
        assert shared(one, other, (0, 1, 2)) == 0
    for each in whole:
        under = sum(shared(each, other, (0, 1)) for other in whole
                    if other[1][2] + other[2][2] == each[1][2])
        assert each[1][2] == 0 or under == each[2][0] * each[2][1]


def test_it_fills_more_than_rows_and_layers():
    for number in (3, 10, 20):
        kinds = made.cargo(number, 2)
        assert pack(made.CONTAINER, kinds).volume(kinds) > layers(made.CONTAINER, kinds)


def test_boxes_that_must_stay_upright_stay_upright():
    kinds = made.cargo(8, 3)
    plan = pack(made.CONTAINER, kinds, upright=True)
    assert all(block.side[2] == kinds[block.kind].height for block in plan.blocks)


def test_the_payload_is_kept():
    kinds = [Kind("lead", 20, 20, 20, 100, 400)]
    plan = pack(Container(589, 235, 239, 28_000), kinds)
    assert plan.kg(kinds) == 28_000


def test_a_box_carries_no_more_than_it_can():
    room = Container(100, 100, 300, 10_000)
    kinds = [Kind("egg", 100, 100, 20, 10, 30, bears=25)]
    assert pack(room, kinds, upright=True).left == (27,)  # three high: two on the lowest, 20 kg
    both = [Kind("egg", 100, 100, 20, 10, 1, bears=25), Kind("lead", 100, 100, 20, 60, 1)]
    plan = pack(room, both, upright=True)
    on_top = max(plan.blocks, key=lambda block: block.at[2])
    assert plan.left == (0, 0) or both[on_top.kind].name == "egg" or len(plan.blocks) == 1
    assert not any(both[block.kind].name == "lead" and block.at[2] > 0 for block in plan.blocks)


def test_two_runs_give_the_same_plan():
    kinds = made.cargo(10, 4)
    assert pack(made.CONTAINER, kinds) == pack(made.CONTAINER, kinds)


def test_the_centre_of_gravity_is_that_of_the_boxes():
    kinds = [Kind("a", 50, 100, 100, 10, 1), Kind("b", 50, 100, 100, 30, 1)]
    plan = pack(Container(100, 100, 100, 1_000), kinds, upright=True)
    x, y, z = plan.centre(kinds)
    at = {block.kind: block.at[0] + 25 for block in plan.blocks}
    assert x == pytest.approx((10 * at[0] + 30 * at[1]) / 40)
    assert (y, z) == (50, 50)


def test_what_is_left_is_told_with_its_reason():
    text = HEAD + "lead,20,20,20,100,400,\npipe,700,20,20,1,1,\n"
    answer = load(text, "c20")
    say, needed = answer.parts[:2]
    assert (say.key, say.values["left"]) == ("some_left", 121)
    assert needed.values == {"containers": 2}
    kinds = next(part for part in answer.parts if getattr(part, "title", None)
                 and getattr(part.title, "key", "") == "kinds")
    assert [row[4].key for row in kinds.rows] == ["too_heavy", "too_large"]


def test_what_fits_is_told_so():
    answer = load(HEAD + "box,100,100,100,10,4,\n", "c40")
    assert answer.parts[0].key == "all_in"
    assert answer.parts[1].key == "off_centre"  # four boxes at the front wall


def test_blocks_behind_are_drawn_before_those_in_front():
    back, right, top = (Block(0, at, (10, 10, 10), (1, 1, 1))
                        for at in ((0, 0, 0), (10, 0, 0), (0, 0, 10)))
    order = in_order((top, right, back))
    assert order.index(back) < order.index(right)
    assert order.index(back) < order.index(top)


def test_every_container_and_an_empty_plan_can_be_drawn():
    for room in CONTAINERS.values():
        assert draw(room, ()).shape[1] == 1400
