"""Vectors of the headings' goods, made once and kept small.

    python -m saphan.exhibits.product_finder.vectors

writes `vectors.npz`: the 192 directions that hold most of the goods' vectors (float16), and each
good's place in them (int8). With another model than the one they were made with, or after a change
of the words, they are made anew when the exhibit is loaded, from the English words alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from saphan.engines.language.embed import Embedder, Vectors, unit
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.prepare import load
from saphan.engines.runner.folder import models_folder

from . import headings as hs

FILE = Path(__file__).with_name("vectors.npz")
KEPT = 192


@dataclass(frozen=True)
class Space:
    """Goods as vectors: `goods` [phrases, directions] of length 1, `basis` [dimension, directions].
    """

    goods: Vectors
    basis: Vectors
    langs: tuple[str, ...]


def make(embedder: Embedder, lir: LIR, langs: tuple[str, ...] = hs.LANGS) -> Space:
    """Embed the goods of all headings (about 10 ms each)."""
    texts = [each.text for each in hs.phrases(hs.read(), langs)]
    found = lir.passages.apply(embedder.embed_passages(texts))
    basis = np.linalg.svd(found, full_matrices=False)[2][:KEPT].T
    return Space(unit(found @ basis), basis.astype(np.float32), langs)


def save(space: Space, model_id: str, path: Path = FILE) -> None:
    largest = np.abs(space.goods).max(axis=1, keepdims=True)
    np.savez_compressed(path, goods=np.round(space.goods * 127 / largest).astype(np.int8),
                        basis=space.basis.astype(np.float16), model=np.array(model_id),
                        words=np.array(hs.digest()))


def opened(embedder: Embedder, lir: LIR, path: Path = FILE) -> Space:
    """The kept vectors if they fit model and words, else new ones."""
    if path.is_file():
        with np.load(path) as kept:
            if str(kept["model"]) == embedder.model_id and str(kept["words"]) == hs.digest():
                return Space(unit(kept["goods"]), kept["basis"].astype(np.float32), hs.LANGS)
    return make(embedder, lir, ("en",))


if __name__ == "__main__":
    model, removal = load(models_folder(), threads=2)
    save(make(model, removal), model.model_id)
