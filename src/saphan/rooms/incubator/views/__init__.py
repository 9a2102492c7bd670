"""The incubator's pages."""

from saphan.rooms.incubator.views.calls import call, extend, hand_over, move
from saphan.rooms.incubator.views.hall import desk, export, home, mine
from saphan.rooms.incubator.views.post import edit, new

__all__ = ["call", "desk", "edit", "export", "extend", "hand_over", "home", "mine", "move", "new"]
