"""The incubator's pages."""

from saphan.rooms.incubator.views.answers import (
    answer,
    answers,
    keys,
    partner,
    withdraw,
    write,
)
from saphan.rooms.incubator.views.calls import call, extend, hand_over, move
from saphan.rooms.incubator.views.hall import desk, export, home, mine
from saphan.rooms.incubator.views.post import edit, new

__all__ = ["answer", "answers", "call", "desk", "edit", "export", "extend", "hand_over", "home",
           "keys", "mine", "move", "new", "partner", "withdraw", "write"]
