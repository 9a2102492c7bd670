"""For the staff: persons and their roles, organisations, names of economies, the outbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from saphan.doors.web import account_outbox as outbox
from saphan.doors.web.account_forms import (
    AddName,
    Short,
    bcp47,
    language_choices,
    uncounted,
)
from saphan.doors.web.account_pages import SignedIn, attempt, page, read_or_send
from saphan.ground import ledger
from saphan.ground.access import Refused, Verdict
from saphan.people import actions, queries, rules
from saphan.people.models import Alias, Economy, JoinRequest, Organisation, Person, Role

PER_PAGE = 30
View = Callable[..., HttpResponse]


def only(rule: Callable[[Any], Verdict]) -> Callable[[View], View]:
    """Whoever has not signed in is asked to; whoever may not is told why."""

    def decorate(view: View) -> View:
        @login_required
        @never_cache
        @wraps(view)
        def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
            rule(request.user).or_raise()
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def one_page(request: SignedIn, found: Any) -> Page:
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page"))


def told(request: SignedIn, act: Callable[[], Any], success: str) -> None:
    """Do it and say so, or say why not."""
    try:
        act()
        messages.success(request, success)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))


# Persons


class PersonFilter(Short):
    q = forms.CharField(label=gettext_lazy("Name or address"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search"}))
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    economy = forms.ChoiceField(label=gettext_lazy("Country or region"), required=False)
    active = forms.ChoiceField(label=gettext_lazy("May sign in"), required=False, choices=[
        ("", gettext_lazy("All")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("All")), *roles_to_give()]
        self.fields["economy"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("All")), *queries.economy_names().items()]


class GiveRole(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    economy = forms.ChoiceField(
        label=gettext_lazy("Country or region"), required=False,
        help_text=gettext_lazy("Only for a liaison officer: whose desk it is."))
    lang = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False,
        help_text=gettext_lazy("Only for a translator: into which language."))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500,
                             help_text=gettext_lazy("The person can read it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("Please choose")), *roles_to_give()]
        self.fields["economy"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("None")), *queries.economy_names().items()]
        self.fields["lang"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("None")), *language_choices()]


class Why(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500,
                             help_text=gettext_lazy("The person can read it."))


def roles_to_give() -> list[tuple[str, Any]]:
    return [(value, label) for value, label in Role.Name.choices if value != Role.Name.VISITOR]


@require_safe
@only(rules.may_administer)
def persons(request: SignedIn) -> HttpResponse:
    form = PersonFilter(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.persons(
        text=asked.get("q", ""), role=asked.get("role", ""), economy=asked.get("economy", ""),
        active={"yes": True, "no": False}.get(asked.get("active", "")))
    return page(request, "people/persons.html", "people_persons",
                {"filter": form, "page": one_page(request, found)})


def _person(pk: int) -> Person:
    return get_object_or_404(queries.persons(), pk=pk)


def _person_page(request: SignedIn, person: Person, **bound: Any) -> HttpResponse:
    given = bound.get("give") or GiveRole()
    why = bound.get("why") or Why(prefix="sign")
    wrong = any(form.is_bound and form.errors for form in (given, why))
    return render(request, "people/person.html", {
        "here": "people_persons", "person": person, "give": given, "why": why,
        "take_why": Why(prefix="take"),
        "roles": person.roles.select_related("economy"),
        "memberships": person.memberships.select_related("organisation"),
        "decisions": person.decisions.all()}, status=422 if wrong else 200)


@require_safe
@only(rules.may_administer)
def person(request: SignedIn, pk: int) -> HttpResponse:
    return _person_page(request, _person(pk))


@require_POST
@only(rules.may_grant_roles)
def give_role(request: SignedIn, pk: int) -> HttpResponse:
    found, form = _person(pk), GiveRole(request.POST)
    if attempt(form, lambda: actions.grant_role(
            found, form.cleaned_data["role"], by=request.user,
            reason=form.cleaned_data["reason"],
            lang=bcp47(form.cleaned_data["lang"]) if form.cleaned_data["lang"] else "",
            economy=Economy.objects.filter(code=form.cleaned_data["economy"]).first())):
        messages.success(request, _("The role is given."))
        return redirect("people_person", pk=pk)
    return _person_page(request, found, give=form)


@require_POST
@only(rules.may_grant_roles)
def take_role(request: SignedIn, pk: int, role: int) -> HttpResponse:
    found = _person(pk)
    held = get_object_or_404(found.roles, pk=role)
    told(request, lambda: actions.take_role(
        found, held.name, economy=held.economy, lang=held.lang, by=request.user,
        reason=request.POST.get("take-reason", "")), _("The role is taken."))
    return redirect("people_person", pk=pk)


@require_POST
@only(rules.may_administer)
def shut_out(request: SignedIn, pk: int) -> HttpResponse:
    """Close the account to its owner, or open it again."""
    found, form = _person(pk), Why(request.POST, prefix="sign")
    act = actions.shut_out if found.is_active else actions.let_in
    if attempt(form, lambda: act(found, reason=form.cleaned_data["reason"], by=request.user)):
        messages.success(request, _("This person may sign in again.") if found.is_active
                         else _("This person can no longer sign in."))
        return redirect("people_person", pk=pk)
    return _person_page(request, found, why=form)


# Organisations


class OrganisationFilter(Short):
    q = forms.CharField(label=gettext_lazy("Any of its names"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search"}))
    economy = forms.ChoiceField(label=gettext_lazy("Country or region"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["economy"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("All")), *queries.economy_names().items()]

    def found(self) -> Any:
        asked = self.cleaned_data if self.is_valid() else {}
        return (queries.organisations_like(asked.get("q", ""), economy=asked.get("economy", ""))
                .select_related("economy", "operated_by").order_by("economy__position", "pk"))


class ShownName(Short):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    lang = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = language_choices()  # type: ignore[attr-defined]


@require_safe
@only(rules.may_edit_organisations)
def organisations(request: SignedIn) -> HttpResponse:
    form = OrganisationFilter(request.GET or None)
    found = form.found().annotate(names=Count("aliases", distinct=True),
                                  people=Count("memberships", distinct=True))
    waiting = JoinRequest.objects.select_related("person", "organisation")[:PER_PAGE]
    return page(request, "people/organisations.html", "people_organisations",
                {"filter": form, "page": one_page(request, found), "waiting": waiting})


def _organisation_page(request: SignedIn, found: Organisation, **bound: Any) -> HttpResponse:
    search = OrganisationFilter(request.GET or None)
    others = search.found().exclude(pk=found.pk)[:10] if request.GET.get("q") else None
    given = {"alias": AddName(), "shown": ShownName(
        prefix="shown", initial={"lang": request.LANGUAGE_CODE}), **bound}
    wrong = any(form.is_bound and form.errors for form in given.values())
    return render(request, "people/organisation.html", {
        "here": "people_organisations", "organisation": found, **given,
        "names": [(lang, words.text) for lang, words in found.name.items()],
        "aliases": found.aliases.order_by("lang", "name"), "search": search, "others": others,
        "members": found.memberships.select_related("person"),
        "waiting": found.join_requests.select_related("person"),
    }, status=422 if wrong else 200)


def _organisation(pk: int) -> Organisation:
    return get_object_or_404(
        Organisation.objects.select_related("economy", "operated_by"), pk=pk)


@require_safe
@only(rules.may_edit_organisations)
def organisation(request: SignedIn, pk: int) -> HttpResponse:
    found = Organisation.objects.filter(pk=pk).first()
    if found is None and (kept := queries.merged_into(pk)):
        return redirect("people_organisation", pk=kept.pk)
    return _organisation_page(request, _organisation(pk))


@require_POST
@only(rules.may_edit_organisations)
def add_name(request: SignedIn, pk: int) -> HttpResponse:
    found, form = _organisation(pk), AddName(request.POST)
    if attempt(form, lambda: actions.add_alias(
            found, form.cleaned_data["name"], lang=bcp47(form.cleaned_data["lang"]),
            by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("people_organisation", pk=pk)
    return _organisation_page(request, found, alias=form)


@require_POST
@only(rules.may_edit_organisations)
def rename_organisation(request: SignedIn, pk: int) -> HttpResponse:
    found, form = _organisation(pk), ShownName(request.POST, prefix="shown")
    if attempt(form, lambda: actions.rename_organisation(
            found, lang=bcp47(form.cleaned_data["lang"]), name=form.cleaned_data["name"],
            by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("people_organisation", pk=pk)
    return _organisation_page(request, found, shown=form)


@require_POST
@only(rules.may_edit_organisations)
def drop_name(request: SignedIn, pk: int) -> HttpResponse:
    alias = get_object_or_404(Alias.objects.select_related("organisation"), pk=pk)
    told(request, lambda: actions.drop_alias(alias, by=request.user), _("The name is removed."))
    return redirect("people_organisation", pk=alias.organisation_id)


@require_POST
@only(rules.may_edit_organisations)
def operate(request: SignedIn, pk: int) -> HttpResponse:
    """Say who runs it, or that nobody else does."""
    found = _organisation(pk)
    other = request.POST.get("operator", "")
    operator = _organisation(int(other)) if other.isdecimal() else None
    told(request, lambda: actions.set_operator(found, operator, by=request.user), _("Saved."))
    return redirect("people_organisation", pk=pk)


@read_or_send
@only(rules.may_edit_organisations)
def merge(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """Look at both records, then make them one."""
    kept, gone = _organisation(pk), _organisation(other)
    if request.method == "POST":
        told(request, lambda: actions.merge_organisations(kept, gone, by=request.user),
             _("Both are one record now."))
        return redirect("people_organisation", pk=pk)
    return page(request, "people/merge.html", "people_organisations", {
        "kept": kept, "gone": gone, "verdict": rules.may_merge(request.user, kept, gone),
        "aliases": gone.aliases.order_by("lang", "name"),
        "members": gone.memberships.count()})


# Economies


def economy_form(economy: Economy, data: Any = None) -> forms.Form:
    """A name and a short name in every language."""
    form = forms.Form(data)
    names, short = economy.name.plain(), economy.short.plain()
    for code, endonym in language_choices():
        tag = bcp47(code)
        for prefix, label, words, required in (
                ("name", pgettext("of a thing", "Name"), names, True),
                ("short", _("Short name"), short, False)):
            form.fields[f"{prefix}-{tag}"] = forms.CharField(
                label=f"{label} · {endonym}", max_length=100, initial=words.get(tag, ""),
                required=required, widget=forms.TextInput(attrs={"lang": tag}))
    uncounted(form.fields)
    return form


@require_safe
@only(rules.may_edit_economies)
def economies(request: SignedIn) -> HttpResponse:
    return page(request, "people/economies.html", "people_economies",
                {"economies": queries.economies()})


@read_or_send
@only(rules.may_edit_economies)
def economy(request: SignedIn, code: str) -> HttpResponse:
    found = get_object_or_404(Economy, code=code)
    form = economy_form(found, request.POST if request.method == "POST" else None)

    def rename() -> None:
        for field in form.changed_data:
            _prefix, _dash, tag = field.partition("-")
            changed.add(tag)
        for tag in sorted(changed):
            actions.rename_economy(found, lang=tag, name=form.cleaned_data[f"name-{tag}"],
                                   short=form.cleaned_data[f"short-{tag}"], by=request.user)

    changed: set[str] = set()
    if request.method == "POST" and attempt(form, rename):
        messages.success(request, _("Saved. The names are in use everywhere from now on."))
        return redirect("people_economies")
    pairs = [(form[f"name-{bcp47(code)}"], form[f"short-{bcp47(code)}"])
             for code, _endonym in language_choices()]
    return page(request, "people/economy.html", "people_economies",
                {"economy": found, "pairs": pairs}, form=form)


# The outbox


@require_safe
@only(rules.may_administer)
def letters(request: SignedIn) -> HttpResponse:
    names = one_page(request, outbox.files())
    return page(request, "people/outbox.html", "people_outbox", {
        "page": names, "letters": outbox.letters(list(names)), "used": outbox.folder()})


@require_safe
@only(rules.may_administer)
def letter(request: SignedIn, key: str) -> HttpResponse:
    """One letter. That it was read is on record: it may hold a code for signing in."""
    found = outbox.letter(key)
    if found is None:
        raise Http404
    ledger.record("outbox.read", None, by=request.user, letter=key)
    return page(request, "people/letter.html", "people_outbox", {"letter": found})


urlpatterns = [
    path("people/", persons, name="people_persons"),
    path("people/<int:pk>/", person, name="people_person"),
    path("people/<int:pk>/roles/", give_role, name="people_give_role"),
    path("people/<int:pk>/roles/<int:role>/", take_role, name="people_take_role"),
    path("people/<int:pk>/sign-in/", shut_out, name="people_shut_out"),
    path("people/organisations/", organisations, name="people_organisations"),
    path("people/organisations/<int:pk>/", organisation, name="people_organisation"),
    path("people/organisations/<int:pk>/name/", rename_organisation,
         name="people_rename_organisation"),
    path("people/organisations/<int:pk>/names/", add_name, name="people_add_name"),
    path("people/organisations/names/<int:pk>/remove/", drop_name, name="people_drop_name"),
    path("people/organisations/<int:pk>/operator/", operate, name="people_operate"),
    path("people/organisations/<int:pk>/merge/<int:other>/", merge, name="people_merge"),
    path("people/economies/", economies, name="people_economies"),
    path("people/economies/<str:code>/", economy, name="people_economy"),
    path("people/outbox/", letters, name="people_outbox"),
    path("people/outbox/<str:key>/", letter, name="people_letter"),
]
