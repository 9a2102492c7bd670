from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from saphan.engines.language.embed import Vectors, unit
from saphan.engines.matching import quantised, view
from saphan.engines.matching.columns import COMPARED, kinds
from saphan.engines.matching.view import View

SIZE, DIMENSION = 30_000, 96


def clustered(size: int, seed: int) -> Vectors:
    """Vectors around 200 centres, as texts are around what they are about."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(200, DIMENSION))
    return unit(
        centres[chance.integers(200, size=size)] + chance.normal(size=(size, DIMENSION))
    ).astype(np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return clustered(SIZE, 1)


@pytest.fixture(scope="module")
def held(vectors: Vectors) -> View:
    columns = {name: np.zeros((SIZE, *row), kind) for name, (kind, row) in kinds(DIMENSION).items()}
    columns["live"][:] = COMPARED
    columns["exact"] = quantised.to_fixed(vectors)
    columns["codes"] = quantised.to_codes(vectors)
    return View(1, columns, [])


def nearest(vectors: Vectors, asked: Vectors, k: int) -> np.ndarray:
    return np.argpartition(-(vectors @ asked), k)[:k]


def test_cosines_are_those_of_the_vectors(vectors: Vectors) -> None:
    asked = clustered(1, 2)[0]
    fixed = quantised.to_fixed(vectors)
    places = np.array([5, 29_999, 0, 17])
    assert quantised.cosines(fixed, asked) == pytest.approx(vectors @ asked, abs=2e-4)
    assert quantised.cosines(fixed, asked, places) == pytest.approx(
        vectors[places] @ asked, abs=2e-4
    )
    assert len(quantised.cosines(fixed, asked, places[:0])) == 0


def test_through_bits_nearly_all_of_the_nearest_are_found(held: View, vectors: Vectors) -> None:
    every, few = held.compared, view.Passing(np.arange(SIZE) % 9 < 8, SIZE * 8 // 9)
    found = {True: 0.0, False: 0.0}
    for asked in clustered(40, 3):
        for passing in (every, few):
            slots, cosines = held.nearest(asked, passing, 20)
            allowed = np.arange(SIZE) if passing.mask is None else np.flatnonzero(passing.mask)
            right = allowed[nearest(vectors[allowed], asked, 20)]
            found[passing is every] += len(set(slots.tolist()) & set(right.tolist())) / 20 / 40
            assert list(cosines) == sorted(cosines, reverse=True)
            assert set(slots.tolist()) <= set(allowed.tolist())
    assert min(found.values()) > 0.99


def test_few_that_pass_are_all_compared(held: View, vectors: Vectors) -> None:
    chosen = np.arange(SIZE) % 10 == 3
    asked = clustered(1, 4)[0]
    slots, _ = held.nearest(asked, view.Passing(chosen, int(chosen.sum())), 20)
    rows = np.flatnonzero(chosen)
    assert set(slots.tolist()) == set(rows[nearest(vectors[rows], asked, 20)].tolist())


def test_bits_give_all_rows_up_to_a_distance(vectors: Vectors) -> None:
    codes = quantised.to_codes(vectors)
    code = quantised.to_codes(clustered(1, 5))[0]
    distances = np.bitwise_count(codes ^ code).sum(axis=1, dtype=np.int64)
    found = quantised.nearest_by_bits(codes, code, 500)
    assert 250 <= len(found) <= 1500
    assert sorted(found.tolist()) == np.flatnonzero(distances <= distances[found].max()).tolist()


def test_if_hardly_any_that_pass_are_near_the_search_goes_further(vectors: Vectors) -> None:
    codes = quantised.to_codes(vectors)
    code = codes[0]
    distances = np.bitwise_count(codes ^ code).sum(axis=1, dtype=np.int64)
    passing = np.zeros(SIZE, np.bool_)
    passing[np.argsort(distances)[-40:]] = True  # the farthest, and none of them in the sample
    passing[:: SIZE // 8_192] = False
    wanted = int(passing.sum())
    assert len(quantised.nearest_by_bits(codes, code, wanted, passing)) >= wanted // 2


@pytest.mark.parametrize(("dimension", "size"), [(3, 64), (512, 64), (513, 128), (1536, 256)])
def test_bits_are_64_bytes_or_a_multiple(dimension: int, size: int) -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(4, dimension))).astype(np.float32)
    assert quantised.to_codes(vectors).shape == (4, size)
    assert quantised.code_bytes(dimension) == size


def test_a_vector_of_zeros_is_like_nothing() -> None:
    assert quantised.unit_rows(np.zeros(4)).tolist() == [[0, 0, 0, 0]]


def test_work_in_threads_goes_on_in_a_forked_process(tmp_path: Path) -> None:
    import multiprocessing

    quantised.side_by_side(lambda a, b: b - a, [(0, 1), (1, 3)])
    process = multiprocessing.get_context("fork").Process(
        target=lambda: quantised.side_by_side(lambda a, b: b - a, [(0, 1), (1, 3)])
    )
    process.start()
    process.join(20)
    assert process.exitcode == 0
