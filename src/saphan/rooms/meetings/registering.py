"""What software and files say of a registration becomes one: for the API, MCP and imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.house import callers
from saphan.people.models import Person
from saphan.rooms.meetings.actions import events as event_actions
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.forms.events import EventForm, initial_of
from saphan.rooms.meetings.forms.parties import GuestForm, RegistrationForm
from saphan.rooms.meetings.models import Event, Guest, Party
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import parties as rules

OF_A_PARTY = frozenset({*RegistrationForm.base_fields, "guests"}) - {"own"}
OF_A_GUEST = frozenset(GuestForm.base_fields) - {"drop"}
OF_AN_EVENT = frozenset(EventForm.base_fields)


def register(event: Event, data: Mapping[str, Any], *, by: Person) -> Party:
    """A new registration from what software sent. Raises `Invalid` with every field that is
    wrong."""
    rules.may_register(by, event).or_raise()
    form = _form(event, data, by=by)
    return actions.register(event, form.registration(by=by.ref), by=by)


def change(party: Party, data: Mapping[str, Any], *, by: Person) -> Party:
    """Change the given fields; what is not given stays. A list of guests replaces the list; those
    with an `id` stay who they are."""
    rules.may_edit(by, party).or_raise()
    merged = {**as_sent(party), **data}
    form = _form(party.event, merged, by=by, party=party)
    return actions.save(party, form.registration(by=by.ref), by=by)


def _form(event: Event, data: Mapping[str, Any], *, by: Person,
          party: Party | None = None) -> RegistrationForm:
    errors = [{"field": name, "message": _("This field is not known, or cannot be set.")}
              for name in data if name not in OF_A_PARTY]
    guests = data.get("guests", [])
    if not isinstance(guests, list) or not all(isinstance(row, Mapping) for row in guests):
        errors.append({"field": "guests", "message": _("This must be a list of objects.")})
    else:
        errors += [{"field": f"guests.{number}.{name}",
                    "message": _("This field is not known, or cannot be set.")}
                   for number, row in enumerate(guests, 1) for name in row
                   if name not in OF_A_GUEST]
    if errors:
        raise callers.Invalid(errors)
    form = RegistrationForm({**data, "guests": guests}, event=event, by=by, party=party,
                            lang=party.lang if party is not None else "")
    if not form.is_valid():
        raise callers.Invalid(form.problems())
    return form


def as_sent(party: Party) -> dict[str, Any]:
    """A registration as software sends it."""
    return {"about": party.about.plain(), "seeks": party.seeks.plain(), "lang": party.lang,
            "sector": party.sector, "most": party.most,
            "delegation": str(party.delegation_id or ""),
            "guests": [guest_as_sent(guest) for guest in party.guests.all()]}


def guest_as_sent(guest: Guest) -> dict[str, Any]:
    return {"id": guest.pk, **{name: getattr(guest, name) for name in (
        "name", "email", "function", "language", "speaks", "presence", "time_zone", "away",
        "most")}}


def draft(data: Mapping[str, Any], *, by: Person) -> Event:
    """A new event from what software sent."""
    event_rules.may_start(by).or_raise()
    form = _event_form(data)
    return event_actions.start(form.values(by=by.ref), by=by)


def change_event(event: Event, data: Mapping[str, Any], *, by: Person) -> Event:
    """Change the given fields of an event; `version` guards against overwriting."""
    event_rules.may_edit(by, event).or_raise()
    version = data.get("version")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise callers.Invalid([{"field": "version", "message": _("Enter a whole number.")}])
    given = {name: value for name, value in data.items() if name != "version"}
    words = {name: getattr(event, name).plain() for name in ("title", "summary", "description",
                                                             "venue")}
    form = _event_form({**initial_of(event), **words, **given}, event=event, known=given)
    return event_actions.save(event, form.values(by=by.ref), by=by, version=version)


def _event_form(data: Mapping[str, Any], *, event: Event | None = None,
                known: Mapping[str, Any] | None = None) -> EventForm:
    errors = [{"field": name, "message": _("This field is not known, or cannot be set.")}
              for name in (data if known is None else known) if name not in OF_AN_EVENT]
    if errors:
        raise callers.Invalid(errors)
    suggested = {} if event is not None else {
        name: field.initial for name, field in EventForm.base_fields.items()
        if field.initial is not None}
    form = EventForm({**suggested, **data}, event=event, lang=event.lang if event else "")
    if not form.is_valid():
        raise callers.Invalid.form(form)
    return form
