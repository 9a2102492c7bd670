"""Posting: choose a kind, write, save as you type, submit. Nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.engines.language import normalise
from saphan.ground import clock, limits
from saphan.ground.access import Refused
from saphan.ground.text import Text
from saphan.house import gate, uploads
from saphan.house.fields import WordsField, language_of
from saphan.house.gate import Told
from saphan.people import queries as people
from saphan.rooms.market import actions, gating, posting, queries, rules
from saphan.rooms.market.actions import Conflict
from saphan.rooms.market.forms import (
    ListingForm,
    MediaForm,
    ObjectionForm,
    initial_of,
)
from saphan.rooms.market.models import Listing
from saphan.rooms.market.views.common import asker, listing_or_404, to_sign_in
from saphan.rooms.market.views.record import steps
from saphan.rooms.market.vocabulary import MEDIA_AT_MOST, NEEDS, OFFERS, Kind, State

KEPT = "market_draft"  # the session's key for what a visitor wrote before she signed in
VISITOR_SAVES = 120  # a minute from one address, behind which a whole office may sit
LONGEST = 4_400  # characters kept of one field: the longest limit, and some to be told about
KIND_HINTS = {
    Kind.BUSINESS_OFFER: gettext_lazy("A product or service, and a partner to sell or build it."),
    Kind.TECHNOLOGY_OFFER: gettext_lazy("A technology that others could use, license or develop."),
    Kind.RESEARCH_RESULT: gettext_lazy("A thesis, a model, a patent that waits to be used."),
    Kind.BUSINESS_REQUEST: gettext_lazy("You look for a product, a supplier or a distributor."),
    Kind.TECHNOLOGY_REQUEST: gettext_lazy("You have a problem that a technology could solve."),
    Kind.RD_REQUEST: gettext_lazy("You look for researchers to solve something together."),
}


@dataclass(frozen=True)
class Question:
    """A field of the form, with what the quality gate finds in what was saved of it."""

    bound: BoundField
    findings: list[Told]


@dataclass(frozen=True)
class Section:
    """Questions that belong together, under one heading."""

    title: str | Promise
    questions: list[Question]
    optional: bool = True


SECTIONS: tuple[tuple[Any, tuple[str, ...], bool], ...] = (
    (gettext_lazy("What it is"), ("title", "summary", "description", "lang", "title_en"), False),
    (gettext_lazy("Whose it is"), ("organisation", "economy", "discreet"), False),
    (gettext_lazy("About the technology"), (
        "advantages", "stage", "trl", "trl_evidence", "ip_status", "spdx", "patents"), True),
    (gettext_lazy("What it must do"), (
        "technical_specification", "indicators", "test_environment", "data_available",
        "result_owner", "budget_amount", "budget_currency", "deadline"), True),
    (gettext_lazy("The partner you look for"), (
        "partner_role", "partnership", "partner_types", "partner_size", "target_economies"), True),
    (gettext_lazy("How it is found"), ("sector", "keywords", "valid_until"), True),
)


def sections(form: ListingForm, told: Sequence[Told] = ()) -> list[Section]:
    """The form's questions in their order. Whatever it has validated by now, it is only shown from
    here on: "optional" stands beside single questions and above whole sections, not both."""
    found, about = [], dict[str, list[Told]]()
    for one in told:
        about.setdefault(place_of(form, one), []).append(one)
    for title, names, optional in SECTIONS:
        names = tuple(name for name in names if name in form.fields)
        for name in names:
            form.fields[name].required = optional or name not in ("title_en", "organisation")
        found.append(Section(title, [Question(form[name], about.get(name, []))
                                     for name in names], optional))
    return [section for section in found if section.questions]


def place_of(form: ListingForm, told: Told) -> str:
    """The field of the form beside which a finding stands."""
    finding = told.finding
    if finding.field == "title" and finding.lang == "en" != form.source_lang:
        return "title_en"
    return finding.field if finding.field in form.fields else "description"


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new record. A visitor may write before she signs in; her words wait in the session."""
    if request.method == "POST":
        return _post_new(request)
    kept: Mapping[str, Any] = request.session.get(KEPT, {})
    if kept and request.GET.get("kind") in (None, "", kept.get("kind")):
        form = ListingForm(initial=dict(kept))
        return _page(request, form, restored=True)
    kind = request.GET.get("kind", "")
    if kind not in Kind.values:
        return _choose_kind(request)
    return _page(request, ListingForm(initial=_about_her(request) | {"kind": kind}))


@ensure_csrf_cookie
@require_safe
def post_need(request: HttpRequest) -> HttpResponse:
    """A question that nothing answered becomes a need: its words are filled in already."""
    question = normalise.clean(request.GET.get("q", "")[:limits.QUESTION_CHARACTERS]).strip()
    title, _newline, _rest = question.partition("\n")
    form = ListingForm(initial=_about_her(request) | {
        "kind": Kind.TECHNOLOGY_REQUEST, "title": title[:256],
        "description": question if len(question) > len(title[:256]) else "",
        "lang": language_of(question)})
    return _page(request, form, from_question=bool(question))


def _choose_kind(request: HttpRequest) -> HttpResponse:
    groups = [(gettext_lazy("I offer something"), sorted(OFFERS, key=Kind.values.index)),
              (gettext_lazy("I need something"), sorted(NEEDS, key=Kind.values.index))]
    return render(request, "market/choose.html", {"groups": [
        (title, [(kind.value, kind.label, KIND_HINTS[kind]) for kind in kinds])
        for title, kinds in groups]})


def _about_her(request: HttpRequest) -> dict[str, Any]:
    """She is never asked the same thing twice."""
    person = asker(request)
    if person is None:
        return {}
    organisation = people.organisations_of(person).first()
    if organisation is not None:
        return {"organisation": str(organisation), "economy": organisation.economy_id}
    return {"economy": person.economy_id or ""}


def _post_new(request: HttpRequest) -> HttpResponse:
    person, form = asker(request), ListingForm(request.POST)
    autosave = "X-Autosave" in request.headers
    if form.chosen_kind not in Kind.values:
        return JsonResponse({"errors": {}}, status=422) if autosave else _choose_kind(request)
    if request.POST.get("action") == "kind":
        return _page(request, _unsaved(request, None))
    valid = form.is_valid()
    if person is None:
        limits.spend("market-words", request.META.get("REMOTE_ADDR", ""), at_most=VISITOR_SAVES,
                     per=timedelta(minutes=1)).or_raise()
        request.session[KEPT] = _kept(request)
        if autosave:
            return _saved(form, None)
        if not valid:
            return _page(request, form, status=422)
        messages.info(request, _("Please sign in or register. What you wrote is kept."))
        return to_sign_in(reverse("market:new"))
    if not valid and not autosave:
        return _page(request, form, status=422)
    listing = posting.keep(form, by=person)
    request.session.pop(KEPT, None)
    return _saved(form, listing) if autosave else _after_saving(request, listing)


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a record. With the header `X-Autosave` the answer is JSON: version, saved_at, …"""
    listing, person = listing_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    autosave = "X-Autosave" in request.headers
    verdict = rules.may_edit(person, listing)
    if not verdict:
        if autosave:
            return JsonResponse({"error": str(verdict.reason)}, status=403)
        messages.error(request, str(verdict.reason))
        return redirect(listing)
    if request.method != "POST":
        return _page(request, ListingForm(listing=listing), listing)
    if request.POST.get("action") == "kind":
        return _page(request, _unsaved(request, listing), listing)
    return _post_edit(request, listing, autosave=autosave)


def _post_edit(request: HttpRequest, listing: Listing, *, autosave: bool) -> HttpResponse:
    data = request.POST.copy()
    if listing.state != State.DRAFT:
        data["kind"] = listing.kind  # what was published as an offer does not become a need
    form = ListingForm(data, listing=listing)
    valid = form.is_valid()
    if autosave and listing.state != State.DRAFT:
        return JsonResponse({"error": _("Published records change when you press Save.")},
                            status=403)
    if not valid and not autosave:
        return _page(request, form, listing, status=422)
    person = asker(request)
    assert person is not None
    try:
        listing = posting.keep(form, by=person, version=_version(request),
                               objection=request.POST.get("objection"))
    except gating.Held as held:
        return _page(request, form, queries.listing(listing.number, asker=person), status=422,
                     told=[gate.tell(one) for one in held.findings])
    except Conflict as conflict:
        if autosave:
            return JsonResponse({"conflict": str(conflict)}, status=409)
        theirs = queries.listing(listing.number, asker=person)
        form.listing = theirs
        return _page(request, form, theirs, conflict=differences(form, theirs), status=409)
    except Refused as refusal:
        if autosave:
            return JsonResponse({"error": str(refusal)}, status=403)
        messages.error(request, str(refusal))
        return _page(request, form, queries.listing(listing.number, asker=person), status=422)
    return _saved(form, listing) if autosave else _after_saving(request, listing)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else None


def _saved(form: ListingForm, listing: Listing | None) -> JsonResponse:
    """The answer to an autosave. What is wrong is named and not saved; the rest is."""
    return JsonResponse({
        "version": listing.version if listing else 0,
        "saved_at": clock.now().isoformat(),
        "lang": form.source_lang,
        "url": reverse("market:edit", args=[listing.number]) if listing else "",
        "errors": {name: [message for error in errors for message in error.messages]
                   for name, errors in form.errors.as_data().items()}},
        json_dumps_params={"ensure_ascii": False})


def _after_saving(request: HttpRequest, listing: Listing) -> HttpResponse:
    person = asker(request)
    assert person is not None
    if request.POST.get("action") != "submit":
        messages.success(request, _("Saved."))
        return redirect("market:edit", listing.number) if listing.state == State.DRAFT \
            else redirect(listing)
    try:
        actions.submit(listing, by=person, objection=listing.objection)
    except gating.Held as held:
        messages.error(request, str(held))
        return redirect(f"{reverse('market:edit', args=[listing.number])}#gate")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("market:edit", listing.number)
    messages.success(request, _("Submitted. The desk will look at it, and you will hear from us "
                                "by e-mail."))
    return redirect(listing)


def _unsaved(request: HttpRequest, listing: Listing | None) -> ListingForm:
    """What was typed, in a form that was not judged yet."""
    return ListingForm(listing=listing, initial=_kept(request))


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What was typed, as plain data for the session: known fields only, and not without end."""
    form = ListingForm(initial={"kind": request.POST.get("kind", "")})
    kept: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = field.widget.value_from_datadict(request.POST, request.FILES, name)
        if isinstance(value, str):
            kept[name] = value[:LONGEST]
        elif isinstance(value, list):
            kept[name] = value[:50]
    return kept


def differences(form: ListingForm, theirs: Listing) -> list[tuple[Any, Any]]:
    """Fields where the saved record is not what she just wrote: label and their words."""
    saved, found = initial_of(theirs), []
    for name, field in form.fields.items():
        mine = form.cleaned_data.get(name)
        if isinstance(field, WordsField) and (mine or {}).get("", "") != saved[name]:
            found.append((field.label, saved[name]))
    return found


def _page(request: HttpRequest, form: ListingForm, listing: Listing | None = None, *,
          status: int = 200, told: Sequence[Told] | None = None, **context: Any) -> HttpResponse:
    kind = form.chosen_kind
    person = asker(request)
    if told is None:  # what was saved; of words not saved yet nothing is known
        told = [gate.tell(one) for one in gating.findings_of(listing)] if listing else []
    return render(request, "market/post.html", {
        "form": form, "told": [(form[place_of(form, one)], one) for one in told],
        "must_answer": listing is not None and listing.state == State.DRAFT and any(
            one.finding.severity == "refuse" for one in told),
        "objection": ObjectionForm(initial={"objection": listing.objection if listing else ""}),
        "sections": sections(form, told), "listing": listing,
        "heading": listing.title.best(listing.lang) if listing else None,
        "kind": Kind(kind) if kind in Kind.values else None, "kinds": Kind.choices,
        "may_change_kind": listing is None or listing.state == State.DRAFT,
        "is_draft": listing is None or listing.state == State.DRAFT,
        "autosave": listing is None or listing.state == State.DRAFT,
        "action": (reverse("market:edit", args=[listing.number]) if listing
                   else reverse("market:new")),
        "media": list(listing.media.all()) if listing else [],
        "media_form": MediaForm() if listing else None, "media_at_most": MEDIA_AT_MOST,
        "steps": steps(person, listing) if listing else [],
        "missing": [Listing.label_of(name) for name in rules.missing(listing)] if listing else [],
        **context}, status=status)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Her own records, whatever their state, and what can be done with each."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    records = [{"listing": record, "plate": queries.plate_of(record, asker=person),
                "may_edit": bool(rules.may_edit(person, record)), "steps": steps(person, record)}
               for record in queries.written_by(person)[:200]]
    return render(request, "market/mine.html", {
        "records": records, "works_the_desk": rules.works_the_desk(person)})


@require_POST
def media_add(request: HttpRequest, number: str) -> HttpResponse:
    """Add a picture or document to a record of hers."""
    listing, person = listing_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(reverse("market:edit", args=[number]))
    form = MediaForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, ListingForm(listing=listing), listing, status=422, media_form=form)
    content = form.cleaned_data["file"].read()
    caption = form.cleaned_data["caption"]
    try:
        media_type, ending = uploads.kind_of(content)
        actions.add_media(listing, content, media_type=media_type, ending=ending, by=person,
                          caption=Text.of({language_of(caption) or listing.lang or "en": caption},
                                          by=person.ref))
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return _page(request, ListingForm(listing=listing), listing, status=422, media_form=form)
    messages.success(request, _("The file was added."))
    return redirect(f"{reverse('market:edit', args=[listing.number])}#media")


@require_POST
def media_remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    listing = listing_or_404(request, number)
    person, media = asker(request), listing.media.filter(pk=pk).first()
    if media is None or person is None:
        raise Http404
    actions.remove_media(media, by=person)
    messages.success(request, _("The file was removed."))
    return redirect(f"{reverse('market:edit', args=[listing.number])}#media")
