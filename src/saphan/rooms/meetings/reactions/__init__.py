"""What the meetings room does on its own: takes in wishes, writes to those whom it concerns."""

from saphan.rooms.meetings.reactions import days, events, plans, visits, wishes

__all__ = ["days", "events", "plans", "visits", "wishes"]
