"""Open the trained head, or train one where model or reviews are others."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from saphan.engines.language.embed import Embedder
from saphan.engines.matching.lir import LIR

from .head import FILE, Head, digest, embedded, read


def opened(embedder: Embedder, lir: LIR, path: Path = FILE) -> Head:
    """The trained head if it fits model and reviews, else one trained now (some seconds)."""
    if path.is_file():
        with np.load(path) as kept:
            if str(kept["model"]) == embedder.model_id and str(kept["reviews"]) == digest():
                return Head(kept["moods"].astype(np.float64), kept["topics"].astype(np.float64))
    from .train import fit  # it loads an optimiser: only where one must be trained

    reviews = read()
    return fit(reviews, embedded([each.text for each in reviews], embedder, lir))
