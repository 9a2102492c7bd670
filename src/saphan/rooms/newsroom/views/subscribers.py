"""Who gets briefs by e-mail: the list of the desk, one's own subscription, and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from saphan.ground.access import Refused
from saphan.ground.text import reader_language
from saphan.rooms.newsroom.actions import subscribers as actions
from saphan.rooms.newsroom.forms.briefs import SubscriberForm
from saphan.rooms.newsroom.models import Subscriber
from saphan.rooms.newsroom.rules import desk
from saphan.rooms.newsroom.views.common import asker, standing, to_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Her own subscriptions; for the desk also the addresses of others."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.path)
    at_the_desk = bool(desk.at_the_desk(person))
    others = at_the_desk and request.POST.get("who") == "other"
    initial = {"lang": reader_language()}
    forms = {"own": SubscriberForm(by=person, own=True, initial=initial, auto_id="own_%s"),
             "other": SubscriberForm(by=person, initial=initial, auto_id="other_%s")}
    if request.method == "POST":
        if token := request.POST.get("stop"):
            _stop(request, token, at_the_desk)
            return redirect("newsroom:brief_subscribe")
        name = "other" if others else "own"
        form = forms[name] = SubscriberForm(request.POST, by=person, own=not others,
                                            auto_id=f"{name}_%s")
        if form.is_valid():
            try:
                if others:
                    actions.add(**form.cleaned_data, by=person)
                else:
                    actions.subscribe(person, **form.cleaned_data)
                messages.success(request, _("Done."))
            except Refused as refusal:
                messages.error(request, str(refusal))
            return redirect("newsroom:brief_subscribe")
    rows = Subscriber.objects.select_related("topic", "person")
    return render(request, "newsroom/brief_subscribe.html", {
        **standing(request), **forms, "mine": rows.filter(person=person),
        "others": rows.filter(person=None)[:500] if at_the_desk else []})


def _stop(request: HttpRequest, token: str, at_the_desk: bool) -> None:
    person = asker(request)
    row = Subscriber.objects.filter(token=token).first()
    if row is not None and (row.person_id == getattr(person, "pk", 0)
                            or (at_the_desk and row.person_id is None)):
        actions.stop(token, by=person)
        messages.success(request, _("Done."))


@csrf_exempt  # a mail program presses the button for its reader: it has no cookie and needs none
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more briefs, in one click and without signing in (RFC 8058). Looking shows a button, so
    that a program which only follows links stops nothing."""
    there = Subscriber.objects.filter(token=token).exists()
    if request.method == "POST" and there:
        actions.stop(token)
        there = False
    return render(request, "newsroom/brief_stop.html", {**standing(request), "done": not there})
