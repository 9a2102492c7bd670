"""What visitors see: lists, one indicator, disagreement, what is out of date."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saphan.people.models import Person
from saphan.rooms.observatory import queries, sample
from saphan.rooms.observatory.models import Indicator
from saphan.rooms.observatory.tests.conftest import added, made_indicator, page, signed_in

pytestmark = pytest.mark.django_db


def test_both_values_stay_where_sources_disagree(indicator: Indicator, client: Client) -> None:
    added(key="a")
    added(key="b", value="310", source="统计局", address="https://tj.example.cn/310")
    seen = page(client.get("/en/observatory/indicators/smart-factories/"))
    assert "Where sources disagree" in seen and "They differ by 7." in seen
    assert seen.count("Sources disagree") >= 2 and ">303<" in seen and ">310<" in seen
    assert "Sources disagree" in page(client.get("/en/observatory/"))
    [difference] = queries.disagreements()
    first = difference.observations[0]
    seen = page(client.get(f"/en{first.get_absolute_url()[3:]}"))
    assert "Another source says something else" in seen and "统计局" in seen


def test_a_note_says_beside_the_numbers_why_they_differ(indicator: Indicator,
                                                        client: Client) -> None:
    added(key="a", value="123", note="Without the fourteen that were raised later.")
    added(key="b", value="137", source="表1", note="With the fourteen.")
    seen = page(client.get("/th/observatory/indicators/smart-factories/"))
    table = seen.partition('class="lined numbers"')[2].partition("</table>")[0]
    apart = seen.partition('class="apart"')[2].partition("</ul>")[0]
    for part in (table, apart, page(client.get("/th/observatory/report/2023/"))):
        assert '<span lang="en">With the fourteen.</span>' in part or (
            'lang="en">2566, 137: With the fourteen.' in part)
        assert "Without the fourteen" in part


def test_other_places_and_periods_do_not_disagree(indicator: Indicator) -> None:
    added(key="a")
    added(key="b", value="310", period="2024")
    added(key="c", value="900", place="CN")
    assert queries.disagreements() == []


def test_what_is_old_is_marked(indicator: Indicator, client: Client) -> None:
    address = "/en/observatory/indicators/smart-factories/"
    added()  # of 2023; it is November 2026
    assert "It may be out of date" in page(client.get(address))
    added(period="2026-09", value="340", key="new")
    assert "It may be out of date" not in page(client.get(address))


def test_a_chart_has_its_numbers_beside_it(indicator: Indicator, client: Client) -> None:
    added(key="a")
    added(key="b", period="2024", value="400", relation=">")
    seen = page(client.get("/en/observatory/indicators/smart-factories/"))
    chart = seen.partition("<figure")[2].partition("</figure>")[0]
    assert "<svg" in chart and "more than 400" in chart and "<table>" in chart


def test_the_place_narrows_the_table(indicator: Indicator, client: Client) -> None:
    added(key="a")
    added(key="b", value="901", place="CN")
    seen = page(client.get("/en/observatory/indicators/smart-factories/?place=CN"))
    table = seen.partition('class="lined numbers"')[2].partition("</table>")[0]
    assert "901" in table and "303" not in table


@pytest.mark.parametrize(("lang", "year"), [("th", "2566"), ("en", "2023"), ("zh-hans", "2023年"),
                                            ("km", "2023"), ("my", "2023")])
def test_years_are_those_of_the_reader(indicator: Indicator, client: Client, lang: str,
                                       year: str) -> None:
    one = added()
    assert year in page(client.get(f"/{lang}/observatory/observations/{one.number}/"))


def test_a_page_costs_the_same_with_many_numbers(indicator: Indicator, client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client.get("/th/observatory/indicators/smart-factories/"))
        return len(seen)

    for year in (2021, 2022):
        added(key=f"k{year}", period=str(year))
        added(key=f"l{year}", period=str(year), value="1", source="B")
    few = cost()
    for year in range(1990, 2020):
        added(key=f"k{year}", period=str(year))
        added(key=f"l{year}", period=str(year), value="1", source="B")
    assert cost() == few


def test_the_desk_names_what_somebody_should_look_at(indicator: Indicator,
                                                    officer: Person) -> None:
    one = added(checked=False, key="a")
    added(key="b", value="999", source="B")
    seen = page(signed_in(officer).get("/en/observatory/desk/"))
    unchecked = seen.partition("Not checked at the source")[2]
    assert one.number in unchecked and "They differ by 696." in seen
    assert "Smart factories" in seen.partition("Out of date")[2]


def test_a_count_opens_the_ledger(economies: None, client: Client) -> None:
    made_indicator("agreements-signed", counts="market.signed", unit="agreements")
    seen = page(client.get("/en/observatory/indicators/agreements-signed/"))
    assert "/en/numbers/market.signed/" in seen and "Counted here, from the ledger" in seen


def test_the_house_finds_indicators_in_any_language(indicator: Indicator) -> None:
    added()
    entries: Any = queries.IndicatorEntries()
    [document] = entries.documents()
    assert document.titles["th"] == "โรงงานอัจฉริยะ" and document.sector == "manufacturing"
    plate = entries.plates([str(indicator.pk)], asker=None)[str(indicator.pk)]
    assert plate.maker.startswith("303")
    indicator.take("archive")
    assert list(entries.documents()) == []


def test_a_feed_brings_new_numbers(indicator: Indicator, client: Client) -> None:
    added()
    seen = page(client.get("/feeds/en/observatory/new.atom"))
    assert "Smart factories: 303" in seen and "累计认定智能工厂303家" in seen


def test_the_sample_loads_twice_without_a_new_fact(economies: None, tmp_path: Any) -> None:
    (tmp_path / "a.toml").write_text("""
[[place]]
code = "CN-GX"
economy = "CN"
name.en = "Guangxi"
[[indicator]]
slug = "factories"
unit = "factories"
name.en = "Factories"
name.th = "โรงงาน"
meaning.en = "All of them."
[[observation]]
key = "f1"
indicator = "factories"
value = 303
period = "2023"
place = "CN-GX"
source = "工信厅"
quote = "303家"
address = "https://a.example/1"
read = 2026-11-01
checked = true
note.en = "Read twice."
""", encoding="utf-8")
    from saphan.ground import ledger

    assert sample.load(tmp_path) == 1
    head = ledger.head()
    assert sample.load(tmp_path) == 1 and ledger.head() == head
    text = (tmp_path / "a.toml").read_text("utf-8")
    (tmp_path / "a.toml").write_text(text.replace("value = 303", "value = 304"), "utf-8")
    assert sample.load(tmp_path) == 2
    assert [one.value for one in queries.current()] == [304]
    (tmp_path / "b.toml").write_text('[[observation]]\nkey = "x"\nindicator = "nothing"\n', "utf-8")
    with pytest.raises(sample.BadSample, match="observation x"):
        sample.load(tmp_path)
