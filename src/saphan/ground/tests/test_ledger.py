from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from saphan.ground import clock, ledger
from saphan.ground.models import Fact, Work

pytestmark = pytest.mark.django_db


def three_facts() -> None:
    for number in range(3):
        work = Work(name=f"work {number}")
        with ledger.fact("work.begun", work, thing="ທຸລຽນ", number=number):
            work.save()


def forge(seq: int, **columns: object) -> None:
    """Change a fact behind the ledger's back, as somebody with the database file could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ground_fact DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS fact_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS fact_no_delete")
    Fact.objects.filter(seq=seq).update(**columns)


def test_an_untouched_ledger_is_intact():
    three_facts()
    report = ledger.verify()
    assert report.intact
    assert (report.count, report.head) == ledger.head()


def test_a_fact_written_on_a_clock_of_another_zone_is_intact():
    nanning = datetime(2027, 3, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.stopped_at(nanning):
        ledger.record("house.opened", None)
    assert ledger.verify().intact


def test_an_empty_ledger_is_intact_too():
    assert ledger.verify().intact
    assert ledger.head() == (0, ledger.GENESIS)


@pytest.mark.parametrize("column", [
    {"name": "work.ended"}, {"data": {"number": 7}}, {"actor": "p_x"}, {"subject_id": "99"},
    {"previous": "f" * 64}])
def test_any_changed_word_of_a_fact_shows(column: dict):
    three_facts()
    forge(2, **column)
    assert ledger.verify().broken_at == 2


def test_a_fact_that_is_taken_out_shows():
    three_facts()
    forge(2)
    Fact.objects.filter(seq=2).delete()
    assert ledger.verify().broken_at == 2


def test_a_cut_off_end_shows_against_a_head_that_was_written_down():
    three_facts()
    head = ledger.head()
    forge(3)
    Fact.objects.filter(seq=3).delete()
    assert ledger.verify().intact  # the chain alone cannot tell
    assert ledger.verify(expected_head=head).broken_at == 3


def test_another_ledger_shows_against_the_expected_head():
    three_facts()
    assert ledger.verify(expected_head=(2, "a" * 64)).broken_at == 2


def test_the_database_itself_refuses_to_change_or_delete_a_fact():
    three_facts()
    for wrong in (lambda: Fact.objects.filter(seq=1).update(name="x"),
                  lambda: Fact.objects.filter(seq=1).delete()):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            wrong()
    with pytest.raises(PermissionDenied):
        Fact.objects.get(seq=1).save()
    with pytest.raises(PermissionDenied):
        Fact.objects.get(seq=1).delete()


def test_a_change_that_fails_leaves_neither_change_nor_fact():
    def half_done() -> None:
        work = Work(name="half")
        with ledger.fact("work.begun", work):
            work.save()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        half_done()
    assert not Work.objects.filter(name="half").exists()
    assert not Fact.objects.exists()


def test_a_fact_knows_its_subject_though_that_is_created_inside():
    work = Work(name="new")
    with ledger.fact("work.begun", work):
        work.save()
    fact = ledger.about(work).get()
    assert (fact.subject_type, fact.subject_id) == ("ground.work", str(work.pk))


def test_what_an_action_finds_out_goes_into_the_fact():
    with ledger.fact("work.counted", None, planned=3) as draft:
        draft.data["found"] = 5
    assert Fact.objects.get().data == {"planned": 3, "found": 5}
