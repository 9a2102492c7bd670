"""What other people's software can do in the meetings room (MCP)."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Tool
from saphan.rooms.meetings.tools import days, events, plans, visits, wishes


def tools() -> Sequence[Tool]:
    """The room's MCP tools."""
    return [tool for part in (events, wishes, plans, days, visits) for tool in part.tools()]
