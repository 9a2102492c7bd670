"""What happens to calls by the clock, and whom the house tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.ground import clock, jobs, ledger
from saphan.ground.access import Refused
from saphan.ground.models import Fact
from saphan.people import letters
from saphan.people.models import Person
from saphan.rooms.incubator import exchange, privacy
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.models import Answer, Call

State = Call.State


@clock.every(minutes=1)
def end_what_is_over() -> None:
    """No answer is taken after the deadline."""
    for call in Call.objects.filter(state=State.ANSWERING, deadline__lte=clock.now()):
        try:
            actions.end_answers(call)
        except Refused:
            continue  # somebody moved it in between; the next round will see


@jobs.on("call.returned", "call.posted", "call.opened", "call.ended", "call.finished")
def tell_the_author(fact: Fact) -> None:
    """The author hears what became of the call, in her own language."""
    call = _call(fact)
    if call is not None and call.author is not None:
        _tell([call.author], fact, call, {
            "call.returned": _returned, "call.posted": _posted, "call.opened": _opened,
            "call.ended": _ended, "call.finished": _finished}[fact.name])


@jobs.on("call.extended", "call.cancelled")
def tell_all(fact: Fact) -> None:
    """Everybody who works on the call hears that it has more time, or ends."""
    call = _call(fact)
    if call is not None:
        _tell(people_of(call), fact, call,
              _extended if fact.name == "call.extended" else _cancelled)


def people_of(call: Call) -> list[Person]:
    """Its author and manager, key holders, reviewers who have not left, and those who lead an
    answer or have begun one; each once."""
    found = [person for person in (call.author, call.manager) if person is not None]
    found += [holder.person for holder in call.holders.select_related("person")]
    found += [reviewer.person for reviewer in call.reviewers.filter(
        left__isnull=True).select_related("person")]
    found += [answer.lead for answer in call.answers.exclude(
        state=Answer.State.WITHDRAWN).select_related("lead") if answer.lead is not None]
    return list({person.pk: person for person in found}.values())


def _call(fact: Fact) -> Call | None:
    return Call.objects.select_related("author", "manager").filter(pk=fact.subject_id).first()


def _tell(people: Iterable[Person], fact: Fact, call: Call,
          words: Callable[[Call], tuple[str, str]]) -> None:
    def compose() -> letters.Letter:
        subject, body = words(call)
        return letters.Letter(f"{call.number} · {subject}", f"{body}\n\n{call.title}",
                              link=call.get_absolute_url())

    for person in people:
        if fact.actor != person.ref:
            letters.write(person, compose)


def _returned(call: Call) -> tuple[str, str]:
    return _("Please change something"), _(
        "Your call came back to you with this remark:") + "\n\n" + call.returned_because


def _posted(call: Call) -> tuple[str, str]:
    return _("Your call is announced"), _(
        "Your call is announced. Everybody can read it now. Answers are taken as soon as the key "
        "holders have their slips.")


def _opened(call: Call) -> tuple[str, str]:
    return _("Your call is open"), _(
        "Teams can answer your call until %(deadline)s. Nobody can read an answer before that.") % {
            "deadline": _deadline(call)}


def _ended(call: Call) -> tuple[str, str]:
    return _("The time for answers has ended"), _(
        "No more answers are taken. Next the key holders unseal those that came, and the panel "
        "reads them.")


def _finished(call: Call) -> tuple[str, str]:
    return _("Your call is closed"), _(
        "Your call is closed. The house asks later what became of its pilots, under the same "
        "number.")


def _extended(call: Call) -> tuple[str, str]:
    return _("More time for answers"), _(
        "The deadline moved to %(deadline)s. The reason:") % {
            "deadline": _deadline(call)} + f"\n\n{call.extended_because}"


def _cancelled(call: Call) -> tuple[str, str]:
    words = _("This call was cancelled.")
    because = str(call.cancelled_because)
    return _("The call is cancelled"), f"{words}\n\n{because}" if because else words


def _deadline(call: Call) -> str:
    return formats.moment(call.deadline, zone=call.time_zone) if call.deadline else "—"


def _export(person: Person) -> dict[str, Any]:
    """Her calls, and those that she looks after."""
    return {"calls": [exchange.row_of(call) for call in Call.objects.filter(
                author=person).select_related("organisation", "economy")],
            "calls_managed": list(Call.objects.filter(manager=person).values_list(
                "number", flat=True))}


def _forget(person: Person) -> None:
    """What was never announced goes with her; what an organisation announced stays, without her.
    Reasons that she wrote stay as the house's words."""
    own = Call.objects.filter(author=person)
    for call in own.filter(posted__isnull=True):
        actions.remove(call)
    own.update(author=None)
    for call in Call.objects.filter(manager=person):
        with ledger.fact("call.left_alone", call):
            Call.objects.filter(pk=call.pk).update(manager=None)


privacy.part("calls", _export, _forget)
