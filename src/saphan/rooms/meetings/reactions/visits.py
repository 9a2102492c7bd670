"""What the room does on its own: visits."""

from saphan.rooms.meetings.visits import reactions

__all__ = ["reactions"]
