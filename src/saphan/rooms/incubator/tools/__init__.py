"""What other people's software can do in the incubator (MCP)."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Tool
from saphan.rooms.incubator.tools import calls, panel, projects


def tools() -> Sequence[Tool]:
    """The incubator's MCP tools."""
    return [*calls.tools(), *panel.tools(), *projects.tools()]
