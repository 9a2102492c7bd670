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
from saphan.rooms.incubator.views.decision import answer_decision, appeal, decision
from saphan.rooms.incubator.views.hall import desk, export, home, mine
from saphan.rooms.incubator.views.panel import panel, review, reviews, scores
from saphan.rooms.incubator.views.post import edit, new
from saphan.rooms.incubator.views.projects import do as project_do
from saphan.rooms.incubator.views.projects import evidence as project_evidence
from saphan.rooms.incubator.views.projects import export as project_export
from saphan.rooms.incubator.views.projects import project

__all__ = [
    "answer",
    "answer_decision",
    "answers",
    "appeal",
    "call",
    "decision",
    "desk",
    "edit",
    "export",
    "extend",
    "hand_over",
    "home",
    "keys",
    "mine",
    "move",
    "new",
    "panel",
    "partner",
    "project",
    "project_do",
    "project_evidence",
    "project_export",
    "review",
    "reviews",
    "scores",
    "withdraw",
    "write",
]
