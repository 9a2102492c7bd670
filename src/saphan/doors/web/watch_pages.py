"""My saved searches: make, look at, try, change, pause, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from saphan.doors.web import watch_stop
from saphan.doors.web.account_pages import SignedIn, attempt, read_or_send
from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.house.callers import asker
from saphan.house.engine import NotReady
from saphan.house.pages import to_sign_in
from saphan.house.watching import actions, looking, queries
from saphan.house.watching.forms import FIELDS, FILTERS, WatchForm, said_of
from saphan.house.watching.models import Watch
from saphan.house.wording.queries import label

KEPT = "watch_draft"
"""The session's key for what a visitor wanted to save before she signed in."""


@require_safe
@login_required
@never_cache
def watches(request: SignedIn) -> HttpResponse:
    return render(request, "watches/home.html", {
        "here": "watches", "watches": queries.watches_of(request.user)})


@read_or_send
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """A new search, with what the page before knows filled in. A visitor is led to sign in first;
    what she wrote waits in her session."""
    person = asker(request)
    given = {**_asked(request.POST or request.GET)}
    if person is None:
        if given:
            request.session[KEPT] = given
        return to_sign_in(reverse("watch_new"))
    if request.method == "POST":
        form = WatchForm(request.POST)
        made: dict[str, Watch] = {}
        if attempt(form, lambda: made.update(watch=actions.save(form.cleaned_data, by=person))):
            request.session.pop(KEPT, None)
            messages.success(request, _("Saved. We tell you when something new fits."))
            return redirect(made["watch"])
        return _edit(request, form, status=422)
    kept = {} if given else request.session.get(KEPT, {})
    initial = {"language": (person.language or translation.get_language() or "en").lower(),
               "often": Watch.Often.DAILY, **_like(kept or given)}
    return _edit(request, WatchForm(initial=initial), restored=bool(kept))


def _asked(sent: Any) -> dict[str, str]:
    """What an address or a form says of a search; `q` and `concept` are how the
    house's other pages say it."""
    limit = limits.QUESTION_CHARACTERS
    found = {name: str(sent[name])[:limit] for name in FIELDS if sent.get(name)}
    words = sent.get("q") or (label(sent["concept"][:64]) if sent.get("concept") else "")
    if words and "question" not in found:
        found["question"] = str(words)[:limit]
    return found


def _like(given: dict[str, str]) -> dict[str, str]:
    """Of a record that it shall be like: its public words, and its side."""
    if not given.get("like") or given.get("question"):
        return given
    plate = looking.plates([given["like"]]).get(given["like"])
    if plate is None:
        return {name: value for name, value in given.items() if name != "like"}
    summary = plate.summary.text if plate.summary else ""
    side = {"offer": Watch.Side.OFFERS, "need": Watch.Side.NEEDS}.get(plate.side, Watch.Side.ALL)
    return {"question": f"{plate.title.text}\n{summary}".strip(), "name": plate.title.text[:120],
            "side": str(side), **given}


def _edit(request: HttpRequest, form: WatchForm, *, status: int = 200, watch: Watch | None = None,
          restored: bool = False) -> HttpResponse:
    like = str(form["like"].value() or "")
    for name, field in form.fields.items():
        field.required = name != "name"  # from here on only shown: what has a value is no option
    return render(request, "watches/edit.html", {
        "here": "watches", "form": form, "watch": watch, "restored": restored,
        "filters": [form[name] for name in FILTERS],
        "filters_on": any(form[name].value() for name in FILTERS) or (
            form["side"].value() not in (None, "", Watch.Side.ANSWERS)),
        "like": looking.plates([like]).get(like) if like else None}, status=status)


def _own(request: SignedIn, pk: int) -> Watch:
    try:
        return queries.watch(pk, asker=request.user)
    except queries.NotFound:
        raise Http404 from None


@require_safe
@login_required
@never_cache
def watch(request: SignedIn, pk: int) -> HttpResponse:
    """What it asks for, what it found, where its feed is; with `try`, what it would have found."""
    found, form = _own(request, pk), WatchForm()
    context: dict[str, Any] = {
        "here": "watches", "watch": found, "results": queries.results(found),
        "like": looking.plates([found.like]).get(found.like) if found.like else None,
        "filters": [(form.fields[name].label, form.label_of(name, getattr(found, name)))
                    for name in FILTERS if getattr(found, name)],
        "feeds": [(label, queries.feed_address(found, name)) for name, label in (
            ("atom", "Atom"), ("json", "JSON Feed"))]}
    if "try" in request.GET:
        try:
            context["trial"] = queries.trial(found)
        except NotReady as refusal:
            context["unavailable"] = str(refusal)
    return render(request, "watches/watch.html", context)


@read_or_send
@login_required
@never_cache
def edit(request: SignedIn, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = WatchForm(request.POST or None, initial=said_of(found))
    if request.method == "POST" and attempt(
            form, lambda: actions.change(found, form.cleaned_data, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(found)
    return _edit(request, form, watch=found, status=422 if request.method == "POST" else 200)


@read_or_send
@login_required
@never_cache
def remove(request: SignedIn, pk: int) -> HttpResponse:
    """Ask once, then delete."""
    found = _own(request, pk)
    if request.method == "POST":
        actions.remove(found, by=request.user)
        messages.success(request, _("The search is deleted."))
        return redirect("watches")
    return render(request, "watches/remove.html", {"here": "watches", "watch": found})


def _press(act: Callable[..., None], done: Callable[[], str]) -> Callable[..., HttpResponse]:
    """A button of the page of a search."""

    @require_POST
    @login_required
    def press(request: SignedIn, pk: int) -> HttpResponse:
        found = _own(request, pk)
        try:
            act(found, by=request.user)
            messages.success(request, done())
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(found)

    return press


pause = _press(actions.pause, lambda: _("Paused. This search is silent until you resume it."))
resume = _press(actions.resume, lambda: _("This search is on again."))
renew = _press(actions.renew_feed, lambda: _("The feed has a new address. The old one no longer "
                                             "works."))

urlpatterns = [
    path("account/searches/", watches, name="watches"),
    path("account/searches/new/", new, name="watch_new"),
    path("account/searches/<int:pk>/", watch, name="watch"),
    path("account/searches/<int:pk>/edit/", edit, name="watch_edit"),
    path("account/searches/<int:pk>/delete/", remove, name="watch_remove"),
    path("account/searches/<int:pk>/pause/", pause, name="watch_pause"),
    path("account/searches/<int:pk>/resume/", resume, name="watch_resume"),
    path("account/searches/<int:pk>/feed/", renew, name="watch_renew"),
    *watch_stop.urlpatterns,
]
