from __future__ import annotations

from pathlib import Path

import numpy as np

from saphan.engines.language.weights import (
    ChangedWeights,
    Weights,
    dequantise,
    find_weights,
    quantise,
)


def test_four_bit_blocks_keep_a_matrix_within_half_a_step() -> None:
    matrix = np.random.default_rng(1).normal(size=(6, 64)).astype(np.float32)
    matrix[2] = 0
    blocks = quantise(matrix)
    assert blocks.shape == (6, 2, 18)
    steps = np.abs(matrix.reshape(6, 2, 32)).max(axis=-1).repeat(32, axis=-1) / 7.5
    assert (np.abs(dequantise(blocks) - matrix) <= steps * 0.51).all()


def test_what_training_changed_is_added_to_the_tensors_it_names(tmp_path: Path) -> None:
    source = find_weights()
    published = Weights(source)
    shape = published.matrix("l5.q.w", 384).shape
    change = np.full(shape, 0.25, np.float32)
    np.savez(tmp_path / "c.npz", **{"l5.q.w": quantise(change), "l5.q.b": np.float16([2] * 384)})
    changed = ChangedWeights(source, tmp_path / "c.npz")
    added = changed.matrix("l5.q.w", 384) - published.matrix("l5.q.w", 384)
    np.testing.assert_allclose(added, change, atol=0.02)
    np.testing.assert_allclose(changed.vector("l5.q.b") - published.vector("l5.q.b"), 2, atol=1e-5)
    np.testing.assert_array_equal(changed.matrix("l5.k.w", 384), published.matrix("l5.k.w", 384))
    np.testing.assert_array_equal(changed.vector("l5.k.b"), published.vector("l5.k.b"))
