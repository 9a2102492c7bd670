"""The director's board and the report of the year: counts that open, and never add up."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from saphan.design import formats
from saphan.ground import clock, ledger
from saphan.house import numbers
from saphan.people.models import Economy, Person
from saphan.rooms.market.models import Interest
from saphan.rooms.observatory import report
from saphan.rooms.observatory.models import Indicator
from saphan.rooms.observatory.tests.conftest import added, cooperation, page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(economies: None) -> list[Interest]:
    return [cooperation("2025-11", "2026-02", "2026-09"),
            cooperation("2026-02", "2026-03", economy="VN", sector="agriculture"),
            cooperation("2026-03", economy="VN")]


def test_signed_running_and_outcome_are_counted_apart(three: list[Interest]) -> None:
    cooperation("2026-01", "2026-01", "2026-01", example=True)
    stages = {stage.name: stage for stage in numbers.stages()}
    assert {name: stage.total for name, stage in stages.items()} == {
        "signed": 3, "running": 2, "outcome": 1}
    assert stages["signed"].economies == {"VN": 2, "TH": 1}
    assert stages["running"].sectors == {"logistics": 1, "agriculture": 1}


@pytest.mark.parametrize("query", [
    {}, {"economy": "VN"}, {"sector": "logistics"}, {"period": "2026"}, {"period": "2026-02"},
    {"economy": "VN", "period": "2026-03", "sector": "logistics"}, {"economy": "XX"}])
def test_every_count_is_the_number_of_facts_it_opens(three: list[Interest],
                                                     query: dict[str, str]) -> None:
    part = numbers.Part.read(query)
    for stage in numbers.stages(part):
        chosen = [indicator for _room, indicator in numbers.of_stage(stage.name)]
        assert stage.total == numbers.facts(*chosen, part=part).count()
        for one in stage.numbers:
            assert one.total == numbers.facts(one.indicator, part=part).count()


def test_every_number_of_the_board_leads_to_its_records(three: list[Interest],
                                                        director: Person) -> None:
    client = signed_in(director)
    board = page(client.get("/en/observatory/board/")).partition("<main")[2]
    links = re.findall(r'<a href="(/en/observatory/board/[^"]+)">(\d+)</a>', board)
    assert len(links) > 12
    for address, count in links:
        opened = page(client.get(address.replace("&amp;", "&")))
        assert f"{count} in all" in opened
        assert len(re.findall(r"MKT-2026-\d{4}</a>", opened)) == int(count)


def test_the_public_sees_totals_and_no_records(three: list[Interest], client: Client) -> None:
    assert ">3</a>" in page(client.get("/en/observatory/board/"))
    opened = page(client.get("/en/observatory/board/signed/?economy=VN"))
    assert "2 in all" in opened and "MKT-2026" not in opened
    assert client.get("/en/observatory/board/nothing/").status_code == 404


def test_a_project_is_signed_once_however_many_papers_follow(economies: None) -> None:
    from saphan.house import tally
    from saphan.house.room import Indicator as Counted

    once = Counted("signed", "Signed", ["project.signed"], once=True)
    subjects = list(Economy.objects.all()[:2])
    for subject in (subjects[0], subjects[0], subjects[1]):
        ledger.record("project.signed", subject, economy="TH")
    tally.mirror.catch_up({*numbers.names(), "project.signed"})
    assert numbers.Count().of(once).total == 2 == numbers.facts(once).count()


def test_a_ledger_that_went_back_is_read_again(economies: None) -> None:
    """As after a transaction that was rolled back: what was never kept is never counted."""
    from django.db import transaction

    before = {stage.name: stage.total for stage in numbers.stages()}
    with transaction.atomic():
        cooperation("2026-02")
        assert numbers.stages()[0].total == before["signed"] + 1
        transaction.set_rollback(True)
    assert {stage.name: stage.total for stage in numbers.stages()} == before
    cooperation("2026-02", "2026-03")
    assert [stage.total for stage in numbers.stages()] == [
        before["signed"] + 1, before["running"] + 1, before["outcome"]]


def test_days_are_those_at_the_centre(economies: None) -> None:
    """An hour before midnight in UTC it is already the next month in Nanning."""
    found = cooperation("2026-02")
    with clock.stopped_at(datetime(2026, 3, 31, 23, 0, tzinfo=UTC)), ledger.fact(
            "interest.started", found, economy="TH"):
        pass
    running = numbers.stages()[1]
    assert [f"{month:%Y-%m}" for month in running.months] == ["2026-04"]
    assert numbers.stages(numbers.Part.read({"period": "2026-04"}))[1].total == 1
    assert numbers.facts(*(one for _room, one in numbers.of_stage("running")),
                         part=numbers.Part.read({"period": "2026-04"})).count() == 1


def test_every_number_of_the_report_cites(three: list[Interest], indicator: Indicator) -> None:
    added(key="a")
    added(key="b", period="2026", value="340")
    added(key="c", period="2026", value="350", source="B", address="https://b.example/1")
    with translation.override("en"):
        told = report.report(2026)
        paper = report.paper(told)
    cells = [cell for block in told.blocks if isinstance(block, report.Table)
             for row in block.rows for cell in row if re.search(r"\d", cell.text) and cell.url]
    assert cells and all(cell.sources for cell in cells)
    assert {"303", "340", "350"} <= {cell.text for cell in cells}
    assert "累计认定智能工厂303家" in [quote.text for source in told.sources
                                       for quote in source.quotes]
    assert paper.notice == "The year is not over: these are the numbers so far."


def test_the_report_reads_in_every_language_and_as_docx(three: list[Interest],
                                                        indicator: Indicator,
                                                        client: Client) -> None:
    added(key="a")
    added(key="b", period="2025", value="340")
    told = {}
    for lang, _name in settings.LANGUAGES:
        with translation.override(lang):
            year, told[lang] = formats.day("2025"), report.report(2025)
        seen: Any = page(client.get(f"/{lang}/observatory/report/2025/"))
        assert year in seen and "340" in seen and "[2]" in seen
    assert len(told) == 12
    assert len({tuple(cell.sources for part in one.parts if isinstance(part, report.Table)
                      for row in part.rows for cell in row) for one in told.values()}) == 1
    made = client.get("/th/observatory/report/2025.docx")
    assert made.content[:2] == b"PK" and "report-2025-th.docx" in made["Content-Disposition"]
    assert client.get("/en/observatory/report/1999/").status_code == 404


def test_numbers_after_the_year_are_not_in_its_report(indicator: Indicator) -> None:
    added(key="a", period="2024", value="222")
    added(key="b", period="2025", value="333")
    with translation.override("en"):
        told = report.report(2024)
    texts = {cell.text for block in told.blocks if isinstance(block, report.Table)
             for row in block.rows for cell in row}
    assert "222" in texts and "333" not in texts
