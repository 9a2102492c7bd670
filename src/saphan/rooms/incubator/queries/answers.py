"""Questions about keys and answers. Nothing here returns what is sealed, nor who answered before
the deadline, to anybody but the team itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from saphan.engines import sealing
from saphan.ground import ledger
from saphan.people.models import Person, Role
from saphan.rooms.incubator.models import Answer, Call, KeyHolder
from saphan.rooms.incubator.rules import answers as rules
from saphan.rooms.incubator.rules import calls

RELATED = ("call", "call__organisation", "call__economy", "lead", "organisation", "economy")


class NotFound(Exception):
    """No such answer, or none that the asker may know of."""


def answer(call: Call, position: int, *, asker: Person | None) -> Answer:
    """One answer to a call. Raises `NotFound`, also for what she may not know of."""
    found = Answer.objects.select_related(*RELATED).filter(call=call, position=position).first()
    if found is None or not rules.may_know_of(asker, found):
        raise NotFound(f"{call.number}-{position:02d}")
    return found


def own_answer(call: Call, person: Person | None) -> Answer | None:
    """Her own answer to this call."""
    if person is None or not person.is_authenticated:
        return None
    return Answer.objects.select_related(*RELATED).filter(call=call, lead=person).exclude(
        state=Answer.State.WITHDRAWN).first()


def answers_of(person: Person) -> QuerySet[Answer]:
    """Every answer that she leads, the newest first."""
    return Answer.objects.select_related(*RELATED).filter(lead=person).order_by("-pk")


def opened(call: Call, *, asker: Person | None = None) -> QuerySet[Answer]:
    """The answers of an unsealed call, in the order in which they came; without those that the
    asker, as a reviewer, must not judge."""
    if not call.is_unsealed:
        return Answer.objects.none()
    if asker is not None:
        kept = Answer.objects.exclude(conflicts__reviewer__person=asker)
        return opened(call).filter(pk__in=kept.filter(call=call).values("pk"))
    return Answer.objects.select_related(*RELATED).prefetch_related(
        "partners", "partners__economy").filter(call=call).exclude(
        state__in=[Answer.State.DRAFT, Answer.State.WITHDRAWN, Answer.State.SENT]).order_by(
        "position")


def number_sent(call: Call) -> int | None:
    """How many answers were sent; nobody learns it before the deadline."""
    if not call.is_over:
        return None
    return call.answers.exclude(state__in=[Answer.State.DRAFT, Answer.State.WITHDRAWN]).count()


def content_with_code(found: Answer, key: bytes) -> dict[str, Any]:
    """What the team wrote, opened with its own key. Raises `sealing.SealingError`."""
    place = sealing.answer_context(found.call.number, found.number, found.version)
    content = sealing.open_with_code(sealing.Sealed.from_json(found.sealed), key, context=place)
    opened_: dict[str, Any] = json.loads(content)
    return opened_


@dataclass(frozen=True)
class Shown:
    """An answer as one reader may see it: without names for those who read it blind."""

    answer: Answer
    content: Mapping[str, Any]
    named: bool


def shown(found: Answer, *, to: Person | None) -> Shown:
    """What `to` may read of an unsealed answer."""
    return Shown(found, found.content, rules.may_read_names(to, found))


def is_untouched(found: Answer) -> bool:
    """Whether what is stored is what the ledger saw when it was last sealed, before the
    deadline."""
    last = ledger.about(found).filter(name="answer.sealed").last()
    if last is None or not found.sealed or found.call.deadline is None:
        return False
    try:
        now = sealing.digest(sealing.Sealed.from_json(found.sealed))
    except sealing.SealingError:
        return False
    return last.data.get("digest") == now == found.digest and last.at < found.call.deadline


def holder_of(call: Call, person: Person | None) -> KeyHolder | None:
    """Her part in the key of this call."""
    if person is None or not person.is_authenticated:
        return None
    return call.holders.select_related("call", "person").filter(person=person).first()


def key_is_ready(call: Call) -> bool:
    return bool(call.key_public)


def released(call: Call) -> int:
    """How many holders have used their slip."""
    return call.holders.filter(released_at__isnull=False).count()


def could_hold(call: Call) -> QuerySet[Person]:
    """Who could hold a key: the staff, liaison officers, and the owner's own people; not those
    already named."""
    staff = Person.objects.filter(is_active=True, roles__name__in=[
        Role.Name.PROGRAMME_MANAGER, Role.Name.CLERK, Role.Name.DIRECTOR,
        Role.Name.LIAISON_OFFICER])
    keys = set(staff.values_list("pk", flat=True))
    if call.organisation is not None:
        keys |= set(Person.objects.filter(
            is_active=True, memberships__organisation=call.organisation,
            memberships__may_publish=True).values_list("pk", flat=True))
    if call.author_id is not None:
        keys.add(call.author_id)
    people = Person.objects.filter(pk__in=keys)
    return people.exclude(pk__in=call.holders.values("person")).order_by("name", "email")


def concerned(call: Call, person: Person | None) -> bool:
    return calls.is_concerned(person, call)
