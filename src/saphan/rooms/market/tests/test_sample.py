"""The sample centre's records: all real with their source, or marked as an example."""

from __future__ import annotations

import pytest
from django.conf import settings

from saphan.rooms.market import exchange, sample
from saphan.rooms.market.models import Listing

FOLDER = settings.CENTRES / "nanning" / "market"
FILES = sorted(FOLDER.glob("*.jsonl"))

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_record_is_sound_and_has_a_source_or_is_an_example(economies, path):
    report = exchange.check(path.read_text("utf-8"), "jsonl")
    assert [f"row {problem.row}, {problem.field}: {problem.message}"
            for problem in report.problems] == []
    for number, row in report.good:
        source = row.get("source") or {}
        assert bool(row.get("example")) != bool(source.get("url")), f"row {number}"
        assert row.get("example") or source.get("read") or source.get("note"), (
            f"row {number}: when was its source read, or why is that not known?")
        assert "en" in row["title"], f"row {number} has no English title"


def test_the_sample_loads_and_loading_it_again_changes_nothing(economies):
    count = sample.load(FOLDER)
    assert count == sum(len(path.read_text("utf-8").split("\n")) - 1 for path in FILES)
    before = list(Listing.objects.order_by("pk").values("number", "version", "changed"))
    sample.load(FOLDER)
    assert list(Listing.objects.order_by("pk").values("number", "version", "changed")) == before
    assert {words.origin for listing in Listing.objects.all()
            for words in listing.title.values()} == {"house"}


def test_a_bad_sample_says_which_row(economies, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"key": "a"}\n', "utf-8")
    with pytest.raises(sample.BadSample, match=r"a.jsonl, row 1"):
        sample.load(tmp_path)
