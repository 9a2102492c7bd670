"""What other people's software can do in the newsroom (MCP)."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Tool
from saphan.rooms.newsroom.tools import articles, briefs, figures, sources, stories, topics


def tools() -> Sequence[Tool]:
    """The newsroom's MCP tools."""
    return [*sources.tools(), *articles.tools(), *figures.tools(), *stories.tools(),
            *topics.tools(), *briefs.tools()]
