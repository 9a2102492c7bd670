"""The observatory's pages."""

from saphan.rooms.observatory.views.board import board, counted
from saphan.rooms.observatory.views.data import data
from saphan.rooms.observatory.views.desk import (
    add,
    correct,
    desk,
    edit,
    imports,
    indicator_do,
    new,
    observation_do,
)
from saphan.rooms.observatory.views.hall import home, indicator, observation
from saphan.rooms.observatory.views.report import paper, reports, year

__all__ = ["add", "board", "correct", "counted", "data", "desk", "edit", "home", "imports",
           "indicator", "indicator_do", "new", "observation", "observation_do", "paper", "reports",
           "year"]
