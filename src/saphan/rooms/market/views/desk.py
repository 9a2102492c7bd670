"""The desk: what waits for a decision, and imports."""

from __future__ import annotations

from typing import Any

from babel.dates import format_timedelta
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from saphan.design import formats
from saphan.ground import clock
from saphan.ground.access import Refused
from saphan.rooms.market import gating, queries, rules
from saphan.rooms.market import imports as importing
from saphan.rooms.market.forms import ImportForm, RemarkForm
from saphan.rooms.market.models import ImportRun, Listing
from saphan.rooms.market.views.common import asker, to_sign_in
from saphan.rooms.market.views.record import steps

RUNS = 10


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What was submitted, the longest waiting first."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_see_the_desk(person).or_raise()
    now, locale = clock.now(), formats.locale_of(get_language() or "en")
    queue = [{"listing": record, "plate": queries.plate_of(record, asker=person),
              "steps": steps(person, record),
              "waiting": format_timedelta(now - (record.submitted or record.changed),
                                          locale=locale),
              "remark": RemarkForm(auto_id=f"id_{record.pk}_%s")}
             | judged(record) for record in queries.waiting_for_the_desk()]
    return render(request, "market/desk.html", {
        "queue": queue, "runs": queries.runs_of_imports()[:RUNS], "works_the_desk": True})


def judged(record: Listing) -> dict[str, Any]:
    """What the quality gate found when it was submitted, and whether somebody must look closely."""
    told = gating.told(record)
    return {"told": told, "must_decide": any(one.finding.severity != "advise" for one in told)}


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Send a file, or paste its rows."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_import(person).or_raise()
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        content, name = form.sent()
        try:
            run = importing.begin(content, file_name=name, by=person,
                                  take_good_rows=form.cleaned_data["take_good_rows"])
        except Refused as refusal:
            form.add_error("file" if form.cleaned_data.get("file") else "pasted", str(refusal))
        else:
            return redirect("market:import_run", run.pk)
    for name in ("file", "pasted"):  # one of the two: neither is called optional
        form.fields[name].required = True
    return render(request, "market/imports.html", {
        "form": form, "runs": queries.runs_of_imports()[:RUNS], "works_the_desk": True},
        status=422 if form.errors else 200)


@require_safe
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is, then what became of it, each bad row by its number."""
    person = asker(request)
    if person is None:
        return to_sign_in(request.get_full_path())
    rules.may_import(person).or_raise()
    try:
        run = queries.runs_of_imports().get(pk=pk)
    except (ImportRun.DoesNotExist, OverflowError):
        raise Http404 from None
    report = "\n".join(f"{problem['row']}\t{problem['field']}\t{problem['message']}"
                       for problem in run.problems)
    indexed = importing.indexed(run)
    return render(request, "market/import_run.html", {
        "run": run, "report": report, "indexed": indexed,
        "at_work": not run.is_over or indexed < run.loaded, "works_the_desk": True})
