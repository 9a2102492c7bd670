"""The house follows a correction: questions at once, documents after the job."""

from __future__ import annotations

from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from saphan.engines.language.terms import Concept, TermBase
from saphan.ground.access import Refused
from saphan.ground.models import Work
from saphan.house import ask, engine, indexing
from saphan.house.wording import actions, effect, queries, reindex
from saphan.house.wording.models import Reindexed, TermChange
from saphan.rooms.market import sample
from saphan.rooms.market.models import Listing

pytestmark = pytest.mark.usefixtures("house")
NEW = "ໝາກໜາມແຫຼມ"  # what nobody calls a durian yet


@pytest.fixture
def durians() -> list[Listing]:
    """Three records; the offers are about grading durian."""
    sample.make_examples(3)
    indexing.catch_up()
    return list(Listing.objects.order_by("pk"))


@pytest.fixture
def nothing_is_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("a document was embedded again")

    monkeypatch.setattr(type(engine.engine().embedder), "embed_passages", refuse)


def work_off() -> int:
    """Do the queued jobs, in this test's transaction. Returns how many there were."""
    queued = list(DBTaskResult.objects.ready())
    DBTaskResult.objects.all().delete()
    for one in queued:
        one.task.call()
    return len(queued)


def shared(question: str) -> set[str]:
    """The concepts that the question and what it finds have in common."""
    engine.look_again()
    return {str(concept) for hit in ask.ask(question, lang="en").hits for concept in hit.concepts}


def test_a_question_finds_by_the_new_word_at_once(durians: list[Listing]) -> None:
    assert "durian" not in shared(NEW)
    actions.put_labels("durian", "lo", ["ທຸລຽນ", NEW], by=None)
    assert "durian" in shared(NEW)


def test_another_process_is_heard_of_at_the_next_look(durians: list[Listing]) -> None:
    actions.put_labels("durian", "lo", ["ທຸລຽນ", NEW], by=None)
    known = engine.terms()
    # As another process does it: only the table changes, nobody here is told.
    TermChange.objects.filter(applied__isnull=False).update(
        after={"labels": {"lo": ["ທຸລຽນ"]}}, applied=7)
    assert engine.terms() is known
    engine.look_again()
    assert engine.terms().concepts["durian"].labels["lo"] == ("ທຸລຽນ",)
    assert engine.engine().terms is engine.terms() is engine.engine().matcher.terms


def test_an_answer_under_way_keeps_its_words(durians: list[Listing]) -> None:
    before = engine.engine()
    actions.put_labels("durian", "lo", [NEW], by=None)
    assert engine.engine() is not before
    assert before.matcher.terms.concepts["durian"].labels["lo"] != (NEW,)


def test_documents_learn_of_a_new_concept_without_being_embedded(
        durians: list[Listing], nothing_is_embedded: None) -> None:
    index = engine.engine().index
    vector = index.vectors(index.ids())
    change = actions.add({"en": ["sweetness meter"], "th": ["เครื่องวัดความหวาน"]}, by=None,
                         sector="agriculture")
    title = durians[0].title["th"].text.rstrip("0123456789 ")
    actions.put_labels(change.concept, "th", ["เครื่องวัดความหวาน", title], by=None)
    assert not index.by_concept({change.concept: 1.0})
    work_off()
    named = index.by_concept({change.concept: 1.0})
    assert named
    assert {name: list(kept) for name, kept in index.vectors(index.ids()).items()} == {
        name: list(kept) for name, kept in vector.items()}
    records, number = queries.records(change.concept, asker=None)
    assert number == len(named) == len(records)
    assert any(change.concept in listing.concepts for listing in Listing.objects.all())


def test_documents_forget_a_word_that_was_taken_out(durians: list[Listing]) -> None:
    index = engine.engine().index
    assert index.by_concept({"durian": 1.0})
    actions.withdraw("durian", by=None)
    work_off()
    assert not index.by_concept({"durian": 1.0})
    assert not any("durian" in listing.concepts for listing in Listing.objects.all())


def test_a_job_that_was_killed_is_done_again(
        durians: list[Listing], monkeypatch: pytest.MonkeyPatch) -> None:
    actions.withdraw("durian", by=None)
    with monkeypatch.context() as broken:
        broken.setattr(reindex, "document_concepts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work_off()
    assert Work.objects.get().state == Work.State.FAILED
    assert reindex.waiting() and engine.engine().index.by_concept({"durian": 1.0})
    reindex.overlooked()
    assert work_off() == 1
    assert not reindex.waiting()
    assert not engine.engine().index.by_concept({"durian": 1.0})
    assert Work.objects.latest("pk").done == Work.objects.latest("pk").total == 3


def test_many_changes_are_one_look_through_the_documents(durians: list[Listing]) -> None:
    for lang, words in (("lo", [NEW]), ("th", ["ทุเรียน"]), ("vi", ["sầu riêng", "riêng"])):
        actions.put_labels("durian", lang, words, by=None)
    assert work_off() == 3
    assert Work.objects.count() == 1
    assert Reindexed.up_to() == queries.head() == 3


def test_a_change_of_terms_leaves_the_index_true(durians: list[Listing]) -> None:
    actions.place("durian", sector="agriculture", broader=["mango"], by=None)
    indexing.catch_up()
    work_off()
    assert indexing.verify() == []
    kept = {concept: dict(engine.engine().index.by_concept({concept: 1.0}))
            for concept in ("durian", "mango", "fruit", "tropical_fruit")}
    indexing.rebuild()
    for concept, named in kept.items():
        found = engine.engine().index.by_concept({concept: 1.0})
        assert found.keys() == named.keys(), concept


# What changes make of the shipped term base


def shipped() -> TermBase:
    return TermBase([
        Concept("fruit", "agriculture", (), {"en": ("fruit",)}),
        Concept("durian", "agriculture", ("fruit",), {"en": ("durian",), "lo": ("ທຸລຽນ",)},
                frozenset({"lo"}))])


def change(act: str, **fields: Any) -> TermChange:
    return TermChange(concept="durian", act=act, **fields)


def test_a_change_of_words_leaves_the_other_languages_alone() -> None:
    [durian], removed = effect.after(shipped(), [
        change("labels", lang="lo", after={"labels": {"lo": ["ໝາກ"]}}, reviewed=True)])
    assert (durian.labels, durian.unsure, removed) == (
        {"en": ("durian",), "lo": ("ໝາກ",)}, frozenset(), set())
    assert durian.broader == ("fruit",)


def test_unchecked_words_are_marked_and_no_words_take_the_language_out() -> None:
    [durian], _removed = effect.after(shipped(), [
        change("labels", lang="en", after={"labels": {"en": ["durians"]}}),
        change("labels", lang="lo", after={"labels": {"lo": []}})])
    assert (durian.labels, durian.unsure) == ({"en": ("durians",)}, {"en"})


def test_a_concept_that_was_taken_out_and_put_back_is_there() -> None:
    back = effect.plain(shipped().concepts["durian"])
    changed, removed = effect.after(shipped(), [change("withdraw"), change("add", after=back)])
    assert changed == [shipped().concepts["durian"]] and removed == set()
    _changed, removed = effect.after(shipped(), [change("add", after=back), change("withdraw")])
    assert removed == {"durian"}


def test_a_change_of_a_concept_that_is_not_shipped_any_more_does_nothing() -> None:
    lost = TermChange(concept="gone", act="labels", lang="en", after={"labels": {"en": ["x"]}})
    assert effect.after(shipped(), [lost])[0] == []


def test_the_changed_term_base_finds_what_it_should(durians: list[Listing]) -> None:
    actions.put_labels("durian", "lo", [NEW], by=None)
    actions.withdraw("mango", by=None)
    terms = engine.terms()
    assert [hit.concept for hit in terms.find(NEW, "lo")] == ["durian"]
    assert "mango" not in {hit.concept for hit in terms.find("mango", "en")}
    with pytest.raises(Refused):
        actions.put_labels("mango", "lo", ["ໝາກມ່ວງ"], by=None)
