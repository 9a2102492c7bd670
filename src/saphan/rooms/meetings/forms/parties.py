"""What a participant may say of itself and of the people whom it sends: one validation for the web,
the API, MCP and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from saphan.engines.language import normalise
from saphan.ground.text import reader_language
from saphan.house.fields import WordsField
from saphan.house.vocabulary import Sector
from saphan.people import queries as people
from saphan.people.models import Organisation, Person
from saphan.rooms.meetings import cutting, languages
from saphan.rooms.meetings.actions.parties import Named, Registration
from saphan.rooms.meetings.forms.fields import LanguagesField, StretchesField, text_of, zones
from saphan.rooms.meetings.forms.setup import fill_language
from saphan.rooms.meetings.forms.words import WordsForm, choices_of_languages
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.vocabulary import Mode, Presence

GUESTS_AT_MOST = 10
ROW = "guests"
NEEDED = {"organisation": _("Say for whom you register."),
          "economy": _("Say where the organisation is at home.")}
OF_THE_ORGANISATION = ("own", "organisation", "organisation_kind", "economy")


class GuestForm(forms.Form):
    """One person whom a participant sends."""

    use_required_attribute = False

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    drop = forms.BooleanField(label=_("Does not come: take off the registration"), required=False)
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_(
        "As it stands on the badge, in your own script."))
    email = forms.EmailField(label=_("E-mail address"), required=False, help_text=_(
        "The personal timetable goes there. Only you and the staff see it."))
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    speaks = LanguagesField(label=_("Languages"))
    language = forms.ChoiceField(label=_("Language to write in"), required=False)
    presence = forms.ChoiceField(label=_("On site or online"), choices=Presence.choices,
                                 required=False)
    time_zone = forms.ChoiceField(label=_("Own time zone, if online"), required=False)
    away = StretchesField(label=_("Not free"), help_text=_(
        "No meetings are planned for these times."))
    most = forms.IntegerField(label=_("Meetings at most"), min_value=1, max_value=200,
                              required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, offers: Offers,
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        away: Any = self.fields["away"]
        away.offer(offers.event, offers.slots)
        fill_language(self.fields["language"])
        self.fields["time_zone"].choices = offers.zones  # type: ignore[attr-defined]
        if offers.event.mode != Mode.MIXED:
            del self.fields["presence"]
        if offers.event.mode == Mode.ONSITE:
            del self.fields["time_zone"]
        for name in ("name", "email", "function"):  # short enough without being counted
            self.fields[name].max_length = None  # type: ignore[attr-defined]
        if not self.initial.get("id") and not self.data.get(self.add_prefix("id")):
            del self.fields["drop"]
        self.offers = offers

    @property
    def is_blank(self) -> bool:
        """A row that nobody filled in, or that is to go."""
        if self.data.get(self.add_prefix("drop")) in ("on", "yes", "true", True):
            return True
        given = (self.data.get(self.add_prefix(name)) for name in ("id", "name", "email"))
        return self.is_bound and not any(str(value or "").strip() for value in given)

    def clean_name(self) -> str:
        name = normalise.clean(self.cleaned_data["name"]).strip()
        if not name:
            raise forms.ValidationError(_("This field is required."))
        return name

    def clean_function(self) -> str:
        return normalise.clean(self.cleaned_data["function"]).strip()

    def values(self) -> dict[str, Any]:
        """A row as the actions take it."""
        cleaned = self.cleaned_data
        online = self.offers.event.mode == Mode.ONLINE
        return {**{name: cleaned[name] for name in (
                    "id", "name", "email", "function", "speaks", "away", "most")},
                "language": cleaned["language"] or reader_language(),
                "presence": Presence.ONLINE if online else
                cleaned.get("presence") or Presence.ONSITE,
                "time_zone": cleaned.get("time_zone") or ""}


class Offers:
    """What all rows of a registration choose from, asked for once."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.slots: list[cutting.Stretch] = [
            (slot.begins, slot.ends) for slot in event.slots.all()]
        self.zones = [("", _("That of the event")), *zones()]


class RegistrationForm(WordsForm):
    """A participant with its people. `party` is what it changes, if anything."""

    TELLING = ("about", "seeks")

    own = forms.ChoiceField(label=_("Your organisation"), required=False)
    organisation = forms.CharField(label=_("Name of the organisation"), max_length=200,
                                   required=False)
    organisation_kind = forms.ChoiceField(label=_("What kind of organisation is it?"),
                                          choices=Organisation.Kind.choices, required=False)
    economy = forms.ChoiceField(label=_("Its country or region"), required=False)
    about = WordsField(label=_("What you do and offer"), limit=2000, rows=4, help_text=_(
        "In your own language. Others read it in theirs, and the house suggests partners by it."))
    seeks = WordsField(label=_("Whom you want to meet, and what for"), limit=2000, rows=4)
    lang = forms.ChoiceField(label=_("In which language do you write?"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, required=False,
                               initial=Sector.GENERAL)
    delegation = forms.ChoiceField(label=_("Delegation"), required=False)
    most = forms.IntegerField(label=_("Meetings at most"), min_value=1, max_value=200,
                              required=False, help_text=_("Of all your people together."))

    def __init__(self, data: Any = None, *, event: Event,
                 by: Person | None = None, party: Party | None = None, lang: str = "",
                 rows: list[dict[str, Any]] | None = None, short: bool = False,
                 **kwargs: Any) -> None:
        """`rows`: guests to begin with (see `typed`); `short`: only what the desk needs for
        somebody who stands there."""
        self.event, self.by, self.record = event, by, party
        if party is not None and data is None:
            kwargs["initial"] = {**_initial(party), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.settle_language(lang)
        self.offers = Offers(event)
        self._fill_choices(event, by, party)
        if short:
            for name in ("own", "delegation", "most", "lang"):
                self.fields.pop(name, None)
        self.guest_forms = self._guests(rows)
        for name, field in self.fields.items():
            field.required = name in NEEDED and "own" not in self.fields
            field.error_messages["required"] = NEEDED.get(name, field.error_messages["required"])

    def _fill_choices(self, event: Event, by: Person | None, party: Party | None) -> None:
        self.hers = {str(each.pk): each for each in (
            people.organisations_of(by) if by is not None and party is None else ())}
        self.delegations = {str(each.pk): each for each in event.delegations.all()}
        choices: dict[str, Any] = {
            "own": [*((key, str(each)) for key, each in self.hers.items()),
                    ("", _("Another organisation"))],
            "economy": [("", "—"), *people.economy_names().items()],
            "delegation": [("", "—"), *((key, str(each)) for key, each in
                                        self.delegations.items())],
            "lang": choices_of_languages()}
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]
        if self.hers and "own" not in self.initial:
            self.initial["own"] = next(iter(self.hers))
        for name, needless in (("own", not self.hers), ("delegation", not self.delegations)):
            if needless:
                del self.fields[name]
        if party is not None:
            for name in OF_THE_ORGANISATION:
                self.fields.pop(name, None)

    def _guests(self, shown: list[dict[str, Any]] | None) -> list[GuestForm]:
        rows = self.data.get(ROW) if self.is_bound else None
        if isinstance(rows, list):
            return [GuestForm(row if isinstance(row, Mapping) else {}, offers=self.offers,
                              auto_id=f"id_{ROW}_{at}_%s") for at, row in enumerate(rows)]
        if self.is_bound:
            count = next((at for at in range(GUESTS_AT_MOST + 2)
                          if f"{ROW}-{at}-name" not in self.data), GUESTS_AT_MOST + 2)
            return [GuestForm(self.data, offers=self.offers, prefix=f"{ROW}-{at}")
                    for at in range(count)]
        if shown is None:
            shown = [_initial_guest(guest) for guest in self.record.guests.all()] \
                if self.record is not None else [self._herself()]
        return [GuestForm(initial=row, offers=self.offers, prefix=f"{ROW}-{at}")
                for at, row in enumerate(shown)]

    def typed(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """What was typed so far, to go on with: of the participant, and of each guest."""
        def given(form: forms.Form) -> dict[str, Any]:
            return {name: field.widget.value_from_datadict(
                form.data, {}, form.add_prefix(name))  # type: ignore[arg-type]
                for name, field in form.fields.items()}

        return given(self), [given(form) for form in self.guest_forms]

    def _herself(self) -> dict[str, Any]:
        """She is never asked the same thing twice."""
        by = self.by
        language = (by.language if by is not None else "") or reader_language()
        mine = {"name": by.name, "email": by.email} if by is not None else {}
        return {**mine, "language": language, "presence": Presence.ONSITE,
                "speaks": {languages.written_as_spoken(language): 3}}

    @property
    def sent(self) -> list[GuestForm]:
        """The rows that somebody filled in."""
        return [form for form in self.guest_forms if form.is_bound and not form.is_blank]

    def clean_organisation(self) -> str:
        return normalise.clean(self.cleaned_data["organisation"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.record is None and not cleaned.get("own"):
            for name, words in NEEDED.items():
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, words)
        if not self.sent:
            self.add_error(None, _("Name at least one person who comes."))
        if len(self.sent) > GUESTS_AT_MOST:
            self.add_error(None, ngettext(
                "At most %(limit)d person can be registered at once.",
                "At most %(limit)d people can be registered at once.", GUESTS_AT_MOST) % {
                    "limit": GUESTS_AT_MOST})
        return cleaned

    def is_valid(self) -> bool:
        guests = [form.is_valid() for form in self.sent]
        return super().is_valid() and all(guests)

    def problems(self) -> list[dict[str, Any]]:
        """What is wrong, field by field, with those of the guests: `guests.1.email`."""
        found = list(_problems(self, ""))
        for number, form in enumerate(self.sent, 1):
            found += _problems(form, f"{ROW}.{number}.")
        return found

    def registration(self, *, by: str = "", origin: str = "person") -> Registration:
        """What the actions take. Call after `is_valid()` said yes."""
        cleaned = self.cleaned_data
        values = {"lang": self.source_lang, "sector": cleaned.get("sector") or Sector.GENERAL,
                  **{name: self.text(name, by=by, origin=origin) for name in ("about", "seeks")}}
        if "most" in self.fields:
            values["most"] = cleaned["most"]
        if "delegation" in self.fields:
            values["delegation"] = self.delegations.get(cleaned["delegation"])
        organisation: Organisation | Named
        if self.record is not None:
            organisation = self.record.organisation
        elif cleaned.get("own"):
            organisation = self.hers[cleaned["own"]]
        else:
            organisation = Named(cleaned["organisation"], cleaned["economy"],
                                 cleaned.get("organisation_kind") or Organisation.Kind.COMPANY,
                                 self.source_lang)
        return Registration(organisation, values, [form.values() for form in self.sent])


def _problems(form: forms.Form, prefix: str) -> Iterable[dict[str, Any]]:
    for name, errors in form.errors.as_data().items():
        yield {"field": f"{prefix}{'' if name == '__all__' else name}",
               "message": " ".join(str(message) for error in errors for message in error.messages)}


def _initial(party: Party) -> dict[str, Any]:
    return {"about": text_of(party.about, party.lang), "seeks": text_of(party.seeks, party.lang),
            "lang": party.lang, "sector": party.sector, "most": party.most,
            "delegation": party.delegation_id or ""}


def _initial_guest(guest: Guest) -> dict[str, Any]:
    return {"id": guest.pk, **{name: getattr(guest, name) for name in (
        "name", "email", "function", "language", "speaks", "presence", "time_zone", "away",
        "most")}}


class DeclineForm(forms.Form):
    """Why a registration is not admitted."""

    use_required_attribute = False

    because = forms.CharField(label=_("Why?"), max_length=500, widget=forms.Textarea(
        attrs={"rows": 2, "dir": "auto"}), help_text=_("The participant reads it."))
