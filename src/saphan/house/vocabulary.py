"""Fixed lists that several rooms share: practitioners' terms, after the profiles of the Enterprise
Europe Network."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class NextStep(TextChoices):
    """What two parties agreed to do after they met."""

    NONE = "none", _("Nothing for now")
    TALK = "talk", _("Talk again")
    TRIAL = "trial", _("Try it or send samples")
    VISIT = "visit", _("Visit each other")
    OFFER = "offer", _("Make an offer")
    CONTRACT = "contract", _("Prepare a contract")
