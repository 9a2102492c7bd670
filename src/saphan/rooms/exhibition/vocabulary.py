"""The fixed lists of the exhibition."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    RUNNING = "running", _("Running")
    FAULTY = "faulty", _("Out of order")
    CLOSED = "closed", _("Closed by the staff")
    WITHDRAWN = "withdrawn", _("No longer shown")


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
    OTHER = "other", _("Other sectors")


class Outcome(TextChoices):
    DONE = "done", _("Answered")
    REFUSED = "refused", _("Could not use the input")
    TIMEOUT = "timeout", _("Took too long")
    MEMORY = "memory", _("Needed too much memory")
    CRASHED = "crashed", _("Crashed")
    BROKEN = "broken", _("Failed")
    FULL = "full", _("The queue was full")
    UNAVAILABLE = "unavailable", _("Could not run here")


WENT_WELL = frozenset({Outcome.DONE, Outcome.REFUSED})
FAULTS = frozenset({Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED, Outcome.BROKEN,
                    Outcome.UNAVAILABLE})
FAILURES_UNTIL_FAULTY = 2
KEPT_DAYS = 90
TOUR_HOURS = 4
