"""The fixed lists of the incubator, and how long things take there."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.vocabulary import PartnerType, Sector

__all__ = ["APPEAL_ANSWER_WORKDAYS", "APPEAL_WORKDAYS", "DEADLINE_AT_LEAST_DAYS",
           "FOLLOW_UP_MONTHS", "HOLDERS_AT_MOST", "INDICATORS_AT_MOST", "KEY_NEEDED", "MARK_BEST",
           "OWNER_REGISTERED_DAYS", "PARTNERS_AT_MOST", "REVIEWS_EACH", "ConflictKind",
           "Direction", "Form", "Mode", "PartnerType", "Sector"]


class Form(TextChoices):
    """Three forms of one machine."""

    CHALLENGE = "challenge", _("Challenge")
    COHORT = "cohort", _("Incubation cohort")
    GRANT = "grant", _("Pilot grant")


class Mode(TextChoices):
    """How the one who solves it and the one who has the problem work together."""

    TRANSFER = "transfer", _("Transfer of technology")
    JOINT_RD = "joint_rd", _("Joint research and development")
    TRAINING = "training", _("Training")
    LICENCE = "licence", _("Licence agreement")
    EQUITY = "equity", _("Equity")


class Direction(TextChoices):
    """When a posted indicator counts as reached."""

    AT_LEAST = "at_least", pgettext_lazy("indicator", "At least")
    AT_MOST = "at_most", pgettext_lazy("indicator", "At most")


class ConflictKind(TextChoices):
    DECLARED = "declared", _("Declared by the reviewer")
    SAME_ORGANISATION = "organisation", _("Belongs to an organisation of the team")
    OWNER = "owner", _("Belongs to the owner of the call")
    TEAM = "team", _("Is in the team")


OWNER_REGISTERED_DAYS = 365
DEADLINE_AT_LEAST_DAYS = 14
PARTNERS_AT_MOST = 5
INDICATORS_AT_MOST = 12
HOLDERS_AT_MOST = 7
KEY_NEEDED = 2
REVIEWS_EACH = 3
MARK_BEST = 5
APPEAL_WORKDAYS = 10
APPEAL_ANSWER_WORKDAYS = 15
FOLLOW_UP_MONTHS = (6, 18, 36)
