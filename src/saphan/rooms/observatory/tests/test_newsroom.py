"""What is verified in the newsroom comes in by itself, with everything known of its source."""

from __future__ import annotations

from typing import Any

import pytest

from saphan.ground import jobs, ledger
from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.observatory import queries
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.tests.conftest import made_indicator, page, signed_in

pytestmark = pytest.mark.django_db
EVIDENCE = "sha256:" + "ab" * 32
VERIFIED: dict[str, Any] = {
    "value": "303", "high": None, "unit": "家", "relation": "=", "subject": {"zh-Hans": "智能工厂"},
    "place": "广西", "period": "2023", "as_of": "2023-12-31", "lang": "zh-Hans",
    "quote": "累计认定智能工厂303家", "source": "广西日报", "address": "https://gxrb.example.cn/a1",
    "read": "2026-11-19", "evidence": EVIDENCE, "article": "ART-2026-0007", "figure": "f-1",
    "indicator": "smart-factories"}


def verify(**changes: Any) -> None:
    with ledger.fact("figure.verified", None) as draft:
        draft.data |= {**VERIFIED, **changes}
    jobs.drain()


def test_a_verified_figure_becomes_an_observation_with_its_provenance(
        indicator: Indicator) -> None:
    verify()
    one = Observation.objects.get()
    assert (one.value, one.unit, one.period, one.place_code) == (303, "factories", "2023", "CN-GX")
    assert (one.quote, one.quote_lang, one.source) == ("累计认定智能工厂303家", "zh-Hans",
                                                       "广西日报")
    assert (one.evidence, one.article, one.figure, one.checked) == (
        EVIDENCE, "ART-2026-0007", "f-1", True)
    assert one.subject.plain() == {"zh-Hans": "智能工厂"} and str(one.as_of) == "2023-12-31"


def test_what_names_no_indicator_stays_in_the_newsroom(indicator: Indicator) -> None:
    verify(indicator="")
    assert not Observation.objects.exists()
    assert not Fact.objects.filter(name="figure.left_out").exists()


@pytest.mark.parametrize("changes", [
    {"indicator": "unknown"}, {"unit": "km2"}, {"unit": "mu"}, {"unit": "t/year"},
    {"value": "many"}, {"period": "recently"}])
def test_what_does_not_fit_is_left_out_and_said_at_the_desk(
        indicator: Indicator, officer: Person, changes: dict[str, str]) -> None:
    verify(**changes)
    assert not Observation.objects.exists()
    [fact] = Fact.objects.filter(name="figure.left_out")
    assert fact.data["figure"] == "f-1" and fact.data["problems"]
    assert "f-1" in page(signed_in(officer).get("/en/observatory/desk/"))
    verify()
    assert Observation.objects.exists() and queries.left_out() == []


def test_how_things_stood_on_a_day_is_a_period_of_a_day(indicator: Indicator) -> None:
    verify(period="", unit="factory", place_code="CN-GX", place="")
    one = Observation.objects.get()
    assert (one.period, one.unit, one.place_code) == ("2023-12-31", "factories", "CN-GX")


def test_a_place_without_a_code_is_kept_in_the_sources_words(indicator: Indicator) -> None:
    verify(place="五象新区")
    one = Observation.objects.get()
    assert (one.place_code, one.place_said) == ("", "五象新区")


def test_economies_are_known_by_their_names_in_any_language(indicator: Indicator) -> None:
    verify(place="ประเทศไทย", figure="f-2")
    verify(place="TH", figure="f-3")
    assert {one.place_code for one in Observation.objects.all()} <= {"TH", ""}
    assert Observation.objects.filter(economy="TH").exists()


def test_the_same_figure_verified_again_changes_nothing_or_corrects(indicator: Indicator) -> None:
    verify()
    verify()
    assert Observation.objects.count() == 1
    verify(value="304", quote="累计认定智能工厂304家")
    assert [one.value for one in queries.current(of=indicator)] == [304]
    old = Observation.objects.get(value=303)
    assert old.state == Observation.State.CORRECTED and "th" in old.because


def test_a_withdrawn_figure_no_longer_counts(indicator: Indicator) -> None:
    verify()
    ledger.record("figure.withdrawn", None, figure="f-1")
    jobs.drain()
    [one] = Observation.objects.all()
    assert one.state == Observation.State.WITHDRAWN
    ledger.record("figure.withdrawn", None, figure="f-1")  # told twice, done once
    jobs.drain()
    assert Fact.objects.filter(name="observation.withdrawn").count() == 1


def test_money_must_be_the_money_of_the_indicator(indicator: Indicator) -> None:
    made_indicator("output", unit="CNY", kind="amount")
    verify(indicator="output", unit="CNY", value="89000000000", relation=">")
    assert Observation.objects.get().relation == ">"
    verify(indicator="output", unit="USD", figure="f-9")
    assert Observation.objects.count() == 1
