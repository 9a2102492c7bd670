"""Whom the house tells about the panel, the decision and appeals. No letter names a reviewer to a
team, or says more than the reader's own case."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saphan.design import formats
from saphan.ground import jobs
from saphan.ground.models import Fact
from saphan.people import letters
from saphan.people import queries as people
from saphan.people.models import Person, Role
from saphan.rooms.incubator import privacy
from saphan.rooms.incubator.actions import panel as actions
from saphan.rooms.incubator.models import Answer, Appeal, Call, Review, Reviewer
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import panel as rules


def _call(fact: Fact) -> Call | None:
    return Call.objects.filter(pk=fact.subject_id).first()


def _reviews_page(call: Call) -> str:
    return reverse("incubator:reviews", args=[call.number])


@jobs.on("call.reviewer_invited")
def ask_the_reviewer(fact: Fact) -> None:
    call = _call(fact)
    seat = call.reviewers.select_related("person").filter(
        person__ref=fact.data.get("reviewer", ""), left=None).first() if call else None
    if call is not None and seat is not None:
        letters.write(seat.person, lambda: letters.Letter(
            f"{call.number} · {_('Please join the panel')}", _(
                "You are asked to read and mark answers to this call. First you promise "
                "confidence and impartiality on the page below.") + f"\n\n{call.title}",
            link=_reviews_page(call)))


@jobs.on("call.reviews_given")
def tell_what_to_read(fact: Fact) -> None:
    call = _call(fact)
    if call is None:
        return
    refs = {ref for _number, ref in fact.data.get("pairs", [])}
    for seat in call.reviewers.select_related("person").filter(person__ref__in=refs, left=None):
        letters.write(seat.person, lambda: letters.Letter(
            f"{call.number} · {_('Answers wait for you')}", _(
                "You were given answers to read. In this first round you do not learn who wrote "
                "them, and nobody sees your marks.") + f"\n\n{call.title}",
            link=_reviews_page(call)))


@jobs.on("call.round_opened")
def tell_the_panel(fact: Fact) -> None:
    call = _call(fact)
    if call is None:
        return
    for seat in queries.sitting(call):
        letters.write(seat.person, lambda: letters.Letter(
            f"{call.number} · {_('The second round')}", _(
                "You can now see the teams, and what the others wrote about the answers that you "
                "read. You may change your marks.") + f"\n\n{call.title}",
            link=_reviews_page(call)))


def _outcome(state: str) -> tuple[str, str]:
    if state == Answer.State.ACCEPTED:
        return _("Your answer was chosen"), _("Congratulations. It becomes a project: plan the "
                                              "milestones, sign, and begin.")
    if state == Answer.State.INELIGIBLE:
        return _("Your answer is not eligible"), _("It does not meet what the call asks of teams.")
    return _("Your answer was not chosen"), _("Thank you for the work that you put into it.")


@jobs.on(*actions.FACTS.values())
def tell_the_team(fact: Fact) -> None:
    """Its own reasons, its own marks, and how to appeal."""
    answer = Answer.objects.select_related("call", "lead", "economy").filter(
        pk=fact.subject_id).first()
    if answer is None or answer.told is not None or answer.state not in rules.OUTCOMES:
        return
    actions.told(answer)
    if answer.lead is None:
        return
    letters.write(answer.lead, lambda: _decision(answer))


def _decision(answer: Answer) -> letters.Letter:
    subject, opening = _outcome(answer.state)
    parts = [opening, answer.title, f"{pgettext('letter', 'Reasons')}:\n{answer.reasons}"]
    marks = [f"{row.criterion.name.text}: {formats.number(row.mean)} / 5"
             for row in queries.marks_of(answer)]
    if marks:
        parts.append(_("Marks of the panel (mean, 0 to 5)") + ":\n" + "\n".join(marks))
    until = rules.appeal_until(answer)
    if until is not None:
        parts.append(_("If you think that this is wrong, you can appeal until %(day)s on the page "
                       "below. Somebody who neither reviewed nor decided will look at it.") % {
                           "day": formats.day(until)})
    return letters.Letter(f"{answer.number} · {subject}", "\n\n".join(parts), link=reverse(
        "incubator:answer_decision", args=[answer.call.number, answer.position]))


def _appeal(fact: Fact) -> Appeal | None:
    return Appeal.objects.select_related("answer", "answer__call", "answer__lead").filter(
        pk=fact.subject_id).first()


def _appeal_page(appeal: Appeal) -> str:
    return reverse("incubator:appeal", args=[appeal.answer.call.number, appeal.pk])


@jobs.on("appeal.filed")
def find_somebody_else(fact: Fact) -> None:
    """Everybody who may answer it hears of it."""
    appeal = _appeal(fact)
    if appeal is None or appeal.due is None:
        return
    due = appeal.due
    able = {person.pk: person for role in (Role.Name.DIRECTOR, Role.Name.PROGRAMME_MANAGER)
            for person in people.persons(role=role, active=True)
            if rules.may_handle(person, appeal)}
    for person in able.values():
        letters.write(person, lambda: letters.Letter(
            f"{appeal.answer.number} · {_('An appeal was filed')}", _(
                "Please look at it. You neither reviewed nor decided, so you can answer it. It is "
                "due on %(day)s.") % {"day": formats.day(due)},
            link=_appeal_page(appeal)))


@jobs.on("appeal.upheld", "appeal.dismissed")
def answer_the_appeal(fact: Fact) -> None:
    appeal = _appeal(fact)
    if appeal is None or appeal.answer.lead is None:
        return
    upheld = appeal.state == Appeal.State.UPHELD
    letters.write(appeal.answer.lead, lambda: letters.Letter(
        f"{appeal.answer.number} · " + (_("Your appeal was upheld") if upheld
                                        else _("Your appeal was dismissed")),
        (_("The answer is looked at again, or the measuring goes on.") if upheld
         else _("The decision stands.")) + f"\n\n{pgettext('letter', 'Reasons')}:\n"
        f"{appeal.reasons}", link=_appeal_page(appeal)))


def _export(person: Person) -> dict[str, Any]:
    """Her seats, her marks, her appeals."""
    return {
        "panels": [{"call": each.call.number, "invited": each.invited.isoformat(),
                    "promised": each.promised.isoformat() if each.promised else None,
                    "left": each.left.isoformat() if each.left else None,
                    "languages": each.languages,
                    "conflicts": [conflict.kind for conflict in each.conflicts.all()]}
                   for each in Reviewer.objects.select_related("call").prefetch_related(
                       "conflicts").filter(person=person)],
        "reviews": [{"answer": each.answer.number, "round": each.round, "state": each.state,
                     "marks": each.marks, "remarks": each.remarks}
                    for each in Review.objects.select_related("answer").filter(
                        reviewer__person=person)],
        "appeals": [{"answer": each.answer.number, "about": each.about, "state": each.state,
                     "words": each.words.plain(), "reasons": each.reasons.plain()}
                    for each in Appeal.objects.select_related("answer").filter(
                        answer__lead=person)]}


privacy.part("panel", _export, actions.forget)
