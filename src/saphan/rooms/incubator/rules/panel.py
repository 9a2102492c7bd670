"""Who may sit on the panel, read, mark, decide and appeal, and why not."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.ground.text import Text
from saphan.people import workdays
from saphan.people.models import Economy, Person, Role
from saphan.rooms.incubator.models import Answer, Appeal, Call, Project, Review, Reviewer
from saphan.rooms.incubator.rules import calls
from saphan.rooms.incubator.rules.answers import is_in_conflict
from saphan.rooms.incubator.vocabulary import APPEAL_ANSWER_WORKDAYS, APPEAL_WORKDAYS

Outcome = Answer.State
OUTCOMES = (Outcome.ACCEPTED, Outcome.DECLINED, Outcome.INELIGIBLE)
SENTENCE = 10  # characters: less is no reason
PANEL_MEETS = frozenset({Call.State.POSTED, Call.State.ANSWERING, Call.State.EVALUATION})
DECIDED = frozenset({Call.State.ASSIGNED, Call.State.CLOSED})


# The panel.

def seat_of(person: Person | None, call: Call) -> Reviewer | None:
    """Her seat on the panel, unless she has left it."""
    if person is None or not person.is_authenticated:
        return None
    return call.reviewers.filter(person=person, left__isnull=True).first()


def decides(person: Person | None) -> bool:
    """The director and the programme managers decide."""
    return calls.runs_calls(person) or (
        person is not None and person.is_authenticated and person.has_role(Role.Name.DIRECTOR))


def leads_an_answer(person: Person, call: Call) -> bool:
    return call.answers.filter(lead=person).exclude(state=Answer.State.WITHDRAWN).exists()


def is_in_a_team(person: Person | None, call: Call) -> bool:
    """Whether she leads an opened answer, or speaks for the organisation that does."""
    if person is None or not person.is_authenticated:
        return False
    return leads_an_answer(person, call) or call.answers.filter(
        organisation__in=person.memberships.values("organisation")).exists()


def panel_meets(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.state in PANEL_MEETS and call.round < 2, _(
        "The panel of this call does not change any more."))


def is_unsealed(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.is_unsealed, _("The answers are still sealed."))


def is_in_evaluation(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.state == Call.State.EVALUATION,
                      _("This call is not being evaluated now."))


def is_blind(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.round < 2, _("The blind round is over."))


def has_a_panel(_person: Person | None, call: Call) -> Verdict:
    return allowed_if(call.reviewers.filter(promised__isnull=False, left__isnull=True).exists(), _(
        "Nobody on the panel has promised confidence and impartiality yet."))


may_invite = every(calls.signed_in, calls.is_desk, panel_meets)
may_assign = every(calls.signed_in, calls.is_desk, is_in_evaluation, is_unsealed, is_blind,
                   has_a_panel)


def may_sit(person: Person, call: Call) -> Verdict:
    """Whether this person can be on the panel. Before the deadline nobody may learn from this who
    answers: then only what everybody can know is looked at."""
    return allowed_if(person.is_active, _("Nobody with this address has an account here.")) \
        & allowed_if(not calls.speaks_for(person, call),
                     _("She belongs to the owner of the call.")) \
        & allowed_if(not (call.is_unsealed and leads_an_answer(person, call)),
                     _("She leads an answer to this call."))


def by_herself(person: Person | None, reviewer: Reviewer) -> Verdict:
    return allowed_if(person is not None and reviewer.person_id == person.pk,
                      _("Each reviewer does this herself."))


def has_not_left(_person: Person | None, reviewer: Reviewer) -> Verdict:
    return allowed_if(reviewer.left is None, _("She has left the panel."))


may_promise = every(by_herself, has_not_left)


def may_leave(person: Person | None, reviewer: Reviewer) -> Verdict:
    """The reviewer herself at any time, or the desk takes her off the panel."""
    return has_not_left(person, reviewer) & (
        by_herself(person, reviewer) | calls.is_desk(person)) & is_in_time_to_leave(
        person, reviewer)


def is_in_time_to_leave(_person: Person | None, reviewer: Reviewer) -> Verdict:
    return allowed_if(reviewer.call.state in PANEL_MEETS,
                      _("The decision on this call has been announced."))


# Reviews.

def may_read_review(person: Person | None, review: Review) -> bool:
    """Her own review, as long as she sits on the panel, has promised, and nothing stands between
    her and the answer."""
    seat = review.reviewer
    return (person is not None and seat.person_id == person.pk and seat.left is None
            and seat.promised is not None and review.state != Review.State.WITHDRAWN
            and review.answer.call.is_unsealed and not is_in_conflict(person, review.answer))


def is_her_review(person: Person | None, review: Review) -> Verdict:
    return allowed_if(may_read_review(person, review), _("This is not your review."))


def is_this_round(person: Person | None, review: Review) -> Verdict:
    return is_in_evaluation(person, review.answer.call) & allowed_if(
        review.round == review.answer.call.round, _("This round is over."))


def is_being_written(_person: Person | None, review: Review) -> Verdict:
    return allowed_if(review.state == Review.State.OPEN,
                      _("You have handed it in. Take it back first to change it."))


def is_marked(_person: Person | None, review: Review) -> Verdict:
    """A mark and words for everything that is looked at."""
    wanted = [row["id"] for row in review.answer.call.rubric]
    whole = all(review.marks.get(name) is not None and review.remarks.get(name, "").strip()
                for name in wanted)
    return allowed_if(whole, _("Give a mark and a remark for everything that is looked at."))


may_mark = every(is_her_review, is_this_round, is_being_written)
may_hand_in = every(may_mark, is_marked)
may_reopen = every(is_her_review, is_this_round)


def may_declare(person: Person | None, review: Review) -> Verdict:
    """In the blind round she says that she cannot judge this answer fairly."""
    return is_her_review(person, review) & is_in_evaluation(person, review.answer.call) \
        & is_blind(person, review.answer.call)


def may_take_away(person: Person | None, review: Review) -> Verdict:
    """The desk takes an answer from a reviewer who has not handed it in."""
    return may_assign(person, review.answer.call) & allowed_if(
        review.state == Review.State.OPEN, _("This review was handed in already."))


def may_open_the_talk(person: Person | None, call: Call) -> Verdict:
    return every(calls.signed_in, calls.is_desk, is_in_evaluation)(person, call) & allowed_if(
        call.round == 1, _("There is no blind round to end.")) & allowed_if(
        Review.objects.filter(answer__call=call, round=1,
                              state=Review.State.HANDED_IN).exists(),
        _("Nobody has handed in a review yet."))


# Looking at what the panel thinks.

def may_see_scores(person: Person | None, call: Call) -> bool:
    """The desk and the director; the owner when the blind round is over. A reviewer never sees
    what others think before that, whatever else she is; no team ever does."""
    if not call.is_unsealed or is_in_a_team(person, call):
        return False
    if seat_of(person, call) is not None and call.round < 2:
        return False
    return decides(person) or calls.looks_at_the_desk(person) or (
        calls.speaks_for(person, call) and call.round >= 2)


def may_see_others(person: Person | None, review: Review) -> bool:
    """What other reviewers wrote about the same answer: in the second round."""
    return may_read_review(person, review) and review.answer.call.round >= 2


# The decision.

def by_deciders(person: Person | None, _call: Call | None = None) -> Verdict:
    return allowed_if(decides(person), _("Only the director and programme managers may do that."))


def is_impartial(person: Person | None, call: Call) -> Verdict:
    return allowed_if(not is_in_a_team(person, call), _(
        "You belong to one of the teams, so somebody else decides."))


may_prepare = every(calls.signed_in, by_deciders, is_impartial, is_in_evaluation, is_unsealed)


def is_ready(_person: Person | None, call: Call) -> Verdict:
    """Every answer has a proposal with its reasons, no more are chosen than there are places, and
    what was not excluded was read by the panel."""
    waiting = list(call.answers.filter(state=Outcome.OPENED))
    bare = [each.number for each in waiting
            if each.proposal not in OUTCOMES or not is_a_sentence(each.reasons)]
    chosen = sum(each.proposal == Outcome.ACCEPTED for each in waiting)
    judged = [each for each in waiting if each.proposal != Outcome.INELIGIBLE]
    return (allowed_if(not bare, gettext("Not prepared yet: %(answers)s.") % {
                "answers": ", ".join(bare[:10])})
            & allowed_if(chosen <= call.places, gettext(
                "At most %(places)d can be chosen; %(chosen)d are proposed.") % {
                    "places": call.places, "chosen": chosen})
            & allowed_if(call.round >= 2 or not judged, _(
                "The panel has not finished: open its second round first.")))


def is_a_sentence(reasons: Text) -> bool:
    return any(len("".join(words.split())) >= SENTENCE for words in reasons.plain().values())


may_decide = every(may_prepare, is_ready)


def may_know_the_decision(person: Person | None, answer: Answer) -> bool:
    """Its lead once it is decided; those who decide always."""
    decided = answer.decided is not None and answer.state in OUTCOMES
    return (decided and person is not None and person.is_authenticated
            and answer.lead_id == person.pk) or may_see_scores(person, answer.call)


def may_decide_again(person: Person | None, answer: Answer) -> Verdict:
    """After an upheld appeal, once the call is decided."""
    call = answer.call
    return every(calls.signed_in, by_deciders, is_impartial)(person, call) & allowed_if(
        call.state in DECIDED and answer.state == Outcome.OPENED,
        _("There is nothing to decide again."))


def has_a_place(_person: Person | None, answer: Answer) -> Verdict:
    """A project that ended without success gives its place free."""
    taken = answer.call.answers.filter(state=Outcome.ACCEPTED).exclude(
        project__state__in=[Project.State.STOPPED, Project.State.REJECTED]).count()
    return allowed_if(taken < answer.call.places, _("All places are taken."))


# Appeals.

def appealable(answer: Answer) -> str:
    """What the team could appeal against now: "" for nothing."""
    if answer.state == Outcome.INELIGIBLE:
        return Appeal.About.ELIGIBILITY
    if answer.state == Outcome.DECLINED:
        return Appeal.About.DECISION
    project = Project.objects.filter(answer=answer, state=Project.State.REJECTED).first()
    return Appeal.About.VALIDATION if project is not None else ""


def appeal_until(answer: Answer) -> date | None:
    """The last day for an appeal, on the calendar of the team's economy."""
    about = appealable(answer)
    if about == Appeal.About.VALIDATION:
        since = Project.objects.get(answer=answer).ended
    else:
        since = answer.told or answer.decided
    if not about or since is None:
        return None
    return workdays.add_workdays(timezone.localdate(since), APPEAL_WORKDAYS, *_home(answer))


def answer_due(answer: Answer) -> date:
    """By when an appeal that is filed today is answered."""
    return workdays.add_workdays(clock.today(), APPEAL_ANSWER_WORKDAYS, *_home(answer))


def _home(answer: Answer) -> list[Economy]:
    return [answer.economy] if answer.economy is not None else []


def may_appeal(person: Person | None, answer: Answer) -> Verdict:
    until = appeal_until(answer)
    about = appealable(answer)
    return (calls.signed_in(person)
            & allowed_if(person is not None and answer.lead_id == person.pk,
                         _("Only the lead of the team may do that."))
            & allowed_if(bool(about) and until is not None,
                         _("There is nothing to appeal against."))
            & allowed_if(until is not None and clock.today() <= until,
                         _("The time for an appeal has passed."))
            & allowed_if(not answer.appeals.filter(about=about).exclude(
                state=Appeal.State.WITHDRAWN).exists(),
                _("You have appealed against this already.")))


def may_read_appeal(person: Person | None, appeal: Appeal) -> bool:
    """Its lead and those who decide."""
    if person is None or not person.is_authenticated:
        return False
    if appeal.answer.lead_id == person.pk:
        return True
    return decides(person) and not is_in_a_team(person, appeal.answer.call)


def is_untouched_by_it(person: Person | None, appeal: Appeal) -> Verdict:
    """Neither reviewed nor decided what the appeal is about."""
    answer = appeal.answer
    ref = getattr(person, "ref", "")
    decided = {answer.decided_by, *Project.objects.filter(answer=answer).values_list(
        "decided_by", flat=True)} - {""}
    reviewed = person is not None and answer.call.reviewers.filter(person=person).exists()
    return allowed_if(not reviewed and ref not in decided, _(
        "Somebody who neither reviewed nor decided answers the appeal."))


def may_handle(person: Person | None, appeal: Appeal) -> Verdict:
    return every(calls.signed_in, by_deciders, is_impartial)(person, appeal.answer.call) \
        & is_untouched_by_it(person, appeal)


def may_withdraw_appeal(person: Person | None, appeal: Appeal) -> Verdict:
    return allowed_if(person is not None and appeal.answer.lead_id == person.pk,
                      _("Only the lead of the team may do that."))


def follows_from_the_decision(person: Person | None, answer: Answer) -> Verdict:
    """Choosing and declining are done for all answers at once, or again after an appeal."""
    if answer.call.state in DECIDED:
        return may_decide_again(person, answer)
    return may_decide(person, answer.call)


def follows_from_an_appeal(person: Person | None, answer: Answer) -> Verdict:
    upheld = answer.appeals.filter(state=Appeal.State.UPHELD).exists()
    return by_deciders(person) & allowed_if(upheld, _("Only an upheld appeal does that."))


BY_TRANSITION: dict[str, Rule] = {
    "decide": may_decide, "accept": follows_from_the_decision,
    "decline": follows_from_the_decision, "reinstate": follows_from_an_appeal,
    "reopen": may_reopen, "uphold": may_handle, "dismiss": may_handle,
}
BY_REVIEW: dict[str, Rule] = {"hand_in": may_hand_in, "reopen": may_reopen,
                              "withdraw": may_take_away}
BY_APPEAL: dict[str, Rule] = {"uphold": may_handle, "dismiss": may_handle,
                              "withdraw": may_withdraw_appeal}
