"""The public pages of the term base: looking words up, one concept, proposing a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, register_converter
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.design.plate import Plate
from saphan.doors.web import terms_files, terms_forms
from saphan.doors.web.account_pages import SignedIn, read_or_send
from saphan.engines.language.codes import LANGUAGES
from saphan.engines.language.terms import Concept
from saphan.engines.matching.index import IndexDamaged
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house import engine
from saphan.house.engine import NotReady
from saphan.house.wording import actions, cleaning, queries, rules
from saphan.house.wording.models import TermChange
from saphan.people.models import Person

PER_PAGE = 60
RECORDS = 12


def asker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def concept_or_404(name: str) -> Concept:
    found = engine.terms().concepts.get(name)
    if found is None:
        raise Http404
    return found


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """All concepts by letter and field, or those that a word finds in any language."""
    form, lang = terms_forms.Search(request.GET or None), reader_language()
    asked = form.cleaned_data if form.is_valid() else {}
    text, sector = asked.get("q", "").strip(), asked.get("sector", "")
    letter = request.GET.get("letter", "")[:4]
    if text:
        found: list[Any] = [hit for hit in queries.search(text)
                            if not sector or hit.concept.sector == sector]
    else:
        found = queries.concepts(sector=sector, letter=letter)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "terms/home.html", {
        "form": form, "text": text, "letter": letter, "page": page,
        "rows": [_row(item, lang) for item in page],
        "letters": [] if text else queries.letters(lang),
        "letter_lang": queries.letter_language(lang), "total": len(engine.terms()),
        "coverage": queries.coverage(), "officer": bool(rules.may_decide(_known(request)))})


def _known(request: HttpRequest) -> Any:
    """Whoever asks; for rules, `None` is the house itself, so a visitor is somebody else."""
    return asker(request) or request.user


def _row(item: Any, lang: str) -> dict[str, Any]:
    """One line of the list; for a word that was found, also where it differs from the shown one."""
    concept = item if isinstance(item, Concept) else item.concept
    shown = queries.label(concept.id, lang)
    found = None if isinstance(item, Concept) or item.label == shown else item
    english = "" if lang == "en" else queries.label(concept.id, "en")
    return {"id": concept.id, "label": shown, "english": english if english != shown else "",
            "found": found, "sector": cleaning.SECTORS.get(concept.sector, concept.sector),
            "unsure": lang in concept.unsure}


@require_safe
def term(request: HttpRequest, concept: str) -> HttpResponse:
    """One concept: its words in all languages, what it is a kind of, the records that name it."""
    found, person = concept_or_404(concept), asker(request)
    records: list[Plate] = []
    number, unavailable = 0, ""
    try:
        records, number = queries.records(concept, asker=person, limit=RECORDS)
    except NotReady as refusal:
        unavailable = str(refusal.reason)
    except IndexDamaged:  # the worker makes it anew; the words are there all the same
        unavailable = _("Something broke on our side.")
    return render(request, "terms/term.html", {
        "concept": found, "label": queries.label(concept), "label_lang": _shown_in(found),
        "sector": cleaning.SECTORS.get(found.sector, found.sector),
        "words": [{"lang": code, "labels": found.labels.get(code, ()),
                   "unsure": code in found.unsure} for code in LANGUAGES],
        "broader": [queries.chip(name) for name in found.broader],
        "narrower": [queries.chip(name) for name in queries.narrower(concept)],
        "records": records, "number": number, "unavailable": unavailable,
        "history": queries.history(concept)[:10],
        "waiting": queries.waiting().filter(concept=concept).count(),
        "mine": queries.proposals_of(person, concept)[:5] if person else [],
        "officer": bool(rules.may_decide(_known(request)))})


def _shown_in(concept: Concept) -> str:
    """The language of the label that the reader is shown."""
    word, lang = queries.label(concept.id), reader_language()
    if word in concept.labels.get(lang, ()):
        return lang
    return next((code for code, words in concept.labels.items() if words[:1] == (word,)), lang)


# Proposing


def done(request: HttpRequest, change: TermChange) -> None:
    """Tell her what became of it."""
    if change.applied:
        messages.success(request, _("Saved. The house uses it from now on."))
    else:
        messages.success(request, _("Thank you. A liaison officer or the staff will look at your "
                                    "proposal."))


def attempt(form: Any, field: str | None, act: Callable[[], TermChange]) -> TermChange | None:
    if not form.is_valid():
        return None
    try:
        return act()
    except Refused as refusal:
        terms_forms.blame(form, field, refusal)
        return None


@read_or_send
@login_required
def change_term(request: SignedIn, concept: str) -> HttpResponse:
    """Other words in one language, another place among the concepts, or take it out."""
    found, person = concept_or_404(concept), request.user
    sent = request.POST if request.method == "POST" else None
    lang = (request.POST if sent else request.GET).get("lang", reader_language())
    if lang not in LANGUAGES:
        raise Http404
    what = sent.get("what", "") if sent else ""
    words = terms_forms.Words(sent if what == "words" else None, concept=found, lang=lang)
    placed = terms_forms.Placed(sent if what == "place" else None, concept=found,
                                auto_id="place_%s")
    made = None
    if what == "words":
        made = attempt(words, "words", lambda: actions.put_labels(
            concept, lang, words.cleaned_data["words"], by=person,
            reviewed=words.cleaned_data["native"], reason=words.cleaned_data["reason"]))
    elif what == "place":
        made = attempt(placed, "broader", lambda: actions.place(
            concept, sector=placed.cleaned_data["sector"],
            broader=placed.cleaned_data["broader"], by=person,
            reason=placed.cleaned_data["reason"]))
    if made:
        done(request, made)
        return redirect("term", concept)
    return render(request, "terms/change.html", {
        "concept": found, "label": queries.label(concept), "label_lang": _shown_in(found),
        "lang": lang, "languages": [(code, name, code in found.labels)
                                    for code, name in terms_forms.languages()],
        "english": found.labels.get("en", ()), "words": words, "placed": placed,
        "officer": bool(rules.may_decide(person)), "unsure": lang in found.unsure},
        status=422 if what else 200)


@require_POST
@login_required
def withdraw_term(request: SignedIn, concept: str) -> HttpResponse:
    concept_or_404(concept)
    try:
        made = actions.withdraw(concept, by=request.user, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("term_change", concept)
    done(request, made)
    return redirect("terms") if made.applied else redirect("term", concept)


@read_or_send
@login_required
def new_term(request: SignedIn) -> HttpResponse:
    """A concept that is not there yet."""
    form = terms_forms.NewConcept(request.POST if request.method == "POST" else None)
    made = request.method == "POST" and attempt(form, "words_en", lambda: actions.add(
        form.labels(), sector=form.cleaned_data["sector"], broader=form.cleaned_data["broader"],
        reviewed=form.cleaned_data["native"], reason=form.cleaned_data["reason"],
        by=request.user))
    if made:
        done(request, made)
        return redirect("term", made.concept) if made.applied else redirect("terms")
    return render(request, "terms/new.html", {
        "form": form, "words": [form[name] for name in form.fields if name.startswith("words_")],
        "officer": bool(rules.may_decide(request.user))},
        status=422 if form.is_bound else 200)


@require_POST
@login_required
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """She does not want it any more."""
    change = queries.proposals_of(request.user).filter(pk=pk).first()
    if change is None:
        raise Http404
    try:
        actions.take_back(change, by=request.user)
        messages.success(request, _("Your proposal is taken back."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("term", change.concept) if change.concept in engine.terms().concepts \
        else redirect("terms")


class Identifier:
    """A concept's identifier: `soil_moisture`."""

    regex = "[a-z0-9][a-z0-9_]{0,63}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Identifier, "concept")

urlpatterns = [
    path("terms/", terms, name="terms"),
    path("terms/new-concept/", new_term, name="term_new"),
    path("terms/proposals/<int:pk>/take-back/", take_back, name="term_take_back"),
    path("terms/export.<str:format>", terms_files.export, name="terms_export"),
    path("terms/<concept:concept>/", term, name="term"),
    path("terms/<concept:concept>/change/", change_term, name="term_change"),
    path("terms/<concept:concept>/withdraw/", withdraw_term, name="term_withdraw"),
]
