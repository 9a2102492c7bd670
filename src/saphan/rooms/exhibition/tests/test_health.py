"""Each exhibit is exercised on its own example; what fails twice is out of order until it works."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saphan.ground import clock, ledger
from saphan.ground.models import Fact
from saphan.rooms.exhibition import actions, commands, queries, reactions, running
from saphan.rooms.exhibition.models import Run
from saphan.rooms.exhibition.tests.conftest import (
    ECHO,
    ECHO_FACTS,
    PLAIN_FACTS,
    exhibit,
    page,
    put,
    step,
    tried,
)

pytestmark = pytest.mark.django_db
EXAMPLE = '[[example]]\nkey = "one"\nexpect = "fine"\n[example.inputs]\ntext = "x"\n'
FINE = "@exhibit\ndef sick(text: Line) -> Say:\n    return Say('fine')\n"
SICK = "@exhibit\ndef sick(text: Line) -> Say:\n    raise ValueError('a wheel has come off')\n"
WRONG = "@exhibit\ndef sick(text: Line) -> Say:\n    return Say('nonsense')\n"
RECORDED = ('{"example": "one", "on": "2026-11-01", "answer": {"parts": [{"kind": "quote", '
            '"text": "as it was"}]}}')


def facts(slug: str) -> list[str]:
    return [name.removeprefix("exhibit.") for name in Fact.objects.filter(
        subject_id=str(exhibit(slug).pk), subject_type="exhibition.exhibit",
    ).order_by("seq").values_list("name", flat=True)]


@pytest.mark.parametrize(("code", "reason"), [
    (SICK, "a wheel has come off"), (WRONG, "did not say fine on its own example")])
def test_two_failures_of_its_own_example_and_it_is_out_of_order(client, guests, code, reason):
    folder = put(guests, "sick", code, PLAIN_FACTS + EXAMPLE)
    (folder / "recorded" / "run.json").write_text(RECORDED)
    step()
    running.exercise(exhibit("sick"))
    assert exhibit("sick").state == "running", "once may happen"
    running.exercise(exhibit("sick"))
    sick = exhibit("sick")
    assert sick.state == "faulty" and reason in sick.failure
    assert facts("sick") == ["placed", "failed"]
    html = page(client.get("/en/exhibition/at/sick/"))
    assert "This exhibit failed on its own example lately." in html and "as it was" in html
    assert 'name="text"' in html, "one may still try it"
    assert "Out of order" in page(client.get("/en/exhibition/"))
    put(guests, "sick", FINE, PLAIN_FACTS + EXAMPLE)
    step()
    running.exercise(exhibit("sick"))
    well = exhibit("sick")
    assert (well.state, well.failure, well.failures) == ("running", "", 0)
    assert facts("sick")[-1] == "recovered"
    assert Run.objects.filter(exhibit=well, by_house=True).count() == 3
    assert ledger.verify().intact


def test_a_visitor_can_break_a_run_but_not_its_name(client, guests):
    for _ in range(3):
        page(tried(client, "echo", text="crash"))
    echo = exhibit("echo")
    assert (echo.state, echo.failures, echo.failure) == ("running", 0, "")
    assert echo.last_failure is not None
    assert facts("echo") == ["placed"]


def test_what_is_not_installed_is_said_and_others_run(client, guests):
    put(guests, "needy", FINE, PLAIN_FACTS + 'needs = ["no_such_package"]\n'
        'programs = ["no-such-program"]\n' + EXAMPLE)
    step()
    assert "not installed: no_such_package" in page(client.get("/en/exhibition/at/needy/"))
    standing = running.exercise(exhibit("needy"))
    assert standing.outcome == "unavailable"
    assert exhibit("needy").state == "faulty", "nothing is gained by a second try"
    api = client.post("/api/v1/exhibition/needy/run", {"inputs": {"text": "x"}},
                      content_type="application/json")
    assert api.status_code == 403 and "no_such_package" in api.json()["title"]
    assert "It heard me." in page(tried(client, "echo", text="me"))


def test_one_without_an_example_is_well_when_it_starts(guests):
    assert running.exercise(exhibit("slow")).outcome == "done"
    assert exhibit("slow").last_success is not None
    assert not Run.objects.exists(), "nothing ran"
    put(guests, "slow_to_fail", "raise RuntimeError('no')\n")
    step()
    running.exercise(exhibit("slow_to_fail"))
    assert exhibit("slow_to_fail").state == "faulty"


def test_an_example_whose_file_is_gone_is_a_fault_and_stops_no_other(guests):
    put(guests, "gone", FINE, PLAIN_FACTS + '[[example]]\nkey = "one"\n[example.files]\n'
        'text = "examples/none.txt"\n')
    step()
    reactions.exercise()
    reactions.exercise()  # two at a time
    assert "examples/none.txt" in exhibit("gone").failure
    assert exhibit("echo").last_success and exhibit("look").last_success


def test_those_whom_nobody_ran_for_an_hour_are_exercised_the_longest_ago_first(client, guests):
    actions.close(exhibit("look"), by=_clerk())
    due = [each.slug for each in queries.due_for_exercise(9, timedelta(hours=1))]
    assert sorted(due) == ["echo", "slow"], "a closed one rests"
    page(tried(client, "echo", text="me"))
    assert [each.slug for each in queries.due_for_exercise(9, timedelta(hours=1))] == ["slow"]
    with clock.stopped_at(clock.now() + timedelta(hours=2)):
        assert [each.slug for each in queries.due_for_exercise(9, timedelta(hours=1))] == [
            "slow", "echo"]
        reactions.exercise()
        assert queries.due_for_exercise(9, timedelta(hours=1)) == []


def _clerk():
    from saphan.people import actions as people_actions
    from saphan.people.models import Person, Role

    made = Person.objects.create_user("desk@example.org")
    people_actions.grant_role(made, Role.Name.CLERK, by=None)
    return made


def test_the_operator_exercises_places_and_asks_how_well_it_is_sealed(guests, capsys):
    put(guests, "sick", SICK, PLAIN_FACTS + EXAMPLE)
    (guests / "torn").mkdir()
    (guests / "torn" / "exhibit.toml").write_text('maker = "')
    assert commands.place([]) == 1
    said = capsys.readouterr().out
    assert "torn/exhibit.toml" in said and "4 exhibits in the hall, 1 changed" in said
    assert commands.exercise(["echo"]) == 0
    assert commands.exercise(["sick"]) == 1
    said = capsys.readouterr().out
    assert "echo" in said and "done" in said and "a wheel has come off" in said
    assert commands.seal([]) == 0
    assert "exhibits are sealed by: " in capsys.readouterr().out


def test_a_file_in_the_folder_that_changes_makes_it_new_in_the_ledger(guests):
    put(guests, "echo", ECHO, ECHO_FACTS.replace("The tests", "Others"))
    assert step() == 1
    assert exhibit("echo").maker == "Others" and facts("echo") == ["placed", "changed"]
