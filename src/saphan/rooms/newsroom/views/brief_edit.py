"""Writing a brief: making a draft, changing it block by block, with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.house.rendering import machine
from saphan.people.models import Person
from saphan.rooms.newsroom import findings
from saphan.rooms.newsroom.actions import briefs as actions
from saphan.rooms.newsroom.forms.briefs import DraftForm, WriteForm, errors_of
from saphan.rooms.newsroom.models import Article, Brief, Figure
from saphan.rooms.newsroom.queries import briefs as queries
from saphan.rooms.newsroom.rules import briefs as rules
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.views.briefs import brief_or_404
from saphan.rooms.newsroom.views.common import asker, standing, to_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a topic, stories or articles, a period and a language; the house makes a draft."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    if not (verdict := desk.at_the_desk(person)):
        messages.error(request, str(verdict.reason))
        return redirect("newsroom:briefs")
    initial = {"lang": reader_language(), "topic": request.GET.get("topic", ""),
               "stories": " ".join(request.GET.getlist("story")),
               "articles": " ".join(request.GET.getlist("article")), "sentences": 4}
    form = DraftForm(request.POST or None, by=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = actions.draft(form.wish(), by=person, title=form.cleaned_data["title"])
        if not found.content:
            messages.warning(request, _("Nothing was found for it. You can write it yourself."))
        return redirect("newsroom:brief_edit", found.pk)
    return render(request, "newsroom/brief_new.html", {**standing(request), "form": form},
                  status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief as a form. Every button saves what was typed first."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    found = brief_or_404(request, pk)
    verdict = rules.may_write(person, found)
    if not verdict:
        if "X-Autosave" in request.headers:
            return JsonResponse({"conflict": str(verdict.reason)}, status=409)
        messages.error(request, str(verdict.reason))
        return redirect(found)
    if request.method == "POST":
        return _post(request, found, person)
    return _form(request, found, WriteForm.of(found))


def _form(request: HttpRequest, found: Brief, form: WriteForm, *, status: int = 200,
          conflict: Brief | None = None) -> HttpResponse:
    said: dict[str, list[findings.Finding]] = {}
    for one in findings.of(found):
        said.setdefault(one.block, []).append(one)
    typed = form.data if form.is_bound else {}
    rows = [{"block": block, "text": typed.get(f"text-{block['id']}", block["text"]),
             "findings": said.get(block["id"], []), "first": place == 0,
             "last": place == len(found.content) - 1}
            for place, block in enumerate(found.content)]
    return render(request, "newsroom/brief_edit.html", {
        **standing(request), "brief": found, "form": form, "rows": rows,
        "about": said.get("", []), "figures": queries.figures_to_add(found),
        "machine": machine.is_there(), "conflict": conflict,
        "untranslated": any(block["kind"] == "sentence" and block["source"] and not block["text"]
                            for block in found.content)}, status=status)


def _post(request: HttpRequest, found: Brief, person: Person) -> HttpResponse:
    autosave = "X-Autosave" in request.headers
    form = WriteForm.of(found, request.POST)
    if not form.is_valid():
        if autosave:
            return JsonResponse({"errors": errors_of(form)}, status=422)
        return _form(request, found, form, status=422)
    try:
        actions.write(found, by=person, **form.values(found))
        if autosave:
            return JsonResponse({
                "version": found.version, "saved_at": clock.now().isoformat(),
                "findings": [one.to_json() for one in findings.of(found)]})
        _do(request, found, request.POST.get("do", "save"), person)
    except actions.Changed as changed:
        return _conflict(request, changed.brief, form, autosave=autosave)
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("do") == "done":
        return redirect(found)
    name = request.POST.get("do", "").partition(":")[2]
    response = redirect("newsroom:brief_edit", found.pk)
    if name:
        response["Location"] += f"#block-{name}"
    return response


def _conflict(request: HttpRequest, now: Brief, form: WriteForm, *,
              autosave: bool) -> HttpResponse:
    """Somebody else saved meanwhile: what was typed stays on the page, and nothing is lost."""
    if autosave:
        return JsonResponse({"conflict": _("Somebody saved this record while you were writing")},
                            status=409)
    data = request.POST.copy()
    data["version"] = str(now.version)
    return _form(request, now, WriteForm.of(now, data), status=409, conflict=now)


def _do(request: HttpRequest, found: Brief, what: str, person: Person) -> None:
    """The button that was pressed, after what was typed is saved."""
    verb, _colon, name = what.partition(":")
    post = request.POST
    verbs: dict[str, Callable[[], Any]] = {
        "up": lambda: actions.move(found, name, -1, by=person),
        "down": lambda: actions.move(found, name, 1, by=person),
        "remove": lambda: actions.remove(found, name, by=person),
        "heading": lambda: actions.add_heading(found, post.get("new_text", ""), by=person),
        "sentence": lambda: actions.add_sentence(found, post.get("new_text", ""), by=person),
        "quote": lambda: actions.add_quote(
            found, _article(post.get("article", "")), post.get("words", ""), by=person),
        "figure": lambda: actions.add_figure(found, _figure(post.get("figure", "")), by=person),
        "translate": lambda: messages.success(request, _(
            "%(count)d sentences were translated by a machine. Read them against the original.")
            % {"count": actions.translate(found, by=person)}),
    }
    if verb in ("heading", "sentence") and not post.get("new_text", "").strip():
        raise Refused(_("Write the words first."))
    if verb in verbs:
        verbs[verb]()


def _article(number: str) -> Article:
    found = Article.objects.select_related("source").filter(
        number=number.strip().upper(), state=Article.State.TAKEN).first()
    if found is None:
        raise Refused(_("There is no %(number)s here.") % {"number": number[:20]})
    return found


def _figure(key: str) -> Figure:
    found = Figure.objects.select_related("article", "article__source", "version").filter(
        key=key.strip().upper()).first()
    if found is None:
        raise Refused(_("There is no %(number)s here.") % {"number": key[:20]})
    return found
