"""Who may hold a key, answer a call, open answers and read them, and why not."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Verdict, allowed_if, every
from saphan.people.models import Person
from saphan.rooms.incubator.models import Answer, Call, KeyHolder
from saphan.rooms.incubator.rules import calls
from saphan.rooms.incubator.vocabulary import HOLDERS_AT_MOST

WRONG_CODE = _("This code does not open your answer. Compare it with your paper.")
BEFORE_KEY = frozenset({Call.State.SUBMITTED, Call.State.POSTED})


def is_lead(person: Person | None, answer: Answer) -> bool:
    return person is not None and person.is_authenticated and answer.lead_id == person.pk


def holds_a_key(person: Person | None, call: Call) -> bool:
    return person is not None and person.is_authenticated and call.holders.filter(
        person=person).exists()


def is_on_the_panel(person: Person | None, call: Call) -> bool:
    return person is not None and person.is_authenticated and call.reviewers.filter(
        person=person, left__isnull=True).exists()


# The key.

def key_is_not_made(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(not call.key_public and call.state in BEFORE_KEY,
                      _("The key of this call is made already: its holders cannot change."))


def has_room_for_a_holder(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.holders.count() < HOLDERS_AT_MOST, gettext(
        "At most %(limit)d people hold a key.") % {"limit": HOLDERS_AT_MOST})


def all_have_slips(_person: Person | None, call: Call) -> Verdict:
    holders = list(call.holders.all())
    return allowed_if(len(holders) >= max(call.key_needed, 2), gettext(
        "Name at least %(count)d people who hold a key.") % {
            "count": max(call.key_needed, 2)}) & allowed_if(
        all(holder.public for holder in holders),
        _("Not everybody has taken a slip yet."))


may_appoint = every(calls.signed_in, calls.is_desk, key_is_not_made, has_room_for_a_holder)
may_dismiss = every(calls.signed_in, calls.is_desk, key_is_not_made)
may_make_the_key = every(calls.signed_in, calls.is_desk, key_is_not_made, all_have_slips)


def may_take_a_slip(person: Person | None, holder: KeyHolder) -> Verdict:
    """Her own slip, and again as long as the key is not made: a lost slip is replaced."""
    return calls.signed_in(person) & allowed_if(
        person is not None and holder.person_id == person.pk,
        _("Each key holder takes the own slip.")) & key_is_not_made(person, holder.call)


def may_release(person: Person | None, holder: KeyHolder) -> Verdict:
    """After the deadline, never before it, whoever asks."""
    call = holder.call
    return (calls.signed_in(person)
            & allowed_if(person is not None and holder.person_id == person.pk,
                         _("Only the key holders open the answers."))
            & allowed_if(call.is_over and call.state == Call.State.EVALUATION,
                         _("Answers stay sealed until the deadline has passed."))
            & allowed_if(not call.is_unsealed, _("The answers are open already.")))


# Answering.

def takes_answers(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.state == Call.State.ANSWERING and not call.is_over,
                      _("This call does not take answers now."))


def stands_outside(person: Person | None, call: Call) -> Verdict:
    """Whoever decides on answers, or holds a key to them, does not answer."""
    return allowed_if(not (calls.speaks_for(person, call) or calls.runs_calls(person)
                           or holds_a_key(person, call) or is_on_the_panel(person, call)),
                      _("You are among those who post, open or judge this call, so you cannot "
                        "answer it."))


def is_no_example(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(not call.example, _(
        "This call is an example: nobody stands behind it, so it takes no answers."))


def answers_once(person: Person, call: Call) -> Verdict:
    return allowed_if(not call.answers.filter(lead=person).exclude(
        state=Answer.State.WITHDRAWN).exists(), _("You have an answer to this call already."))


may_answer = every(calls.signed_in, is_no_example, takes_answers, stands_outside, answers_once)


def by_the_lead(person: Person | None, answer: Answer) -> Verdict:
    return allowed_if(is_lead(person, answer), _("Only the lead of the team may do that."))


def is_still_open(person: Person | None, answer: Answer) -> Verdict:
    return takes_answers(person, answer.call) & allowed_if(
        answer.state in (Answer.State.DRAFT, Answer.State.SENT),
        _("This answer cannot be changed any more."))


may_change = every(calls.signed_in, by_the_lead, is_still_open)
may_send = may_change
may_withdraw = may_change


# Reading.

def may_know_of(person: Person | None, answer: Answer) -> bool:
    """Whether she may know that there is such an answer: its lead always; those who run the call
    once it was unsealed. Until then not even they learn who answers."""
    if is_lead(person, answer):
        return True
    return answer.call.is_unsealed and answer.is_opened and calls.is_concerned(
        person, answer.call) and not is_in_conflict(person, answer)


def is_in_conflict(person: Person | None, answer: Answer) -> bool:
    """Whether she is a reviewer who must not judge this answer."""
    return person is not None and person.is_authenticated and answer.conflicts.filter(
        reviewer__person=person).exists()


def may_read_names(person: Person | None, answer: Answer) -> bool:
    """Whether she may know who is in the team: the lead, and the desk after the unsealing. The
    owner of the call learns it with the panel, when the blind round is over; so does whoever of
    the desk sits on the panel."""
    if answer.call.round < 2 and is_on_the_panel(person, answer.call):
        return is_lead(person, answer)
    return is_lead(person, answer) or (answer.call.is_unsealed and (
        calls.runs_calls(person) or (calls.speaks_for(person, answer.call)
                                     and answer.call.round >= 2)))


def is_unsealed(_person: Person | None, answer: Answer) -> Verdict:
    return allowed_if(answer.call.is_unsealed, _("The answers are still sealed."))


def decision_is_open(_person: Person | None, answer: Answer) -> Verdict:
    return allowed_if(answer.call.state == Call.State.EVALUATION,
                      _("The decision on this call has been announced."))


def _by_the_desk(person: Person | None, answer: Answer) -> Verdict:
    return calls.is_desk(person, answer.call)


may_exclude = every(calls.signed_in, _by_the_desk, is_unsealed, decision_is_open)

BY_TRANSITION = {"send": may_send, "withdraw": may_withdraw, "exclude": may_exclude}

LABELS = {
    "lead_type": _("Kind of lead"), "lead_economy": _("Where the lead is"),
    "economies": _("Countries or regions in the team"), "partners": _("Number of partners"),
    "amount": pgettext_lazy("eligibility", "Money asked for"),
    "musts": _("Indicators that must be reached"), "mode": _("Way of working together"),
}
