"""The meetings room's part of a sample centre, and examples for tests.

Every `*.jsonl` file of the folder holds one event a line, as an object; all are marked as examples,
with the organisations that take part:

- the fields of the event form (`forms/events.py`): `title`, `summary`, `description`, `venue` (a
  string in `lang`, or an object from language to string), `lang`, `address`, `economy` (code),
  `time_zone`, `sector`, `mode` (`onsite`, `online`, `mixed`), `capacity`, `needs_approval`,
  `floor`, `most`, `language_level` (1 to 3), `relay`, `unanswered`;
- `key`: letters, digits and hyphens; an event that is here already stays as it is;
- instead of dates: `in_days` (the first day, counted from today; may be negative) and `days` (how
  many, 1 if left out); `registration_ends_days_before` (7) and `wishes_end_days_before` (3) the
  first day, both at 23:59;
- `life`: `draft`, `open`, `planning`, `running` or `over`; `announced_days_ago` (30);
- `slots`: a list of `{"day": 1, "begins": "09:00", "ends": "12:00", "length": 25, "pause": 5}`,
  `day` from 1, one object for each stretch of meetings (breaks are between them);
- `places`: `{"key": "hall", "name": …, "tables": 12, "first_table": 1, "online": false,
  "link": "https://meet.example/{meeting}", "walks": {"salon": 4}}`, minutes to places by key;
- `sessions`: `{"title": …, "about": …, "day": 1, "begins": "09:00", "ends": "09:45", "place":
  "hall", "track": "", "speakers": "", "langs": ["zh"], "capacity": 80, "everybody": true}`;
- `interpreters`: `{"name": …, "speaks": {"zh": 3, "th": 3}, "most": 12, "run": 4, "presence":
  "onsite", "shifts": [{"day": 1, "begins": "09:00", "ends": "12:00"}]}`;
- `delegations`: `{"key": "th", "name": …, "economy": "TH", "host": "a guest's name",
  "host_sits_in": false}`;
- `parties`: `{"key": "p1", "organisation": … (a string, or an object from language to string),
  "organisation_kind": "company", "economy": "TH", "lang": "th", "about": …, "seeks": …, "sector":
  "agriculture", "delegation": "th", "state": "approved" (or `applied`, `waiting`, `declined`,
  `withdrawn`), "applied_days_ago": 20, "guests": [{"name": …, "function": …, "speaks": {"th": 3,
  "en": 2}, "language": "th", "presence": "onsite", "time_zone": "", "checked_in": false,
  "sessions": ["title of a session in the event's language"], "away": [{"day": 1, "begins":
  "09:00", "ends": "12:00"}], "most": 8}]}`;
- `wishes`: `{"asker": "p1", "invited": "p2", "priority": 3, "words": …, "state": "accepted" (or
  `sent`, `refused`), "answer_priority": 2, "origin": "hand", "fit": 0.8, "must": false,
  "refusal": "not_our_field"}`.

- `plan`: the meetings of a timetable that was computed before, which is published when it is
  loaded: `[asker, invited, slot, place, table, guest, guest, language, interpreters]`,
  parties and places by key, the others counted from 0.

`visits.toml` holds guided tours; its format is told in `visits/sample.py`.

Times are those of the event's wall clock. Everything is done by the actions that people use, on a
clock that is stopped at its days.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import translation

from saphan.engines.timetable import check
from saphan.ground import clock
from saphan.ground.text import Text
from saphan.house.sampling import BadSample, manager, valid
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Organisation
from saphan.rooms.meetings import assembling
from saphan.rooms.meetings.actions import attending, publishing, setup
from saphan.rooms.meetings.actions import events as actions
from saphan.rooms.meetings.actions import parties as registering
from saphan.rooms.meetings.cutting import Pattern, Stretch, cut
from saphan.rooms.meetings.forms.events import EventForm
from saphan.rooms.meetings.forms.parties import RegistrationForm
from saphan.rooms.meetings.forms.setup import (
    DelegationForm,
    InterpreterForm,
    PlaceForm,
    SessionForm,
)
from saphan.rooms.meetings.models import (
    Delegation,
    Event,
    Interpreter,
    Party,
    Place,
    Plan,
    Session,
    Slot,
    Visit,
    Wish,
)
from saphan.rooms.meetings.visits import sample as visits

LATER = ("planning", "running", "over")
SUGGESTED = {"needs_approval": True, "unanswered": True, "capacity": 200, "language_level": 2,
             "mode": "onsite", "floor": 3, "most": 20}


def load(folder: Path) -> int:
    """Load every event of the folder's files that is not here yet, then the visits."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if not line.strip():
                continue
            row = json.loads(line)
            if Event.objects.filter(key=row["key"]).exists():
                continue
            with translation.override("en"):
                _Story(row, f"{path.name}, row {number}").tell()
    visits.load(folder / "visits.toml")
    return Event.objects.count() + Visit.objects.count()


class _Story:
    """What happens to one event of the sample, as far as its `life` says."""

    def __init__(self, row: Mapping[str, Any], where: str) -> None:
        self.row, self.where = row, where
        self.manager = manager()
        self.first = clock.today() + timedelta(days=row["in_days"])
        self.announced = clock.now() - timedelta(days=row.get("announced_days_ago", 30))
        self.life = row.get("life", "open")
        self.parties: dict[str, Party] = {}

    def tell(self) -> None:
        with clock.stopped_at(self.announced - timedelta(days=3)):
            self.event = actions.start(self._valid(EventForm(self._event())).values(
                origin="house"), by=None, key=self.row["key"])
            Event.objects.filter(pk=self.event.pk).update(manager=self.manager, example=True)
            self.event.refresh_from_db()
            self._set_up()
        if self.life == "draft":
            return
        with clock.stopped_at(self.announced):
            actions.open_event(self.event, by=self.manager)
        self._take_part()
        if self.life in LATER:
            with clock.stopped_at(min(clock.now(), self.event.wishes_end + timedelta(minutes=1))):
                actions.close(self.event, by=self.manager)
        self._come()
        if "plan" in self.row:
            self._hold(self.row["plan"])

    def _valid(self, form: Any) -> Any:
        return valid(form, f"{self.where}, {self.row['key']}")

    def _event(self) -> dict[str, Any]:
        row = self.row

        def before(name: str, days: int) -> str:
            return f"{self.first - timedelta(days=row.get(name, days))}T23:59"

        return {**SUGGESTED, **{name: row[name] for name in EventForm.base_fields if name in row},
                "first_day": self.first.isoformat(),
                "last_day": (self.first + timedelta(days=row.get("days", 1) - 1)).isoformat(),
                "registration_ends": before("registration_ends_days_before", 7),
                "wishes_end": before("wishes_end_days_before", 3)}

    def _day(self, given: Mapping[str, Any]) -> date:
        return self.first + timedelta(days=int(given.get("day", 1)) - 1)

    def _at(self, given: Mapping[str, Any], name: str) -> datetime:
        return datetime.combine(self._day(given), time.fromisoformat(given[name]),
                                self.event.zone)

    def _stretch(self, given: Mapping[str, Any]) -> str:
        return "/".join(self._at(given, name).isoformat() for name in ("begins", "ends"))

    def _set_up(self) -> None:
        event, row = self.event, self.row
        slots: list[Stretch] = []
        for given in row.get("slots", []):
            slots += cut([self._day(given)], Pattern(
                time.fromisoformat(given["begins"]), time.fromisoformat(given["ends"]),
                given["length"], given.get("pause", 0)), event.zone)
        setup.set_slots(event, slots, by=None)
        self._set_up_places()
        for given in row.get("sessions", []):
            place = self.places.get(given.get("place", ""))
            form = SessionForm({**given, "place": str(place.pk) if place else "",
                                "begins": self._at(given, "begins").isoformat(),
                                "ends": self._at(given, "ends").isoformat()}, event=event)
            setup.keep(event, Session, self._valid(form).values(origin="house"), by=None)
        for given in row.get("interpreters", []):
            setup.keep(event, Interpreter, self._valid(InterpreterForm({**given, "shifts": [
                self._stretch(shift) for shift in given.get("shifts", [])]},
                event=event)).values(), by=None)
        self.delegations: dict[str, Delegation] = {}
        for given in row.get("delegations", []):
            self.delegations[given["key"]] = setup.keep(event, Delegation, self._valid(
                DelegationForm({**given, "host": ""}, event=event)).values(origin="house"),
                by=None)

    def _set_up_places(self) -> None:
        event, walks = self.event, dict[tuple[int, int], int]()
        self.places = {given["key"]: setup.keep(
            event, Place, self._valid(PlaceForm(given, event=event)).values(origin="house"),
            by=None) for given in self.row.get("places", [])}
        for given in self.row.get("places", []):
            for other, minutes in given.get("walks", {}).items():
                walks[self.places[given["key"]].pk, self.places[other].pk] = minutes
        if walks:
            setup.set_walks(event, walks, by=None)

    def _take_part(self) -> None:
        for given in self.row.get("parties", []):
            days = given.get("applied_days_ago", self.row.get("announced_days_ago", 30) - 2)
            with clock.stopped_at(max(self.announced, clock.now() - timedelta(days=days))):
                self._register(given)
        for given in self.row.get("delegations", []):
            self._give_host(given)
        for given in self.row.get("wishes", []):
            self._wish(given)

    def _register(self, given: Mapping[str, Any]) -> None:
        names = given["organisation"]
        names = names if isinstance(names, dict) else {given.get("lang", "en"): names}
        organisation = people_actions.find_or_add_organisation(
            names, economy=given["economy"], kind=given.get("organisation_kind", "company"),
            source=given.get("lang", ""), origin="house", example=self.event.example)
        delegation = self.delegations.get(given.get("delegation", ""))
        form = self._valid(RegistrationForm(
            {**{name: given[name] for name in ("about", "seeks", "lang", "sector", "most")
                if name in given},
             "organisation": next(iter(names.values())), "economy": given["economy"],
             "delegation": str(delegation.pk) if delegation else "",
             "guests": [{**guest, "away": [self._stretch(each) for each in guest.get("away", [])]}
                        for guest in given["guests"]]},
            event=self.event, lang=given.get("lang", "")))
        registration = form.registration(origin="house")
        registration.organisation = organisation
        party = registering.register(self.event, registration, by=None)
        self.parties[given["key"]] = party
        self._decide(party, given.get("state", Party.State.APPROVED))

    def _decide(self, party: Party, state: str) -> None:
        if state == party.state or state == Party.State.APPLIED:
            return
        if state == Party.State.WAITING:
            registering.put_on_list(party, by=self.manager)
        elif state == Party.State.DECLINED:
            registering.decline(party, by=self.manager, because="All places are taken.")
        elif state == Party.State.WITHDRAWN:
            registering.withdraw(party, by=self.manager)
        else:
            registering.approve(party, by=self.manager)

    def _give_host(self, given: Mapping[str, Any]) -> None:
        if not given.get("host"):
            return
        delegation, name = self.delegations[given["key"]], given["host"]
        host = next((guest for party in self.parties.values() for guest in party.guests.all()
                     if guest.name == name), None)
        if host is None:
            raise BadSample(f"{self.where}: no guest is called {name!r}")
        setup.keep(self.event, Delegation, {
            "host": host, "host_sits_in": given.get("host_sits_in", False)}, by=None,
            part=delegation)

    def _wish(self, given: Mapping[str, Any]) -> None:
        """A wish as it stands; how people come to wishes is told elsewhere."""
        asker, invited = self.parties[given["asker"]], self.parties[given["invited"]]
        state = given.get("state", Wish.State.ACCEPTED)
        words = given.get("words", "")
        words = words if isinstance(words, dict) else {asker.lang or "en": words}
        Wish.objects.create(
            event=self.event, asker=asker, invited=invited, state=state,
            origin=given.get("origin", Wish.Origin.HAND), priority=given.get("priority", 2),
            answer_priority=given.get("answer_priority", 2) if state == "accepted" else None,
            must=given.get("must", False), words=Text.of(words, origin="house"),
            fit=given.get("fit"), because=given.get("because", []),
            refusal=given.get("refusal", ""), sent=clock.now() - timedelta(days=5),
            answered=clock.now() - timedelta(days=4) if state != "sent" else None)

    def _come(self) -> None:
        """Who attends which session, and, if the event runs, who is here. Without a plan an event
        cannot begin, so `running` and `over` are told as far as that."""
        titles = {str(session.title.best(self.event.lang)): session
                  for session in self.event.sessions.all()}
        for given in self.row.get("parties", []):
            party = self.parties[given["key"]]
            for row, guest in zip(given["guests"], party.guests.all(), strict=True):
                if party.state != Party.State.APPROVED:
                    continue
                for title in row.get("sessions", []):
                    attending.attend(titles[title], guest, by=self.manager)
                if row.get("checked_in"):
                    attending.check_in(guest, by=self.manager)


    def _hold(self, rows: Iterable[Sequence[Any]]) -> None:
        """Publish the timetable, as far as it obeys every rule: the house refuses it otherwise."""
        found = assembling.assemble(self.event)
        at = {(wish.asker_id, wish.invited_id): wish.pk for wish in found.wishes}
        lines = []
        for asker, invited, slot, place, table, a, b, language, interpreters in rows:
            one, other = self.parties[asker], self.parties[invited]
            lines.append([at[one.pk, other.pk], found.slots[slot].pk, self.places[place].pk, table,
                          one.guests.all()[a].pk, other.guests.all()[b].pk, language,
                          [found.interpreters[each].pk for each in interpreters]])
        score = check.score(found.problem, found.meetings(lines))
        plan = Plan.objects.create(
            event=self.event, number=1, state=Plan.State.READY, lines=lines, made=clock.now(),
            finished=clock.now(), score=asdict(score), bound=self.row.get("bound"))
        publishing.publish(plan, by=self.manager)


def make_examples(count: int) -> None:
    """`count` public events that are open, being planned, running and over, for tests."""
    economy = Economy.objects.first()
    if economy is None:
        people_actions.load_economies()
        economy = Economy.objects.get(code="CN")
    states = (Event.State.OPEN, Event.State.RUNNING, Event.State.OVER, Event.State.PLANNING)
    organisation = people_actions.find_or_add_organisation(
        {"en": "Example cooperative"}, economy=economy.code, kind=Organisation.Kind.COMPANY,
        example=True)
    for position in range(count):
        state = states[position % len(states)]
        first = clock.today() + timedelta(days={"running": 0, "over": -30}.get(state, 60))
        begins = datetime.combine(first, time(1), UTC)
        event = actions.start({
            "economy": economy, "lang": "th", "example": True, "time_zone": economy.time_zone,
            "title": Text.of({"th": f"งานจับคู่ธุรกิจ {position}",
                              "en": f"Matchmaking day {position}"}),
            "summary": Text.of({"th": "ตัวอย่างสำหรับการทดสอบ"}),
            "venue": Text.of({"en": "Nanning"}), "first_day": first, "last_day": first,
            "registration_ends": begins - timedelta(days=7),
            "wishes_end": begins - timedelta(days=3)}, by=None)
        Slot.objects.create(event=event, begins=begins, ends=begins + timedelta(minutes=25))
        Place.objects.create(event=event, name=Text.of({"en": "Hall"}), tables=4)
        Event.objects.filter(pk=event.pk).update(state=state, opened=clock.now())
        party = registering.register(event, registering.Registration(
            organisation, {"lang": "th", "about": Text.of({"th": "ทุเรียน"})},
            [{"name": "Mali", "speaks": {"th": 3}, "language": "th"}]), by=None)
        Party.objects.filter(pk=party.pk).update(state=Party.State.APPROVED)
