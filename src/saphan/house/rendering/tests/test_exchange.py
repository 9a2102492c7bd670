"""Files for outside translators: out, filled, back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.ground.access import Refused
from saphan.house.rendering import actions, exchange, xliff
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.tests.conftest import PORTUGUESE, work
from saphan.rooms.market import actions as market
from saphan.rooms.market.models import Listing

NAMES = {"xlf": "work.xlf", "xlf2": "work.xliff", "csv": "work.csv"}


def out(rendering: Rendering, format: str) -> str:
    return exchange.written([work(rendering).check()], format)


def filled(rendering: Rendering, format: str) -> bytes:
    """The file as it comes back, with every sentence translated by another tool."""
    sheet = exchange.sheet_of(work(rendering))
    words = PORTUGUESE["title"] + PORTUGUESE["summary"]
    groups, at = [], iter(words)
    for name, label, units in sheet.groups:
        groups.append((name, label, [xliff.Unit(unit.id, unit.source, next(at))
                                     for unit in units]))
    sheet.groups = groups
    return {"xlf": lambda: xliff.write_12([sheet]), "xlf2": lambda: xliff.write_20(sheet),
            "csv": lambda: xliff.write_csv([sheet])}[format]().encode()


@pytest.mark.parametrize("format", NAMES)
def test_a_file_that_comes_back_becomes_a_draft_of_whoever_sends_it(wanted, ana, format):
    report = exchange.take_in(filled(wanted, format), file_name=NAMES[format], by=ana)
    now = Rendering.objects.get()
    assert (report.sentences, len(report.taken), report.refused) == (3, 1, [])
    assert work(now).complete and now.state == Rendering.State.DRAFTED
    assert now.writers == [ana.ref]


@pytest.mark.parametrize("format", NAMES)
def test_what_goes_out_and_comes_back_as_it_was_changes_nothing(wanted, ana, format):
    actions.save(work(wanted), {**PORTUGUESE, "summary": ["Classifica 12 toneladas.", None]},
                 by=ana)
    before = Rendering.objects.get().version
    report = exchange.take_in(out(wanted, format).encode(), file_name=NAMES[format], by=ana)
    assert (report.unchanged, report.taken, report.refused) == (1, [], [])
    assert Rendering.objects.get().version == before


def test_a_sentence_whose_original_changed_is_refused_and_named(wanted, listing, ana):
    data = filled(wanted, "xlf")
    record = Listing.objects.get(pk=listing.pk)
    market.take_over(record, {"title": record.title.with_words("en", "Another title")}, by=None)
    report = exchange.take_in(data, file_name="work.xlf", by=ana)
    assert [line.place for line in report.refused] == [f"{wanted.pk}.title.0"]
    assert "original has changed" in report.refused[0].why
    assert [one.target for one in work(wanted).passages[1].sentences] == PORTUGUESE["summary"]


def test_a_file_into_another_language_than_hers_is_refused_line_by_line(wanted, person):
    khmer = person("khmer", langs=["km"])
    report = exchange.take_in(filled(wanted, "csv"), file_name="work.csv", by=khmer)
    assert len(report.refused) == 3 and not report.taken


@pytest.mark.parametrize(("data", "name"), [
    (b"x", "work.doc"), (b"\xff\xfe\x00", "work.csv"), (b"a,b\n1,2\n", "work.csv"),
    (b"<xliff", "work.xlf"), (b"<html/>", "work.xlf"),
    (b'<!DOCTYPE x [<!ENTITY a "b">]><xliff/>', "work.xlf")])
def test_a_file_that_cannot_be_read_says_why(ana, data, name):
    with pytest.raises(Refused):
        exchange.take_in(data, file_name=name, by=ana)


@pytest.mark.parametrize("id", ["", "x", "1", "1.title", "1.title.x", "1.nothing.0", "1.title.99",
                                "99999.title.0", "9" * 30 + ".title.0", "1.title.²"])
def test_an_identifier_that_is_none_of_ours_is_refused(wanted, ana, id):
    id = id.replace("1.", f"{wanted.pk}.", 1) if id.startswith("1.") else id
    sheet = xliff.Sheet("x", "en", "pt", groups=[("g", "g", [xliff.Unit(id, "s", "t")])])
    report = exchange.take_in(xliff.write_12([sheet]).encode(), file_name="a.xlf", by=ana)
    assert len(report.refused) == 1 and not report.taken


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1).filter(
    lambda text: text.strip() == text)


@given(st.lists(st.tuples(WORDS, st.none() | WORDS), min_size=1, max_size=5))
def test_every_word_comes_back_from_every_format(pairs):
    units = [xliff.Unit(f"1.title.{place}", source, target)
             for place, (source, target) in enumerate(pairs)]
    sheet = xliff.Sheet("MKT-1", "en", "pt", groups=[("title", "Title", units)])
    for content, name in ((xliff.write_12([sheet]), "a.xlf"), (xliff.write_20(sheet), "a.xlf"),
                          (xliff.write_csv([sheet]), "a.csv")):
        assert xliff.read(content.encode(), name) == units


def test_no_spreadsheet_calculates_what_is_in_a_csv():
    sheet = xliff.Sheet("x", "en", "pt", groups=[("t", "T", [xliff.Unit("1.t.0", "=1+1", "-2")])])
    assert "\n1.t.0,x,T,en,pt,'=1+1,'-2," in xliff.write_csv([sheet]).replace("\r", "")
