"""The fixed lists of the observatory."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.vocabulary import Sector

__all__ = ["SERIES", "STALE_AFTER", "Kind", "Relation", "Sector", "SourceKind"]

SERIES = "OBS"
STALE_AFTER = 18
"""Months after the end of its newest period at which an indicator counts as stale, by default."""


class Kind(TextChoices):
    """What sort of quantity it is: it decides where the axis begins and what may be added up."""

    COUNT = "count", pgettext_lazy("indicator", "A count")
    AMOUNT = "amount", pgettext_lazy("indicator", "An amount")
    SHARE = "share", pgettext_lazy("indicator", "A share of a whole")
    CHANGE = "change", pgettext_lazy("indicator", "A change against an earlier period")


class SourceKind(TextChoices):
    OBSERVATIONS = "observations", _("Observations with their sources")
    FACTS = "facts", _("A count of what happened at this centre")


class Relation(TextChoices):
    """How the words of the source stand to the number: the codes are those of the figures desk."""

    EXACT = "=", _("exactly")
    ABOUT = "~", _("about")
    MORE = ">", _("more than")
    AT_LEAST = ">=", _("at least")
    LESS = "<", _("less than")
    AT_MOST = "<=", _("at most")
    RANGE = "range", _("between")
