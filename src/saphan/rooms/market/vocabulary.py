"""The fixed lists of the market: practitioners' terms, after the profiles of the Enterprise Europe
Network, Chinese demand lists and open calls."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class Sector(TextChoices):
    AGRICULTURE = "agriculture", _("Agriculture")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    SUPPLY_CHAIN = "supply_chain", _("Supply chain")
    LOGISTICS = "logistics", _("Logistics")
    MEDICAL = "medical", _("Medicine and health")
    ECOMMERCE = "ecommerce", _("Cross-border e-commerce")
    PUBLIC_SERVICE = "public_service", _("Public service")
    ENERGY = "energy", _("Energy")
    EDUCATION = "education", _("Education")
    FINANCE = "finance", _("Finance")
    TOURISM = "tourism", _("Tourism")
    GENERAL = "general", _("All sectors")


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


class Partnership(TextChoices):
    COMMERCIAL = "commercial", _("Commercial agreement")
    INVESTMENT = "investment", _("Investment")
    OUTSOURCING = "outsourcing", _("Outsourcing")
    SUPPLIER = "supplier", _("Supplier agreement")
    LICENCE = "licence", _("Licence agreement")
    JOINT_RD = "joint_rd", _("Joint research and development")
    TECHNICAL_ASSISTANCE = "technical_assistance", _("Technical assistance")
    TRAINING = "training", _("Training")
    JOINT_VENTURE = "joint_venture", _("Joint venture")
    PROCUREMENT = "procurement", _("Procurement")


class PartnerType(TextChoices):
    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Research institute")
    GOVERNMENT = "government", _("Government body")
    ASSOCIATION = "association", _("Association")
    INDIVIDUAL = "individual", _("Individual")


class PartnerSize(TextChoices):
    MICRO = "micro", _("Micro (under 10 people)")
    SMALL = "small", _("Small (under 50 people)")
    MEDIUM = "medium", _("Medium (under 250 people)")
    LARGE = "large", _("Large")
    ANY = "any", _("Any size")


class ResultOwner(TextChoices):
    POSTER = "poster", _("Who posts the need")
    SOLVER = "solver", _("Who solves it")
    SHARED = "shared", _("Both together")
    NEGOTIABLE = "negotiable", _("To be agreed")


PARTNERSHIPS_AT_MOST = 3
KEYWORDS_AT_MOST = 5
VALID_DAYS = 365
NOTICE_DAYS = 14
EXTENSIONS_AT_MOST = 1
MEDIA_AT_MOST = 8
MEDIA_BYTES = 5 * 1024 * 1024
