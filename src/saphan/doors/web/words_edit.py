"""One translation, sentence by sentence: the original on the left, its translation on the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.doors.web.account_pages import SignedIn, read_or_send
from saphan.doors.web.account_people import only
from saphan.doors.web.words_desk import desk_page
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.rendering import actions, checking, jobs, machine, queries, rules
from saphan.house.rendering.models import Rendering
from saphan.house.rendering.work import Passage, Sentence, Work, open_work, pieces

State = Rendering.State
PLAIN = {"claim": gettext_lazy("It is yours for three days. Others cannot write on it."),
         "release": gettext_lazy("It is free for others."),
         "reopen": gettext_lazy("It is a draft again. Readers keep what was approved."),
         "want_again": gettext_lazy("It is wanted again.")}
REMARKED = {"send_back": gettext_lazy("Sent back, with your remark."),
            "set_aside": gettext_lazy("Set aside.")}


class Beside(forms.Form):
    """What is said beside the words."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes you spent"), required=False, min_value=0,
        max_value=checking.MINUTES_AT_MOST,
        help_text=gettext_lazy("The centre adds them up to know what translation costs."))
    remark = forms.CharField(label=gettext_lazy("Remark"), required=False, max_length=1000,
                             widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


def _opened(request: SignedIn, pk: int) -> Work:
    try:
        rendering, record = queries.rendering(pk)
    except (Rendering.DoesNotExist, OverflowError):
        raise Http404 from None
    rules.may_work(request.user, rendering.lang).or_raise()
    return open_work(rendering, record)


def typed(work: Work, sent: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """What the page sent. A box that is not there stays as it is."""
    return {passage.name: [
        None if place and f"j-{passage.name}-{place}" in sent
        else sent.get(f"t-{passage.name}-{place}", one.target)
        for place, one in enumerate(passage.sentences)] for passage in work.passages}


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


@read_or_send
@only(rules.may_see_the_desk)
def work(request: SignedIn, pk: int) -> HttpResponse:
    """Read, write, hand in, approve. Every button is one step and is told in words."""
    opened = _opened(request, pk)
    if request.method != "POST":
        return _page(request, opened)
    do, remark = request.POST.get("do", "save"), request.POST.get("remark", "")
    try:
        onward = _do(request, opened, do, remark)
    except callers.Invalid as invalid:
        problems = [error["message"] for error in invalid.errors]
        return _page(request, _with_what_was_typed(request, pk), problems=problems, status=422)
    except actions.Conflict as conflict:
        return _page(request, _with_what_was_typed(request, pk), problems=[str(conflict)],
                     status=409)
    except Refused as refusal:
        return _page(request, _with_what_was_typed(request, pk), problems=[str(refusal)],
                     status=422)
    return onward


def _do(request: SignedIn, opened: Work, do: str, remark: str) -> HttpResponse:
    rendering, person = opened.rendering, request.user
    if do in PLAIN:
        actions.by_transition(do, opened, by=person)
        messages.success(request, PLAIN[do])
    elif do in REMARKED:
        actions.by_transition(do, opened, by=person, remark=remark)
        messages.success(request, REMARKED[do])
        return redirect("words_queue", rendering.lang)
    elif do == "machine":
        jobs.ask_for(rendering, by=person)
        messages.success(request, _("The machine begins soon. What people wrote stays."))
    elif do in ("save", "next", "hand_in", "approve"):
        return _save(request, opened, do)
    else:
        raise Http404
    return redirect("words_work", rendering.pk)


def _save(request: SignedIn, opened: Work, do: str) -> HttpResponse:
    """Keep what was typed; then hand it in or approve it, if that was the button."""
    rendering, person = opened.rendering, request.user
    seen: dict[str, Any] = {"version": _number(request.POST.get("version", "")),
            "digest": request.POST.get("digest", "")}
    before = rendering.version
    onward = redirect("words_work", rendering.pk)
    if do != "approve" or rules.may_write(person, rendering):
        actions.save(opened, typed(opened, request.POST), by=person,
                     minutes=checking.minutes(request.POST.get("minutes")), **seen)
        seen = {}
    if do == "approve":
        if rendering.state != State.IN_REVIEW:
            messages.info(request, _("Saved. You changed words, so that a second person has to "
                                     "approve them: hand it in."))
            return onward
        actions.approve(opened, by=person, **seen)
        messages.success(request, _("Approved. Readers see it from now on."))
        return redirect("words_queue", rendering.lang)
    if do == "hand_in":
        actions.hand_in(opened, by=person)
        messages.success(request, _("Handed in. A second person looks at it now."))
        return redirect("words_queue", rendering.lang)
    messages.success(request, _("Saved.") if rendering.version != before
                     else _("Nothing was different."))
    if do == "next":
        _before, after = queries.neighbours(rendering)
        return redirect("words_work", after) if after else redirect("words_queue", rendering.lang)
    return onward


def _with_what_was_typed(request: SignedIn, pk: int) -> Work:
    """The translation as it is now, with the sender's words in their boxes: nothing is lost."""
    opened = _opened(request, pk)
    for passage, sentences in zip(opened.passages, typed(opened, request.POST).values(),
                                  strict=True):
        for one, words in zip(passage.sentences, sentences, strict=True):
            one.joined, one.target = words is None, words or ""
    return opened


def _page(request: SignedIn, opened: Work, *, problems: list[str] | None = None,
          status: int = 200) -> HttpResponse:
    opened.check()
    rendering, person = opened.rendering, request.user
    previous, following = queries.neighbours(rendering)
    may_write = rules.may_write(person, rendering)
    may_approve = rules.may_approve(person, rendering)
    writes = bool(may_write) and rendering.state != State.SET_ASIDE
    context = {
        "at": "work", "work": opened, "rendering": rendering, "lang": opened.lang,
        "passages": [_passage(passage, opened) for passage in opened.passages],
        "problems": problems or [], "beside": Beside(), "writes": writes,
        "why_not": "" if may_write else str(may_write.reason),
        "may_approve": bool(may_approve), "why_not_approve": str(may_approve.reason),
        "may_release": rendering.claimed_by_id is not None and bool(
            rules.may_release(person, rendering)),
        "mine": rendering.claimed_by_id == person.pk, "machine": machine.is_there(),
        "trouble": machine.trouble(rendering.trouble) if rendering.trouble else "",
        "moves": {move.name for move in rendering.lifecycle.possible(rendering.state)},
        "total": len(opened.sentences), "title": opened.title.best(),
        # A conflict keeps the version that the writer saw: saving again is refused until she looks.
        "version": request.POST.get("version", rendering.version) if status == 409
        else rendering.version,
        "digest": request.POST.get("digest", opened.digest) if status == 409 else opened.digest,
        "previous": reverse("words_work", args=(previous,)) if previous else "",
        "next": reverse("words_work", args=(following,)) if following else ""}
    return desk_page(request, "words/work.html", context, status=status)


def _passage(passage: Passage, opened: Work) -> dict[str, Any]:
    text = getattr(opened.record, passage.name)
    help_words = text.best("en") if "en" in text and "en" not in (
        opened.lang, opened.source_lang) else None
    return {"passage": passage, "english": help_words, "used": len(passage.text), "sentences": [
        _sentence(passage, place, one, opened) for place, one in enumerate(passage.sentences)]}


def _sentence(passage: Passage, place: int, one: Sentence, opened: Work) -> dict[str, Any]:
    found = pieces(one.source, source_lang=opened.source_lang, lang=opened.lang)
    terms = {piece.text: piece for piece in found if piece.kind == "term" and piece.target}
    unused = [finding for finding in one.findings if finding.kind == "term"]
    others = [finding for finding in one.findings if finding.kind != "term"]
    return {"one": one, "unused": unused, "findings": others,
            "name": f"{passage.name}-{place}", "number": place + 1, "pieces": found,
            "terms": list(terms.values()), "first": not place,
            "figures": [piece.text for piece in found if piece.kind == "figure"],
            "rows": min(10, 2 + max(len(one.source), len(one.target)) // 60)}


urlpatterns = [
    path("words/<int:pk>/", work, name="words_work"),
]
