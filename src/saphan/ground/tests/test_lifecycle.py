from __future__ import annotations

from saphan.ground.lifecycle import Lifecycle

TABLE = Lifecycle("draft", [
    ("submit", "draft", "submitted", "Submit"),
    ("publish", "submitted", "published", "Publish"),
    ("archive", ["draft", "published"], "archived", "Archive"),
])


def test_only_what_the_table_holds_is_possible():
    assert TABLE.allows("draft", "submitted")
    assert not TABLE.allows("draft", "published")
    assert not TABLE.allows("archived", "draft")


def test_a_state_knows_its_ways_out():
    assert [move.name for move in TABLE.possible("draft")] == ["submit", "archive"]
    assert TABLE.possible("archived") == []


def test_the_table_draws_itself():
    drawing = TABLE.mermaid()
    assert "[*] --> draft" in drawing
    assert "published --> archived: archive" in drawing
    assert "draft --> published" not in drawing
