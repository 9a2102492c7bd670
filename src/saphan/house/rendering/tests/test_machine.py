"""Machine drafts: marked, never over people's words, within the day's budget, told when failing."""

from __future__ import annotations

import pytest

from saphan.engines.translation.errors import KeyRefused, Unreachable, Unreadable
from saphan.ground import jobs as ground_jobs
from saphan.ground.access import Refused
from saphan.ground.models import Fact, Work
from saphan.ground.text import Text
from saphan.house import check
from saphan.house.rendering import actions, jobs, machine, queries
from saphan.house.rendering.models import Rendering, Spent
from saphan.house.rendering.tests.conftest import (
    PORTUGUESE,
    SUMMARY,
    TITLE,
    Machine,
    drain,
    published,
    work,
)
from saphan.rooms.market import actions as market
from saphan.rooms.market.models import Listing

State = Rendering.State


def drafted(rendering: Rendering, by) -> Rendering:
    jobs.ask_for(Rendering.objects.get(pk=rendering.pk), by=by)
    drain()
    return Rendering.objects.get(pk=rendering.pk)


def test_a_draft_is_shown_as_a_machines_until_somebody_approves(wanted, listing, toy, ana):
    found = drafted(wanted, ana)
    words = Listing.objects.get(pk=listing.pk).title["pt"]
    assert (found.state, found.provider) == (State.DRAFTED, "toy")
    assert (words.text, words.origin, words.approved_by) == (
        PORTUGUESE["title"][0], "machine", "")
    told = queries.readable(Listing.objects.get(pk=listing.pk), "pt")
    assert told is not None and told.machine
    actions.hand_in(work(found), by=ana)
    actions.approve(work(found), by=ana)  # she changed nothing: the machine wrote, she read
    words = Listing.objects.get(pk=listing.pk).title["pt"]
    assert (words.origin, words.approved_by) == ("machine", ana.ref)


def test_who_mends_a_machines_words_does_not_approve_them(wanted, toy, ana, rui):
    found = drafted(wanted, ana)
    actions.save(work(found), {"title": ["Câmara que classifica durião"]}, by=ana)
    actions.hand_in(work(found), by=ana)
    with pytest.raises(Refused, match="second person"):
        actions.approve(work(found), by=ana)
    actions.approve(work(found), by=rui)
    record = Listing.objects.get()
    assert record.title["pt"].origin == "person" and record.summary["pt"].origin == "machine"


def test_a_field_with_a_wrong_figure_is_kept_from_readers(wanted, listing, toy, ana, monkeypatch):
    monkeypatch.setitem(Machine.known, "The camera grades 12 tonnes a day.",
                        "A câmara classifica 21 toneladas por dia.")
    found = drafted(wanted, ana)
    record = Listing.objects.get(pk=listing.pk)
    assert "pt" in record.title and "pt" not in record.summary
    assert work(found).passages[1].sentences[0].target.startswith("A câmara classifica 21")


def test_the_machine_fills_only_what_nobody_wrote(wanted, toy, ana):
    actions.save(work(wanted), {"title": ["Palavras da Ana"]}, by=ana)
    found = drafted(wanted, ana)
    assert work(found).passages[0].sentences[0].target == "Palavras da Ana"
    assert TITLE not in toy.asked
    assert Listing.objects.get().title.best("pt").lang == "en"


def test_words_that_people_approved_are_never_replaced_by_a_machine(approved, listing, toy, ana):
    actions.reopen(approved, by=ana)
    drafted(approved, ana)
    words = Listing.objects.get(pk=listing.pk).title["pt"]
    assert words.origin == "person" and words.approved_by


def test_somebody_who_saves_while_the_machine_works_is_not_overwritten(wanted, toy, ana):
    def meanwhile(texts, **_about):
        actions.save(work(wanted), {"title": ["Palavras da Ana"]}, by=ana)
        return ["máquina"] * len(texts)

    toy.translate = meanwhile
    drafted(wanted, ana)
    assert work(wanted).passages[0].sentences[0].target == "Palavras da Ana"
    assert not [one for one in work(wanted).sentences if one.target == "máquina"]


def test_an_order_drafts_every_public_record_and_twice_is_once(listing, toy, clerk, ana):
    published("second")
    with pytest.raises(Refused, match="staff"):
        jobs.order(["pt"], by=ana)
    for _time in range(2):
        jobs.order(["pt", "nothing"], by=clerk)
        drain()
    assert Rendering.objects.filter(lang="pt", state=State.DRAFTED).count() == 2
    assert toy.asked.count(TITLE) == 2
    run = queries.latest_run()
    assert run is not None and (run.state, run.done, run.total) == (Work.State.DONE, 2, 2)


def test_what_may_be_sent_on_a_day_comes_to_an_end_and_goes_on_tomorrow(
        listing, toy, clerk, settings):
    published("second")
    settings.TRANSLATION_CHARACTERS = len(TITLE + SUMMARY)
    jobs.order(["pt"], by=clerk)
    drain()
    run = queries.latest_run()
    assert Rendering.objects.filter(state=State.DRAFTED).count() == 1
    assert run is not None and machine.trouble(run.message) == str(machine.TROUBLES["budget"])
    Spent.objects.all().delete()  # tomorrow
    jobs.go_on()
    drain()
    assert Rendering.objects.filter(state=State.DRAFTED).count() == 2


def test_a_record_longer_than_a_days_budget_does_not_keep_the_others_waiting(
        listing, toy, clerk, settings):
    published("short", summary=Text.of({"en": "Short."}))
    settings.TRANSLATION_CHARACTERS = len(TITLE + SUMMARY) - 2
    jobs.order(["pt"], by=clerk)
    drain()
    assert sorted(Rendering.objects.values_list("trouble", flat=True)) == ["", "too_long"]


@pytest.mark.parametrize("error", [Unreachable("x"), KeyRefused("x")])
def test_a_service_that_does_not_answer_is_told_and_nothing_is_lost(wanted, toy, ana, error):
    toy.error = error
    found = drafted(wanted, ana)
    run = queries.latest_run()
    assert found.machine == Rendering.Machine.ASKED and queries.spent_today() == 0
    assert run is not None and run.state == Work.State.FAILED and run.message == error.kind
    assert machine.trouble(run.message) == str(machine.TROUBLES[error.kind])
    toy.error = None
    jobs.go_on()
    drain()
    assert work(wanted).complete


def test_a_record_that_the_machine_cannot_do_does_not_stop_the_others(listing, toy, clerk):
    published("second")
    plain = toy.translate

    def once(texts, **about):
        toy.translate = plain
        raise Unreadable("no JSON")

    toy.translate = once
    jobs.order(["pt"], by=clerk)
    drain()
    assert sorted(Rendering.objects.values_list("machine", "trouble")) == [
        ("", ""), ("failed", "unreadable")]


def test_a_run_that_was_killed_goes_on(listing, toy, clerk, monkeypatch):
    """The process ends in the middle: the job is put back into the queue and does the rest."""
    from django_tasks_db.models import DBTaskResult

    published("second")
    jobs.order_all.func(["pt"])
    work_row = jobs._run_of(2)
    rendering = queries.waiting_for_the_machine().first()
    assert rendering is not None
    machine.draft(rendering, toy)
    DBTaskResult.objects.filter(task_path__endswith="draft_waiting").update(status="RUNNING")
    ground_jobs.resume_interrupted()
    drain()
    work_row.refresh_from_db()
    assert Rendering.objects.filter(state=State.DRAFTED).count() == 2
    assert toy.asked.count(TITLE) == 2 and work_row.state == Work.State.DONE


def test_a_machines_draft_follows_the_original(wanted, listing, toy, ana):
    drafted(wanted, ana)
    record = Listing.objects.get(pk=listing.pk)
    market.take_over(record, {"title": record.title.with_words("en", "It does not touch the fruit.")
                              }, by=None)
    drain()
    assert "pt" not in Listing.objects.get(pk=listing.pk).title
    jobs.go_on()
    drain()
    assert Listing.objects.get(pk=listing.pk).title["pt"].text == "Não toca na fruta."


def test_nothing_is_said_of_whoever_ordered_but_a_reference(listing, toy, clerk):
    jobs.order(["pt"], by=clerk)
    told = Fact.objects.get(name="rendering.ordered")
    assert (told.actor, told.data) == (clerk.ref, {"langs": ["pt"]})


def said() -> list[tuple[str, str]]:
    return [(found.level, found.message) for found in check._translation()]


def test_the_check_says_whether_the_endpoint_answers(toy):
    assert said() == [("ok", "toy answers (bridge)")]
    toy.error = Unreachable("connection refused")
    assert said()[0][0] == "warning" and "connection refused" in said()[0][1]


def test_the_check_knows_a_house_without_a_machine_and_a_wrong_setting(settings):
    settings.TRANSLATION_URL = ""
    assert said() == [("ok", "no machine: people translate at the desk")]
    settings.TRANSLATION_URL, settings.TRANSLATION_KIND = "https://example.org", "oracle"
    assert said()[0][0] == "error" and "oracle" in said()[0][1]
