"""Days and times as people type them: on somebody's clock, in the digits of any script."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LAST_MINUTE = time(23, 59)


class MomentField(forms.Field):
    """A day and time on the wall clock of whoever writes, or with an offset from UTC. A day alone
    ends at 23:59. Cleans to a datetime, naive unless an offset was given."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}), **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if value in (None, ""):
            return None
        if isinstance(value, datetime):
            return value
        text = western_digits(str(value)).strip().replace(" ", "T", 1)
        try:
            found = datetime.fromisoformat(text)
            if found.utcoffset() is not None:
                found.astimezone(ZoneInfo("UTC"))  # years that no clock shows
        except (ValueError, OverflowError):
            raise ValidationError(_("Enter a day and a time, for example 2027-03-31T17:00."),
                                  code="moment") from None
        if not 2000 <= found.year <= 2200:
            raise ValidationError(_("Enter a day and a time, for example 2027-03-31T17:00."),
                                  code="moment")
        return datetime.combine(found.date(), LAST_MINUTE) if len(text) == 10 else found


def western_digits(text: str) -> str:
    """The same with 0 to 9 for the digits of every script."""
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)


def instant(moment: datetime | None, zone: str) -> datetime | None:
    """A moment in UTC; without an offset of its own it is read on the clock of `zone`."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC)
