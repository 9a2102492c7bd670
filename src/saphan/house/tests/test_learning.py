"""The house learns its records anew for another model, and fits itself to them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from saphan.engines.matching.lir import LIR
from saphan.ground.access import Refused
from saphan.house import ask, engine, indexing, learning
from saphan.rooms.market import sample

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def records():
    sample.make_examples(5)
    indexing.catch_up()
    engine.look_again()
    return engine.engine().index


@pytest.fixture(autouse=True)
def known_anew(monkeypatch):
    monkeypatch.setattr(learning, "SECONDS_KNOWN", -1.0)


def age(index, count: int) -> list[str]:
    """Let some vectors be of another model."""
    opened = engine.engine()
    names = index.ids()[:count]
    documents = index.get_many(names).values()
    made = learning.make_entries(documents, opened.embedder, opened.terms)
    index.put([replace(entry, model_id="another/1") for entry in made])
    return names


def test_records_of_another_model_are_embedded_again_by_the_worker(records):
    age(records, 3)
    assert learning.progress() == (2, 5)
    indexing.catch_up()
    assert records.stale() == []
    assert indexing.verify() == []


def test_it_stops_when_its_time_is_over_and_goes_on_where_it_stopped(records, monkeypatch):
    age(records, 4)
    monkeypatch.setattr(learning, "AT_ONCE", 1)
    assert learning.embed_again(seconds=0.0) == 4
    clock = SimpleNamespace(monotonic=iter(range(100)).__next__)  # read before each record
    monkeypatch.setattr(learning, "time", clock)
    assert learning.embed_again(seconds=3.0) == 2
    assert learning.embed_again() == 0
    assert records.stale() == []


def test_meanwhile_a_record_is_found_by_its_words_and_the_answer_says_so(records):
    age(records, 5)
    answer = ask.ask("durian", lang="en")
    assert answer.hits
    assert "0 of 5" in str(answer.notes[0])
    learning.embed_again()
    assert ask.ask("durian", lang="en").notes == ()


def test_a_fit_on_the_own_records_is_used_from_the_next_question_on(records):
    shipped = engine.engine().matcher.lir
    fitted = learning.refit()
    used = engine.engine().matcher.lir
    assert used.texts == fitted.texts != shipped.texts
    assert ask.ask("durian grading by camera", lang="en").count
    assert indexing.verify() == []
    assert learning.forget_fit()
    assert engine.engine().matcher.lir.texts == shipped.texts


def test_a_fit_of_another_model_is_left_aside(records):
    shipped = engine.engine().matcher.lir
    fitted = learning.refit()
    LIR("another/1", fitted.queries, fitted.passages, fitted.texts).save(engine.fit_file())
    engine.look_again()
    assert engine.engine().matcher.lir.texts == shipped.texts


def test_machines_that_share_an_index_keep_the_shipped_fit(records, settings):
    settings.INDEX_URL = "postgresql://localhost/none"
    with pytest.raises(Refused, match="several machines"):
        learning.refit()


def test_a_model_without_an_endpoint_is_one_of_sentence_transformers(settings, monkeypatch):
    settings.EMBEDDINGS_MODEL = "some/model"
    monkeypatch.setattr(engine, "SentenceTransformersEmbedder", lambda name: f"loaded {name}")
    assert engine._chosen_model() == "loaded some/model"
    settings.EMBEDDINGS_URL = "http://localhost:9/v1/embeddings"
    assert isinstance(engine._chosen_model(), engine.EndpointEmbedder)
