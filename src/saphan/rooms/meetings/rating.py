"""What is said of a meeting, for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.people.models import Person
from saphan.rooms.meetings.actions import feedback as actions
from saphan.rooms.meetings.forms.feedback import FeedbackForm
from saphan.rooms.meetings.models import Guest, Meeting, Party
from saphan.rooms.meetings.queries import feedback as queries


class Wrong(Exception):
    """The form does not take what was said; `form` tells why."""

    def __init__(self, form: Any) -> None:
        super().__init__("wrong")
        self.form = form


def give(meeting: Meeting, party: Party, given: Mapping[str, Any], *, by: Person | Guest) -> str:
    """Keep what a side says. Raises `Wrong` and `Refused`."""
    form = FeedbackForm(given, given=queries.given(meeting, party))
    if not form.is_valid():
        raise Wrong(form)
    actions.give(meeting, party, by=by, **form.values(by="" if isinstance(by, Guest) else by.ref))
    return _("Thank you. It helps those who arrange the next meetings.")


def cell(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t", "\r"} else words
