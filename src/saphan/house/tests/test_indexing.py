"""The index follows the ledger, whatever happens to either."""

from __future__ import annotations

import pytest

from saphan.ground import ledger
from saphan.ground.models import Fact
from saphan.house import ask, indexing
from saphan.house.engine import engine
from saphan.people import actions as people
from saphan.people.models import Organisation
from saphan.rooms.market import actions, sample
from saphan.rooms.market.models import Listing

pytestmark = pytest.mark.usefixtures("house")


def found(question: str) -> set[str]:
    return {hit.plate.number for hit in ask.ask(question, lang="en").hits}


def test_what_is_published_is_found_and_what_is_paused_is_not(administrator):
    sample.make_examples(1)
    listing = Listing.objects.get()
    assert not found("durian grading by camera")  # nobody told the index yet
    indexing.catch_up()
    assert found("durian grading by camera") == {listing.number}
    actions.pause(listing, by=administrator)
    assert not found("durian grading by camera")  # at once: the room knows better than the index
    indexing.catch_up()
    assert engine().index.count() == 0


def test_the_index_stands_where_the_ledger_stands():
    sample.make_examples(4)
    indexing.catch_up()
    assert engine().index.cursor == ledger.head()[0]
    assert indexing.verify() == []


def test_a_record_that_the_index_lost_is_named_and_a_rebuild_mends_it():
    sample.make_examples(3)
    indexing.catch_up()
    engine().index.remove([engine().index.ids()[0]])
    assert len(indexing.verify()) == 1
    assert indexing.rebuild() == 3
    assert indexing.verify() == []


def test_an_index_that_is_ahead_of_the_ledger_is_made_anew():
    sample.make_examples(2)
    engine().index.put([], cursor=10_000)  # an older backup of the database was restored
    indexing.catch_up()
    assert indexing.verify() == []


def test_records_move_to_the_organisation_that_is_kept_in_a_merge(administrator):
    sample.make_examples(1)
    indexing.catch_up()
    other = Organisation.objects.get()
    kept = people.find_or_add_organisation({"en": "Another name"}, economy="TH", kind="company",
                                           example=True)
    people.merge_organisations(kept, other, by=administrator)
    indexing.catch_up()
    assert engine().index.get(engine().index.ids()[0]).organisation == "Another name"
    assert len(indexing.records_of(kept, asker=None)) == 1


def test_facts_about_nothing_that_is_searched_only_move_the_cursor():
    ledger.record("something.else", None)
    indexing.catch_up()
    assert engine().index.cursor == Fact.objects.count()
