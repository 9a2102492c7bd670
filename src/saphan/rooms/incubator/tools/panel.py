"""Reviews, scores and decisions for assistants (MCP), and what the API shares with that. What a
blind reader must not see is not in here either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.room import Tool
from saphan.people.models import Person
from saphan.rooms.incubator import judging
from saphan.rooms.incubator.forms.panel import MARK, SAID
from saphan.rooms.incubator.models import Appeal, Call, Review
from saphan.rooms.incubator.queries import calls
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.rules import calls as call_rules
from saphan.rooms.incubator.rules import panel as rules


def _call(number: str, person: Person | None) -> Call:
    try:
        return calls.call(number, asker=person)
    except calls.NotFound:
        raise callers.Missing(number) from None


def _parts(number: str) -> tuple[str, int]:
    call, _dash, position = number.rpartition("-")
    if not (position.isascii() and position.isdigit()):
        raise callers.Missing(number)
    return call, int(position)


def panel_of(call: Call, person: Person | None) -> dict[str, Any]:
    """Who is on the panel; who reads what, unless she is on it herself and it is blind."""
    blind = rules.seat_of(person, call) is not None and call.round < 2
    readers = {} if blind else queries.readers(call)
    numbers = {each.pk: each.number for each in queries.to_assign(call)}
    return {**({} if blind else queries.aggregates(call)), "round": call.round,
            "reviewers": [{"ref": seat.person.ref, "name": str(seat.person),
                           "promised": seat.promised is not None, "left": seat.left is not None,
                           "languages": seat.languages, "given": seat.given, "done": seat.done}
                          for seat in queries.panel(call)],
            "readers": {numbers[pk]: [each.reviewer.person.ref for each in found]
                        for pk, found in readers.items() if pk in numbers}}


def reviews_of(call: Call, person: Person | None) -> dict[str, Any]:
    seat = rules.seat_of(person, call)
    if seat is None:
        raise callers.Missing(call.number)
    return {"round": call.round, "promised": seat.promised is not None,
            "reviews": [{"number": each.answer.number, "title": each.answer.title,
                         "lang": each.answer.lang, "state": each.state, "round": each.round}
                        for each in queries.reviews_of(call, person)]}


def review_of(found: Review, person: Person | None) -> dict[str, Any]:
    """The answer as she may read it, her marks, and in the second round those of others."""
    read = queries.as_read(found, asker=person)
    answer, content = read.answer, read.answer.content
    told: dict[str, Any] = {
        "number": answer.number, "title": answer.title, "lang": answer.lang, **read.passages,
        "mode": content.get("mode", ""), "amount": content.get("amount", ""),
        "months": content.get("months"), "indicators": read.indicators, "state": found.state,
        "round": found.round, "marks": found.marks, "remarks": found.remarks,
        "criteria": [{"id": each.id, "name": each.name.text, "weight": each.weight,
                      "guide": each.guide.text} for each in calls.rubric_of(answer.call)]}
    if read.named:
        told |= {"organisation": answer.organisation_name, "economy": answer.economy_id,
                 "partners": [each.as_row for each in answer.partners.all()]}
    others = queries.others(found, asker=person)
    if others:
        told["others"] = [{"reviewer": str(each.reviewer.person), "marks": each.marks,
                           "remarks": each.remarks} for each in others]
    return told


def scores_of(call: Call, person: Person | None) -> dict[str, Any]:
    """Raises `queries.NotFound` for who may not see them."""
    found = queries.scoring(call, asker=person)
    judged = found.judgement
    return {
        "round": call.round,
        "alpha": judged.alpha_interval.value if judged else None,
        "why_raw": judged.adjusted.why_raw if judged else "",
        "answers": [{"number": row.answer.number, "reviews": row.reviews, "raw": row.raw,
                     "adjusted": row.adjusted, "low": row.low, "high": row.high,
                     "place": row.place, "best": row.best, "worst": row.worst,
                     "group": row.group, "disagreement": row.flagged}
                    for row in found.answers],
        "reviewers": [{"reviews": row.reviews, "severity": row.severity, "low": row.low,
                       "high": row.high, "decides": row.decides} for row in found.reviewers]}


def decision_of(call: Call, position: int, person: Person | None) -> dict[str, Any]:
    """Raises `queries.NotFound`."""
    found = queries.answer_of(call, position, asker=person)
    is_lead = person is not None and found.lead_id == person.pk
    until = rules.appeal_until(found) if is_lead else None
    return {"number": found.number, "state": found.state,
            **({} if is_lead else {"proposal": found.proposal}),
            "reasons": found.reasons.plain() if found.decided or not is_lead else {},
            "decided": found.decided.isoformat() if found.decided else None,
            "marks": [{"criterion": row.criterion.id, "name": row.criterion.name.text,
                       "mean": row.mean} for row in queries.marks_of(found)],
            "appeal_until": until.isoformat() if until else None,
            "appeals": [appeal_of(each) for each in queries.appeals_of(found, asker=person)]}


def appeal_of(found: Appeal) -> dict[str, Any]:
    return {"id": found.pk, "answer": found.answer.number, "about": found.about,
            "state": found.state, "words": found.words.plain(),
            "due": found.due.isoformat() if found.due else None,
            "reasons": found.reasons.plain()}


def my_reviews(number: str, person: Person | None = None) -> dict[str, Any]:
    return reviews_of(_call(number, person), person)


def read_review(number: str, person: Person | None = None) -> dict[str, Any]:
    call, position = _parts(number)
    try:
        return review_of(queries.review(_call(call, person), position, asker=person), person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def save_review(number: str, marks: dict[str, int], remarks: dict[str, str],
                person: Person | None = None) -> dict[str, Any]:
    if person is None:
        raise Refused(call_rules.signed_in(None).reason)
    call, position = _parts(number)
    said = {**{MARK + name: str(mark) for name, mark in marks.items()},
            **{SAID + name: words for name, words in remarks.items()}}
    try:
        found = queries.review(_call(call, person), position, asker=person)
        judging.on_a_review("save", found, said, by=person)
    except queries.NotFound:
        raise callers.Missing(number) from None
    except judging.Wrong as wrong:
        raise callers.Invalid.form(wrong.form) from None
    return review_of(found, person)


def panel_scores(number: str, person: Person | None = None) -> dict[str, Any]:
    try:
        return scores_of(_call(number, person), person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def read_decision(number: str, person: Person | None = None) -> dict[str, Any]:
    call, position = _parts(number)
    try:
        return decision_of(_call(call, person), position, person)
    except queries.NotFound:
        raise callers.Missing(number) from None


def tools() -> Sequence[Tool]:
    """The tools about the panel and the decision."""
    return [
        Tool("my_reviews", "The answers to a call that the person whose token this is was asked "
                           "to read, as a member of the panel.", my_reviews),
        Tool("read_review", "One answer as its reviewer may read it (blind in the first round), "
                            "with the criteria. By the number of the answer, for example "
                            "INC-2026-0007-03.", read_review),
        Tool("save_review", "Keep the reviewer's own marks (0 to 5) and remarks by criterion. She "
                            "hands them in herself, on the page.", save_review, writes=True),
        Tool("panel_scores", "Raw and adjusted scores of a call, for those who may see them.",
             panel_scores),
        Tool("read_decision", "What was decided on an answer and why, for its lead and for those "
                              "who decide.", read_decision),
    ]
