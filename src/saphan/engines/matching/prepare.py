"""Set up matching: write the bundled model, fit language-identity removal, open an index."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from saphan.engines.language.codes import CODES
from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import BUNDLED, Progress, Variant, prepare_model
from saphan.engines.language.embed import Embedder, Vectors, models_directory
from saphan.engines.matching.lir import LIR, LirError

FIT_DIRECTORY: Final = Path(__file__).parent / "data" / "fit"
LIR_FILE: Final = "lir.npz"


def prepare(
    directory: Path | None = None,
    progress: Progress = lambda message: None,
    variant: Variant = BUNDLED,
) -> Path:
    """Write model and fit unless they are there; gives the folder of the model."""
    directory = directory or models_directory()
    folder = prepare_model(directory, progress, variant)
    embedder = E5Embedder(directory, variant=variant)
    try:
        fitted = LIR.load(folder / LIR_FILE, embedder.model_id).texts == checksum(fit_texts())
    except LirError:
        fitted = False
    if not fitted:
        progress("fitting language-identity removal")
        fit(embedder).save(folder / LIR_FILE)
    return folder


def fit(
    embedder: Embedder,
    texts: Mapping[str, list[str]] | None = None,
    own: Mapping[str, Vectors] | None = None,
) -> LIR:
    """Fit the removal for any embedder, on our own sentences by default.

    `own` are vectors of the house's records by language; see `Removal.fit`.
    """
    texts = texts or fit_texts()
    return LIR.fit(
        embedder.model_id,
        {lang: embedder.embed_queries(lines) for lang, lines in texts.items()},
        {lang: embedder.embed_passages(lines) for lang, lines in texts.items()},
        checksum(texts) + (f"+{_digest(own)}" if own else ""),
        own,
    )


def _digest(own: Mapping[str, Vectors]) -> str:
    """A short name for vectors by language."""
    found = hashlib.sha256()
    for lang in sorted(own):
        found.update(lang.encode())
        found.update(own[lang].astype("<f4").tobytes())
    return found.hexdigest()[:16]


def checksum(texts: Mapping[str, list[str]]) -> str:
    """SHA-256 of the texts by language, hexadecimal."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def fit_texts(directory: Path = FIT_DIRECTORY) -> dict[str, list[str]]:
    """The sentences to fit on, by language; one a line, `#` for comments."""
    texts = {}
    for lang in CODES:
        path = directory / f"{lang}.txt"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            texts[lang] = [line for line in lines if line.strip() and not line.startswith("#")]
    return texts


def load(
    directory: Path | None = None, *, threads: int = 1, variant: Variant = BUNDLED
) -> tuple[E5Embedder, LIR]:
    """The prepared embedder and its fit. Raises ModelNotPrepared or LirError."""
    directory = directory or models_directory()
    embedder = E5Embedder(directory, threads=threads, variant=variant)
    return embedder, LIR.load(directory / variant.folder / LIR_FILE, embedder.model_id)
