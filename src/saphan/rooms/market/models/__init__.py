"""What stands in the market: listings, and the interest that others take in them."""

from saphan.rooms.market.models.interest import Encounter, Interest, Note, Progress, Refusal
from saphan.rooms.market.models.listing import ImportRun, Listing, Media

__all__ = ["Encounter", "ImportRun", "Interest", "Listing", "Media", "Note", "Progress",
           "Refusal"]
