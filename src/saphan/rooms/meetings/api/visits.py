"""Visits for software."""

from saphan.rooms.meetings.visits.api import router

__all__ = ["router"]
