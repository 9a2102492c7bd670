"""The pages of the brokered path: asking, one interest, one's own, the broker's desk."""

from saphan.rooms.market.interest.views.asking import ask, why_not
from saphan.rooms.market.interest.views.lists import desk, mine
from saphan.rooms.market.interest.views.one import confirm, do, evidence, interest

__all__ = ["ask", "confirm", "desk", "do", "evidence", "interest", "mine", "why_not"]
