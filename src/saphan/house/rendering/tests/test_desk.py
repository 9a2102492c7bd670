"""From wanted to approved: who may, what blocks, what the record is given."""

from __future__ import annotations

import pytest
from django.utils import translation

from saphan.ground import jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.ground.text import Text, Words
from saphan.house import callers
from saphan.house.rendering import actions, queries, writing
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.tests.conftest import ENGLISH, PORTUGUESE, published, work
from saphan.people import actions as people
from saphan.rooms.market import actions as market
from saphan.rooms.market.models import Listing

State = Rendering.State


def facts(prefix: str = "rendering.") -> list[str]:
    return [name.removeprefix(prefix) for name in Fact.objects.filter(
        name__startswith=prefix).order_by("seq").values_list("name", flat=True)]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# The way to approval


def test_approved_words_are_the_records_own_with_who_wrote_and_who_approved(
        approved, listing, ana, rui):
    words = fresh(listing).summary["pt"]
    assert words.text == " ".join(PORTUGUESE["summary"])
    assert (words.origin, words.by, words.approved_by) == ("person", ana.ref, rui.ref)
    assert fresh(listing).title.best("pt").is_asked
    assert fresh(listing).summary["en"].text.startswith("The camera grades 12")


def test_every_step_is_a_fact_and_so_is_the_records_change(approved, listing):
    assert facts() == ["wanted", "drafted", "handed_in", "approved"]
    told = ledger.about(listing).get(name="listing.translated")
    assert told.data["lang"] == "pt" and told.data["approved"] is True
    assert fresh(listing).version == listing.version + 1


def test_nobody_approves_her_own_words(handed_in, ana, rui):
    with pytest.raises(Refused, match="second person"):
        actions.approve(work(handed_in), by=ana)
    assert actions.approve(work(handed_in), by=rui).state == State.APPROVED


def test_a_reviewer_who_changes_words_makes_it_a_draft_and_is_a_writer(handed_in, ana, rui):
    other = {"title": ["Câmara que classifica durião"]}
    actions.save(work(handed_in), other, by=rui)
    assert fresh(handed_in).state == State.DRAFTED
    actions.hand_in(work(handed_in), by=rui)
    for writer in (ana, rui):
        with pytest.raises(Refused, match="second person"):
            actions.approve(work(handed_in), by=writer)


def test_a_figure_that_differs_blocks_approval_and_says_where(wanted, ana, rui):
    wrong = {**PORTUGUESE, "summary": ["A câmara classifica 21 toneladas por dia.",
                                       "Não toca na fruta."]}
    actions.save(work(wanted), wrong, by=ana)
    actions.hand_in(work(wanted), by=ana)
    with pytest.raises(Refused, match="mend"):
        actions.approve(work(wanted), by=rui)
    found = work(wanted).check()
    places = [[finding.kind for finding in one.findings if finding.blocks]
              for one in found.passages[1].sentences]
    assert "figure" in places[0] and places[1] == []
    assert "pt" not in fresh(found.record).summary


def test_a_lost_negation_is_noticed(wanted, ana):
    wrong = {**PORTUGUESE, "summary": [PORTUGUESE["summary"][0], "Toca na fruta."]}
    actions.save(work(wanted), wrong, by=ana)
    found = work(wanted).check().passages[1].sentences[1].findings
    assert "negation" in [finding.kind for finding in found]


def test_what_is_not_whole_is_not_handed_in(wanted, ana):
    actions.save(work(wanted), {"title": PORTUGUESE["title"]}, by=ana)
    with pytest.raises(Refused, match="1 of 3"):
        actions.hand_in(work(wanted), by=ana)


def test_two_sentences_may_be_said_in_one(wanted, ana, rui):
    together = {**PORTUGUESE, "summary": [
        "A câmara classifica 12 toneladas por dia e não toca na fruta.", None]}
    actions.save(work(wanted), together, by=ana)
    actions.hand_in(work(wanted), by=ana)
    actions.approve(work(wanted), by=rui)
    record = Listing.objects.get()
    assert record.summary["pt"].text == together["summary"][0]


def test_what_is_too_long_for_its_field_is_not_approved(wanted, ana, rui):
    actions.save(work(wanted), {**PORTUGUESE, "title": ["Uma câmara de durião " * 13]}, by=ana)
    actions.hand_in(work(wanted), by=ana)
    with pytest.raises(Refused, match="mend"):
        actions.approve(work(wanted), by=rui)


def test_sent_back_with_a_remark_that_the_writer_reads(handed_in, ana, rui):
    with pytest.raises(Refused):
        actions.send_back(fresh(handed_in), by=rui, remark=" ")
    actions.send_back(fresh(handed_in), by=rui, remark="“durião” takes an article")
    assert (fresh(handed_in).state, fresh(handed_in).remark) == (
        State.DRAFTED, "“durião” takes an article")


@pytest.mark.parametrize("given", [
    {"title": ["a", "b"]}, {"title": 7}, {"title": [None]}, {"title": ["\x00"]},
    {"nothing": ["x"]}, {"summary": ["one"]}])
def test_what_cannot_be_taken_is_refused_as_a_whole(wanted, ana, given):
    with pytest.raises(callers.Invalid):
        actions.save(work(wanted), {"title": PORTUGUESE["title"], **given}, by=ana)
    assert fresh(wanted).sentences == {}


# Who may


def test_translators_work_into_their_language_only(listing, person):
    khmer = person("khmer", langs=["km"])
    with pytest.raises(Refused, match="other languages"):
        actions.begin(listing, "pt", by=khmer)
    with pytest.raises(Refused, match="translators"):
        actions.begin(listing, "pt", by=person("visitor"))
    assert actions.begin(listing, "km", by=khmer).state == State.WANTED


def test_what_somebody_holds_nobody_else_writes_on_until_it_is_free(wanted, ana, rui, clerk):
    actions.claim(wanted, by=ana)
    with pytest.raises(Refused, match="Somebody else is working"):
        actions.save(work(wanted), PORTUGUESE, by=rui)
    with pytest.raises(Refused):
        actions.release(fresh(wanted), by=rui)
    actions.release(fresh(wanted), by=clerk)
    actions.save(work(wanted), PORTUGUESE, by=rui)
    assert fresh(wanted).claimed_by == rui


def test_a_role_needs_a_language_and_only_that_role(person, clerk):
    someone = person("someone")
    with pytest.raises(Refused):
        people.grant_role(someone, "translator", by=None)
    with pytest.raises(Refused):
        people.grant_role(someone, "clerk", by=None, lang="km")
    people.grant_role(someone, "translator", by=None, lang="km")
    people.grant_role(someone, "translator", by=None, lang="lo")
    people.take_role(someone, "translator", by=None, lang="km")
    assert list(someone.roles.values_list("lang", flat=True)) == ["lo"]


# Readers


def test_readers_ask_without_an_account_once_a_day_each(listing):
    assert actions.wish(listing, "km", who="10.0.0.1") is True
    assert actions.wish(listing, "km", who="10.0.0.1") is False
    assert actions.wish(listing, "km", who="10.0.0.2") is True
    assert Rendering.objects.get().demand == 2
    with pytest.raises(Refused, match="already"):
        actions.wish(listing, "en", who="10.0.0.3")


def test_asking_again_and_again_comes_to_an_end(listing):
    for _time in range(actions.WISHES_A_DAY):
        actions.wish(listing, "km", who="10.0.0.9")
    with pytest.raises(Refused, match="too often"):
        actions.wish(listing, "km", who="10.0.0.9")


def test_the_queue_begins_with_what_most_readers_ask_for(listing):
    other = published("other")
    actions.wish(other, "km", who="a")
    for who in "abc":
        actions.wish(listing, "km", who=who)
    assert [line.number for line in queries.lines(queries.queue("km"))] == [
        listing.number, other.number]


def test_what_is_not_public_any_more_leaves_the_desk(wanted, listing, clerk):
    assert queries.queue("pt").count() == 1
    market.archive(Listing.objects.get(pk=listing.pk), by=clerk)
    assert queries.queue("pt").count() == 0
    with pytest.raises(Rendering.DoesNotExist):
        queries.rendering(wanted.pk)


def test_a_reader_without_a_rendering_is_told(listing):
    told = queries.readable(listing, "km")
    assert told is not None and told.missing and told.shown == ("en",)
    assert queries.readable(listing, "en") is None


def test_progress_counts_records_of_other_languages(approved):
    published("in-thai", title=Text.of({"th": "กล้อง"}, source="th"))
    rows = {row.lang: row for row in queries.progress()}
    assert (rows["pt"].approved, rows["pt"].needed, rows["pt"].per_cent) == (1, 2, 50)
    assert rows["en"].needed == 1 and rows["th"].needed == 1


# When the original changes


def change(listing: Listing, summary: str) -> None:
    record = Listing.objects.get(pk=listing.pk)
    market.take_over(record, {"summary": record.summary.with_words("en", summary)}, by=None)
    jobs.follow_all()


def test_approved_words_stay_and_say_that_the_original_changed(approved, listing):
    change(listing, "The camera grades 15 tonnes a day. It does not touch the fruit.")
    reading = fresh(listing).summary.best("pt")
    assert reading.lang == "pt" and reading.stale
    assert not fresh(listing).title.best("pt").stale
    assert fresh(approved).stale
    assert [row.stale for row in queries.progress(["pt"])] == [1]
    told = queries.readable(fresh(listing), "pt")
    assert told is not None and told.stale and not told.missing


def test_sentences_that_did_not_change_keep_their_translation(approved, listing, ana, rui):
    change(listing, "The camera grades 15 tonnes a day. It does not touch the fruit.")
    now = work(approved)
    assert now.changed
    assert [one.target for one in now.passages[1].sentences] == ["", "Não toca na fruta."]
    actions.save(now, {"summary": ["A câmara classifica 15 toneladas por dia.",
                                   "Não toca na fruta."]}, by=ana)
    actions.hand_in(work(approved), by=ana)
    actions.approve(work(approved), by=rui)
    assert not fresh(approved).stale and not fresh(listing).summary.best("pt").stale


def test_a_change_back_makes_it_whole_again(approved, listing):
    before = fresh(listing).summary["en"].text
    change(listing, "Something else altogether.")
    change(listing, before)
    assert not fresh(approved).stale and not fresh(listing).summary.best("pt").stale


def test_what_was_approved_of_another_original_is_not_written(handed_in, listing, rui):
    seen = work(handed_in)
    change(listing, "The camera grades 15 tonnes a day. It does not touch the fruit.")
    with pytest.raises(Refused):
        actions.approve(seen, by=rui)
    assert "pt" not in fresh(listing).summary
    assert fresh(handed_in).state == State.IN_REVIEW


# At the same time


def test_two_who_save_at_once_the_second_is_told_and_nothing_is_lost(wanted, ana, clerk):
    first, second = work(wanted), work(wanted)
    actions.save(first, PORTUGUESE, by=ana, version=first.rendering.version)
    actions.release(fresh(wanted), by=ana)
    with pytest.raises(actions.Conflict):
        actions.save(second, {"title": ["Outra"]}, by=clerk, version=second.rendering.version)
    assert work(wanted).passages[0].sentences[0].target == PORTUGUESE["title"][0]


def test_an_author_who_saves_meanwhile_loses_nothing(handed_in, listing, rui):
    opened = work(handed_in)
    record = fresh(listing)
    market.take_over(record, {"keywords": ["durian"]}, by=None)
    actions.approve(opened, by=rui)
    now = fresh(listing)
    assert now.keywords == ["durian"] and "pt" in now.title
    assert now.version == listing.version + 2


def test_words_that_the_author_wrote_herself_are_left_alone(listing, ana):
    title = Text.of({"en": "A camera", "pt": "Câmara da autora"})
    record = published("two-tongues", title=title)
    rendering = actions.begin(record, "pt", by=ana)
    assert [passage.name for passage in work(rendering).passages] == ["summary"]
    given = Words("Outra", "person", "p_1", "p_2", "2026-11-23T00:00:00+00:00")
    assert writing.put(record, {"title": given}, lang="pt", by=ana) == []
    assert fresh(record).title["pt"].text == "Câmara da autora"


def test_the_index_looks_again(approved, listing):
    from saphan.rooms.market.queries import ListingEntries

    found = next(iter(ListingEntries().documents([str(listing.pk)])))
    assert found.titles["pt"] == PORTUGUESE["title"][0]
    last = Fact.objects.filter(subject_type="market.listing").order_by("-seq")[0]
    assert last.name == "listing.translated"


# People's data


def test_her_export_holds_her_words_and_leaving_frees_what_she_held(wanted, ana):
    actions.save(work(wanted), PORTUGUESE, by=ana)
    export = people.HOLDERS["rendering"][0](ana)
    assert PORTUGUESE["title"][0] in export["translations"][0]["sentences"]
    people.HOLDERS["rendering"][1](ana)
    assert fresh(wanted).claimed_by is None
    assert "ana" not in str(list(Fact.objects.values_list("data", flat=True)))


def test_a_record_that_its_owner_took_away_leaves_no_words(wanted, listing, ana):
    actions.save(work(wanted), PORTUGUESE, by=ana)
    with ledger.fact("listing.removed", listing):
        Listing.objects.filter(pk=listing.pk).delete()
    jobs.follow_all()
    assert not Rendering.objects.exists()


def test_findings_are_said_in_the_readers_language_when_there_are_words(wanted, ana):
    actions.save(work(wanted), {**PORTUGUESE, "title": ENGLISH["title"]}, by=ana)
    with translation.override("en"):
        found = work(wanted).check().passages[0].sentences[0].findings
    assert any(finding.kind == "language" and finding.blocks for finding in found)
    assert "language" in found[0].message


@pytest.mark.parametrize("known", [
    Words("De uma pessoa", "person", of="x"), Words("Aprovada", "machine", approved_by="p_2")])
def test_a_machines_words_never_take_the_place_of_what_people_stand_behind(listing, known):
    Listing.objects.filter(pk=listing.pk).update(title=listing.title.rendered("pt", known))
    new = Words("Da máquina", "machine", "toy")
    assert writing.put(fresh(listing), {"title": new}, lang="pt", by=None) == []
    assert fresh(listing).title["pt"] == known
