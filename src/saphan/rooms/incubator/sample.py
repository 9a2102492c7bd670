"""The incubator's part of a sample centre, and examples for tests."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from saphan.ground import accession, clock, ledger
from saphan.ground.text import Text
from saphan.house.sampling import actor, manager
from saphan.people import actions as people_actions
from saphan.people.models import Economy, Membership, Organisation, Person
from saphan.rooms.incubator import concepts, exchange, rubrics
from saphan.rooms.incubator.actions import answers as answering
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.vocabulary import Form, Sector

ORDER = ("posted", "answering", "evaluation")


class BadSample(Exception):
    """A file of the sample centre that does not hold what it should."""


def load(folder: Path) -> int:
    """Load every `*.jsonl` of the folder. A row is that of an import, with `life`: how far the call
    is, how many days ago it was announced, in how many days its deadline is and at what time.
    A call that is here already stays as it is: it has a life of its own."""
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        lives = [row.pop("life") for row in rows]
        for row, life in zip(rows, lives, strict=True):
            row["deadline"] = _deadline(row, life).isoformat()
        report = exchange.check("\n".join(json.dumps(row) for row in rows))
        if report.problems:
            first = report.problems[0]
            raise BadSample(f"{path.name}, row {first.row}, {first.field}: {first.message}")
        for row, life in zip(rows, lives, strict=True):
            if not Call.objects.filter(key=row["key"]).exists():
                _live(row, life)
    return Call.objects.count()


def _deadline(row: dict[str, Any], life: dict[str, Any]) -> datetime:
    zone = ZoneInfo(Economy.objects.get(code=row["economy"]).time_zone)
    day = clock.today() + timedelta(days=life["deadline_in_days"])
    return datetime.combine(day, time.fromisoformat(life.get("at", "17:00")), zone)


def _live(row: dict[str, Any], life: dict[str, Any]) -> Call:
    """Let the call live through its days by the actions that people use, on a stopped clock."""
    announced = clock.now() - timedelta(days=life["announced_days_ago"])
    with clock.stopped_at(announced - timedelta(days=6)):
        call = exchange.load_row(row, by=None, origin="house")
    assert call is not None and call.organisation is not None
    owner = actor(row["key"])
    Membership.objects.get_or_create(person=owner, organisation=call.organisation)
    # An example takes no answers: this one becomes an example when its story is told.
    Call.objects.filter(pk=call.pk).update(example=False)
    call.refresh_from_db()
    Story(call, owner, announced, life).tell()
    Call.objects.filter(pk=call.pk).update(example=True)
    Organisation.objects.filter(pk__in=call.answers.values("organisation")).update(example=True)
    return call


class Story:
    """What happens to one call of the sample, step by step, as far as its `life` says."""

    def __init__(self, call: Call, owner: Person, announced: datetime,
                 life: dict[str, Any]) -> None:
        self.call, self.owner, self.announced, self.life = call, owner, announced, life
        self.manager = manager()
        self.holders = [actor("holder-a"), actor("holder-b"), actor("holder-c")]

    def tell(self) -> None:
        for state in ORDER[:ORDER.index(self.life["state"]) + 1]:
            getattr(self, state)()

    def posted(self) -> None:
        with clock.stopped_at(self.announced - timedelta(days=2)):
            actions.submit(self.call, by=self.owner)
        with clock.stopped_at(self.announced):
            actions.post(self.call, by=self.manager)

    def answering(self) -> None:
        """The key holders take their slips, the call opens, teams send their answers."""
        with clock.stopped_at(self.announced + timedelta(days=1)):
            held = [answering.appoint(self.call, person, by=self.manager)
                    for person in self.holders]
            self.slips = [answering.take_slip(holder, by=holder.person) for holder in held]
            answering.make_key(self.call, by=self.manager)
            actions.open_answers(self.call, by=self.manager)
        for position, content in enumerate(self.life.get("answers", []), 1):
            with clock.stopped_at(self.announced + timedelta(days=3 * position)):
                answering.write(self.call, content, send=True,
                                by=actor(f"{self.call.key}-lead-{position}"))

    def evaluation(self) -> None:
        """The deadline passes, and two of three slips open the answers."""
        assert self.call.deadline is not None
        with clock.stopped_at(self.call.deadline + timedelta(minutes=1)):
            actions.end_answers(self.call)
        with clock.stopped_at(self.call.deadline + timedelta(hours=16)):
            held = list(self.call.holders.select_related("person", "call").order_by("pk"))
            for holder, slip in list(zip(held, self.slips, strict=True))[:self.call.key_needed]:
                answering.release(holder, slip, by=holder.person)
        self.call.refresh_from_db()


def make_examples(count: int) -> None:
    """`count` public calls that are open, under evaluation and decided, for tests."""
    economy = Economy.objects.first()
    if economy is None:
        people_actions.load_economies()
        economy = Economy.objects.get(code="LA")
    organisation = people_actions.find_or_add_organisation(
        {"en": "Example department"}, economy=economy.code, kind="government", example=True)
    states = (Call.State.ANSWERING, Call.State.EVALUATION, Call.State.ASSIGNED)
    rubric = rubrics.default(Form.CHALLENGE)
    for position in range(count):
        number, state = accession.next_number(actions.SERIES), states[position % 3]
        past = state != Call.State.ANSWERING
        call = Call(
            number=number, key=f"example-{number.lower()}", form=Form.values[position // 3 % 3],
            state=state, example=True, organisation=organisation, economy=economy,
            posted=clock.now() - timedelta(days=40), sector=Sector.PUBLIC_SERVICE, lang="lo",
            deadline=clock.now() + timedelta(days=-5 if past else 30), time_zone=economy.time_zone,
            decided=clock.now() if state == Call.State.ASSIGNED else None,
            title=Text.of({"lo": f"ເຕືອນໄພດິນເຈື່ອນ {position}",
                           "en": f"Warning of landslides {position}"}),
            summary=Text.of({"lo": "ຕົວຢ່າງສຳລັບການທົດສອບ"}),
            scenario=Text.of({"lo": "ຕົວຢ່າງສຳລັບການທົດສອບ"}), rubric=rubric,
            indicators=[{"id": "i1", "name": "ຄຳເຕືອນ", "direction": "at_least", "value": 80,
                         "unit": "%", "must": True}])
        call.concepts = concepts.found_in(call)
        with ledger.fact("call.posted", call, form=call.form, economy=economy.code,
                         sector=call.sector):
            call.save()
