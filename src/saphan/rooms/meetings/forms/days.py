"""What people send from their day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from saphan.design import formats
from saphan.rooms.meetings.queries.agenda import Item
from saphan.rooms.meetings.queries.telling import stretch

MINUTES = (10, 20, 30, 60)
USUAL = 20
is_address = URLValidator(schemes=["https"])


def check_link(link: str) -> str:
    """An https address without name and password in it, or nothing. Raises ValidationError."""
    link = link.strip()
    if not link:
        return ""
    try:
        is_address(link)
        parts = urlsplit(link)
    except (ValidationError, ValueError):
        raise ValidationError(_("Write a whole address that begins with https://.")) from None
    if parts.username or parts.password:
        raise ValidationError(_("Leave name and password out of the address."))
    return link


class LinkForm(forms.Form):
    """Where two people meet online."""

    link = forms.CharField(label=_("Link"), max_length=500, required=False, widget=forms.URLInput,
                           help_text=_(
                               "An address that begins with https://. The other side is told."))

    def clean_link(self) -> str:
        return check_link(self.cleaned_data["link"])


class ReportForm(forms.Form):
    """“I come late”, “I cannot come”: about the next hours, for the desk."""

    WHAT = (("late", _("I come late")), ("meeting", _("I cannot come to one meeting")),
            ("leave", _("I cannot come any more at all")))

    what = forms.ChoiceField(label=_("What is it?"), choices=WHAT, widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(label=_("How much later?"), coerce=int, required=False,
                                     empty_value=None)
    meeting = forms.ChoiceField(label=_("Which meeting?"), required=False)
    note = forms.CharField(label=_("Anything the desk should know"), max_length=200,
                           required=False)

    def __init__(self, *args: Any, items: list[Item], zone: str, **kwargs: Any) -> None:
        """`items`: her meetings that have not ended."""
        super().__init__(*args, **kwargs)
        self.items = {item.meeting.word: item for item in items if item.meeting is not None}
        self.fields["minutes"].choices = [  # type: ignore[attr-defined]
            (number, ngettext_lazy("%(number)s minute", "%(number)s minutes", number) % {
                "number": formats.number(number)}) for number in MINUTES]
        self.fields["minutes"].initial = USUAL
        self.fields["meeting"].choices = [("", "—"), *(  # type: ignore[attr-defined]
            (word, f"{stretch(item.begins, item.ends, zone)} · "
                   + " – ".join(str(guest.party.organisation) for guest in item.others))
            for word, item in self.items.items())]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["minutes"] = given.get("minutes") or USUAL
        if given.get("what") == "meeting" and not given.get("meeting"):
            self.add_error("meeting", _("Choose the meeting."))
        return given
