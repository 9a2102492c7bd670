"""The fixed lists of the meetings room."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.vocabulary import NextStep

__all__ = ["IncidentKind", "Level", "Mode", "NextStep", "Presence", "Priority", "Refusal"]


class Mode(TextChoices):
    ONSITE = "onsite", _("On site")
    ONLINE = "online", _("Online")
    MIXED = "mixed", _("On site and online")


class Presence(TextChoices):
    ONSITE = "onsite", _("On site")
    ONLINE = "online", _("Online")


class Level(IntegerChoices):
    """How well somebody speaks; the numbers are those of the timetable engine."""

    BASIC = 1, pgettext_lazy("language level", "A little")
    WORKING = 2, pgettext_lazy("language level", "Well enough to work")
    FLUENT = 3, pgettext_lazy("language level", "Fluently")


class Priority(IntegerChoices):
    NICE = 1, pgettext_lazy("priority", "If there is time")
    IMPORTANT = 2, pgettext_lazy("priority", "Important")
    VERY = 3, pgettext_lazy("priority", "Very important")


class Refusal(TextChoices):
    """Why a party does not want to meet another."""

    NOT_OUR_FIELD = "not_our_field", _("Not our field")
    KNOWN_ALREADY = "known_already", _("We know each other already")
    TOO_EARLY = "too_early", _("Too early for us")
    NO_TIME = "no_time", _("No time at this event")
    COMPETITOR = "competitor", _("We compete with each other")
    OTHER = "other", _("Another reason")


class IncidentKind(TextChoices):
    NO_SHOW = "no_show", _("Did not come")
    LATE = "late", _("Comes late")
    LEFT = "left", _("Left early")
    PLACE_CLOSED = "place_closed", _("Room closed")
    FEWER_TABLES = "fewer_tables", _("Fewer tables")
    INTERPRETER_GONE = "interpreter_gone", _("Interpreter not there")
    WALK_IN = "walk_in", _("Came without registration")
    CANCELLED = "cancelled", _("A meeting was called off")
