"""Plans: what to know before, computing one, what it is worth, publishing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from saphan.design import charts, formats
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.meetings import assembling, diffing
from saphan.rooms.meetings.actions import computing, publishing
from saphan.rooms.meetings.forms.plans import ComputeForm
from saphan.rooms.meetings.models import Event, Plan
from saphan.rooms.meetings.queries import explaining
from saphan.rooms.meetings.queries import plans as queries
from saphan.rooms.meetings.queries.events import NotFound
from saphan.rooms.meetings.rules import events as event_rules
from saphan.rooms.meetings.rules import plans as rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in

State = Plan.State
PAGE = 25
CURVE = 60  # points of the chart


def at_the_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for the staff: `view(request, event, person, ...)`. Who is not signed in may do so;
    for anybody else the page is not there."""

    def wrapped(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponse:
        event, person = event_or_404(request, number), asker(request)
        if person is None:
            return to_sign_in(request.path)
        if not event_rules.looks_at_events(person):
            raise Http404
        return view(request, event, person, *args, **kwargs)

    return wrapped


def plan_or_404(event: Event, number: int, person: Person) -> Plan:
    try:
        return queries.plan(event, number, asker=person)
    except NotFound:
        raise Http404 from None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def plans(request: HttpRequest, event: Event, person: Person) -> HttpResponse:
    """What to know before a plan is computed, the plans there are, and the start of another."""
    form, status = ComputeForm(initial={"effort": "thorough", "seed": 1}), 200
    if request.method == "POST":
        form = ComputeForm(request.POST)
        if form.is_valid():
            try:
                made = computing.compute(event, by=person, **form.cleaned_data)
                return redirect("meetings:plan", event.number, made.number)
            except Refused as refusal:
                messages.error(request, str(refusal))
        status = 422
    page = Paginator(queries.plans(event, person), 20).get_page(request.GET.get("page"))
    may = rules.may_plan(person, event)
    return render(request, "meetings/plans/plans.html", {
        **frame(request, event, "plans"), "form": form, "page": page, "may": may,
        "checks": explaining.checklist(event) if may else [],
        "rows": [(plan, explaining.gap_words(plan)) for plan in page]}, status=status)


VERBS: dict[str, Callable[..., Plan]] = {
    "publish": publishing.publish, "discard": publishing.discard, "end": computing.end,
    "retry": computing.retry}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def plan(request: HttpRequest, event: Event, person: Person, plan: int) -> HttpResponse:
    """One plan: how far it is, what it is worth, what publishing it would change."""
    found = plan_or_404(event, plan, person)
    if request.method == "POST":
        return _do(request, event, found, person)
    ready = found.state == State.READY
    after = publishing.outcome(found) if ready else None
    return render(request, "meetings/plans/plan.html", {
        **frame(request, event, "plans"), "plan": found, "after": after,
        "counts": diffing.counts(after.changes) if after else (
            diffing.counts(queries.changes_of(found)) if found.published else None),
        "told": queries.told(found) if ready else 0, "verbs": verbs(found, person),
        "gap": explaining.gap_words(found), "goals": explaining.goals(found),
        "curve": curve(found), "why_failed": failure(found),
        "unmet": _unmet_number(event, found),
        "others": queries.plans(event, person).exclude(pk=found.pk).exclude(score={})[:20],
        "goes": found.state in (State.WAITING, State.RUNNING),
        "may_undo": found.state == State.PUBLISHED and found.base_id is not None
        and bool(rules.may_mend(person, event))})


def _unmet_number(event: Event, found: Plan) -> int | None:
    if not found.lines:
        return None
    return len(explaining.unmet_wishes(assembling.assemble(event), found.lines))


def _do(request: HttpRequest, event: Event, found: Plan, person: Person) -> HttpResponse:
    verb = request.POST.get("act", "")
    try:
        if verb == "undo":
            made = publishing.undo(event=event, by=person)
            return redirect("meetings:plan", event.number, made.number)
        if verb not in VERBS:
            raise Http404
        VERBS[verb](found, by=person)
        messages.success(request, said(verb, found))
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("next") == "live":
        return redirect("meetings:live", event.number)
    return redirect("meetings:plan", event.number, found.number)


def said(verb: str, plan: Plan) -> str:
    """What was done, in words."""
    if verb == "publish":
        told = queries.told(plan)
        return ngettext("Published. %(number)s person is told.",
                        "Published. %(number)s people are told.", told) % {
            "number": formats.number(told)}
    return {"discard": _("The plan was discarded."), "end": _("The plan is ready as it is."),
            "retry": _("The plan is computed again.")}[verb]


def verbs(plan: Plan, person: Person) -> list[dict[str, Any]]:
    """The moves from where it stands: allowed, or refused with the reason. What only the house
    does is left out."""
    found = []
    for move in plan.lifecycle.possible(plan.state):
        if move.name not in VERBS or (move.name == "retry" and plan.state == State.RUNNING):
            continue
        verdict = rules.BY_TRANSITION[move.name](person, plan)
        found.append({"name": move.name, "label": move.label, "allowed": verdict.allowed,
                      "reason": verdict.reason})
    return sorted(found, key=lambda verb: verb["name"] != "publish")


def curve(plan: Plan) -> Any:
    """Points of the plan and the bound over processor time, once there are two moments."""
    points = plan.progress
    if len(points) < 2:
        return ""
    step = max(1, len(points) // CURVE)
    chosen = [*points[:-1:step], points[-1]]
    return charts.lines(
        [formats.number(round(point[0], 1)) for point in chosen],
        [(_("The plan"), [point[1] for point in chosen]),
         (_("No plan can have more (proven)"), [point[2] for point in chosen])],
        title=_("Points of the plan, by seconds of computing"))


def failure(plan: Plan) -> str:
    """Why a plan was not made, in words."""
    if plan.state != State.FAILED:
        return ""
    if plan.message == "broken":
        return _("The plan that was found breaks rules. It was not kept.")
    if plan.message == "again_and_again":
        return _("The computation ended again and again without a result.")
    return _("The computation failed: %(why)s") % {"why": plan.message}


@require_safe
@at_the_desk
def why(request: HttpRequest, event: Event, person: Person, plan: int) -> HttpResponse:
    """Wishes that are not met, and who has too few meetings, each with the reason."""
    found = plan_or_404(event, plan, person)
    assembled = assembling.assemble(event)
    held = assembled.meetings(found.lines)
    left = _narrowed(assembled, explaining.unmet_wishes(assembled, found.lines),
                     request.GET.get("q", ""))
    page = Paginator(left, PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/plans/why.html", {
        **frame(request, event, "plans"), "plan": found, "page": page,
        "q": request.GET.get("q", ""),
        "unmet": explaining.explained(assembled, held, list(page)),
        "short": explaining.below_floor(assembled, held, at_most=PAGE)
        if page.number == 1 and not request.GET.get("q") else []})


def _narrowed(assembled: assembling.Assembled, wishes: Sequence[int], text: str) -> list[int]:
    """Those of parties whose name holds the text."""
    words = text.strip().casefold()
    if not words:
        return list(wishes)
    named = {at for at, party in enumerate(assembled.parties) if words in str(party).casefold()}
    return [at for at in wishes
            if {assembled.problem.wishes[at].a, assembled.problem.wishes[at].b} & named]


@require_safe
@at_the_desk
def in_plan(request: HttpRequest, event: Event, person: Person, plan: int) -> HttpResponse:
    """The meetings of a plan, in order of time, and how much each interpreter has to do."""
    found = plan_or_404(event, plan, person)
    assembled = assembling.assemble(event)
    held = sorted(assembled.meetings(found.lines), key=lambda one: (one.slot, one.place, one.table))
    words = request.GET.get("q", "").strip().casefold()
    rows = [_row(assembled, one) for one in held]
    if words:
        rows = [row for row in rows if words in row["search"]]
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "meetings/plans/in_plan.html", {
        **frame(request, event, "plans"), "plan": found, "page": page,
        "q": request.GET.get("q", ""),
        "load": charts.bars(explaining.load(assembled, held), title=_("Meetings per interpreter"))
        if assembled.interpreters else ""})


def _row(assembled: assembling.Assembled, one: Any) -> dict[str, Any]:
    wish, place = assembled.problem.wishes[one.wish], assembled.places[one.place]
    sides = (assembled.parties[wish.a], assembled.parties[wish.b])
    guests = (assembled.guests[one.person_a], assembled.guests[one.person_b])
    return {"slot": assembled.slots[one.slot], "place": place,
            "table": place.first_table + one.table, "sides": sides, "guests": guests,
            "language": one.language,
            "interpreters": [assembled.interpreters[at] for at in one.interpreters],
            "search": " ".join(str(each) for each in (*sides, *guests)).casefold()}


@require_safe
@at_the_desk
def compare(request: HttpRequest, event: Event, person: Person, plan: int) -> HttpResponse:
    """A plan beside another one (`?with=`), or beside what people hold now: per goal, and meeting
    by meeting."""
    found = plan_or_404(event, plan, person)
    text = request.GET.get("with", "")
    other = plan_or_404(event, int(text), person) if text.isascii() and text.isdigit() else None
    changes = queries.lines_between(found, other) if other else queries.lines_of(found)
    page = Paginator(changes, 50).get_page(request.GET.get("page"))
    return render(request, "meetings/plans/compare.html", {
        **frame(request, event, "plans"), "plan": found, "other": other, "page": page,
        "counts": diffing.counts_of(line.kind for line in changes),
        "goals": explaining.goals(found, other)})
