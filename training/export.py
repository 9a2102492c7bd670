"""Write what training changed as the small file that the product adds to the published weights.

    python training/export.py --state DIR/state.npz --out FILE.npz [--share 1.0]

`--share` below 1 ships a mixture of the published and the trained model.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from saphan.engines.language.weights import (
    Weights,
    dequantise,
    find_weights,
    quantise,
)


def changes(state: Path, share: float) -> dict[str, np.ndarray]:
    """Matrices as four-bit blocks, vectors as float16."""
    weights = Weights(find_weights())
    found, lost, whole = {}, 0.0, 0.0
    with np.load(state) as stored:
        for name in sorted(stored.files):
            trained = stored[name]
            if trained.ndim == 1:
                found[name] = (share * (trained - weights.vector(name))).astype(np.float16)
                continue
            change = share * (trained - weights.matrix(name, trained.shape[1]))
            found[name] = quantise(change.astype(np.float32))
            lost += float(((dequantise(found[name]) - change) ** 2).sum())
            whole += float((change**2).sum())
    print(f"{len(found)} tensors; four bits lose {(lost / whole) ** 0.5:.1%} of the change")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1.0)
    options = parser.parse_args()
    np.savez(options.out, **changes(options.state, options.share))
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
