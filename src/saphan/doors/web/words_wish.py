"""What a reader or translator does from the page of a record: ask for a language, begin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saphan.doors.web.account_pages import SignedIn
from saphan.doors.web.account_people import only
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.rendering import actions, kinds, render, rules


def _record(request: HttpRequest) -> Any:
    try:
        return render.record_named(request.POST.get("record", ""))
    except callers.Missing:
        raise Http404 from None


@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """A reader would like to read it in her language. Needs no account; counted once a day."""
    record, asker = _record(request), callers.asker(request)
    who = asker.ref if asker is not None else request.META.get("REMOTE_ADDR", "")
    try:
        if actions.wish(record, request.POST.get("lang", ""), who=who):
            messages.success(request, _("Thank you. The translators can see that you asked."))
        else:
            messages.info(request, _("You asked for this already. The translators can see it."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(kinds.address_of(record) or "plan")


@require_POST
@only(rules.may_see_the_desk)
def begin(request: SignedIn) -> HttpResponse:
    """A translator takes a record up."""
    record = _record(request)
    try:
        made = actions.begin(record, request.POST.get("lang", ""), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(kinds.address_of(record) or "words_desk")
    return redirect("words_work", made.pk)


urlpatterns = [
    path("words/wish/", wish, name="words_wish"),
    path("words/begin/", begin, name="words_begin"),
]
