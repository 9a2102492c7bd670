"""What exists in the meetings room."""

from saphan.rooms.meetings.models.day import Copy, Notice
from saphan.rooms.meetings.models.event import Event, Place, Session, Slot
from saphan.rooms.meetings.models.people import Delegation, Guest, Interpreter, Party
from saphan.rooms.meetings.models.plan import Feedback, Incident, Meeting, Plan
from saphan.rooms.meetings.models.suggestion import Suggestion
from saphan.rooms.meetings.models.visit import DayPlan, Station, Visit, VisitGroup, VisitGuide
from saphan.rooms.meetings.models.wish import Wish

__all__ = ["Copy", "DayPlan", "Delegation", "Event", "Feedback", "Guest", "Incident",
           "Interpreter", "Meeting", "Notice", "Party", "Place", "Plan", "Session", "Slot",
           "Station", "Suggestion", "Visit", "VisitGroup", "VisitGuide", "Wish"]
