"""Events, parties and wishes for tests, made by the fewest words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from saphan.ground import clock
from saphan.ground.text import Text
from saphan.people.models import Economy, Organisation, Person, Role
from saphan.rooms.meetings.models import (
    Event,
    Guest,
    Interpreter,
    Party,
    Place,
    Slot,
    Wish,
)

BEGINS = datetime(2027, 3, 10, 1, 0, tzinfo=UTC)  # nine o'clock in Nanning


def event(*, slots: int = 6, tables: int = 3, state: str = "open", **values: Any) -> Event:
    """One day in Nanning: half-hour meetings with ten minutes between, one room, one line online
    if it is mixed."""
    day = BEGINS.date()
    number = Event.objects.count() + 1
    made = Event.objects.create(**{
        "number": f"MTG-2027-{number:04d}", "key": f"event-{number}", "state": state,
        "economy": Economy.objects.get(code="CN"), "lang": "en",
        "title": Text.of({"en": "Fruit and AI"}), "summary": Text.of({"en": "Who packs fruit meets "
        "who sees it."}), "venue": Text.of({"en": "Nanning"}),
        "first_day": day, "last_day": day, "opened": clock.now(),
        "registration_ends": BEGINS - timedelta(days=7), "wishes_end": BEGINS - timedelta(days=2),
        "floor": 1, **values})
    for at in range(slots):
        begins = BEGINS + timedelta(minutes=40 * at)
        Slot.objects.create(event=made, begins=begins, ends=begins + timedelta(minutes=30))
    Place.objects.create(event=made, name=Text.of({"en": "Hall"}), tables=tables)
    if made.mode != "onsite":
        Place.objects.create(event=made, name=Text.of({"en": "Online"}), tables=tables,
                             online=True, link="https://meet.example/{meeting}", position=1)
    return made


def person(name: str = "Mali", *, language: str = "en", role: str = "",
           economy: str = "TH") -> Person:
    made = Person.objects.create_user(f"{name.lower()}-{Person.objects.count()}@example.org", None,
                                      name=name, language=language,
                                      economy=Economy.objects.get(code=economy))
    if role:
        Role.objects.create(person=made, name=role)
    return made


def organiser(language: str = "en") -> Person:
    return person("Wei", language=language, role=Role.Name.PROGRAMME_MANAGER, economy="CN")


def party(event: Event, name: str = "", *, economy: str = "TH",
          speaks: Sequence[dict[str, int]] | dict[str, int] | None = None,
          state: str = Party.State.APPROVED, guests: int = 1, account: bool = False,
          language: str = "en", **values: Any) -> Party:
    """A party with so many guests; `speaks` for all or for each. With `account` its first guest
    and contact is a person who can sign in."""
    position = event.parties.count() + 1
    name = name or f"Packer {position}"
    organisation = Organisation.objects.create(
        name=Text.of({"en": name}), economy=Economy.objects.get(code=economy))
    contact = person(f"Of {position}", economy=economy, language=language) if account else None
    made = Party.objects.create(**{
        "event": event, "position": position, "organisation": organisation,
        "economy": organisation.economy, "contact": contact, "state": state, "lang": "en",
        "applied": clock.now(), **values})
    levels = speaks or {"en": 3}
    for at in range(guests):
        Guest.objects.create(
            party=made, name=f"{name} {at + 1}", position=at + 1, language=language,
            person=contact if at == 0 else None,
            speaks=levels if isinstance(levels, dict) else levels[at])
    return made


def interpreter(event: Event, **speaks: int) -> Interpreter:
    """`interpreter(event, th=3, zh=3)`"""
    return Interpreter.objects.create(event=event, name="Ploy", speaks=speaks)


def wish(asker: Party, invited: Party, *, state: str = Wish.State.ACCEPTED,
         **values: Any) -> Wish:
    return Wish.objects.create(**{
        "event": asker.event, "asker": asker, "invited": invited, "state": state,
        "answer_priority": 2 if state == Wish.State.ACCEPTED else None, "sent": clock.now(),
        **values})
