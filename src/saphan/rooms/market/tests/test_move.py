"""A move to another house loses neither who wrote and approved the words nor a record's days."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saphan.ground import clock
from saphan.ground.text import Text, Words, fingerprint
from saphan.rooms.market import commands, exchange
from saphan.rooms.market.models import Listing
from saphan.rooms.market.tests.test_import import GOOD, lines, send

pytestmark = pytest.mark.django_db

TITLE = Text("th", {
    "th": Words("กล้องคัดทุเรียน", "person", "p_author"),
    "en": Words("Durian camera", "machine", "p_maker", "p_judge", "2026-11-20T08:00:00+00:00",
                fingerprint("กล้องคัดทุเรียน"))})


@pytest.fixture
def moved(economies, tmp_path: Path, capsys, monkeypatch) -> Listing:
    """A submitted record with translated words, after a move."""
    monkeypatch.setattr(commands, "worker_is_alive", lambda: True)
    report = exchange.check(json.dumps({**GOOD, "state": "submitted"}), "jsonl")
    exchange.load_row(report.good[0][1], by=None)
    Listing.objects.update(title=TITLE, submitted="2026-10-01T00:00:00+00:00", extensions=1,
                           valid_until="2027-01-31")
    assert commands.write([]) == 0 and capsys.readouterr().out == ""  # nothing of it is public
    commands.write(["--whole"])
    (tmp_path / "market.jsonl").write_text(capsys.readouterr().out, "utf-8")
    Listing.objects.all().delete()
    assert commands.load([str(tmp_path / "market.jsonl")]) == 0
    assert commands.load([str(tmp_path / "market.jsonl")]) == 0
    assert "0 new or changed, 1 as they were" in capsys.readouterr().out
    return Listing.objects.get()


def test_words_keep_their_origin_their_writer_and_their_approver(moved):
    assert moved.title == TITLE
    assert not moved.title.is_stale("en")


def test_state_and_days_stay(moved):
    assert (moved.state, moved.extensions, str(moved.valid_until)) == ("submitted", 1, "2027-01-31")
    assert moved.submitted is not None and moved.submitted.date().isoformat() == "2026-10-01"


def test_who_sends_a_file_through_the_desk_cannot_say_that_somebody_approved(as_clerk):
    kept = {"words": {"title": {"en": {"origin": "machine", "approved_by": "p_judge"}}},
            "life": {"submitted": clock.now().isoformat()}}
    send(as_clerk, lines({**GOOD, "kept": kept}))
    listing = Listing.objects.get()
    assert (listing.title["en"].approved_by, listing.title["en"].origin) == ("", "person")
    assert listing.submitted is None


@pytest.mark.parametrize("kept", [
    5, {"else": 1}, {"words": {"title": 5}}, {"words": {"title": {"en": {"origin": "god"}}}},
    {"words": {"title": {"en": {"text": "other words"}}}}, {"life": {"submitted": "soon"}},
    {"life": {"state": "published"}}, {"life": {"extensions": True}}], ids=str)
def test_what_no_house_writes_is_named(economies, kept):
    report = exchange.check(json.dumps({**GOOD, "kept": kept}), "jsonl")
    assert [problem.field for problem in report.problems] == ["kept"]


def test_a_public_export_says_nothing_of_writers(client, economies):
    exchange.load_row(exchange.check(json.dumps(GOOD), "jsonl").good[0][1], by=None)
    Listing.objects.update(title=TITLE)
    assert "p_author" not in client.get("/en/market/export.jsonl").content.decode()
