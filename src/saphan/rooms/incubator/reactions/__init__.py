"""What the incubator does on its own: ends what is over, writes to those whom it concerns."""

from saphan.rooms.incubator.reactions import answers, calls, panel, projects

__all__ = ["answers", "calls", "panel", "projects"]
