"""What stands in the incubator: calls, answers to them, the panel, and what became of it all."""

from saphan.rooms.incubator.models.answer import Answer, Partner
from saphan.rooms.incubator.models.call import Call, KeyHolder
from saphan.rooms.incubator.models.panel import Appeal, Conflict, Review, Reviewer
from saphan.rooms.incubator.models.project import (
    Evidence,
    FollowUp,
    Measurement,
    Milestone,
    Payment,
    Project,
)

__all__ = ["Answer", "Appeal", "Call", "Conflict", "Evidence", "FollowUp", "KeyHolder",
           "Measurement", "Milestone", "Partner", "Payment", "Project", "Review", "Reviewer"]
