"""Figures and the desk that checks them: MCP tools."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Tool


def tools() -> Sequence[Tool]:
    return []
