"""One exhibit: try it, see what came out, what it cost, how well it works and where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from saphan.design import formats, qr
from saphan.engines.runner import energy, inputs
from saphan.engines.runner.folder import BadFolder, Folder
from saphan.ground.access import Refused
from saphan.rooms.exhibition import actions, labels, plan, queries, rules, running
from saphan.rooms.exhibition.answers import Speaker, Worded, data_uri
from saphan.rooms.exhibition.catalogue import folder as folder_of
from saphan.rooms.exhibition.forms import ExhibitForm, read_post
from saphan.rooms.exhibition.models import Exhibit
from saphan.rooms.exhibition.views.common import (
    PICTURES,
    asker,
    exhibit_or_404,
    remember,
    to_sign_in,
    visitor_of,
)
from saphan.rooms.exhibition.views.tours import steering
from saphan.rooms.exhibition.vocabulary import KEPT_DAYS, Outcome, Sector, State

PATIENCE_SECONDS = 2.0
WEIGHT_MARK = "\ue000page-weight\ue000"
MEDIA_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png",
               ".webp": "image/webp", ".wav": "audio/wav", ".csv": "text/csv; charset=utf-8",
               ".txt": "text/plain; charset=utf-8"}
LISTENER = "listen"


@dataclass(frozen=True)
class Shown:
    """An example as a button, with a picture of it where there is one."""

    key: str
    label: str
    lang: str
    picture: str
    fails: bool


def examples(exhibit: Exhibit, folder: Folder, speaker: Speaker) -> list[Shown]:
    found = []
    for each in folder.examples:
        words = speaker.word("examples", each.key)
        picture = next((path for path in each.files.values()
                        if path.lower().endswith(PICTURES)), "")
        found.append(Shown(each.key, words.text, words.lang, reverse(
            "exhibition:file", args=[exhibit.slug, picture]) if picture else "", each.fails))
    return found


@require_safe
def exhibit(request: HttpRequest, slug: str) -> HttpResponse:
    """The exhibit's page. The staff open it also when it is withdrawn, to bring it back."""
    try:
        found = queries.exhibit(slug)
    except queries.NotFound:
        withdrawn = queries.everything().filter(slug=slug).first()
        if withdrawn is None or not rules.looks_after(asker(request)):
            raise Http404 from None
        return page(request, withdrawn)
    if found.slug != slug:
        return redirect(found.get_absolute_url())
    return page(request, found)


def page(request: HttpRequest, found: Exhibit, *, given: Any = None,
         problems: Any = (), standing: running.Standing | None = None,
         status: int = 200) -> HttpResponse:
    """The page of an exhibit, with the answer of a run if there is one."""
    folder = folder_of(found.slug)
    speaker = Speaker(folder)
    signature, unavailable = signature_of(found)
    verdict = rules.may_try(found)
    recorded = _recorded(folder, speaker) if folder else None
    does, fails = found.does.best(), found.fails.best()
    context = {
        "exhibit": found, "plate": queries.plate_of(found), "folder": folder,
        "sector": Sector(found.sector).label, "does": speaker.filled(does.text, {}),
        "does_lang": does.lang, "fails": speaker.filled(fails.text, {}),
        "fails_lang": fails.lang, "is_faulty": found.state == State.FAULTY,
        "form": ExhibitForm(signature, speaker, given, problems) if signature else None,
        "examples": examples(found, folder, speaker) if folder and signature else [],
        "unavailable": unavailable, "may_try": verdict, "standing": standing,
        "measures": labels.measures(folder, speaker) if folder else [],
        "recorded": recorded,
        "usual": labels.seconds(usual) if (usual := queries.usual_seconds(found)) else "",
        "moves": moves(request, found), "kept_days": KEPT_DAYS,
        "steering": steering(request, found), "weight_mark": WEIGHT_MARK,
        "voice": voice_url(found),
        "languages": [formats.language_name(code) for code in found.languages if code != "any"],
        "any_language": "any" in found.languages,
        "next": next_of(found), **_answer(found, folder, speaker, standing)}
    if standing is not None and not standing.is_over:
        context["refresh"] = request.path
        context["waiting"] = labels.waiting(standing.place, standing.seconds)
    response = render(request, "exhibition/exhibit.html", context, status=status)
    return weighed(response)


def voice_url(found: Exhibit) -> str:
    """Where speech becomes text, if the exhibit that does it runs here; else nobody is offered to
    speak into a text field."""
    listener = queries.shown().filter(slug=LISTENER, state=State.RUNNING).exclude(
        signature={}).first()
    return reverse("exhibition:run", args=[LISTENER]) if listener and found.slug != LISTENER else ""


def signature_of(found: Exhibit) -> tuple[tuple[inputs.Input, ...], str]:
    """The inputs, or why they cannot be asked for."""
    try:
        return running.signature(found), ""
    except running.Unavailable as why:
        return (), str(why)


def _answer(found: Exhibit, folder: Folder | None, speaker: Speaker,
            standing: running.Standing | None) -> dict[str, Any]:
    if standing is None or not standing.is_over:
        return {}
    context: dict[str, Any] = {"cost": labels.of_run(standing)}
    if standing.outcome == Outcome.DONE and standing.answer is not None:
        context["parts"] = speaker.parts(standing.answer, standing.given)
    elif standing.outcome == Outcome.REFUSED:
        context["refusal"] = speaker.refusal(standing.refusal, standing.values)
    else:
        context["fault"] = labels.fault(standing.outcome)
    if standing.example:
        context["tried"] = speaker.word("examples", standing.example)
        context["tried_fails"] = folder is not None and any(
            each.fails and each.key == standing.example for each in folder.examples)
    if all(part.kind != "picture" for part in context.get("parts", ())):
        context["shown"] = pictures(standing.given, speaker)  # else the answer shows it itself
    return context


def pictures(given: Mapping[str, Any], speaker: Speaker) -> list[tuple[Worded, str]]:
    """The pictures among what a visitor gave: label and address."""
    return [(speaker.word("inputs", name), address) for name, value in given.items()
            if isinstance(value, bytes) and (address := data_uri(value))]


def _recorded(folder: Folder, speaker: Speaker) -> dict[str, Any] | None:
    """The recorded run; None where there is none, or none that can be read."""
    if (recorded := folder.recorded()) is None:
        return None
    try:
        given = folder.given(folder.example(recorded["example"]))
    except (KeyError, BadFolder):
        given = {}
    return {"on": recorded["on"], "parts": speaker.parts(recorded["answer"], given),
            "example": speaker.word("examples", recorded["example"])}


def weighed(response: HttpResponse) -> HttpResponse:
    """Write into a page that shows what a run cost what the page itself weighs, and what its way
    to the visitor takes."""
    import brotli

    content = response.content
    if WEIGHT_MARK.encode() not in content:
        return response
    size = len(brotli.compress(content, quality=5)) + labels.assets_bytes()
    taken = energy.page_energy(size)
    words = labels.page_words(size, taken)
    response.content = content.replace(WEIGHT_MARK.encode(), words.encode())
    return response


def moves(request: HttpRequest, found: Exhibit) -> list[Any]:
    """What the staff may do with the exhibit now."""
    if not rules.looks_after(asker(request)):
        return []
    return [move for move in found.lifecycle.possible(found.state)
            if move.name in actions.BY_TRANSITION
            and rules.BY_TRANSITION[move.name](asker(request), found)]


def next_of(found: Exhibit) -> Exhibit | None:
    """The exhibit that stands beside it, the way one walks."""
    order = [each for zone in plan.zones(list(queries.shown())) for each in zone.exhibits]
    at = next((at for at, each in enumerate(order) if each.pk == found.pk), None)
    return order[(at + 1) % len(order)] if at is not None and len(order) > 1 else None


@require_POST
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """Run the exhibit on what was given, or on one of its examples."""
    found = exhibit_or_404(slug)
    rules.may_try(found).or_raise()
    signature, unavailable = signature_of(found)
    if unavailable:
        return page(request, found, status=503)
    folder, key = folder_of(found.slug), request.POST.get("example", "")
    given = read_post(signature, request.POST, request.FILES)
    try:
        if key and folder:
            given = folder.given(folder.example(key))
        checked = inputs.check(signature, given)
    except (KeyError, BadFolder):
        raise Http404 from None
    except inputs.BadInputs as bad:
        return page(request, found, given=given, problems=bad.problems, status=422)
    visitor = visitor_of(request)
    ticket = running.begin(found, checked, visitor=visitor, example=key)
    return remember(redirect("exhibition:ticket", found.slug, ticket), visitor)


@require_safe
@never_cache
def ticket(request: HttpRequest, slug: str, ticket: str) -> HttpResponse:
    """A run: its place in the queue while it waits, its answer when it is over."""
    found = exhibit_or_404(slug)
    try:
        standing = running.look(ticket, wait=PATIENCE_SECONDS)
    except running.NoSuchRun:
        return gone(request, found)
    if standing.slug != found.slug:
        raise Http404
    response = page(request, found, given=standing.given, standing=standing)
    response["X-Robots-Tag"] = "noindex"
    return response


def gone(request: HttpRequest, found: Exhibit) -> HttpResponse:
    """Back to the exhibit of a run whose answer is forgotten, with the reason."""
    messages.info(request, _("This answer is no longer here: the house does not keep what "
                             "visitors try. Please try again."))
    return redirect(found.get_absolute_url())


@require_POST
def cancel(request: HttpRequest, slug: str, ticket: str) -> HttpResponse:
    running.cancel(ticket)
    return redirect("exhibition:exhibit", exhibit_or_404(slug).slug)


@require_POST
def keep(request: HttpRequest, slug: str, ticket: str) -> HttpResponse:
    """Keep a run, if its visitor ticked the box."""
    found = exhibit_or_404(slug)
    try:
        standing = running.look(ticket)
    except running.NoSuchRun:
        return gone(request, found)
    if request.POST.get("agree") != "yes" or standing.answer is None or standing.slug != slug:
        messages.error(request, _("Tick the box if this run shall be kept."))
        return redirect("exhibition:ticket", slug, ticket)
    kept = actions.keep(found, given=standing.given, answer=standing.answer,
                        usage=standing.usage, by=asker(request))
    return redirect("exhibition:kept", kept.token)


@require_safe
@never_cache
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """A run that its visitor kept, for whoever has the link."""
    try:
        run = queries.kept(token)
    except queries.NotFound:
        raise Http404 from None
    folder = folder_of(run.exhibit.slug)
    speaker = Speaker(folder)
    given = actions.from_plain(run.given)
    response = render(request, "exhibition/kept.html", {
        "run": run, "exhibit": run.exhibit, "plate": queries.plate_of(run.exhibit),
        "parts": speaker.parts(actions.from_plain(run.answer), given),
        "given": [(speaker.word("inputs", name), speaker.value(value))
                  for name, value in given.items()
                  if not isinstance(value, bytes) and value not in (None, "")],
        "pictures": pictures(given, speaker),
        "address": settings.BASE_URL + request.path})
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def forget(request: HttpRequest, token: str) -> HttpResponse:
    try:
        run = queries.kept(token)
    except queries.NotFound:
        raise Http404 from None
    actions.forget(run, by=asker(request))
    messages.success(request, _("Deleted. Nothing of this run is left."))
    return redirect(run.exhibit.get_absolute_url())


@require_safe
def file(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """A file of the exhibit's examples or recorded run. Shown, never run."""
    folder = folder_of(exhibit_or_404(slug).slug)
    suffix = "." + path.rpartition(".")[2].lower()
    if folder is None or suffix not in MEDIA_TYPES:
        raise Http404
    try:
        found = folder.file(path)
    except (BadFolder, OSError, ValueError):
        raise Http404 from None
    if not any(found.is_relative_to((folder.path / place).resolve())
               for place in ("examples", "recorded")):
        raise Http404
    response = HttpResponse(found.read_bytes(), content_type=MEDIA_TYPES[suffix])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """The exhibit's QR code, as a sheet to print and put beside it."""
    found = exhibit_or_404(slug)
    address = settings.BASE_URL + found.get_absolute_url()
    return render(request, "exhibition/code.html", {
        "exhibit": found, "plate": queries.plate_of(found), "address": address,
        "picture": qr.svg(address)})


@require_POST
def move(request: HttpRequest, slug: str, transition: str) -> HttpResponse:
    """Close or open an exhibit, take it out of the hall or bring it back."""
    found = queries.everything().filter(slug=slug).first()
    verb, person = actions.BY_TRANSITION.get(transition), asker(request)
    if found is None or verb is None:
        raise Http404
    if person is None:  # to the rules nobody is the house itself
        return to_sign_in(found.get_absolute_url())
    try:
        verb(found, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. This exhibit is now: %(state)s.") % {
            "state": found.get_state_display()})
    return redirect(found.get_absolute_url())
