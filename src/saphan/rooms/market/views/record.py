"""One record: everything it says, where its words come from, what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from saphan.ground.access import Refused
from saphan.house import pages
from saphan.house.pages import Step, kept_file
from saphan.people import queries as people
from saphan.people.models import Person
from saphan.rooms.market import actions, gating, queries, rules
from saphan.rooms.market.forms import RemarkForm
from saphan.rooms.market.interest.views import common
from saphan.rooms.market.models import Listing
from saphan.rooms.market.passages import Passage, original_of
from saphan.rooms.market.views.common import asker, listing_or_404, to_sign_in
from saphan.rooms.market.vocabulary import Partnership, PartnerSize, PartnerType, State

FIRST = ("description", "advantages", "technical_specification")
LATER = ("trl_evidence", "test_environment", "data_available")
VERBS = {
    "listing.drafted": gettext_lazy("Draft begun"),
    "listing.submitted": gettext_lazy("Submitted"),
    "listing.taken_back": gettext_lazy("Taken back by its author"),
    "listing.returned": gettext_lazy("Returned to its author"),
    "listing.published": gettext_lazy("Published"),
    "listing.imported": gettext_lazy("Imported"),
    "listing.paused": gettext_lazy("Paused"),
    "listing.resumed": gettext_lazy("Resumed"),
    "listing.expired": gettext_lazy("Expired"),
    "listing.extended": gettext_lazy("Extended by a year"),
    "listing.archived": gettext_lazy("Archived"),
}

ORDER = {"publish": 0, "submit": 0, "return_to_author": 2, "archive": 3}  # of buttons


def steps(person: Person | None, listing: Listing) -> list[Step]:
    """What she may do with it now; what is refused is told only to those whom it concerns."""
    mine, desk = rules.speaks_for(person, listing), rules.works_the_desk(person)
    if not (mine or desk):
        return []
    hidden = {*(() if desk else rules.FOR_THE_DESK), *(() if mine else rules.FOR_THE_OWNER)}
    return pages.steps(person, listing, rules.BY_TRANSITION, hidden=hidden, order=ORDER)


@require_safe
def listing(request: HttpRequest, number: str) -> HttpResponse:
    record, person = listing_or_404(request, number), asker(request)
    desk = rules.works_the_desk(person)
    concerned = desk or rules.speaks_for(person, record)
    history = [(at, VERBS[verb], state) for at, verb, state in queries.history(record)]
    return render(request, "market/listing.html", {
        "listing": record, "plate": queries.plate_of(record, asker=person),
        "title_original": original_of(record.title), "summary": record.summary.best(),
        "summary_original": original_of(record.summary),
        "passages": passages(record, FIRST), "later": passages(record, LATER),
        "partner": Passage.of(record, "partner_role") if record.partner_role else None,
        "partner_facts": partner_facts(record), "facts": facts(record),
        "steps": steps(person, record), "concerned": concerned,
        "works_the_desk": desk, "told": gating.told(record) if desk else [],
        "may_edit": bool(rules.may_edit(person, record)), "remark": RemarkForm(),
        "history": history if concerned else [
            line for line in history if line[1] not in (VERBS["listing.drafted"],)
            and line[2] not in (State.DRAFT, State.SUBMITTED)],
        "interest": common.on_record(record, person), "media": record.media.all(),
        "is_public": record.state in rules.PUBLIC_STATES})


def passages(record: Listing, names: tuple[str, ...]) -> list[Passage]:
    return [Passage.of(record, name) for name in names if getattr(record, name)]


def facts(record: Listing) -> list[tuple[Any, Any]]:
    """Short facts with their labels, those that are said."""
    rows = [("sector", record.get_sector_display()), ("stage", record.get_stage_display()),
            ("trl", record.trl), ("ip_status", record.get_ip_status_display()),
            ("spdx", record.spdx), ("result_owner", record.get_result_owner_display())]
    return [(record.label_of(name), value) for name, value in rows if value not in ("", None)]


def partner_facts(record: Listing) -> list[tuple[Any, list[Any]]]:
    rows: list[tuple[str, list[Any]]] = [
        (name, [vocabulary(value).label for value in getattr(record, name)
                if value in vocabulary.values])
        for name, vocabulary in _VOCABULARIES.items()]
    if record.target_economies:
        names = {economy.code: economy.name.best() for economy in people.economies()}
        rows.append(("target_economies", [names.get(code, code)
                                          for code in record.target_economies]))
    return [(record.label_of(name), values) for name, values in rows if values]


_VOCABULARIES: dict[str, type[models.TextChoices]] = {
    "partnership": Partnership, "partner_types": PartnerType, "partner_size": PartnerSize}


@require_POST
def move(request: HttpRequest, number: str, transition: str) -> HttpResponse:
    """Press a button of the record. A refusal comes back as a message with its reason."""
    record, person = listing_or_404(request, number), asker(request)
    verb = actions.BY_TRANSITION.get(transition)
    if verb is None:
        raise Http404
    if person is None:
        return to_sign_in(record.get_absolute_url())
    try:
        if transition == "return_to_author":
            actions.return_to_author(record, by=person, because=request.POST.get("because", ""))
        else:
            verb(record, by=person)
    except gating.Held as held:
        messages.error(request, str(held))
        return redirect(f"{reverse('market:edit', args=[number])}#gate")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. This record is now: %(state)s.") % {
            "state": record.get_state_display()})
    back = request.POST.get("next", "")
    known = {"desk": reverse("market:desk"), "mine": reverse("market:mine")}
    return redirect(known.get(back) or record.get_absolute_url())


@require_safe
def media(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """A picture or document, to those who may see its record. Never run, whatever it holds."""
    return kept_file(listing_or_404(request, number).media.filter(pk=pk).first(),
                     cache="private, max-age=3600")
