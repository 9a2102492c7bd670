"""My account: who I am, for whom I speak, what I agreed to, my tokens, my data, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.doors.web import account_forms as forms
from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.people import actions, queries
from saphan.people.models import (
    Alias,
    Economy,
    JoinRequest,
    Organisation,
    Person,
    Role,
    Token,
)


class SignedIn(HttpRequest):
    """A request that has passed `login_required`."""

    user: Person  # type: ignore[assignment]
    LANGUAGE_CODE: str


read_or_send = require_http_methods(["GET", "HEAD", "POST"])


def attempt(form: Any, act: Callable[[], Any]) -> bool:
    """Do it if the form is good. A refusal becomes an error of the form: nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal.reason))
        return False
    return True


def page(request: SignedIn, template: str, here: str, context: dict[str, Any] | None = None,
         *, form: Any = None) -> HttpResponse:
    """A page of the account; 422 when the form on it was not accepted."""
    wrong = form is not None and form.is_bound and form.errors
    return render(request, template, {"here": here, "form": form, **(context or {})},
                  status=422 if wrong else 200)


@require_safe
@login_required
@never_cache
def desk(request: SignedIn) -> HttpResponse:
    """Everything at a glance, and what waits for her."""
    person = request.user
    return page(request, "account/desk.html", "account", {
        "roles": person.roles.select_related("economy"),
        "memberships": person.memberships.select_related("organisation"),
        "waiting": queries.join_requests_for(person),
        "asked": person.join_requests.select_related("organisation"),
        "tokens": person.tokens.count()})


@read_or_send
@login_required
def profile(request: SignedIn) -> HttpResponse:
    person = request.user
    form = forms.Profile(request.POST or None, initial={
        "name": person.name, "language": (person.language or request.LANGUAGE_CODE).lower(),
        "economy": person.economy_id})
    if request.method == "POST" and attempt(form, lambda: actions.update_profile(
            person, name=form.cleaned_data["name"], language=form.cleaned_data["language"],
            economy=Economy.objects.filter(code=form.cleaned_data["economy"]).first(),
            by=person)):
        messages.success(request, _("Saved."))
        return redirect("account")
    return page(request, "account/profile.html", "account_profile", form=form)


@read_or_send
@login_required
def organisations(request: SignedIn) -> HttpResponse:
    person = request.user
    form = forms.AddOrganisation(request.POST or None, initial={
        "lang": request.LANGUAGE_CODE, "economy": person.economy_id})
    if request.method == "POST":
        done: dict[str, Any] = {}

        def add() -> None:
            data = form.cleaned_data
            done["speaks"] = actions.add_own_organisation(
                person, {forms.bcp47(data["lang"]): data["name"]}, economy=data["economy"],
                kind=data["kind"], url=data["url"], by=person)[1]

        if attempt(form, add):
            messages.success(request, _("You speak for this organisation now.") if done["speaks"]
                             else _("We know this organisation already. Its people or the staff "
                                    "will confirm that you belong to it."))
            return redirect("account_organisations")
    return page(request, "account/organisations.html", "account_organisations", {
        "memberships": person.memberships.select_related("organisation__economy"),
        "asked": person.join_requests.select_related("organisation__economy"),
        "waiting": queries.join_requests_for(person)}, form=form)


@read_or_send
@login_required
def organisation(request: SignedIn, pk: int) -> HttpResponse:
    """The names of an organisation of hers."""
    person = request.user
    found = get_object_or_404(queries.organisations_of(person).select_related("economy"), pk=pk)
    form = forms.AddName(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: actions.add_alias(
            found, form.cleaned_data["name"], lang=forms.bcp47(form.cleaned_data["lang"]),
            by=person)):
        messages.success(request, _("Saved."))
        return redirect("account_organisation", pk=pk)
    return page(request, "account/organisation.html", "account_organisations", {
        "organisation": found, "aliases": found.aliases.order_by("lang", "name"),
        "members": found.memberships.select_related("person")}, form=form)


@require_POST
@login_required
def drop_alias(request: SignedIn, pk: int) -> HttpResponse:
    alias = get_object_or_404(Alias.objects.select_related("organisation"), pk=pk,
                              organisation__in=queries.organisations_of(request.user))
    try:
        actions.drop_alias(alias, by=request.user)
        messages.success(request, _("The name is removed."))
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("account_organisation", pk=alias.organisation_id)


@require_POST
@login_required
def leave_organisation(request: SignedIn, pk: int) -> HttpResponse:
    actions.leave_organisation(request.user, get_object_or_404(Organisation, pk=pk),
                               by=request.user)
    messages.success(request, _("You no longer speak for this organisation."))
    return redirect("account_organisations")


@require_POST
@login_required
def answer_request(request: SignedIn, pk: int) -> HttpResponse:
    """Yes or no to somebody who asks to speak for an organisation. The rule says who may."""
    asked = get_object_or_404(JoinRequest.objects.select_related("person", "organisation"), pk=pk)
    if request.POST.get("answer") == "yes":
        actions.join_organisation(asked.person, asked.organisation, by=request.user)
        messages.success(request, _("%(person)s speaks for %(organisation)s now.") % {
            "person": asked.person, "organisation": asked.organisation})
    else:
        actions.decline_joining(asked, by=request.user)
        messages.success(request, _("The request is declined."))
    return redirect(back(request, "account_organisations"))


def back(request: SignedIn, otherwise: str) -> str:
    """Where the form says it came from, if that is a page of this house."""
    from allauth.account.adapter import get_adapter
    from django.urls import reverse

    wanted = request.POST.get("next", "")
    return wanted if wanted and get_adapter().is_safe_url(wanted) else reverse(otherwise)


@require_safe
@login_required
def agreements(request: SignedIn) -> HttpResponse:
    person = request.user
    return page(request, "account/agreements.html", "account_agreements", {
        "offered": queries.consents_of(person),
        "past": person.consents.filter(withdrawn__isnull=False)})


@require_POST
@login_required
def agree(request: SignedIn, key: str) -> HttpResponse:
    person = request.user
    try:
        if request.POST.get("answer") == "yes":
            actions.give_consent(person, key, by=person)
            messages.success(request, _("Thank you. You can take this back at any time."))
        else:
            actions.withdraw_consent(person, key, by=person)
            messages.success(request, _("You have taken this back."))
    except KeyError:
        raise Http404 from None
    return redirect("account_agreements")


@read_or_send
@login_required
@never_cache
@reauthentication_required
def tokens(request: SignedIn) -> HttpResponse:
    """Keys for software. The secret of a new one stands on this page once."""
    person = request.user
    form = forms.IssueToken(request.POST or None)
    made: dict[str, str] = {}
    if request.method == "POST" and attempt(form, lambda: made.update(
            name=form.cleaned_data["name"], secret=actions.issue_token(
                person, name=form.cleaned_data["name"], scope=form.cleaned_data["scope"],
                expires=form.expires(), by=person))):
        form = forms.IssueToken()
    return page(request, "account/tokens.html", "account_tokens",
                {"tokens": person.tokens.all(), "made": made}, form=form)


@require_POST
@login_required
def revoke_token(request: SignedIn, pk: int) -> HttpResponse:
    actions.revoke_token(get_object_or_404(Token, pk=pk, person=request.user), by=request.user)
    messages.success(request, _("The token no longer works."))
    return redirect("account_tokens")


@require_POST
@login_required
def sign_out_elsewhere(request: SignedIn) -> HttpResponse:
    actions.end_sessions(request.user, by=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, _("You are signed out everywhere except here."))
    return redirect("mfa_index")


@require_safe
@login_required
def data(request: SignedIn) -> HttpResponse:
    return page(request, "account/data.html", "account_data")


@require_POST
@login_required
@never_cache
def export(request: SignedIn) -> HttpResponse:
    """All that the house knows about her, as a file."""
    found = actions.export_data(request.user, by=request.user)
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="saphan-{clock.today()}.json"'
    return response


@read_or_send
@login_required
@never_cache
@reauthentication_required
def leave(request: SignedIn) -> HttpResponse:
    """Delete the account, after typing the address."""
    person = request.user
    form = forms.Leave(request.POST or None, person=person)
    if request.method == "POST" and attempt(form, lambda: actions.forget(person, by=person)):
        logout(request)
        messages.success(request, _("Your account and your data are deleted. Goodbye."))
        return redirect("plan")
    last = Role.objects.filter(person=person, name=Role.Name.ADMINISTRATOR).exists()
    return page(request, "account/leave.html", "account_data", {"administrator": last}, form=form)


urlpatterns = [
    path("", desk, name="account"),
    path("profile/", profile, name="account_profile"),
    path("organisations/", organisations, name="account_organisations"),
    path("organisations/<int:pk>/", organisation, name="account_organisation"),
    path("organisations/<int:pk>/leave/", leave_organisation, name="account_leave_organisation"),
    path("organisations/names/<int:pk>/remove/", drop_alias, name="account_drop_alias"),
    path("requests/<int:pk>/", answer_request, name="account_answer_request"),
    path("agreements/", agreements, name="account_agreements"),
    path("agreements/<slug:key>/", agree, name="account_agree"),
    path("tokens/", tokens, name="account_tokens"),
    path("tokens/<int:pk>/revoke/", revoke_token, name="account_revoke_token"),
    path("security/elsewhere/", sign_out_elsewhere, name="account_sign_out_elsewhere"),
    path("data/", data, name="account_data"),
    path("data/file/", export, name="account_export"),
    path("leave/", leave, name="account_leave"),
]
