"""Sources, looks at them and alarms: MCP tools."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Tool


def tools() -> Sequence[Tool]:
    return []
