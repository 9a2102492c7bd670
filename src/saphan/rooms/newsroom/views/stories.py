"""Stories: the list, one story, and what officers do with it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.ground.access import Refused
from saphan.rooms.newsroom.actions import stories as actions
from saphan.rooms.newsroom.forms.stories import NarrowForm, OtherForm, TickedForm
from saphan.rooms.newsroom.models import Decision, Story
from saphan.rooms.newsroom.queries import stories as queries
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.views.common import asker, standing, stated

PAGE = 30


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """Stories, the newest first."""
    form = NarrowForm(request.GET)
    page = Paginator(queries.stories(**form.chosen()), PAGE).get_page(request.GET.get("page"))
    return render(request, "newsroom/stories.html", {
        **standing(request), "form": form, "page": page,
        "narrowed": any(form.chosen().values())})


@require_safe
def story(request: HttpRequest, number: str) -> HttpResponse:
    """Who tells it, in which languages, day by day, and with which figures."""
    found = _story(number)
    if found.merged_into is not None:
        return redirect(found.merged_into, permanent=False)
    return _page(request, found)


def _page(request: HttpRequest, found: Story, *, ticked: TickedForm | None = None,
          other: OtherForm | None = None, status: int = 200) -> HttpResponse:
    told = queries.told(found, person=asker(request))
    return render(request, "newsroom/story.html", {
        **standing(request), "story": found, "told": told, "figures": stated(told.figures),
        "ticked": ticked, "ticks": request.POST.getlist("articles"),
        "other": other or OtherForm()}, status=status)


def _story(number: str) -> Story:
    try:
        return queries.story(number)
    except queries.NotFound:
        raise Http404 from None


@require_POST
def split(request: HttpRequest, number: str) -> HttpResponse:
    """A new story of the ticked articles."""
    found = _story(number)
    form = TickedForm(found, request.POST)
    try:
        desk.at_the_desk(asker(request)).or_raise()
        if form.is_valid():
            made = actions.split(found, form.cleaned_data["articles"], by=asker(request))
            messages.success(request, _("The articles you chose are a story of their own now."))
            return redirect(made)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    return _page(request, found, ticked=form, status=422)


@require_POST
def move(request: HttpRequest, number: str) -> HttpResponse:
    """The ticked articles belong to another story."""
    found = _story(number)
    form, other = TickedForm(found, request.POST), OtherForm(request.POST)
    try:
        desk.at_the_desk(asker(request)).or_raise()
        if form.is_valid() and other.is_valid():
            for article in form.cleaned_data["articles"]:
                actions.move(article, other.cleaned_data["other"], by=asker(request))
            messages.success(request, _("The articles you chose belong to this story now."))
            return redirect(other.cleaned_data["other"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    return _page(request, found, ticked=form, other=other, status=422)


@require_POST
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """The other story tells of the same event: its articles come in here."""
    found, other = _story(number), OtherForm(request.POST)
    try:
        desk.at_the_desk(asker(request)).or_raise()
        if other.is_valid():
            actions.merge(found, other.cleaned_data["other"], by=asker(request))
            messages.success(request, _("The two stories are one now."))
            return redirect(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    return _page(request, found, other=other, status=422)


@require_POST
def undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a decision back."""
    found = _story(number)
    decision = Decision.objects.select_related("story", "other").filter(pk=pk).first()
    if decision is None:
        raise Http404
    try:
        actions.undo(decision, by=asker(request))
        messages.success(request, _("Undone."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)
