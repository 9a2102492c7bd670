"""Forms of plans: what to compute, what happened, where a meeting goes. One for web, API and
MCP."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground import clock
from saphan.rooms.meetings.models import Event, Guest, Interpreter, Party, Place
from saphan.rooms.meetings.vocabulary import IncidentKind

EFFORT_NAMES = [
    ("quick", pgettext_lazy("effort", "Quick: less than a minute")),
    ("thorough", pgettext_lazy("effort", "Thorough: a few minutes")),
    ("exhaustive", pgettext_lazy("effort", "Exhaustive: up to half an hour")),
]
HIGHEST_SEED = 2_147_483_647


class ComputeForm(forms.Form):
    """How hard to look for a plan."""

    effort = forms.ChoiceField(
        label=_("How thoroughly"), choices=EFFORT_NAMES, initial="thorough",
        widget=forms.RadioSelect, required=False,
        help_text=_("A first plan is there within seconds. You can take it at any time."))
    seed = forms.IntegerField(
        label=_("Seed"), min_value=1, max_value=HIGHEST_SEED, initial=1, required=False,
        help_text=_("Another number leads to another plan of about the same worth. "
                    "The same number gives the same plan again."))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        return {"effort": found.get("effort") or "thorough", "seed": found.get("seed") or 1}


class AutomaticForm(forms.Form):
    """How small a change has to be to be published without a person."""

    automatic = forms.IntegerField(
        label=_("Publish a mended plan at once if it changes at most so many meetings"),
        min_value=0, max_value=1000, help_text=_("0: a person always decides."))


class EventMoment(forms.Field):
    """A time of day at the event (`14:30`: today, or the event's first day before it begins), or
    a whole moment as ISO 8601 with offset."""

    def __init__(self, event: Event, **kwargs: Any) -> None:
        self.event = event
        super().__init__(**{"required": False, "widget": forms.TimeInput(attrs={"type": "time"}),
                            **kwargs})

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return self._read(text)
        except ValueError:
            raise ValidationError(_("Give a time such as 14:30."), code="time") from None

    def _read(self, text: str) -> datetime:
        if len(text) <= 8:
            today = max(clock.now().astimezone(self.event.zone).date(), self.event.first_day)
            return datetime.combine(today, time.fromisoformat(text), tzinfo=self.event.zone)
        found = datetime.fromisoformat(text)
        return found if found.utcoffset() is not None else found.replace(tzinfo=self.event.zone)


WHO = frozenset({IncidentKind.NO_SHOW, IncidentKind.LATE, IncidentKind.LEFT})
WHERE = frozenset({IncidentKind.PLACE_CLOSED, IncidentKind.FEWER_TABLES})


class IncidentForm(forms.Form):
    """What happened, to whom or where, from when until when."""

    kind = forms.ChoiceField(label=_("What happened"), choices=[
        choice for choice in IncidentKind.choices if choice[0] != IncidentKind.CANCELLED])
    guest = forms.ModelChoiceField(Guest.objects.none(), required=False, label=_("Who"))
    party = forms.ModelChoiceField(Party.objects.none(), required=False, label=_("Participant"),
                                   to_field_name="position")
    interpreter = forms.ModelChoiceField(Interpreter.objects.none(), required=False,
                                         label=_("Interpreter"))
    place = forms.ModelChoiceField(Place.objects.none(), required=False,
                                   label=pgettext_lazy("place of meetings", "Room"))
    tables = forms.IntegerField(label=_("Tables that are left"), min_value=0, max_value=2000,
                                required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["begins"] = EventMoment(event, label=pgettext_lazy("time", "From"),
                                            help_text=_("Empty: from now on."))
        self.fields["ends"] = EventMoment(event, label=pgettext_lazy("time", "Until"),
                                          help_text=_("Empty: to the end of the event."))
        admitted = {"state": Party.State.APPROVED}
        for name, rows in (
                ("guest", Guest.objects.filter(party__event=event, party__state="approved")),
                ("party", event.parties.filter(**admitted).select_related("organisation")),
                ("interpreter", event.interpreters.all()), ("place", event.places.all())):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind = found.get("kind")
        self._needs(kind, found)
        begins = found.get("begins") or clock.now()
        ends = found.get("ends")
        if kind == IncidentKind.LATE and ends is None and not self.errors.get("ends"):
            self.add_error("ends", _("Say until when."))
        if ends is not None and ends <= begins:
            self.add_error("ends", _("The end has to be after the beginning."))
        place, tables = found.get("place"), found.get("tables")
        if kind == IncidentKind.FEWER_TABLES and place is not None and tables is not None and (
                tables >= place.tables):
            self.add_error("tables", _("The room has so many tables, or fewer."))
        return {**found, "begins": begins, "ends": ends}

    def _needs(self, kind: str | None, found: dict[str, Any]) -> None:
        say = _("Say who or what this is about.")
        if kind in WHO and not (found.get("guest") or found.get("party")):
            self.add_error("guest", say)
        if kind == IncidentKind.WALK_IN and not found.get("party"):
            self.add_error("party", say)
        if kind in WHERE and not found.get("place"):
            self.add_error("place", say)
        if kind == IncidentKind.INTERPRETER_GONE and not found.get("interpreter"):
            self.add_error("interpreter", say)
        if kind == IncidentKind.FEWER_TABLES and found.get("tables") is None:
            self.add_error("tables", _("Say how many tables are left."))

    def values(self) -> dict[str, Any]:
        """As `actions.live.report` takes them: only what belongs to the kind."""
        given, kind = self.cleaned_data, self.cleaned_data["kind"]
        kept = {"kind": kind, "begins": given["begins"], "ends": given["ends"],
                "note": given["note"]}
        if kind in WHO:
            kept |= {"guest": given["guest"]} if given["guest"] else {"party": given["party"]}
        if kind == IncidentKind.WALK_IN:
            kept["party"] = given["party"]
        if kind == IncidentKind.INTERPRETER_GONE:
            kept["interpreter"] = given["interpreter"]
        if kind in WHERE:
            kept["place"] = given["place"]
            kept["tables"] = given["tables"] if kind == IncidentKind.FEWER_TABLES else 0
        return kept


class MoveForm(forms.Form):
    """Where a meeting goes: keys of wish, slot and place; a table from 0, or none for any."""

    wish = forms.IntegerField()
    slot = forms.IntegerField(required=False)
    place = forms.IntegerField(required=False)
    table = forms.IntegerField(required=False, min_value=0)
    spot = forms.CharField(required=False, max_length=40)
    swap = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """`spot` is `slot.place` as a list of choices gives it, with `.swap` where others give
        way."""
        found = super().clean() or {}
        if spot := found.get("spot"):
            parts = spot.split(".")
            if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts[:2]):
                raise ValidationError(_("Choose where the meeting goes."))
            found |= {"slot": int(parts[0]), "place": int(parts[1]), "table": None,
                      "swap": found.get("swap") or "swap" in parts[2:]}
        if not self.errors and (found.get("slot") is None or found.get("place") is None):
            raise ValidationError(_("Choose where the meeting goes."))
        return found
