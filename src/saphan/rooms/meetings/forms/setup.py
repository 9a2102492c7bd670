"""What may be said of the parts of an event: slots, places, sessions, interpreters, delegations."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import normalise
from saphan.house.fields import ListField, WordsField, is_web_address
from saphan.house.moments import MomentField, instant
from saphan.people import queries as people
from saphan.rooms.meetings import cutting, languages
from saphan.rooms.meetings.forms.fields import LanguagesField, StretchesField, text_of
from saphan.rooms.meetings.forms.words import WordsForm
from saphan.rooms.meetings.models import (
    Delegation,
    Event,
    Guest,
    Interpreter,
    Party,
    Place,
    Session,
)
from saphan.rooms.meetings.queries import events as queries
from saphan.rooms.meetings.vocabulary import Presence

BREAKS = (1, 2, 3)


def _time(**kwargs: Any) -> forms.TimeField:
    return forms.TimeField(input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(
        format="%H:%M", attrs={"type": "time"}), **kwargs)


class SlotsForm(forms.Form):
    """When meetings can be on which days: cut into equal stretches, without the breaks."""

    use_required_attribute = False

    days = ListField(label=_("On which days?"))
    begins = _time(label=_("First meeting begins"), initial=time(9))
    ends = _time(label=_("Last meeting is over by"), initial=time(17))
    length = forms.IntegerField(label=_("Minutes for one meeting"), min_value=5, max_value=240,
                                initial=25)
    pause = forms.IntegerField(
        label=_("Minutes between two meetings"), min_value=0, max_value=120, initial=5,
        required=False, help_text=_("To say goodbye and walk to the next table."))
    break_1_begins = _time(label=_("Break from"), required=False, initial=time(12))
    break_1_ends = _time(label=_("Break until"), required=False, initial=time(13, 30))
    break_2_begins = _time(label=_("Second break from"), required=False)
    break_2_ends = _time(label=_("Second break until"), required=False)
    break_3_begins = _time(label=_("Third break from"), required=False)
    break_3_ends = _time(label=_("Third break until"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event,
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.event, self.all_days = event, queries.days(event)
        days: Any = self.fields["days"]
        days.choices = [(day.isoformat(), day.isoformat()) for day in self.all_days]
        days.initial, days.required = [day.isoformat() for day in self.all_days], True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("begins") and cleaned.get("ends") and cleaned["ends"] <= cleaned["begins"]:
            self.add_error("ends", _("This is before the first meeting begins."))
        for number in BREAKS:
            begins, ends = (cleaned.get(f"break_{number}_{part}") for part in ("begins", "ends"))
            if (begins is None) != (ends is None) or (begins and ends and ends <= begins):
                self.add_error(f"break_{number}_ends", _("A break ends after it begins."))
        return cleaned

    def stretches(self) -> list[cutting.Stretch]:
        """All slots of the event as they would be: new ones on the chosen days, those of the other
        days as they are."""
        cleaned, zone = self.cleaned_data, self.event.zone
        chosen = [day for day in self.all_days if day.isoformat() in set(cleaned["days"])]
        pattern = cutting.Pattern(
            cleaned["begins"], cleaned["ends"], cleaned["length"], cleaned["pause"] or 0,
            tuple((cleaned[f"break_{number}_begins"], cleaned[f"break_{number}_ends"])
                  for number in BREAKS if cleaned.get(f"break_{number}_begins")))
        kept = [(slot.begins, slot.ends) for slot in self.event.slots.all()
                if slot.begins.astimezone(zone).date() not in chosen]
        return sorted([*kept, *cutting.cut(chosen, pattern, zone)])


class SlotForm(forms.Form):
    """One more time for meetings."""

    use_required_attribute = False

    begins = MomentField(label=_("Begins"))
    ends = _time(label=_("Ends"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event,
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.event = event
        self.fields["begins"].required = True

    def stretch(self) -> cutting.Stretch:
        begins = instant(self.cleaned_data["begins"], self.event.time_zone)
        assert begins is not None
        local = begins.astimezone(self.event.zone)
        return begins, datetime.combine(local.date(), self.cleaned_data["ends"],
                                        self.event.zone).astimezone(UTC)


class PlaceForm(WordsForm):
    """A room with tables, or the lines for online meetings."""

    name = WordsField(label=_("Name"), limit=100, rows=1)
    online = forms.BooleanField(label=_("For meetings online"), required=False)
    tables = forms.IntegerField(label=_("Tables, or meetings at once"), min_value=1,
                                max_value=2000, initial=10)
    first_table = forms.IntegerField(label=_("Number of the first table"), min_value=1,
                                     max_value=9999, initial=1, required=False)
    link = forms.CharField(
        label=_("Link for online meetings"), max_length=500, required=False, help_text=_(
            "{meeting} stands for the meeting's own word: https://meet.example.org/{meeting}"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event,
                 part: Place | None = None, **kwargs: Any) -> None:
        self.event, self.record = event, part
        if part is not None:
            kwargs["initial"] = {
                "name": text_of(part.name, event.lang), "online": part.online, "link": part.link,
                "tables": part.tables, "first_table": part.first_table}
        super().__init__(data, **kwargs)
        self.settle_language(_lang(part, "name") or event.lang)
        self.fields["name"].required = True

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"]).strip()
        if not link:
            return ""
        try:
            names = {name for _text, name, _spec, _how in string.Formatter().parse(link)
                     if name is not None}
        except ValueError:
            names = {""}
        if not names <= {"meeting"}:
            raise forms.ValidationError(_("Only {meeting} may stand in braces."))
        is_web_address(link.replace("{meeting}", "m"))
        return link

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("link") and not cleaned.get("online"):
            self.add_error("link", _("Only a place for meetings online has a link."))
        return cleaned

    def values(self, by: str = "", origin: str = "person") -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"name": self.text("name", by=by, origin=origin), "online": cleaned["online"],
                "tables": cleaned["tables"], "first_table": cleaned["first_table"] or 1,
                "link": cleaned["link"]}


class SessionForm(WordsForm):
    """Something that people attend together."""

    TELLING = ("title", "about")

    title = WordsField(label=_("Title"), limit=200, rows=1)
    about = WordsField(label=_("Description"), limit=2000)
    speakers = forms.CharField(label=_("Speakers"), max_length=300, required=False)
    track = forms.CharField(label=_("Track"), max_length=60, required=False)
    langs = ListField(label=_("Languages"))
    begins = MomentField(label=_("Begins"))
    ends = MomentField(label=_("Ends"))
    place = forms.ChoiceField(label=_("Where"), required=False)
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=20_000, required=False)
    everybody = forms.BooleanField(label=_("For everybody: no meetings at that time"),
                                   required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event,
                 part: Session | None = None, **kwargs: Any) -> None:
        self.event, self.record = event, part
        if part is not None:
            lang = _lang(part, "title") or event.lang
            kwargs["initial"] = {
                **{name: getattr(part, name) for name in (
                    "speakers", "track", "langs", "capacity", "everybody")},
                "title": text_of(part.title, lang), "about": text_of(part.about, lang),
                "place": part.place_id or "",
                "begins": part.begins.astimezone(event.zone).replace(tzinfo=None),
                "ends": part.ends.astimezone(event.zone).replace(tzinfo=None)}
        super().__init__(data, **kwargs)
        self.settle_language(_lang(part, "title") if part is not None else "")
        for name in ("title", "begins", "ends"):
            self.fields[name].required = True
        place: Any = self.fields["place"]
        self.places = {str(each.pk): each for each in event.places.all()}
        place.choices = [("", "—"), *((key, str(each)) for key, each in self.places.items())]
        self.fields["langs"].choices = languages.choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins, ends = (instant(cleaned.get(name), self.event.time_zone)
                        for name in ("begins", "ends"))
        if begins and ends and not begins < ends:
            self.add_error("ends", _("It ends after it begins."))
        if begins and not (self.event.first_day <= begins.astimezone(self.event.zone).date()
                           <= self.event.last_day):
            self.add_error("begins", _("This is not on a day of the event."))
        return cleaned

    def values(self, by: str = "", origin: str = "person") -> dict[str, Any]:
        cleaned, zone = self.cleaned_data, self.event.time_zone
        return {**{name: cleaned[name] for name in (
                    "speakers", "track", "langs", "capacity", "everybody")},
                "title": self.text("title", by=by, origin=origin),
                "about": self.text("about", by=by, origin=origin),
                "place": self.places.get(cleaned["place"]),
                "begins": instant(cleaned["begins"], zone), "ends": instant(cleaned["ends"], zone)}


class InterpreterForm(forms.Form):
    """Somebody who interprets at the event."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language to write in"), required=False)
    speaks = LanguagesField(label=_("Languages"), help_text=_(
        "Interprets between any two languages that are spoken fluently."))
    presence = forms.ChoiceField(label=_("On site or online"), choices=Presence.choices,
                                 initial=Presence.ONSITE, required=False)
    shifts = StretchesField(label=_("Shifts"), help_text=_("None chosen: the whole event."))
    most = forms.IntegerField(label=_("Meetings at most"), min_value=1, max_value=200, initial=12,
                              required=False)
    run = forms.IntegerField(label=_("Meetings in a row, at most"), min_value=1, max_value=50,
                             initial=4, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event,
                 part: Interpreter | None = None, **kwargs: Any) -> None:
        self.event, self.record = event, part
        if part is not None:
            kwargs["initial"] = {name: getattr(part, name) for name in self.base_fields}
        super().__init__(data, **kwargs)
        shifts: Any = self.fields["shifts"]
        shifts.offer(event, [(slot.begins, slot.ends) for slot in event.slots.all()])
        fill_language(self.fields["language"])

    def clean_name(self) -> str:
        return normalise.clean(self.cleaned_data["name"]).strip()

    def clean_speaks(self) -> dict[str, int]:
        speaks: dict[str, int] = self.cleaned_data["speaks"]
        if sum(level == 3 for level in speaks.values()) < 2:
            raise forms.ValidationError(_("An interpreter speaks at least two languages fluently."))
        return speaks

    def values(self, by: str = "") -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        return {**cleaned, "language": cleaned["language"] or "en",
                "presence": cleaned["presence"] or Presence.ONSITE,
                "most": cleaned["most"] or 12, "run": cleaned["run"] or 4}


class DelegationForm(WordsForm):
    """Parties who travel together."""

    name = WordsField(label=_("Name"), limit=200, rows=1)
    economy = forms.ChoiceField(label=_("Country or region"), required=False)
    host = forms.ChoiceField(label=_("Host"), required=False, help_text=_(
        "One of the people who are registered; she may belong to any participant."))
    host_sits_in = forms.BooleanField(label=_("The host sits in on every meeting"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, event: Event,
                 part: Delegation | None = None, **kwargs: Any) -> None:
        self.event, self.record = event, part
        if part is not None:
            kwargs["initial"] = {
                "name": text_of(part.name, event.lang), "economy": part.economy_id or "",
                "host": part.host_id or "", "host_sits_in": part.host_sits_in}
        super().__init__(data, **kwargs)
        self.settle_language(_lang(part, "name"))
        self.fields["name"].required = True
        guests = Guest.objects.filter(party__event=event, party__state__in=[
            Party.State.APPLIED, Party.State.APPROVED]).select_related("party__organisation")
        self.guests = {str(guest.pk): guest for guest in guests.order_by("name", "pk")[:3000]}
        choices: dict[str, Any] = {
            "economy": [("", "—"), *people.economy_names().items()],
            "host": [("", "—"), *((key, f"{guest.name}, {guest.party.organisation}")
                                  for key, guest in self.guests.items())]}
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def values(self, by: str = "", origin: str = "person") -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"name": self.text("name", by=by, origin=origin),
                "economy_id": cleaned["economy"] or None,
                "host": self.guests.get(cleaned["host"]), "host_sits_in": cleaned["host_sits_in"]}


def _lang(part: Any, name: str) -> str:
    """The language that the words of a part were written in."""
    return str(getattr(part, name).source) if part is not None else ""


def fill_language(field: Any) -> None:
    """The languages in which the house writes letters, under their own names."""
    from django.conf import settings

    from saphan.design.formats import ENDONYMS, bcp47

    field.choices = [("", "—"), *((bcp47(code), ENDONYMS.get(bcp47(code), bcp47(code)))
                                  for code, _name in settings.LANGUAGES)]
