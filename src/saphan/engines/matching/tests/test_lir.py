from pathlib import Path

import numpy as np
import pytest

from saphan.engines.language.codes import CODES
from saphan.engines.language.embed import Vectors, unit
from saphan.engines.matching.lir import LIR, LirError, Removal
from saphan.engines.matching.prepare import checksum, fit_texts

LANGS = ("en", "th", "zh-Hans", "lo")


def speak(seed: int = 0, count: int = 60) -> tuple[Vectors, dict[str, Vectors]]:
    """Meanings, and how each language says them: a strong mark of the language, and noise."""
    random = np.random.default_rng(seed)
    marks = {lang: np.random.default_rng(100 + n).normal(size=32) for n, lang in enumerate(LANGS)}
    meanings = random.normal(size=(count, 32))
    said = {
        lang: unit(meanings + 3 * mark + 0.3 * random.normal(size=(count, 32)))
        for lang, mark in marks.items()
    }
    return unit(meanings), said


def first_hits(queries: Vectors, documents: Vectors, meanings: list[int]) -> float:
    return float(np.mean([meanings[row] for row in (queries @ documents.T).argmax(axis=1)]
                         == np.arange(len(queries))))  # fmt: skip


def test_documents_in_other_languages_are_found_only_after_the_removal() -> None:
    _, fitted_on = speak(seed=1)
    removal = Removal.fit(fitted_on)
    _, said = speak(seed=2)
    # The right answer is in Thai; the pool holds other meanings in the language of the question.
    _, others = speak(seed=3)
    pool = np.concatenate([said["th"], others["en"]])
    meanings = [*range(60), *[-1] * 60]
    before = first_hits(said["en"], pool, meanings)
    after = first_hits(removal.apply(said["en"]), removal.apply(pool), meanings)
    assert before < 0.3
    assert after > 0.8


def test_after_the_removal_the_languages_have_the_same_mean() -> None:
    _, said = speak()
    removal = Removal.fit(said)
    centres = [(removal.apply(rows) @ removal.directions.T).mean(axis=0) for rows in said.values()]
    np.testing.assert_allclose(np.stack(centres), 0, atol=1e-5)


def test_vectors_keep_their_shape_and_length() -> None:
    _, said = speak()
    changed = Removal.fit(said).apply(said["lo"][:5])
    assert changed.shape == (5, 32)
    assert changed.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(changed, axis=1), 1, atol=1e-5)


def test_a_fit_is_the_same_after_saving_and_reading(tmp_path: Path) -> None:
    _, said = speak()
    fitted = LIR.fit("model/1", said, said, "sum of the texts")
    fitted.save(tmp_path / "lir.npz")
    read = LIR.load(tmp_path / "lir.npz", "model/1")
    assert read.texts == "sum of the texts"
    np.testing.assert_array_equal(
        read.passages.apply(said["en"]), fitted.passages.apply(said["en"])
    )


def test_a_fit_of_another_model_is_refused(tmp_path: Path) -> None:
    _, said = speak()
    LIR.fit("model/1", said, said).save(tmp_path / "lir.npz")
    with pytest.raises(LirError, match="model/1"):
        LIR.load(tmp_path / "lir.npz", "model/2")


def test_a_missing_or_damaged_fit_says_so(tmp_path: Path) -> None:
    with pytest.raises(LirError):
        LIR.load(tmp_path / "none.npz", "m")
    (tmp_path / "bad.npz").write_bytes(b"not a zip file")
    with pytest.raises(LirError):
        LIR.load(tmp_path / "bad.npz", "m")


def test_one_language_is_too_few() -> None:
    _, said = speak()
    with pytest.raises(LirError, match="two languages"):
        Removal.fit({"en": said["en"]})


def test_our_own_sentences_cover_every_language_of_the_house_evenly() -> None:
    texts = fit_texts()
    assert set(texts) == set(CODES)
    assert {len(lines) for lines in texts.values()} == {50}
    assert checksum(texts) != checksum({**texts, "en": texts["en"][1:]})
