"""The panel, its reviews, the decision and appeals. Each verb checks its rule and records one
fact; what a reviewer thinks is in no fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.engines.panel import Problem
from saphan.engines.panel import assign as engine_assign
from saphan.ground import clock, ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.people.models import Person
from saphan.rooms.incubator.actions import projects
from saphan.rooms.incubator.models import Answer, Appeal, Call, Conflict, Project, Review, Reviewer
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import panel as rules
from saphan.rooms.incubator.vocabulary import ConflictKind

State = Review.State


# The panel.

def invite(call: Call, person: Person, *, by: Person,
           languages: Sequence[str] = ()) -> Reviewer:
    """Ask somebody to read answers; whoever left may be asked again."""
    rules.may_invite(by, call).or_raise()
    rules.may_sit(person, call).or_raise()
    known = call.reviewers.filter(person=person).first()
    if known is not None and known.left is None:
        raise Refused(_("She is on the panel already."))
    with ledger.fact("call.reviewer_invited", call, by=by, reviewer=person.ref):
        if known is None:
            return Reviewer.objects.create(call=call, person=person, invited=clock.now(),
                                           languages=list(languages))
        known.invited, known.promised, known.left = clock.now(), None, None
        known.languages = list(languages)
        known.save(update_fields=["invited", "promised", "left", "languages"])
    return known


def promise(reviewer: Reviewer, *, by: Person, languages: Sequence[str] = ()) -> Reviewer:
    """She keeps what she reads to herself, judges impartially, and says what she can read."""
    rules.may_promise(by, reviewer).or_raise()
    with ledger.fact("call.reviewer_promised", reviewer.call, by=by):
        reviewer.promised = reviewer.promised or clock.now()
        reviewer.languages = list(languages)
        reviewer.save(update_fields=["promised", "languages"])
    return reviewer


def leave(reviewer: Reviewer, *, by: Person) -> Reviewer:
    """She leaves the panel, or the desk takes her off it. What she handed in still counts."""
    rules.may_leave(by, reviewer).or_raise()
    return _leave(reviewer, by=by)


def _leave(reviewer: Reviewer, *, by: Person) -> Reviewer:
    with ledger.fact("call.reviewer_left", reviewer.call, by=by, reviewer=reviewer.person.ref):
        reviewer.left = clock.now()
        reviewer.save(update_fields=["left"])
        for review in reviewer.reviews.filter(state=State.OPEN):
            _withdraw(review, by=by, because="left")
    return reviewer


def look_for_conflicts(call: Call, *, by: Person | None = None) -> int:
    """Note what the house knows to stand between reviewers and answers. How many were new."""
    known = set(Conflict.objects.filter(answer__call=call).values_list("reviewer_id", "answer_id"))
    new = {pair: kind for pair, kind in queries.conflicts_found(call).items()
           if pair not in known}
    if not new:
        return 0
    with ledger.fact("call.conflicts_found", call, by=by, count=len(new)):
        Conflict.objects.bulk_create([
            Conflict(reviewer_id=reviewer, answer_id=answer, kind=kind, at=clock.now())
            for (reviewer, answer), kind in new.items()])
        for reviewer, answer in new:
            for review in Review.objects.filter(reviewer=reviewer, answer=answer).exclude(
                    state=State.WITHDRAWN):
                _withdraw(review, by=by, because="conflict")
    return len(new)


def declare(review: Review, *, by: Person) -> Conflict:
    """She cannot judge this answer fairly, and does not see more of it."""
    rules.may_declare(by, review).or_raise()
    with ledger.fact("answer.conflict_declared", review.answer, by=by):
        conflict, _new = Conflict.objects.get_or_create(
            reviewer=review.reviewer, answer=review.answer,
            defaults={"kind": ConflictKind.DECLARED, "at": clock.now()})
        _withdraw(review, by=by, because="conflict")
    return conflict


def _withdraw(review: Review, *, by: Person | None, because: str) -> None:
    with ledger.fact("review.withdrawn", review, by=by, because=because):
        review.take("withdraw")


# Who reads what.

@dataclass(frozen=True)
class Given:
    """What `assign` did: how many reviews are new, and what was impossible."""

    new: int
    problems: tuple[Problem, ...]


def assign(call: Call, *, by: Person) -> Given:
    """Give every answer to as many reviewers as the call asks for. What stands, stays."""
    rules.may_assign(by, call).or_raise()
    look_for_conflicts(call, by=by)
    answers = {each.number: each for each in queries.to_assign(call)}
    seats = {each.person.ref: each for each in queries.sitting(call)}
    if not answers:
        raise Refused(_("There are no answers to read."))
    numbers = {each.pk: number for number, each in answers.items()}
    refs = {each.pk: ref for ref, each in seats.items()}
    barred = {(numbers[answer], refs[reviewer]) for reviewer, answer in Conflict.objects.filter(
        answer__call=call).values_list("reviewer_id", "answer_id")
        if answer in numbers and reviewer in refs}
    standing = {(numbers[review.answer_id], refs[review.reviewer_id])
                for reviews in queries.readers(call).values() for review in reviews
                if review.answer_id in numbers and review.reviewer_id in refs}
    found = engine_assign(
        list(answers), list(seats), call.reviews_each, conflicts=barred,
        languages={number: [each.lang] for number, each in answers.items() if each.lang},
        speaks={ref: each.languages for ref, each in seats.items() if each.languages},
        keep=standing, seed=call.pk)
    new = [pair for pair in found.pairs if pair not in standing]
    with ledger.fact("call.reviews_given", call, by=by, pairs=new):
        for number, ref in new:
            _give(seats[ref], answers[number])
        _begin(call)
    return Given(len(new), found.problems)


def give(call: Call, answer: Answer, reviewer: Reviewer, *, by: Person) -> Review:
    """By hand: this reviewer reads this answer as well."""
    rules.may_assign(by, call).or_raise()
    look_for_conflicts(call, by=by)
    if reviewer.promised is None or reviewer.left is not None or answer.state != \
            Answer.State.OPENED:
        raise Refused(_("This reviewer cannot read this answer now."))
    if answer.conflicts.filter(reviewer=reviewer).exists():
        raise Refused(_("There is a conflict of interest: this reviewer cannot read this answer."))
    with ledger.fact("call.reviews_given", call, by=by,
                     pairs=[[answer.number, reviewer.person.ref]]):
        review = _give(reviewer, answer)
        _begin(call)
    return review


def _give(reviewer: Reviewer, answer: Answer) -> Review:
    known = Review.objects.filter(reviewer=reviewer, answer=answer, round=1).first()
    if known is None:
        return Review.objects.create(reviewer=reviewer, answer=answer, round=1)
    if known.state == State.WITHDRAWN:  # given again: it begins anew
        known.delete()
        return Review.objects.create(reviewer=reviewer, answer=answer, round=1)
    return known


def _begin(call: Call) -> None:
    if call.round == 0:
        Call.objects.filter(pk=call.pk, round=0).update(round=1)
        call.round = 1


def take_away(review: Review, *, by: Person) -> Review:
    """By hand: this reviewer does not read this answer after all."""
    rules.may_take_away(by, review).or_raise()
    _withdraw(review, by=by, because="taken")
    return review


# Reviews.

def mark(review: Review, values: Mapping[str, Any], *, by: Person) -> Review:
    """Keep the marks and remarks as far as they are written."""
    rules.may_mark(by, review).or_raise()
    with ledger.fact("review.saved", review, by=by, round=review.round):
        review.marks, review.remarks = values["marks"], values["remarks"]
        review.lang = values.get("lang", "")
        review.save(update_fields=["marks", "remarks", "lang"])
    return review


def hand_in(review: Review, *, by: Person) -> Review:
    """From now on it counts."""
    rules.may_hand_in(by, review).or_raise()
    with ledger.fact("review.handed_in", review, by=by, round=review.round):
        review.take("hand_in", handed_in=clock.now())
    return review


def reopen(review: Review, *, by: Person) -> Review:
    """She wants to change it, as long as the round lasts."""
    rules.may_reopen(by, review).or_raise()
    with ledger.fact("review.reopened", review, by=by, round=review.round):
        review.take("reopen")
    return review


def open_the_talk(call: Call, *, by: Person, without_missing: bool = False) -> Call:
    """The second round: names, others' marks and remarks are open, marks may change. What is
    still missing holds it up, unless the desk says that it goes on without."""
    rules.may_open_the_talk(by, call).or_raise()
    look_for_conflicts(call, by=by)
    missing = queries.missing(call)
    if missing and not without_missing:
        raise Refused(_("Not handed in yet: %(reviews)s.") % {"reviews": ", ".join(
            f"{each.answer.number} ({each.reviewer.person})" for each in missing[:10])})
    with ledger.fact("call.round_opened", call, by=by, round=2,
                     missing=[[each.answer.number, each.reviewer.person.ref]
                              for each in missing]):
        for each in missing:
            _withdraw(each, by=by, because="missing")
        won = Call.objects.filter(pk=call.pk, round=1).update(round=2)
        if not won:
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
        Review.objects.bulk_create([
            Review(reviewer_id=each.reviewer_id, answer_id=each.answer_id, round=2,
                   state=State.HANDED_IN, marks=each.marks, remarks=each.remarks, lang=each.lang,
                   handed_in=each.handed_in)
            for each in Review.objects.filter(answer__call=call, round=1, state=State.HANDED_IN,
                                              reviewer__left__isnull=True)])
        call.round = 2
    return call


# The decision.

def prepare(answer: Answer, *, outcome: str, reasons: Text, by: Person) -> Answer:
    """What is proposed for an answer, with the reasons that the team will read."""
    rules.may_prepare(by, answer.call).or_raise()
    if outcome not in rules.OUTCOMES:
        raise Refused(_("Choose what is proposed."))
    _need(reasons)
    with ledger.fact("answer.prepared", answer, by=by):
        # The condition again, in the database: what was announced meanwhile stays.
        won = Answer.objects.filter(pk=answer.pk, state=Answer.State.OPENED).update(
            proposal=outcome, reasons=reasons)
        if not won:
            raise Refused(_("Somebody else was quicker. Reload the page to see where it stands."))
        answer.proposal, answer.reasons = outcome, reasons
    return answer


def decide(call: Call, *, by: Person) -> Call:
    """Announce the decision: every answer moves, every team is told, the chosen become
    projects."""
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call.pk)
        rules.may_decide(by, call).or_raise()
        with ledger.fact("call.decided", call, by=by, form=call.form, economy=call.economy_id,
                         sector=call.sector):
            call.take("decide", decided=clock.now())
            for answer in call.answers.filter(state=Answer.State.OPENED).order_by("position"):
                answer.call = call
                _settle(answer, answer.proposal, by=by)
    return call


FACTS: dict[str, str] = {Answer.State.ACCEPTED: "answer.accepted",
                         Answer.State.DECLINED: "answer.declined",
                         Answer.State.INELIGIBLE: "answer.excluded"}


STEPS: dict[str, str] = {Answer.State.ACCEPTED: "accept", Answer.State.DECLINED: "decline",
                         Answer.State.INELIGIBLE: "exclude"}


def _settle(answer: Answer, outcome: str, *, by: Person) -> None:
    with ledger.fact(FACTS[outcome], answer, by=by, economy=answer.economy_id):
        answer.take(STEPS[outcome], decided=clock.now(), decided_by=by.ref, told=None)
    if outcome == Answer.State.ACCEPTED:
        projects.assign(answer, by=by)


def decide_again(answer: Answer, *, outcome: str, reasons: Text, by: Person) -> Answer:
    """After an upheld appeal: one answer is decided again."""
    rules.may_decide_again(by, answer).or_raise()
    if outcome not in rules.OUTCOMES:
        raise Refused(_("Choose what is proposed."))
    if outcome == Answer.State.ACCEPTED:
        rules.has_a_place(by, answer).or_raise()
    _need(reasons)
    with transaction.atomic():
        answer.proposal, answer.reasons = outcome, reasons
        answer.save(update_fields=["proposal", "reasons"])
        _settle(answer, outcome, by=by)
    return answer


def told(answer: Answer) -> None:
    """The team has its letter: the time for an appeal begins."""
    with ledger.fact("answer.told", answer):
        answer.told = clock.now()
        answer.save(update_fields=["told"])


# Appeals.

def appeal(answer: Answer, *, words: Text, by: Person) -> Appeal:
    """The lead says what was wrong. Somebody who neither reviewed nor decided looks at it."""
    rules.may_appeal(by, answer).or_raise()
    if not words:
        raise Refused(_("Say what was wrong, and why you think so."))
    filed = Appeal(answer=answer, about=rules.appealable(answer), words=words, lang=words.source,
                   filed=clock.now(), due=rules.answer_due(answer))
    with ledger.fact("appeal.filed", filed, by=by, **_about(filed)):
        filed.save()
    return filed


def _about(filed: Appeal) -> dict[str, Any]:
    return {"about": filed.about, "answer": filed.answer.number}


def uphold(filed: Appeal, *, reasons: Text, by: Person) -> Appeal:
    """The team is right: the answer is decided again, or measuring goes on."""
    rules.may_handle(by, filed).or_raise()
    _need(reasons)
    answer = filed.answer
    with ledger.fact("appeal.upheld", filed, by=by, **_about(filed)):
        filed.take("uphold", reasons=reasons, decided=clock.now(),
                   decided_by=by.ref)
        if filed.about == Appeal.About.VALIDATION:
            projects.resume(Project.objects.select_related("answer__call").get(answer=answer),
                            by=by)
        else:
            with ledger.fact("answer.reinstated", answer, by=by):
                answer.take("reinstate", proposal="", reasons=Text(), decided=None,
                            decided_by="", told=None)
    return filed


def dismiss(filed: Appeal, *, reasons: Text, by: Person) -> Appeal:
    """The decision stands, with reasons."""
    rules.may_handle(by, filed).or_raise()
    _need(reasons)
    with ledger.fact("appeal.dismissed", filed, by=by, **_about(filed)):
        filed.take("dismiss", reasons=reasons, decided=clock.now(),
                   decided_by=by.ref)
    return filed


def withdraw_appeal(filed: Appeal, *, by: Person) -> Appeal:
    rules.may_withdraw_appeal(by, filed).or_raise()
    with ledger.fact("appeal.withdrawn", filed, by=by, **_about(filed)):
        filed.take("withdraw")
    return filed


def _need(reasons: Text) -> None:
    if not rules.is_a_sentence(reasons):
        raise Refused(_("Give the reasons, in at least one sentence."))


def forget(person: Person) -> None:
    """Whoever leaves the house leaves its panels; marks that count stay, without her name."""
    for reviewer in Reviewer.objects.select_related("call", "person").filter(
            person=person, left__isnull=True):
        _leave(reviewer, by=person)
