"""Keys, answers under seal, and answers once they were opened."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.engines import sealing
from saphan.ground.access import Refused
from saphan.people.models import Person
from saphan.rooms.incubator.actions import answers as actions
from saphan.rooms.incubator.forms.answers import (
    AnswerForm,
    CodeForm,
    HolderForm,
    SlipForm,
)
from saphan.rooms.incubator.models import Answer, Call, Partner
from saphan.rooms.incubator.queries import answers as queries
from saphan.rooms.incubator.rules import answers as rules
from saphan.rooms.incubator.rules import calls as call_rules
from saphan.rooms.incubator.views.common import asker, call_or_404, standing, to_sign_in
from saphan.rooms.incubator.vocabulary import Direction, Mode, PartnerType

KEPT_DAYS = 120


def answer_or_404(request: HttpRequest, call: Call, position: int) -> Answer:
    try:
        return queries.answer(call, position, asker=asker(request))
    except queries.NotFound:
        raise Http404 from None


# The team's key travels in a cookie that scripts cannot read; the house never stores it.

def _cookie(answer: Answer) -> str:
    return f"saphan_answer_{answer.pk}"


def _key_in(request: HttpRequest, answer: Answer | None) -> bytes | None:
    if answer is None:
        return None
    try:
        key = base64.urlsafe_b64decode(request.COOKIES.get(_cookie(answer), ""))
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == 32 else None


def _remember(response: Any, answer: Answer, key: bytes) -> Any:
    response.set_cookie(_cookie(answer), base64.urlsafe_b64encode(key).decode(), httponly=True,
                        secure=settings.BASE_URL.startswith("https://"), samesite="Lax",
                        max_age=KEPT_DAYS * 86400)
    return response


def blocks(request: HttpRequest, call: Call, person: Person | None) -> dict[str, Any]:
    """What the call's own page says of answers."""
    own, holder = queries.own_answer(call, person), queries.holder_of(call, person)
    return {
        "own": own, "holder": holder, "sent": queries.number_sent(call),
        "may_answer": rules.may_answer(person, call) if person is not None else None,
        "takes_answers": bool(rules.takes_answers(person, call)),
        "key_ready": queries.key_is_ready(call),
        "holders": call.holders.count(), "released": queries.released(call),
        "runs": call_rules.runs_calls(person),
        "may_read": call.is_unsealed and call_rules.is_concerned(person, call)}


# Answering.

@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: str) -> HttpResponse:
    """Write, save as a draft, send. What is saved is sealed at once; the browser that wrote it can
    read it again, and so can whoever has the team's code."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    own = queries.own_answer(call, person)
    verdict = rules.may_answer(person, call) if own is None else rules.may_change(person, own)
    if not verdict.allowed:
        return _page(request, call, own, None, verdict=verdict)
    key = _key_in(request, own)
    if own is not None and key is None:
        return _ask_for_code(request, call, own)
    if request.method == "POST":
        return _write(request, call, person, own, key)
    content = None
    if own is not None and key is not None:
        try:
            content = queries.content_with_code(own, key)
        except sealing.SealingError:
            return _ask_for_code(request, call, own)
    return _page(request, call, own, AnswerForm(call=call, by=person, content=content))


def _write(request: HttpRequest, call: Call, person: Person, own: Answer | None,
           key: bytes | None) -> HttpResponse:
    send = "send" in request.POST
    form = AnswerForm(request.POST, call=call, by=person, sending=send)
    sound = form.is_valid()
    if send and not sound:
        return _page(request, call, own, form, status=422)
    try:
        saved, key = actions.write(call, form.content(), by=person, answer=own, key=key, send=send)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, call, own, form, status=422)
    if own is None:
        response = render(request, "incubator/answer_code.html", {
            "call": call, "answer": saved, "code": sealing.code_of(key), "sent": send,
            **standing(request)})
        return _remember(response, saved, key)
    messages.success(request, _("Sent and sealed. You can change it until the deadline.") if send
                     or saved.state == Answer.State.SENT else _("Saved and sealed."))
    if not sound:
        return _remember(_page(request, call, saved, form, status=422), saved, key)
    return _remember(redirect("incubator:write", call.number), saved, key)


def _ask_for_code(request: HttpRequest, call: Call, own: Answer) -> HttpResponse:
    """Another browser than the one it was written in: the code opens it."""
    form = CodeForm(request.POST) if "code" in request.POST else CodeForm()
    if form.is_bound and form.is_valid():
        try:
            key = sealing.key_of(form.cleaned_data["code"])
            queries.content_with_code(own, key)
        except sealing.SealingError:
            form.add_error("code", rules.WRONG_CODE)
        else:
            return _remember(redirect("incubator:write", call.number), own, key)
    return render(request, "incubator/answer_locked.html", {
        "call": call, "answer": own, "form": form, **standing(request)},
        status=422 if form.errors else 200)


def _page(request: HttpRequest, call: Call, own: Answer | None, form: AnswerForm | None, *,
          verdict: Any = None, status: int = 200) -> HttpResponse:
    return render(request, "incubator/answer_write.html", {
        "call": call, "answer": own, "form": form, "verdict": verdict, **standing(request)},
        status=status)


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the answer back before the deadline."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(call.get_absolute_url())
    own = queries.own_answer(call, person)
    if own is None:
        raise Http404
    try:
        actions.withdraw(own, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. What was sealed is gone."))
    response = redirect(call)
    response.delete_cookie(_cookie(own))
    return response


# Keys.

@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, number: str) -> HttpResponse:
    """Who holds a key; taking one's slip; opening the answers with it after the deadline."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    holder = queries.holder_of(call, person)
    if holder is None and not call_rules.runs_calls(person):
        raise Http404
    slip, form = "", SlipForm()
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "release":
            form = SlipForm(request.POST)
        try:
            slip = _act(request, call, person, act, form)
        except Refused as refusal:
            if act == "release" and form.is_valid():
                form.add_error("slip", str(refusal))
            else:
                messages.error(request, str(refusal))
        else:
            if not slip and not form.errors:
                return redirect("incubator:keys", call.number)
    people = list(queries.could_hold(call))
    return render(request, "incubator/keys.html", {
        "call": call, "holder": holder, "slip": slip, "form": form,
        "holders": call.holders.select_related("person"), "runs": call_rules.runs_calls(person),
        "name_form": HolderForm(people=people) if people else None,
        "may_appoint": rules.may_appoint(person, call),
        "may_make": rules.may_make_the_key(person, call),
        "may_take": rules.may_take_a_slip(person, holder) if holder else None,
        "may_release": rules.may_release(person, holder) if holder else None,
        "released": queries.released(call), **standing(request)},
        status=422 if form.errors else 200)


def _act(request: HttpRequest, call: Call, person: Person, act: str, form: SlipForm) -> str:
    """One of the buttons of the page; a fresh slip, if that was it."""
    holder = queries.holder_of(call, person)
    if act == "appoint":
        named = HolderForm(request.POST, people=list(queries.could_hold(call)))
        if named.is_valid():
            actions.appoint(call, named.chosen, by=person)
    elif act == "dismiss":
        known = call.holders.filter(pk=request.POST.get("holder") or 0).first()
        if known is not None:
            actions.dismiss(known, by=person)
    elif act == "make":
        actions.make_key(call, by=person)
        messages.success(request, _("The key is made. The call can be opened for answers."))
    elif act == "slip" and holder is not None:
        return actions.take_slip(holder, by=person)
    elif act == "release" and holder is not None and form.is_valid():
        actions.release(holder, form.cleaned_data["slip"], by=person)
        call.refresh_from_db()
        messages.success(request, _("The answers are open.") if call.is_unsealed else _(
            "Thank you. The answers open when one more holder has done the same."))
    return ""


# Opened answers.

@require_safe
def answers(request: HttpRequest, number: str) -> HttpResponse:
    """The opened answers, for those who run the call."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    if not (call.is_unsealed and call_rules.is_concerned(person, call)):
        raise Http404
    rows = [{"answer": each, "shown": queries.shown(each, to=person),
             "unmet": sum(not rule["met"] for rule in each.eligibility)}
            for each in queries.opened(call, asker=person)]
    unreadable = call.answers.exclude(unreadable="").order_by("position")
    return render(request, "incubator/answers.html", {
        "call": call, "rows": rows, "unreadable": unreadable, **standing(request)})


@require_safe
def answer(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """One answer: to its lead always, to those who run the call once it was opened."""
    call, person = call_or_404(request, number), asker(request)
    if person is None:
        return to_sign_in(request.path)
    found = answer_or_404(request, call, position)
    if not found.is_opened:
        return redirect("incubator:write", call.number)
    shown = queries.shown(found, to=person)
    return render(request, "incubator/answer.html", {
        "call": call, "answer": found, "shown": shown, "is_lead": rules.is_lead(person, found),
        "passages": [(label, found.content.get(name)) for name, label in PASSAGES
                     if found.content.get(name)],
        "indicators": [{**row, "direction": Direction(row["direction"]).label,
                        "promised": found.content.get("indicators", {}).get(row["id"], "")}
                       for row in call.indicators],
        "mode": dict(Mode.choices).get(found.content.get("mode", ""), ""),
        "kind": dict(PartnerType.choices).get(
            found.organisation.kind if found.organisation else "", ""),
        "partners": found.partners.select_related("economy") if shown.named else [],
        "eligibility": [(rules.LABELS[row["rule"]], row) for row in found.eligibility],
        "untouched": queries.is_untouched(found), **standing(request)})


PASSAGES = [(name, AnswerForm.base_fields[name].label)
            for name in ("solution", "plan", "experience", "risks")]


@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever got the letter says whether the organisation takes part; no account is needed."""
    found = Partner.objects.select_related("answer", "answer__call", "economy").filter(
        token=token).first() if token else None
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.partner_says(found, yes=request.POST.get("says") == "yes")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("incubator:partner", token)
    return render(request, "incubator/partner.html", {
        "partner": found, "call": found.answer.call, **standing(request)})
