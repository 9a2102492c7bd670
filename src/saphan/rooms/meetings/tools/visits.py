"""Visits for assistants (MCP)."""

from saphan.rooms.meetings.visits.tools import tools

__all__ = ["tools"]
