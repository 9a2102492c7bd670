"""What may be said of an event: one validation for the web, the API, MCP and files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import normalise
from saphan.ground import clock
from saphan.house.fields import WordsField
from saphan.house.moments import MomentField, instant
from saphan.house.vocabulary import Sector
from saphan.people import queries as people
from saphan.people.models import Economy, Person
from saphan.rooms.meetings.forms.fields import text_of, zones
from saphan.rooms.meetings.forms.words import WordsForm, choices_of_languages
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.vocabulary import Level, Mode

DAYS_AT_MOST = 14
WORDS = ("title", "summary", "description", "venue")
PLAIN = ("address", "sector", "mode", "time_zone", "first_day", "last_day", "capacity",
         "needs_approval", "floor", "most", "language_level", "relay", "unanswered")


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class EventForm(WordsForm):
    """All that an event says of itself, and by which rules it is planned."""

    TELLING = ("title", "summary", "description")

    title = WordsField(label=_("Title"), limit=200, rows=1)
    summary = WordsField(label=_("Summary"), limit=500,
                         help_text=_("Two or three sentences: who meets whom, and what for."))
    description = WordsField(label=_("Description"), limit=4000, rows=8, help_text=_(
        "For whom it is, what it costs, how to get there, what to bring."))
    lang = forms.ChoiceField(label=_("In which language do you write?"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices,
                               initial=Sector.GENERAL, required=False)
    mode = forms.ChoiceField(label=_("On site or online"), choices=Mode.choices,
                             initial=Mode.ONSITE, widget=forms.RadioSelect)
    economy = forms.ChoiceField(label=_("Country or region"))
    venue = WordsField(label=_("Where"), limit=300, rows=1,
                       help_text=_("The house and the city, as a visitor would say it."))
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_(
        "All times of the event are on this clock."))
    first_day = _day(label=_("First day"))
    last_day = _day(label=_("Last day"))
    registration_ends = MomentField(label=_("Registration ends"))
    wishes_end = MomentField(label=_("Wishes end"), help_text=_(
        "After that the timetable is made. Leave two days for it."))
    capacity = forms.IntegerField(label=_("Places for participants"), min_value=1,
                                  max_value=20_000, initial=200, help_text=_("People."))
    needs_approval = forms.BooleanField(
        label=_("Each registration is approved by the staff"), required=False, initial=True)
    floor = forms.IntegerField(
        label=_("Meetings that everybody should have"), min_value=0, max_value=20, initial=3,
        required=False, help_text=_("The timetable gives these before it gives anybody more."))
    most = forms.IntegerField(label=_("Meetings of one company, at most"), min_value=1,
                              max_value=200, initial=20, required=False)
    language_level = forms.TypedChoiceField(
        label=_("How well both must speak a language to do without interpreter"),
        choices=Level.choices, coerce=int, initial=Level.WORKING.value, required=False,
        empty_value=None)
    relay = forms.BooleanField(label=_("Interpret through English where needed"), required=False,
                               help_text=_("Two interpreters instead of one."))
    unanswered = forms.BooleanField(label=_("Plan wishes that nobody answered"), required=False,
                                    initial=True)

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event | None = None,
                 lang: str = "", by: Person | None = None, **kwargs: Any) -> None:
        self.record = event
        if data is None:
            shown = initial_of(event) if event is not None else _suggested(by)
            kwargs["initial"] = {**shown, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.settle_language(lang)
        self.fields["title"].required = self.fields["summary"].required = True
        for name in ("registration_ends", "wishes_end"):
            self.fields[name].required = True
        choices: dict[str, Any] = {
            "economy": list(people.economy_names().items()), "time_zone": zones(),
            "lang": choices_of_languages()}
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        return normalise.clean(self.cleaned_data["address"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_days(cleaned)
        if "mode" in cleaned and cleaned["mode"] != Mode.ONLINE and "venue" not in self.errors \
                and not cleaned.get("venue"):
            self.add_error("venue", _("Say where people meet."))
        return cleaned

    def _check_days(self, cleaned: dict[str, Any]) -> None:
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if not first or not last:
            return
        if not 2000 <= first.year <= 2200 or last < first:
            self.add_error("last_day", _("The last day is the first day or a later one."))
            return
        if (last - first).days >= DAYS_AT_MOST:
            self.add_error("last_day", _("An event has at most %(limit)d days.") % {
                "limit": DAYS_AT_MOST})
        ends = {name: instant(cleaned.get(name), cleaned.get("time_zone") or "UTC")
                for name in ("registration_ends", "wishes_end")}
        for name, moment in ends.items():
            zone = ZoneInfo(cleaned.get("time_zone") or "UTC")
            if moment and moment.astimezone(zone).date() > last:
                self.add_error(name, _("This is after the event."))
        if ends["registration_ends"] and ends["wishes_end"] \
                and ends["wishes_end"] < ends["registration_ends"]:
            self.add_error("wishes_end", _("Wishes end when registration ends, or later."))

    def values(self, *, by: str = "", origin: str = "person") -> dict[str, Any]:
        """What the actions take. Call after `is_valid()` said yes."""
        cleaned = self.cleaned_data
        out = {name: cleaned[name] for name in PLAIN}
        for name, default in (("floor", 3), ("most", 20), ("language_level", Level.WORKING)):
            out[name] = default if out[name] is None else out[name]
        out["sector"] = out["sector"] or Sector.GENERAL
        zone = cleaned["time_zone"]
        return {**out, **{name: self.text(name, by=by, origin=origin) for name in WORDS},
                "lang": self.source_lang, "economy_id": cleaned["economy"],
                "registration_ends": instant(cleaned["registration_ends"], zone),
                "wishes_end": instant(cleaned["wishes_end"], zone)}


def initial_of(event: Event) -> dict[str, Any]:
    """An event as its form shows it, in its source language and on its own clock."""
    def on_its_clock(name: str) -> Any:
        return getattr(event, name).astimezone(event.zone).replace(tzinfo=None)

    return {**{name: getattr(event, name) for name in PLAIN},
            **{name: text_of(getattr(event, name), event.lang) for name in WORDS},
            "lang": event.lang, "economy": event.economy_id,
            "registration_ends": on_its_clock("registration_ends"),
            "wishes_end": on_its_clock("wishes_end")}


def _suggested(by: Person | None) -> dict[str, Any]:
    """A day in three months, with the deadlines that go with it."""
    economy: Economy | None = by.economy if by is not None else None
    first = clock.today() + timedelta(days=91)

    def before(days: int) -> str:
        return f"{first - timedelta(days=days)}T23:59"

    return {"first_day": first, "last_day": first + timedelta(days=1),
            "registration_ends": before(21), "wishes_end": before(10),
            "economy": economy.code if economy else "",
            "time_zone": economy.time_zone if economy else "Asia/Shanghai"}


class CancelForm(forms.Form):
    """Why an event does not take place."""

    use_required_attribute = False

    because = forms.CharField(label=_("Why is it cancelled?"), max_length=1000, required=False,
                              widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
                              help_text=_("Everybody who registered reads this."))


class DuplicateForm(forms.Form):
    """On which day the copy of an event begins."""

    use_required_attribute = False

    first_day = _day(label=_("First day of the new event"))

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if day < clock.today():
            raise forms.ValidationError(_("This day has passed."))
        return day
