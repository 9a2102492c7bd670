"""The approval desk: who applied, one by one or many at once; registrations from a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.ground.access import Refused
from saphan.house.vocabulary import Sector
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.meetings import importing, languages
from saphan.rooms.meetings.actions import parties as actions
from saphan.rooms.meetings.forms.parties import DeclineForm
from saphan.rooms.meetings.models import Event, Party
from saphan.rooms.meetings.queries import events as event_queries
from saphan.rooms.meetings.queries import registrations as queries
from saphan.rooms.meetings.rules import events as rules
from saphan.rooms.meetings.rules import parties as party_rules
from saphan.rooms.meetings.views.common import asker, event_or_404, frame, to_sign_in

PAGE = 50
TOGETHER = frozenset({"approve", "put_on_list", "decline"})
BIGGEST = 1_500_000  # bytes of a file


class FilterForm(forms.Form):
    """What the queue can be narrowed to: only what would leave something, with how many."""

    use_required_attribute = False
    LABELS = {"economy": gettext_lazy("Country or region"), "sector": gettext_lazy("Sector"),
              "delegation": gettext_lazy("Delegation")}

    text = forms.CharField(label=gettext_lazy("Name or e-mail address"), required=False,
                           max_length=80)

    def __init__(self, event: Event, filters: queries.Filters) -> None:
        super().__init__(initial=filters.as_dict(), auto_id="filter_%s")
        names: dict[str, dict[str, Any]] = {
            "economy": dict(people.economy_names()), "sector": dict(Sector.choices),
            "delegation": {str(each.pk): str(each) for each in event.delegations.all()}}
        for name, values in queries.facets(event, filters).items():
            if len(values) < 2 and not getattr(filters, name):
                continue
            self.fields[name] = forms.ChoiceField(
                label=self.LABELS[name], required=False,
                choices=[("", pgettext_lazy("filter", "All")), *(
                    (value, f"{names[name].get(value, value)} ({count})")
                    for value, count in values)])
        if filters.state:
            self.fields["state"] = forms.CharField(widget=forms.HiddenInput, required=False)


def _event(request: HttpRequest, number: str) -> tuple[Event, Person]:
    event, person = event_or_404(request, number), asker(request)
    if person is None or not rules.looks_at_events(person):
        raise Http404
    return event, person


@require_safe
def desk(request: HttpRequest, number: str) -> HttpResponse:
    """All registrations, the longest waiting first."""
    if asker(request) is None:
        return to_sign_in(request.get_full_path())
    event, person = _event(request, number)
    filters = queries.Filters.read(request.GET)
    page = Paginator(queries.queue(event, filters, asker=person), PAGE).get_page(
        request.GET.get("page"))
    return render(request, "meetings/registrations.html", {
        **frame(request, event, "registrations"), "page": page,
        "rows": [_row(party) for party in page.object_list],
        "states": [(value, label, count, value == filters.state)
                   for value, label, count in queries.by_state(event)],
        "form": FilterForm(event, filters), "filters": filters,
        "decline_form": DeclineForm(auto_id="bulk_%s"),
        "taken": event_queries.taken(event), "left": event_queries.places_left(event),
        "waiting": queries.waiting(event), "may_help": bool(rules.may_help(person, event)),
        "may_register": bool(party_rules.may_register(person, event))})


def _row(party: Party) -> dict[str, Any]:
    spoken = {lang for guest in party.guests.all() for lang in guest.speaks}
    return {"party": party, "name": party.organisation.reading(),
            "about": party.about.best(), "guests": list(party.guests.all()),
            "languages": [name for code, name in languages.choices() if code in spoken]}


@require_POST
def together(request: HttpRequest, number: str) -> HttpResponse:
    """Decide on many at once. Each is checked for itself; what was refused is told by name."""
    event, person = _event(request, number)
    do = request.POST.get("do", "")
    verb = actions.BY_TRANSITION.get(do) if do in TOGETHER else None
    keys = [int(key) for key in request.POST.getlist("party") if key.isdecimal()][:500]
    found = list(event.parties.filter(position__in=keys).select_related("organisation", "event")
                 .order_by("applied", "position"))
    if verb is None or not found:
        messages.error(request, _("Choose at least one registration, and what to do."))
        return _back(request, event)
    extra = {"because": request.POST.get("because", "")} if do == "decline" else {}
    done, refused = 0, list[str]()
    for party in found:
        try:
            verb(party, by=person, **extra)
        except Refused as refusal:
            refused.append(f"{party}: {refusal}")
        else:
            done += 1
    if done:
        messages.success(request, ngettext(
            "Done for %(number)d registration.", "Done for %(number)d registrations.", done) % {
                "number": done})
    for words in refused[:5]:
        messages.error(request, words)
    if len(refused) > 5:
        messages.error(request, ngettext("… and %(number)d more.", "… and %(number)d more.",
                                         len(refused) - 5) % {"number": len(refused) - 5})
    return _back(request, event)


def _back(request: HttpRequest, event: Event) -> HttpResponse:
    filters = queries.Filters.read(request.POST)
    address = reverse("meetings:registrations", args=[event.number])
    return redirect(f"{address}?state={filters.state}" if filters.state else address)


class FileForm(forms.Form):
    """A file of registrations, or its content."""

    use_required_attribute = False

    file = forms.FileField(label=gettext_lazy("CSV file"), required=False)
    content = forms.CharField(
        label=gettext_lazy("Or paste its content"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "spellcheck": "false"}))
    approve = forms.BooleanField(label=gettext_lazy("Admit them at once, as far as there is room"),
                                 required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None:
            if file.size > BIGGEST:
                raise forms.ValidationError(_("This file is too big. Send it in parts."))
            try:
                cleaned["content"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("This file is not UTF-8. Save it as “CSV UTF-8”.")
                                            ) from None
        if not (cleaned.get("content") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste its content."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, number: str) -> HttpResponse:
    """Registrations from a spreadsheet: first looked at, then registered."""
    event, person = _event(request, number)
    party_rules.may_register(person, event).or_raise()
    form, report, loaded = FileForm(), None, None
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            content = form.cleaned_data["content"]
            report = importing.check(event, content)
            if request.POST.get("action") == "load":
                loaded = importing.load(event, report, by=person,
                                        approve=form.cleaned_data["approve"])
            # The next press sends what was read, whether it came as a file or was pasted.
            form = FileForm(initial={"content": "" if loaded else content,
                                     "approve": form.cleaned_data["approve"]})
    return render(request, "meetings/registrations_import.html", {
        **frame(request, event, "registrations"), "form": form, "report": report,
        "loaded": loaded, "columns": importing.COLUMNS,
        "example": _example()}, status=422 if form.is_bound else 200)


def _example() -> str:
    return ("organisation,economy,name,email,function,speaks,about\n"
            "สหกรณ์ทุเรียนจันทบุรี,TH,มาลี ศรีสุข,mali@example.org,ผู้จัดการ,th:3 en:2,เราปลูกทุเรียน\n")
