"""The translation desk: how far each language is, what is to be done, machine drafts."""

from __future__ import annotations

from typing import Any

from babel.dates import format_timedelta
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, register_converter
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saphan.design import formats
from saphan.doors.web.account_pages import SignedIn
from saphan.doors.web.account_people import only
from saphan.ground import clock
from saphan.house.rendering import jobs, kinds, machine, queries, rules
from saphan.house.rendering.models import Rendering

PER_PAGE = 30
State = Rendering.State
FILTERS = [("", pgettext_lazy("filter", "To do")), (State.WANTED, State.WANTED.label),
           (State.DRAFTED, State.DRAFTED.label), (State.IN_REVIEW, State.IN_REVIEW.label),
           ("stale", gettext_lazy("The original has changed")),
           (State.APPROVED, State.APPROVED.label), (State.SET_ASIDE, State.SET_ASIDE.label)]


class Order(forms.Form):
    langs = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Every public record that nobody has begun is drafted, those that "
                               "most readers ask for first."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["langs"].choices = [  # type: ignore[attr-defined]
            (lang, formats.ENDONYMS.get(lang, lang)) for lang in kinds.targets()]


def desk_page(request: SignedIn, template: str, context: dict[str, Any],
              status: int = 200) -> HttpResponse:
    return render(request, template, {"here": "words_desk", **context}, status=status)


def shown(found: Any) -> list[dict[str, Any]]:
    """Lines of a list, with how long each waits."""
    now, locale = clock.now(), formats.locale_of(get_language() or "en")
    return [{"line": line, "rendering": line.rendering, "waiting": format_timedelta(
        now - (line.rendering.since or line.rendering.asked), locale=locale)}
        for line in queries.lines(found)]


def _desk(request: SignedIn, form: Order, status: int = 200) -> HttpResponse:
    mine = rules.languages_of(request.user)
    officer = rules.is_officer(request.user)
    run = queries.latest_run()
    return desk_page(request, "words/desk.html", {
        "at": "desk", "form": form, "may_order": bool(rules.may_order(request.user)),
        "rows": [{"progress": row, "mine": officer or row.lang in mine}
                 for row in queries.progress()],
        "held": shown(queries.held_by(request.user)[:PER_PAGE]),
        "machine": machine.is_there(), "run": run,
        "trouble": machine.trouble(run.message) if run and run.message else "",
        "spent": queries.spent_today(), "budget": settings.TRANSLATION_CHARACTERS,
        "waiting": queries.waiting_for_the_machine().count()}, status=status)


@require_safe
@only(rules.may_see_the_desk)
def desk(request: SignedIn) -> HttpResponse:
    """How far each language is; what she has in hand; the machine."""
    return _desk(request, Order())


@require_POST
@only(rules.may_order)
def order(request: SignedIn) -> HttpResponse:
    """Machine drafts of all public records in some languages."""
    form = Order(request.POST)
    if not form.is_valid():
        return _desk(request, form, status=422)
    jobs.order(form.cleaned_data["langs"], by=request.user)
    messages.success(request, _("The machine begins soon. You can leave this page."))
    return redirect("words_desk")


@require_safe
@only(rules.may_see_the_desk)
def queue(request: SignedIn, lang: str) -> HttpResponse:
    """What is to be done for one language."""
    if lang not in kinds.targets():
        raise Http404
    rules.may_work(request.user, lang).or_raise()
    state = request.GET.get("state", "")
    if state not in dict(FILTERS):
        state = ""
    page = Paginator(queries.queue(lang, state=state), PER_PAGE).get_page(request.GET.get("page"))
    progress = queries.progress([lang])[0]
    return desk_page(request, "words/queue.html", {
        "at": "queue", "lang": lang, "state": state, "page": page, "rows": shown(page),
        "progress": progress, "filters": FILTERS, "all": page.paginator.count})


class ReaderLanguage:
    """A language that the house is read in: `km`, `zh-Hans`."""

    regex = "[a-z]{2,3}(?:-[A-Z][a-z]{3})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ReaderLanguage, "readers")

urlpatterns = [
    path("words/", desk, name="words_desk"),
    path("words/order/", order, name="words_order"),
    path("words/<readers:lang>/", queue, name="words_queue"),
]
