"""CSV: every row is looked at first, each problem told by its row, and nothing is lost."""

from __future__ import annotations

import pytest

from saphan.ground.models import Fact
from saphan.people.models import Person
from saphan.rooms.observatory import exchange
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.tests.conftest import page, signed_in

pytestmark = pytest.mark.django_db
HEAD = "key,indicator,value,period,place,source,quote,address,read,checked\n"
GOOD = 'a,smart-factories,303,2023,CN-GX,工信厅,"共303家",https://a.example/1,2026-11-01,true\n'
BAD = "b,smart-factories,many,2024,CN-GX,工信厅,,,,\n"
OTHER = "c,smart-factories,35,2024-Q5,XX,,,,,\n"


def send(client: object, rows: str, **also: str) -> str:
    return page(client.post("/en/observatory/import/", {"rows": rows, **also}))  # type: ignore[attr-defined]


def test_a_file_is_shown_first_and_loaded_when_one_says_so(indicator: Indicator,
                                                          officer: Person) -> None:
    client = signed_in(officer)
    seen = send(client, HEAD + GOOD + BAD + OTHER)
    assert "Rows that can be loaded" in seen and "Write the number without separators" in seen
    assert not Observation.objects.exists()
    seen = send(client, HEAD + GOOD + BAD + OTHER, load="1")
    assert "1 added, 0 corrected, 0 as they were." in seen
    assert Observation.objects.get().value == 303
    left = seen.partition("<textarea")[2].partition("</textarea>")[0]
    assert "b,smart-factories,many" in left and "c,smart-factories,35" in left
    assert "303" not in left
    assert Fact.objects.get(name="observations.imported").data == {
        "added": 1, "corrected": 0, "unchanged": 0, "problems": 2}


def test_loading_again_changes_nothing_and_a_changed_row_corrects(indicator: Indicator,
                                                                 officer: Person) -> None:
    client = signed_in(officer)
    send(client, HEAD + GOOD, load="1")
    assert "0 added, 0 corrected, 1 as they were." in send(client, HEAD + GOOD, load="1")
    seen = send(client, HEAD + GOOD.replace("303", "304"), load="1")
    assert "0 added, 1 corrected, 0 as they were." in seen
    assert [one.value for one in Observation.objects.order_by("pk")] == [303, 304]
    first = Observation.objects.get(value=303)
    assert first.state == Observation.State.CORRECTED


def test_rows_without_a_key_are_not_taken_twice(indicator: Indicator, officer: Person) -> None:
    rows = "indicator;value;period;source\nsmart-factories;12;2020;A\nsmart-factories;12;2020;A\n"
    found = exchange.check(rows)
    exchange.load(found, by=officer)
    assert Observation.objects.count() == 1


def test_a_withdrawn_row_does_not_come_back_from_the_same_file(indicator: Indicator,
                                                              officer: Person) -> None:
    client = signed_in(officer)
    send(client, HEAD + GOOD, load="1")
    one = Observation.objects.get()
    client.post(f"/en/observatory/observations/{one.number}/do/withdraw/", {"because": "Wrong."})
    assert "0 added, 0 corrected, 1 as they were." in send(client, HEAD + GOOD, load="1")


@pytest.mark.parametrize(("text", "problem"), [
    ("", "must name the columns"), ("a,b\n1,2\n", "Missing: indicator"),
    ('indicator,value,period,source\n"x', "not CSV"),
    (HEAD + GOOD + GOOD.replace("303", "9"), "has the same key"),
    (HEAD + "x,smart-factories,1,2020,,S,,,,,,,extra\n", "more cells"),
    (HEAD.replace("quote", "qoute") + GOOD, "Unknown columns: qoute")])
def test_what_cannot_be_read_is_said(indicator: Indicator, officer: Person, text: str,
                                     problem: str) -> None:
    response = signed_in(officer).post("/en/observatory/import/", {"rows": text or " \n,"})
    assert problem in response.content.decode()
    assert not Observation.objects.exists()


def test_a_file_that_is_not_utf8_is_refused_with_advice(indicator: Indicator,
                                                       officer: Person) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("a.csv", "value\n三百".encode("gb18030"))
    response = signed_in(officer).post("/en/observatory/import/", {"file": sent})
    assert response.status_code == 422 and "Save it as UTF-8" in response.content.decode()


def test_open_data_can_be_imported_again(indicator: Indicator, officer: Person) -> None:
    """What somebody takes away as CSV and gives back changes nothing."""
    import csv
    import io

    from saphan.rooms.observatory import opendata

    exchange.load(exchange.check(HEAD + GOOD.replace("共303家", "=共303家")), by=officer)
    taken = "".join(opendata.write_csv(opendata.rows()))
    [row] = csv.DictReader(io.StringIO(taken))
    assert row["quote"] == "'=共303家"
    given = {name: value for name, value in row.items() if name in exchange.COLUMNS}
    checked = exchange.check_row({**given, "quote": row["quote"][1:]}, exchange.Known())
    assert isinstance(checked, dict)
    assert exchange.load_row(checked, by=officer) is None
