"""Questions about the panel: who reads what, what was marked, what the marks are worth, what was
decided. Nothing here shows a blind reader names or others' marks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from saphan.engines import panel as engine
from saphan.people import queries as people
from saphan.people.models import Person, Role
from saphan.rooms.incubator.models import Answer, Appeal, Call, Review, Reviewer
from saphan.rooms.incubator.queries import calls as call_queries
from saphan.rooms.incubator.rules import answers as answer_rules
from saphan.rooms.incubator.rules import panel as rules
from saphan.rooms.incubator.vocabulary import MARK_BEST, ConflictKind

State = Review.State
JUDGED = frozenset({Answer.State.OPENED, Answer.State.ACCEPTED, Answer.State.DECLINED})
KEPT = 8  # judgements in memory


class NotFound(Exception):
    """No such review, answer or appeal, or none that the asker may know of."""


# The panel.

def panel(call: Call) -> QuerySet[Any]:
    """Everybody invited, with how much each has and has done."""
    return call.reviewers.select_related("person").annotate(
        given=Count("reviews", filter=Q(reviews__round=1) & ~Q(reviews__state=State.WITHDRAWN)),
        done=Count("reviews", filter=Q(reviews__round=1, reviews__state=State.HANDED_IN)),
        barred=Count("conflicts", distinct=True))


def sitting(call: Call) -> list[Reviewer]:
    """Who sits on the panel and has promised."""
    return list(call.reviewers.select_related("person").filter(
        promised__isnull=False, left__isnull=True))


def could_review(call: Call) -> QuerySet[Person]:
    """The staff and the liaison officers who are not on the panel yet."""
    return Person.objects.filter(is_active=True, roles__name__in=[
        Role.Name.PROGRAMME_MANAGER, Role.Name.CLERK, Role.Name.DIRECTOR,
        Role.Name.LIAISON_OFFICER]).exclude(
        pk__in=call.reviewers.filter(left__isnull=True).values("person")).distinct().order_by(
        "name", "email")


def person_with(email: str) -> Person | None:
    """Somebody of the house by her address."""
    return Person.objects.filter(email__iexact=email.strip(), is_active=True).first()


def conflicts_found(call: Call) -> dict[tuple[int, int], str]:
    """What the house knows to stand between reviewers and answers: (reviewer, answer) to kind."""
    found: dict[tuple[int, int], str] = {}
    answers = list(call.answers.filter(state__in=[*JUDGED, Answer.State.INELIGIBLE])
                   .prefetch_related("partners"))
    teams = {each.pk: _organisations(each) for each in answers}
    leads = {each.lead_id for each in answers}
    for reviewer in call.reviewers.select_related("person").filter(left__isnull=True):
        person = reviewer.person
        hers = {each.pk for each in people.organisations_of(person)}
        owner = call.author_id == person.pk or call.organisation_id in hers
        for each in answers:
            emails = {partner.email.lower() for partner in each.partners.all()} - {""}
            if owner:
                found[reviewer.pk, each.pk] = ConflictKind.OWNER
            elif person.pk in leads or person.email.lower() in emails:
                found[reviewer.pk, each.pk] = ConflictKind.TEAM
            elif hers & teams[each.pk]:
                found[reviewer.pk, each.pk] = ConflictKind.SAME_ORGANISATION
    return found


def _organisations(answer: Answer) -> set[int]:
    """The organisations of a team that this house knows, by whatever name."""
    named = [(answer.organisation_name, answer.economy_id),
             *((partner.name, partner.economy_id) for partner in answer.partners.all())]
    found = {answer.organisation_id} if answer.organisation_id else set()
    for name, economy in named:
        known = people.organisation_named(name, economy=economy) or people.organisation_named(name)
        if known is not None:
            found.add(known.pk)
    return found


def to_assign(call: Call) -> list[Answer]:
    """The answers that the panel reads."""
    return list(call.answers.filter(state=Answer.State.OPENED).order_by("position"))


def readers(call: Call) -> dict[int, list[Review]]:
    """Who reads which answer, by the answer's key."""
    found: dict[int, list[Review]] = {}
    for review in Review.objects.select_related("reviewer__person").filter(
            answer__call=call, round=1).exclude(state=State.WITHDRAWN):
        found.setdefault(review.answer_id, []).append(review)
    return found


def missing(call: Call) -> list[Review]:
    """Reviews of the blind round that are not handed in."""
    return list(Review.objects.select_related("answer", "reviewer__person").filter(
        answer__call=call, round=1, state=State.OPEN).order_by("answer__position"))


# Reviews.

RELATED = ("reviewer", "reviewer__person", "answer", "answer__call", "answer__economy")


def reviews_of(call: Call, person: Person | None) -> list[Review]:
    """Her reviews of this call, the latest round of each answer."""
    latest: dict[int, Review] = {}
    if person is None or not person.is_authenticated:
        return []
    for review in Review.objects.select_related(*RELATED).filter(
            answer__call=call, reviewer__person=person).order_by("answer__position", "round"):
        if rules.may_read_review(person, review):
            latest[review.answer_id] = review
    return list(latest.values())


def review(call: Call, position: int, *, asker: Person | None) -> Review:
    """Her review of an answer. Raises `NotFound`, also where a conflict was found since."""
    found = Review.objects.select_related(*RELATED).filter(
        answer__call=call, answer__position=position,
        reviewer__person=asker).order_by("-round").first() if asker else None
    if found is None or not rules.may_read_review(asker, found):
        raise NotFound(f"{call.number}-{position:02d}")
    return found


def others(review: Review, *, asker: Person | None) -> list[Review]:
    """What the others wrote about the same answer, once that is open."""
    if not rules.may_see_others(asker, review):
        return []
    return [each for each in counted(review.answer.call, answer=review.answer)
            if each.reviewer_id != review.reviewer_id]


def counted(call: Call, *, answer: Answer | None = None) -> list[Review]:
    """The reviews that count: of each reviewer and answer the last one that is handed in."""
    found = Review.objects.select_related("reviewer__person").filter(state=State.HANDED_IN)
    found = found.filter(answer=answer) if answer else found.filter(answer__call=call)
    latest = {(each.reviewer_id, each.answer_id): each for each in found.order_by("round")}
    return list(latest.values())


@dataclass(frozen=True)
class Blind:
    """An answer as a reviewer gets it; without the team in the blind round."""

    answer: Answer
    named: bool
    passages: dict[str, str]
    indicators: list[dict[str, Any]]


def as_read(review: Review, *, asker: Person | None) -> Blind:
    """What a reviewer reads of an answer. Names only in the second round."""
    answer = review.answer
    content, call = answer.content, answer.call
    promised = content.get("indicators", {})
    named = rules.may_see_others(asker, review) or answer_rules.may_read_names(asker, answer)
    return Blind(answer, named,
                 {name: content[name] for name in ("solution", "plan", "experience", "risks")
                  if content.get(name)},
                 [{**row, "promised": promised.get(row["id"], "")} for row in call.indicators])


# What the marks are worth.

@dataclass(frozen=True)
class Scored:
    """One answer of the scoring page, in points of 0 to 100."""

    answer: Answer
    reviews: int
    raw: float
    adjusted: float
    low: float | None
    high: float | None
    place: int
    best: int
    worst: int
    group: int
    spread: float | None
    flagged: bool


@dataclass(frozen=True)
class Severity:
    """One reviewer of the scoring page: `severity` in points (positive: harsh)."""

    reviewer: Reviewer
    reviews: int
    severity: float
    low: float | None
    high: float | None
    decides: bool
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


@dataclass(frozen=True)
class Scoring:
    """Everything the scoring page shows; `judgement` is None while nobody has handed in."""

    judgement: engine.Judgement | None
    answers: list[Scored]
    reviewers: list[Severity]
    undecided: tuple[str, ...] = ()


_judged: OrderedDict[tuple[Any, ...], engine.Judgement] = OrderedDict()


def scoring(call: Call, *, asker: Person | None) -> Scoring:
    """Raw and adjusted scores of a call. Raises `NotFound` for who may not see them."""
    if not rules.may_see_scores(asker, call):
        raise NotFound(call.number)
    judged = judgement(call)
    if judged is None:
        return Scoring(None, [], [])
    answers = {each.number: each for each in call.answers.select_related("economy").defer(
        "sealed", "eligibility").filter(state__in=JUDGED).exclude(
        conflicts__reviewer__person=asker)}
    seats = {str(each.pk): each for each in call.reviewers.select_related("person")}
    rows = {each.answer: each for each in judged.adjusted.answers}
    apart = {each.answer: each for each in judged.disagreements}
    scored = []
    for place in judged.ranking:
        if place.answer not in answers:
            continue
        row, differ = rows[place.answer], apart.get(place.answer)
        scored.append(Scored(
            answers[place.answer], row.reviews, row.raw, row.adjusted, row.low, row.high,
            place.place, place.best, place.worst, place.group,
            differ.spread if differ else None, bool(differ and differ.flagged)))
    influence = {each.reviewer: each for each in judged.influence}
    severity = []
    for each in judged.adjusted.reviewers:
        moves = influence.get(each.reviewer)
        severity.append(Severity(
            seats[each.reviewer], each.reviews, round(each.severity, 1), each.low, each.high,
            bool(moves and moves.decides), moves.entering if moves else (),
            moves.leaving if moves else ()))
    return Scoring(judged, scored, sorted(severity, key=lambda each: -each.severity),
                   judged.cut.undecided)


def judgement(call: Call) -> engine.Judgement | None:
    """The panel's judgement, worked out once for each state of its marks."""
    key = _state_of(call)
    if key in _judged:
        _judged.move_to_end(key)
        return _judged[key]
    numbers = dict(call.answers.filter(state__in=JUDGED).values_list("pk", "number"))
    handed_in = Review.objects.filter(state=State.HANDED_IN)
    later = handed_in.filter(reviewer=OuterRef("reviewer"), answer=OuterRef("answer"),
                             round__gt=OuterRef("round"))
    latest = {(reviewer, answer): marks for reviewer, answer, marks in handed_in.filter(
        ~Exists(later), answer__call=call).order_by().values_list(
        "reviewer_id", "answer_id", "marks") if answer in numbers}
    rubric = rubric_of(call)
    known = {each.id for each in rubric.criteria}
    scores = [engine.Score(str(reviewer), numbers[answer], name, float(value))
              for (reviewer, answer), marks in latest.items()
              for name, value in marks.items() if name in known and value is not None]
    if not scores:
        return None
    found = engine.judge(rubric, scores, call.places)
    _judged[key] = found
    while len(_judged) > KEPT:
        _judged.popitem(last=False)
    return found


def rubric_of(call: Call) -> engine.Rubric:
    return engine.Rubric(tuple(engine.Criterion(row["id"], float(row["weight"]), best=MARK_BEST)
                               for row in call.rubric))


def _state_of(call: Call) -> tuple[Any, ...]:
    """What the judgement depends on, as short as it can be said: marks change only between being
    handed in, and handing in has its moment."""
    reviews = Review.objects.filter(answer__call=call, state=State.HANDED_IN).aggregate(
        count=Count("pk"), last=Max("handed_in"), sum=Sum("pk"))
    judged = call.answers.filter(state__in=JUDGED).aggregate(count=Count("pk"), sum=Sum("pk"))
    weights = tuple((row["id"], row["weight"]) for row in call.rubric)
    return (call.pk, call.places, weights, *reviews.values(), *judged.values())


def aggregates(call: Call) -> dict[str, Any]:
    """A panel in a few numbers, for software and lists."""
    done = judgement(call)
    counts = Review.objects.filter(answer__call=call).exclude(state=State.WITHDRAWN).aggregate(
        reviews=Count("pk", filter=Q(round=1)),
        handed_in=Count("pk", filter=Q(round=1, state=State.HANDED_IN)))
    return {"round": call.round, **counts,
            "alpha": done.alpha_interval.value if done else None,
            "disagreements": sum(one.flagged for one in done.disagreements) if done else 0,
            "decides_alone": sum(one.decides for one in done.influence) if done else 0}


@dataclass(frozen=True)
class CriterionMarks:
    """What the panel gave an answer on one criterion: mean, lowest and highest of 0 to 5."""

    criterion: call_queries.Criterion
    mean: float
    low: float
    high: float
    marks: tuple[int, ...]

    @property
    def spread(self) -> float:
        return self.high - self.low


def marks_of(answer: Answer, reviews: Iterable[Review] | None = None,
             lang: str | None = None) -> list[CriterionMarks]:
    """Marks by criterion, without saying whose they are."""
    found = list(reviews) if reviews is not None else counted(answer.call, answer=answer)
    rows = []
    for criterion in call_queries.rubric_of(answer.call, lang):
        given = sorted(each.marks[criterion.id] for each in found
                       if each.marks.get(criterion.id) is not None)
        if given:
            mean = round(sum(given) / len(given), 1)
            rows.append(CriterionMarks(criterion, mean, given[0], given[-1], tuple(given)))
    return rows


def draft_reasons(answer: Answer) -> str:
    """The reviewers' remarks by criterion, without names: a beginning for the reasons."""
    reviews = counted(answer.call, answer=answer)
    lines = []
    for criterion in call_queries.rubric_of(answer.call, answer.lang or None):
        said = [each.remarks.get(criterion.id, "").strip() for each in reviews]
        if any(said):
            lines.append(f"{criterion.name.text}: " + " / ".join(words for words in said if words))
    return "\n".join(lines)[:3000]


# The decision and appeals.

def to_decide(call: Call) -> list[Answer]:
    """All opened answers of the call, in the order in which they came."""
    return list(call.answers.select_related("economy", "lead").defer("sealed").filter(
        state__in=[*JUDGED, Answer.State.INELIGIBLE]).order_by("position"))


def answer_of(call: Call, position: int, *, asker: Person | None) -> Answer:
    """An answer whose decision the asker may know. Raises `NotFound`."""
    found = Answer.objects.select_related("call", "economy", "lead").filter(
        call=call, position=position).first()
    if found is None or not found.is_opened or not rules.may_know_the_decision(asker, found):
        raise NotFound(f"{call.number}-{position:02d}")
    return found


def chosen(call: Call) -> QuerySet[Answer]:
    """The chosen answers of a decided call; nobody else is named."""
    if call.decided is None:
        return Answer.objects.none()
    return call.answers.select_related("economy", "organisation").filter(
        state=Answer.State.ACCEPTED).order_by("position")


def appeals_of(answer: Answer, *, asker: Person | None) -> list[Appeal]:
    return [each for each in answer.appeals.select_related("answer__call")
            if rules.may_read_appeal(asker, each)]


def appeal(call: Call, pk: int, *, asker: Person | None) -> Appeal:
    """One appeal. Raises `NotFound`."""
    found = Appeal.objects.select_related("answer", "answer__call", "answer__economy",
                                          "answer__lead").filter(answer__call=call, pk=pk).first()
    if found is None or not rules.may_read_appeal(asker, found):
        raise NotFound(str(pk))
    return found


def open_appeals(call: Call, *, asker: Person | None) -> list[Appeal]:
    return [each for each in Appeal.objects.select_related("answer", "answer__call").filter(
        answer__call=call, state=Appeal.State.FILED) if rules.may_read_appeal(asker, each)]
