"""What may be said of visits, stations and guides: one validation for the web, the API, MCP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.ground import clock
from saphan.house.fields import WordsField
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.meetings import languages
from saphan.rooms.meetings.forms.fields import LanguagesField, text_of
from saphan.rooms.meetings.forms.words import WordsForm, choices_of_languages
from saphan.rooms.meetings.models import Station, Visit, VisitGroup, VisitGuide
from saphan.rooms.meetings.visits import rules
from saphan.rooms.meetings.visits.fields import CrowdField

AHEAD = 400  # days


def _time(**kwargs: Any) -> forms.TimeField:
    return forms.TimeField(input_formats=["%H:%M", "%H:%M:%S"], widget=forms.TimeInput(
        format="%H:%M", attrs={"type": "time"}), **kwargs)


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class VisitForm(WordsForm):
    """Who comes, when, how many, what they want to see."""

    TELLING = ("title", "about", "needs")
    PLAIN = ("day", "begins", "minutes", "guided")
    DESK = ("kind", "host", "group_size")

    title = WordsField(label=_("Who comes"), limit=200, rows=1, help_text=_(
        "The name of the delegation, company or class."))
    about = WordsField(label=_("What you want to learn"), limit=1500, rows=4)
    economy = forms.ChoiceField(label=_("Country or region"), required=False)
    day = _day(label=_("Day"))
    begins = _time(label=_("Begins"), help_text=_("On the clock of the centre."))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=360, initial=90)
    crowd = CrowdField(label=_("People by language"), help_text=_(
        "Groups are made by language. People who walk slowly get more time between stations."))
    wishes = forms.ModelMultipleChoiceField(
        label=_("What you want to see"), queryset=Station.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple)
    guided = forms.BooleanField(label=_("With a guide"), required=False, initial=True)
    needs = WordsField(label=_("Special needs"), limit=1000, rows=2, help_text=_(
        "Wheelchairs, hearing, food. Only the staff and your guides read this."))
    lang = forms.ChoiceField(label=_("In which language do you write?"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Visit.Kind.choices, required=False,
                             initial=Visit.Kind.DELEGATION)
    host = forms.ChoiceField(label=_("Host"), required=False)
    group_size = forms.IntegerField(label=_("People in a group, at most"), min_value=1,
                                    max_value=60, initial=15, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Person | None,
                 visit: Visit | None = None, lang: str = "", **kwargs: Any) -> None:
        self.record, self.by = visit, by
        if data is None and visit is not None:
            kwargs["initial"] = {**initial_of(visit), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.settle_language(lang)
        self.fields["title"].required = True
        stations: Any = self.fields["wishes"]
        stations.queryset = Station.objects.filter(shown=True)
        choices: dict[str, Any] = {
            "economy": [("", "—"), *people.economy_names().items()],
            "lang": choices_of_languages()}
        if rules.is_staff(by):
            staff = Person.objects.filter(roles__isnull=False, is_active=True).distinct()
            choices["host"] = [("", "—"), *((str(one.pk), one.name or one.email)
                                            for one in staff.order_by("name")[:200])]
        else:
            for name in self.DESK:
                del self.fields[name]
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if self.record is not None and self.record.day == day:
            return day
        if not clock.today() <= day <= clock.today() + timedelta(days=AHEAD):
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    def values(self, *, origin: str = "person") -> dict[str, Any]:
        """What the actions take. Call after `is_valid()` said yes."""
        cleaned = self.cleaned_data
        by = self.by.ref if self.by and origin == "person" else ""
        out = {name: cleaned[name] for name in self.PLAIN}
        out |= {name: self.text(name, by=by, origin=origin) for name in self.TELLING}
        crowd: dict[str, tuple[int, int]] = cleaned["crowd"]
        out |= {"lang": self.source_lang, "economy_id": cleaned["economy"] or None,
                "crowd": {lang: number for lang, (number, _slow) in crowd.items()},
                "slow": {lang: slow for lang, (_number, slow) in crowd.items() if slow},
                "wishes": list(cleaned["wishes"])}
        if "kind" in self.fields:
            out |= {"kind": cleaned["kind"] or Visit.Kind.DELEGATION,
                    "host_id": int(cleaned["host"]) if cleaned["host"] else None,
                    "group_size": cleaned["group_size"] or 15}
        return out


def initial_of(visit: Visit) -> dict[str, Any]:
    lang = visit.lang or visit.title.source or "en"
    return {
        **{name: getattr(visit, name) for name in (*VisitForm.PLAIN, "kind", "group_size", "lang")},
        **{name: text_of(getattr(visit, name), lang) for name in VisitForm.TELLING},
        "economy": visit.economy_id or "", "host": str(visit.host_id or ""),
        "crowd": {each: [number, visit.slow.get(each, 0)] for each, number in visit.crowd.items()},
        "wishes": [station.pk for station in visit.wishes.all()]}


VALUES = ((1, pgettext_lazy("worth seeing", "Little")), (2, pgettext_lazy("worth seeing", "Some")),
          (3, pgettext_lazy("worth seeing", "Good")), (4, pgettext_lazy("worth seeing", "High")),
          (5, pgettext_lazy("worth seeing", "Very high")))


class StationForm(WordsForm):
    """Something to see: what, where, how long, for how many at once."""

    TELLING = ("name", "about", "where")
    PLAIN = ("address", "minutes", "capacity", "must", "opens", "closes", "x", "y", "floor",
             "shown")

    name = WordsField(label=_("Name"), limit=120, rows=1)
    about = WordsField(label=_("What is to be seen"), limit=500, rows=2)
    where = WordsField(label=_("Where"), limit=200, rows=1)
    minutes = forms.IntegerField(label=_("Minutes for a group"), min_value=1, max_value=120,
                                 initial=8)
    capacity = forms.IntegerField(label=_("People at once"), min_value=1, max_value=400,
                                  initial=20)
    value = forms.TypedChoiceField(label=_("How much it is worth seeing"), choices=VALUES,
                                   coerce=int, initial=3)
    must = forms.BooleanField(label=_("Every group should see it"), required=False)
    opens = _time(label=pgettext_lazy("opening hours", "Opens"), required=False)
    closes = _time(label=pgettext_lazy("opening hours", "Closes"), required=False)
    langs = forms.MultipleChoiceField(
        label=_("Languages of its texts"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for everybody. To a group that reads none of them it is worth "
                    "half."))
    x = forms.FloatField(label=_("Metres to the right of the door"), initial=0, min_value=-2000,
                         max_value=2000)
    y = forms.FloatField(label=_("Metres from the door into the house"), initial=0,
                         min_value=-2000, max_value=2000)
    floor = forms.IntegerField(label=_("Floor"), initial=0, min_value=-9, max_value=99,
                               help_text=_("The floor of the door is 0."))
    address = forms.CharField(label=_("Page in this house"), max_length=300, required=False,
                              help_text=_("Without the language, for example exhibition/…"))
    shown = forms.BooleanField(label=_("Can be visited"), required=False, initial=True)

    def __init__(self, data: Mapping[str, Any] | None = None, *, station: Station | None = None,
                 lang: str = "", **kwargs: Any) -> None:
        self.record = station
        if data is None and station is not None:
            source = station.name.source or "en"
            kwargs["initial"] = {
                **{name: getattr(station, name) for name in (*self.PLAIN, "value", "langs")},
                **{name: text_of(getattr(station, name), source) for name in self.TELLING}}
        super().__init__(data, **kwargs)
        self.settle_language(lang or (station.name.source if station else ""))
        self.fields["name"].required = True
        self.fields["langs"].choices = languages.choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("opens") and cleaned.get("closes") and cleaned["closes"] <= cleaned["opens"]:
            self.add_error("closes", _("It closes after it opens."))
        return cleaned

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip().strip("/")
        if address and not re.fullmatch(r"[a-z0-9][A-Za-z0-9/_-]*", address):
            raise forms.ValidationError(_("Write a path of this house, for example exhibition/…"))
        return f"{address}/" if address else ""

    def values(self, *, by: str = "") -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in (*self.PLAIN, "value", "langs")},
                **{name: self.text(name, by=by) for name in self.TELLING}}


class GuideForm(forms.Form):
    """Somebody who leads or interprets: what she speaks and when she works."""

    use_required_attribute = False
    PLAIN = ("name", "speaks", "leads", "interprets", "begins", "ends", "run", "active")

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address of her or his account"), required=False,
                             help_text=_("With an account, a guide sees the own tours here and "
                                         "gets letters about them."))
    speaks = LanguagesField(label=_("Languages"))
    leads = forms.BooleanField(label=_("Leads groups"), required=False, initial=True)
    interprets = forms.BooleanField(label=_("Interprets"), required=False, help_text=_(
        "Between any two languages spoken fluently."))
    begins = _time(label=_("Works from"), initial="09:00")
    ends = _time(label=_("Works until"), initial="18:00")
    away = forms.CharField(label=_("Days off"), required=False, max_length=2000, help_text=_(
        "As 2027-03-10, separated by commas."))
    run = forms.IntegerField(label=_("Minutes without a rest, at most"), min_value=15,
                             max_value=600, initial=180)
    active = forms.BooleanField(label=_("Works here"), required=False, initial=True)

    def __init__(self, data: Mapping[str, Any] | None = None, *, guide: VisitGuide | None = None,
                 **kwargs: Any) -> None:
        if data is None and guide is not None:
            kwargs["initial"] = {**{name: getattr(guide, name) for name in self.PLAIN},
                                 "email": guide.person.email if guide.person else "",
                                 "away": ", ".join(guide.away)}
        super().__init__(data, **kwargs)

    def clean_email(self) -> Person | None:
        address = self.cleaned_data["email"]
        if not address:
            return None
        found = Person.objects.filter(email__iexact=address, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this address."))
        return found

    def clean_away(self) -> list[str]:
        try:
            return sorted({date.fromisoformat(one).isoformat()
                           for one in re.split(r"[,;、，\s]+", self.cleaned_data["away"]) if one})
        except ValueError:
            raise forms.ValidationError(_("Write days as 2027-03-10.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("begins") and cleaned.get("ends") and cleaned["ends"] <= cleaned["begins"]:
            self.add_error("ends", _("Work ends after it begins."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in (*self.PLAIN, "away")},
                "person": self.cleaned_data["email"]}


class HappenedForm(forms.Form):
    """What went otherwise on the day: the routes are mended for it."""

    use_required_attribute = False

    since = _time(label=_("From when on may routes change?"))
    group = forms.ModelChoiceField(label=_("A group is late"), required=False,
                                   queryset=VisitGroup.objects.none(), empty_label="—")
    minutes = forms.IntegerField(label=_("By how many minutes?"), required=False, min_value=1,
                                 max_value=240)
    station = forms.ModelChoiceField(label=_("A station is closed"), required=False,
                                     queryset=Station.objects.none(), empty_label="—")
    until = _time(label=_("Until when?"), required=False,
                  help_text=_("Empty: for the rest of the day."))
    guide = forms.ModelChoiceField(label=_("A guide is not there"), required=False,
                                   queryset=VisitGuide.objects.none(), empty_label="—")

    def __init__(self, data: Mapping[str, Any] | None = None, *, day: date,
                 names: Mapping[int, str] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        groups: Any = self.fields["group"]
        groups.queryset = VisitGroup.objects.filter(
            visit__day=day, visit__state__in=Visit.STANDING).select_related("visit")
        groups.label_from_instance = lambda group: (names or {}).get(
            group.pk, f"{group.visit.number} · {group.position}")
        stations: Any = self.fields["station"]
        stations.queryset = Station.objects.filter(shown=True)
        guides: Any = self.fields["guide"]
        guides.queryset = VisitGuide.objects.filter(active=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("group", "station", "guide")):
            raise forms.ValidationError(_("Say what happened: choose at least one."))
        if cleaned.get("group") and not cleaned.get("minutes"):
            self.add_error("minutes", _("Say how late the group is."))
        return cleaned


class CancelForm(forms.Form):
    use_required_attribute = False
    because = forms.CharField(label=_("Why?"), max_length=500, required=False,
                              widget=forms.Textarea(attrs={"rows": 2}))
