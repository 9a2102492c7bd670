"""The fixed lists of the market: practitioners' terms, after the profiles of the Enterprise Europe
Network, Chinese demand lists and open calls."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.house.vocabulary import Partnership, PartnerSize, PartnerType, Sector

__all__ = ["EXTENSIONS_AT_MOST", "MEDIA_AT_MOST", "NEEDS", "NOTICE_DAYS", "OFFERS",
           "PARTNERSHIPS_AT_MOST", "VALID_DAYS", "IPStatus", "Kind", "PartnerSize", "PartnerType",
           "Partnership", "ResultOwner", "Sector", "Stage", "State"]


class Kind(TextChoices):
    BUSINESS_OFFER = "business_offer", _("Business offer")
    BUSINESS_REQUEST = "business_request", _("Business request")
    TECHNOLOGY_OFFER = "technology_offer", _("Technology offer")
    TECHNOLOGY_REQUEST = "technology_request", _("Technology request")
    RD_REQUEST = "rd_request", _("R&D request")
    RESEARCH_RESULT = "research_result", _("Research result")


OFFERS = frozenset({Kind.BUSINESS_OFFER, Kind.TECHNOLOGY_OFFER, Kind.RESEARCH_RESULT})
NEEDS = frozenset({Kind.BUSINESS_REQUEST, Kind.TECHNOLOGY_REQUEST, Kind.RD_REQUEST})


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    EXPIRED = "expired", _("Expired")
    ARCHIVED = "archived", _("Archived")


class Stage(TextChoices):
    CONCEPT = "concept", _("Concept")
    UNDER_DEVELOPMENT = "under_development", _("Under development")
    LAB_TESTED = "lab_tested", _("Lab tested")
    DEMONSTRATION = "demonstration", _("Available for demonstration")
    ON_THE_MARKET = "on_the_market", _("On the market")


class IPStatus(TextChoices):
    NONE_APPLIED = "none_applied", _("No rights applied for")
    SECRET_KNOW_HOW = "secret_know_how", _("Secret know-how")
    APPLIED = "applied", _("Patent applied for")
    GRANTED = "granted", _("Patent granted")
    OPEN_SOURCE = "open_source", _("Open source")


class ResultOwner(TextChoices):
    POSTER = "poster", _("Who posts the need")
    SOLVER = "solver", _("Who solves it")
    SHARED = "shared", _("Both together")
    NEGOTIABLE = "negotiable", _("To be agreed")


PARTNERSHIPS_AT_MOST = 3
VALID_DAYS = 365
NOTICE_DAYS = 14
EXTENSIONS_AT_MOST = 1
MEDIA_AT_MOST = 8
