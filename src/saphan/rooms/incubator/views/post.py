"""Posting a call: choose a form, answer its questions, save, submit. Nothing that was typed is
lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from saphan.ground.access import Refused
from saphan.house import gate
from saphan.house.fields import WordsField
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.incubator import gating, labels, posting
from saphan.rooms.incubator.actions import calls as actions
from saphan.rooms.incubator.forms.calls import CallForm, ObjectionForm, initial_of
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.queries import calls as queries
from saphan.rooms.incubator.queries.beginnings import Beginning, beginning
from saphan.rooms.incubator.rules import calls as rules
from saphan.rooms.incubator.views.common import (
    asker,
    call_or_404,
    standing,
    steps,
    to_sign_in,
)
from saphan.rooms.incubator.vocabulary import Form

KEPT = "incubator_draft"  # the session's key for what was written before she signed in
LONGEST = 4_400  # characters kept of one field: the longest limit, and some to be told about


@dataclass(frozen=True)
class Section:
    """Questions that belong together, under one heading."""

    title: str | Promise
    fields: list[BoundField]
    help: str | Promise = ""


SECTIONS: tuple[tuple[Any, tuple[str, ...], Any], ...] = (
    (gettext_lazy("What it is about"), (
        "title", "summary", "scenario", "sector", "keywords", "lang", "title_en"), ""),
    (gettext_lazy("Whose call it is"), (
        "organisation", "organisation_kind", "economy", "registered"),
     gettext_lazy("A university, a research institute, a company or a government body.")),
    (gettext_lazy("What must be reached"), ("indicators",), ""),
    (gettext_lazy("What you give"), (
        "environment", "data_available", "support", "budget_amount", "budget_currency", "places",
        "months"), ""),
    (gettext_lazy("Rights and ways of working"), ("ip_terms", "modes"), ""),
    (gettext_lazy("Who may answer, until when"), (
        "eligibility", "lead_types", "lead_economies", "economies_at_least", "deadline",
        "time_zone"), ""),
    (gettext_lazy("How the panel judges"), ("rubric",), ""),
)


def sections(form: CallForm) -> list[Section]:
    """The form's questions in their order. Those without which it cannot be submitted are not
    called optional, although a draft can be saved without them."""
    needed = {{"economy_id": "economy"}.get(name, name)
              for name in rules.NEEDED[Form(form.chosen_form)]} | {"organisation_kind"}
    found = []
    for title, names, help_text in SECTIONS:
        names = tuple(name for name in names if name in form.fields)
        for name in names:
            form.fields[name].required = name in needed or (
                name == "budget_currency" and "budget_amount" in needed)
        found.append(Section(title, [form[name] for name in names], help_text))
    return [section for section in found if section.fields]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new call: first its form, then its questions. `?from=` names a record that it begins
    with."""
    person = asker(request)
    if request.method == "POST":
        return _post_new(request, person)
    kept: Mapping[str, Any] = request.session.get(KEPT, {})
    if kept and person is not None and not request.GET:
        return _page(request, CallForm(initial=dict(kept)), restored=True)
    form, source = request.GET.get("form", ""), request.GET.get("from", "").upper()[:24]
    begun = beginning(source, asker=person) if source else None
    if form not in Form.values:
        return render(request, "incubator/choose.html", {
            "forms": [(value.value, value.label, labels.FORM_HINTS[value]) for value in Form],
            "begun": begun, **standing(request)})
    if person is None:
        return to_sign_in(request.get_full_path())
    initial = {**_about_her(person), **_begun_with(begun), "form": form}
    return _page(request, CallForm(initial=initial), begun=begun)


def _about_her(person: Person) -> dict[str, Any]:
    """She is never asked the same thing twice."""
    organisation = people.organisations_of(person).first()
    if organisation is not None:
        return {"organisation": str(organisation), "economy": organisation.economy_id,
                "organisation_kind": organisation.kind}
    return {"economy": person.economy_id or ""}


def _begun_with(begun: Beginning | None) -> dict[str, Any]:
    """The first words of a call that begins with a public record, in the record's language."""
    if begun is None:
        return {}
    document = begun.document
    return {"came_from": begun.plate.number, "title": document.title, "lang": document.lang,
            "summary": document.summary, "scenario": document.description[:4000],
            "sector": document.sector, "keywords": list(document.keywords)}


def _post_new(request: HttpRequest, person: Person | None) -> HttpResponse:
    if request.POST.get("form") not in Form.values:
        return redirect("incubator:new")
    if person is None:
        request.session[KEPT] = _kept(request)
        messages.info(request, _("Please sign in or register. What you wrote is kept."))
        return to_sign_in(reverse("incubator:new"))
    form = CallForm(request.POST)
    if request.POST.get("action") == "form":
        return _page(request, CallForm(initial=_kept(request)))
    if not form.is_valid():
        return _page(request, form, status=422)
    call = posting.keep(form, by=person)
    request.session.pop(KEPT, None)
    return _after_saving(request, call, person)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a draft; the desk also what is announced but not open yet."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    verdict = rules.may_edit(person, call)
    if not verdict:
        messages.error(request, str(verdict.reason))
        return redirect(call)
    if request.method != "POST":
        return _page(request, CallForm(call=call), call)
    if request.POST.get("action") == "form" and call.state == Call.State.DRAFT:
        return _page(request, CallForm(call=call, initial=_kept(request)), call)
    return _post_edit(request, call, person)


def _post_edit(request: HttpRequest, call: Call, person: Person) -> HttpResponse:
    data = request.POST.copy()
    if call.state != Call.State.DRAFT or data.get("form") not in Form.values:
        data["form"] = call.form  # what was announced as a grant does not become a challenge
    form = CallForm(data, call=call)
    if not form.is_valid():
        return _page(request, form, call, status=422)
    try:
        call = posting.keep(form, by=person, version=_version(request))
    except actions.Conflict:
        theirs = queries.call(call.number, asker=person)
        form.call = theirs
        return _page(request, form, theirs, conflict=differences(form, theirs), status=409)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, form, queries.call(call.number, asker=person), status=422)
    return _after_saving(request, call, person)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


def _after_saving(request: HttpRequest, call: Call, person: Person) -> HttpResponse:
    if request.POST.get("action") != "submit":
        messages.success(request, _("Saved."))
        return redirect("incubator:edit", call.number) if call.state == Call.State.DRAFT \
            else redirect(call)
    try:
        actions.submit(call, by=person, objection=request.POST.get("objection", ""))
    except gating.Held as held:
        return _page(request, CallForm(call=call), call, status=422,
                     told=[gate.tell(one) for one in held.findings],
                     objection=ObjectionForm(request.POST))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("incubator:edit", call.number)
    messages.success(request, _("Submitted. The desk will look at it, and you will hear from us "
                                "by e-mail."))
    return redirect(call)


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as plain data: known fields only, and not without end."""
    form = CallForm(initial={"form": request.POST.get("form", "")})
    kept: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(request.POST, request.FILES, name)
        if isinstance(value, str):
            kept[name] = value[:LONGEST]
        elif isinstance(value, list):
            kept[name] = value[:50]
    return kept


def differences(form: CallForm, theirs: Call) -> list[tuple[Any, Any]]:
    """Fields where the saved call is not what she just wrote: label and their words."""
    saved, found = initial_of(theirs), []
    for name, field in form.fields.items():
        written = form.cleaned_data.get(name)
        if isinstance(field, WordsField) and (written or {}).get("", "") != saved[name]:
            found.append((field.label, saved[name]))
    return found


def _page(request: HttpRequest, form: CallForm, call: Call | None = None, *, status: int = 200,
          **context: Any) -> HttpResponse:
    chosen, is_draft = form.chosen_form, call is None or call.state == Call.State.DRAFT
    return render(request, "incubator/post.html", {
        "form": form, "sections": sections(form), "call": call,
        "heading": call.title.best(call.lang) if call else None,
        "chosen": Form(chosen), "forms": Form.choices, "is_draft": is_draft,
        "action": (reverse("incubator:edit", args=[call.number]) if call
                   else reverse("incubator:new")),
        "steps": steps(asker(request), call) if call else [],
        "missing": [rules.label_of(name) for name in rules.missing(call)] if call else [],
        **context, **standing(request)}, status=status)
