"""Where those who keep the numbers write: indicators, observations, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.people.models import Person
from saphan.rooms.observatory import actions, exchange, queries, rules, shown
from saphan.rooms.observatory.forms import (
    BecauseForm,
    ImportForm,
    IndicatorForm,
    Known,
    ObservationForm,
)
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.views.common import (
    asker,
    indicator_or_404,
    observation_or_404,
    standing,
    to_sign_in,
)

PREVIEW = 200


def _editor(request: HttpRequest) -> Person | None:
    """Whoever asks, if she may keep the numbers; None if she must sign in first. Raises Refused."""
    person = asker(request)
    if person is not None:
        rules.may_edit(person).or_raise()
    return person


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What somebody should look at: not checked, disagreeing, out of date."""
    person = _editor(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    listed = [one for one in queries.listed(person) if not one.counts_facts]
    latest = queries.newest(listed)
    return render(request, "observatory/desk.html", standing(request) | {
        "drafts": [one for one in listed if one.state == Indicator.State.DRAFT],
        "unchecked": shown.rows(queries.waiting()),
        "apart": [shown.told(one) for one in queries.whole(
            queries.disagreements(person=person, at_most=50))],
        "left_out": queries.left_out(),
        "stale": [shown.rows(latest[one.pk][:1])[0] for one in listed if one.pk in latest
                  and queries.is_stale(one, latest[one.pk][0].ends)]})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new indicator."""
    return _indicator(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _indicator(request, indicator_or_404(request, slug))


def _indicator(request: HttpRequest, of: Indicator | None) -> HttpResponse:
    person = _editor(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    form = IndicatorForm(request.POST if request.method == "POST" else None, indicator=of)
    if form.is_valid():
        values = form.values(by=person.ref)
        try:
            kept = actions.change_indicator(of, values, by=person) if of else \
                actions.add_indicator(values, by=person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(kept)
    return render(request, "observatory/indicator_form.html", standing(request) | {
        "form": form, "indicator": of}, status=422 if form.errors else 200)


@require_POST
def indicator_do(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Publish or archive."""
    of, verb = indicator_or_404(request, slug), actions.INDICATOR_STEPS.get(step)
    if verb is None:
        raise Http404
    person = asker(request)
    if person is None:
        return to_sign_in(of.get_absolute_url())
    _try(request, lambda: verb(of, by=person))
    return redirect(of)


def _try(request: HttpRequest, act: Any) -> Any:
    """Do it; a refusal comes back as a message with its reason."""
    try:
        done = act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    messages.success(request, _("Done."))
    return done


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new observation of an indicator."""
    of, person = indicator_or_404(request, slug), _editor(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.takes_observations(person, of).or_raise()
    form = ObservationForm(request.POST if request.method == "POST" else None, initial={
        "indicator": of.slug, "unit": of.unit, "relation": "="})
    if form.is_valid():
        try:
            made = actions.add(form.values(by=person.ref), by=person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(made)
    return _observation_page(request, form, of, None, None)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The same with other words, as a new observation in its place, with the reason."""
    old, person = observation_or_404(request, number), _editor(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_correct(person, old).or_raise()
    sent = request.POST if request.method == "POST" else None
    form = ObservationForm(sent, observation=old, lang=_lang(old))
    because = BecauseForm(sent, auto_id="id_why_%s")
    if form.is_valid() and because.is_valid():
        try:
            made = actions.correct(old, form.values(by=person.ref), by=person,
                                   because=because.cleaned_data["because"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. The old number stays readable."))
            return redirect(made)
    return _observation_page(request, form, old.indicator, old, because)


def _lang(old: Observation) -> str:
    """The language in which its own words are: they are not to change theirs by a correction."""
    return old.subject.source or old.note.source or reader_language()


def _observation_page(request: HttpRequest, form: ObservationForm, of: Indicator,
                      old: Observation | None, because: BecauseForm | None) -> HttpResponse:
    wrong = bool(form.errors) or bool(because is not None and because.errors)
    return render(request, "observatory/observation_form.html", standing(request) | {
        "form": form, "indicator": of, "old": old, "because": because},
        status=422 if wrong else 200)


@require_POST
def observation_do(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Withdraw, restore, or say that one has read the words at the source."""
    one, person = observation_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(one.get_absolute_url())
    verbs = {"withdraw": lambda: actions.withdraw(one, by=person,
                                                  because=request.POST.get("because", "")),
             "restore": lambda: actions.restore(one, by=person),
             "check": lambda: actions.check(one, by=person)}
    if step not in verbs:
        raise Http404
    _try(request, verbs[step])
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Send a CSV file, look at every row, then load the good ones; the others come back to be
    mended."""
    person = _editor(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    told: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            text = _sent(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = _checked(request, person, text)
            form = ImportForm(initial={"rows": told.pop("left", text)})
    return render(request, "observatory/import.html", standing(request) | told | {
        "form": form, "columns": exchange.COLUMNS,
        "indicators": [one.slug for one in Known().indicators.values() if not one.counts_facts]},
        status=422 if form.errors or told.get("problem") else 200)


def _sent(form: ImportForm) -> str:
    file = form.cleaned_data.get("file")
    if file is None:
        if not form.cleaned_data["rows"].strip():
            raise Refused(_("Choose a file, or paste its rows."))
        return str(form.cleaned_data["rows"])
    if file.size > limits.UPLOAD_BYTES:
        raise Refused(_("This file is too large. The limit is %(limit)d MB.") % {
            "limit": limits.UPLOAD_BYTES // 1024 ** 2})
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(_(
            "This file is not UTF-8 text. Save it as UTF-8 and send it again.")) from None


def _checked(request: HttpRequest, person: Person, text: str) -> dict[str, Any]:
    """What the page says of a file: every row, and what became of it once it was loaded."""
    found = exchange.check(text, lang=reader_language(), by=person.ref)
    if found.problem:
        return {"problem": found.problem, "left": text}
    told: dict[str, Any] = {"left": text}
    if "load" in request.POST:
        told = {"loaded": exchange.load(found, by=person), "left": found.bad_csv()}
    return told | {
        "good": len(found.good), "bad": [
            {"number": row.number, "problems": row.problems} for row in found.bad],
        "preview": [] if "load" in request.POST else [
            {"number": row.number, "indicator": (row.values or {})["indicator"].name.best(),
             "said": shown.said_of(row.values or {}), "period": (row.values or {})["period"],
             "source": (row.values or {})["source"]} for row in found.good[:PREVIEW]]}
