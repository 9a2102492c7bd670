"""What exists in the meetings room."""

from saphan.rooms.meetings.models.event import Event, Place, Session, Slot
from saphan.rooms.meetings.models.people import Delegation, Guest, Interpreter, Party
from saphan.rooms.meetings.models.plan import Feedback, Incident, Meeting, Plan
from saphan.rooms.meetings.models.wish import Wish

__all__ = ["Delegation", "Event", "Feedback", "Guest", "Incident", "Interpreter", "Meeting",
           "Party", "Place", "Plan", "Session", "Slot", "Wish"]
