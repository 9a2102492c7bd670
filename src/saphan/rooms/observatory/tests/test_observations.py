"""Observations are added, corrected and withdrawn; nothing is ever overwritten."""

from __future__ import annotations

import pytest

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.observatory import actions, queries
from saphan.rooms.observatory.forms import ObservationForm
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.tests.conftest import (
    FACTORIES,
    added,
    made_indicator,
    page,
    signed_in,
    values,
)

State = Observation.State
pytestmark = pytest.mark.django_db


def test_an_observation_is_a_fact_that_names_economy_and_sector(indicator: Indicator,
                                                               officer: Person) -> None:
    one = added(officer)
    [fact] = ledger.about(one)
    assert (fact.name, fact.actor) == ("observation.added", officer.ref)
    assert (fact.data["economy"], fact.data["sector"], fact.data["place"]) == (
        "CN", "manufacturing", "CN-GX")
    assert one.checked_by == officer.ref and one.number.startswith("OBS-")


def test_only_those_who_keep_the_numbers_change_them(indicator: Indicator,
                                                    stranger: Person) -> None:
    one = added()
    for act in (lambda: actions.add(values(), by=stranger),
                lambda: actions.correct(one, values(value="304"), by=stranger, because="x"),
                lambda: actions.withdraw(one, by=stranger, because="x"),
                lambda: actions.check(one, by=stranger),
                lambda: actions.archive(indicator, by=stranger)):
        with pytest.raises(Refused):
            act()
    assert list(Observation.objects.values_list("state", flat=True)) == [State.CURRENT]


def test_a_correction_takes_the_place_and_the_old_number_stays(indicator: Indicator,
                                                              officer: Person) -> None:
    old = added(key="k1")
    new = actions.correct(old, values(value="305"), by=officer, because="A slip of the pen.")
    old.refresh_from_db()
    assert (old.state, new.replaces, new.key) == (State.CORRECTED, old, "k1")
    assert str(old.because) == "A slip of the pen."
    assert [one.number for one in queries.current(of=indicator)] == [new.number]
    with pytest.raises(Refused):
        actions.correct(old, values(value="306"), by=officer, because="Again.")
    with pytest.raises(Refused):
        actions.withdraw(old, by=officer, because="Again.")


def test_what_was_withdrawn_can_come_back_but_not_beside_its_successor(
        indicator: Indicator, officer: Person) -> None:
    one = added(key="k1")
    actions.withdraw(one, by=officer, because="Of another year.")
    assert not queries.current(of=indicator)
    actions.restore(one, by=officer)
    assert list(queries.current(of=indicator)) == [one]
    actions.withdraw(one, by=officer, because="Really.")
    added(key="k1")
    with pytest.raises(Refused, match="taken its place"):
        actions.restore(one, by=officer)


def test_a_reason_is_needed(indicator: Indicator, officer: Person) -> None:
    one = added()
    for act in (lambda: actions.withdraw(one, by=officer, because="  "),
                lambda: actions.correct(one, values(value="1"), by=officer, because="")):
        with pytest.raises(Refused, match="Everybody reads it"):
            act()


@pytest.mark.parametrize(("changes", "problem"), [
    ({"value": "19,000"}, "without separators"), ({"value": ""}, "required"),
    ({"period": "last year"}, "not a period"), ({"unit": "km2"}, "counted in: factories"),
    ({"relation": "range"}, "upper value"), ({"high": "400"}, "Only a range"),
    ({"relation": "range", "high": "300"}, "larger than the value"),
    ({"quote": ""}, "words of the source"), ({"address": ""}, "web address"),
    ({"place": "XX-YY"}, "valid choice"), ({"address": "javascript:alert(1)"}, "valid URL"),
    ({"evidence": "sha256:12"}, "valid value"), ({"source": ""}, "required")])
def test_the_form_says_what_is_wrong(indicator: Indicator, changes: dict[str, str],
                                     problem: str) -> None:
    form = ObservationForm({**FACTORIES, **changes}, lang="en")
    assert not form.is_valid()
    assert problem in str(form.errors)


def test_thai_and_burmese_digits_are_numbers(indicator: Indicator) -> None:
    assert values(value="๓๐๓")["value"] == values(value="၃၀၃")["value"] == 303


def test_what_counts_facts_takes_no_observations(indicator: Indicator) -> None:
    counting = made_indicator("signed", counts="market.signed", unit="agreements")
    form = ObservationForm({**FACTORIES, "indicator": counting.slug}, lang="en")
    assert not form.is_valid()
    with pytest.raises(Refused):
        actions.add({**values(), "indicator": counting}, by=None)


def test_once_there_are_numbers_the_unit_stays(indicator: Indicator, officer: Person) -> None:
    added()
    with pytest.raises(Refused, match="new indicator"):
        actions.change_indicator(indicator, {"unit": "companies"}, by=officer)


def test_somebody_reads_the_words_at_the_source(indicator: Indicator, officer: Person) -> None:
    one = added(checked=False)
    client = signed_in(officer)
    assert "Not checked" in page(client.get(f"/en{one.get_absolute_url()[3:]}"))
    client.post(f"/en/observatory/observations/{one.number}/do/check/")
    one.refresh_from_db()
    assert one.checked and one.checked_by == officer.ref and str(one.read) == "2026-11-20"
    assert Fact.objects.filter(name="observation.checked").count() == 1
    unfounded = added(checked=False, quote="", key="k2")
    with pytest.raises(Refused, match="nobody can check"):
        actions.check(unfounded, by=officer)


def test_an_officer_writes_corrects_and_withdraws_on_pages(indicator: Indicator,
                                                          officer: Person) -> None:
    client = signed_in(officer)
    page(client.get("/en/observatory/indicators/smart-factories/add/"))
    wrong = client.post("/en/observatory/indicators/smart-factories/add/",
                        {**FACTORIES, "value": "1,000"})
    assert wrong.status_code == 422 and "累计认定智能工厂303家" in wrong.content.decode()
    client.post("/en/observatory/indicators/smart-factories/add/", FACTORIES)
    one = Observation.objects.get()
    filled = page(client.get(f"/en/observatory/observations/{one.number}/correct/"))
    assert 'value="303"' in filled and "累计认定智能工厂303家" in filled
    client.post(f"/en/observatory/observations/{one.number}/correct/",
                {**FACTORIES, "value": "305", "because": "Misread."})
    new = Observation.objects.get(state=State.CURRENT)
    assert new.value == 305
    old = page(client.get(f"/en/observatory/observations/{one.number}/"))
    assert "Misread." in old and new.number in old
    client.post(f"/en/observatory/observations/{new.number}/do/withdraw/",
                {"because": "Of Guangdong."})
    gone = page(client.get(f"/th/observatory/observations/{new.number}/"))
    assert "Of Guangdong." in gone
    assert "303" not in page(client.get("/en/observatory/indicators/smart-factories/")).partition(
        "Corrected and withdrawn")[0]


def test_a_new_indicator_is_a_draft_until_it_is_published(officer: Person,
                                                         stranger: Person) -> None:
    client, outside = signed_in(officer), signed_in(stranger)
    sent = {"slug": "patents", "name": "AI patents", "meaning": "Patents granted.",
            "unit": "patents", "kind": "count", "sector": "general"}
    assert client.post("/en/observatory/new/", {**sent, "slug": "Pat ents"}).status_code == 422
    client.post("/en/observatory/new/", sent)
    assert outside.get("/en/observatory/indicators/patents/").status_code == 404
    assert "AI patents" not in page(outside.get("/en/observatory/"))
    client.post("/en/observatory/indicators/patents/do/publish/")
    assert "AI patents" in page(outside.get("/en/observatory/"))
    assert outside.get("/en/observatory/new/").status_code == 403
    assert outside.get("/en/observatory/desk/").status_code == 403


def test_strangers_see_no_buttons_and_nobody_must_sign_in_to_read(indicator: Indicator,
                                                                 client: object) -> None:
    one = added()
    seen = page(client.get(f"/en/observatory/observations/{one.number}/"))  # type: ignore[attr-defined]
    assert "累计认定智能工厂303家" in seen and "https://gxt.example.cn/303" in seen
    assert "<button" not in seen.partition("<main")[2].partition("</main")[0]
