"""Stories, and what officers decide about them: MCP tools."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Tool


def tools() -> Sequence[Tool]:
    return []
