"""The report of a year: as a page for screen and print, as .docx and PDF."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from saphan.engines.paper import FontMissing, Heading, Passage, Table
from saphan.ground.text import reader_language
from saphan.house.centre import centre
from saphan.rooms.observatory import queries, report
from saphan.rooms.observatory.views.common import standing

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf"}
_KINDS = {Heading: "heading", Passage: "passage", Table: "table", report.Picture: "picture"}


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The years that have a report."""
    return render(request, "observatory/reports.html", standing(request) | {
        "years": [str(year) for year in queries.years()]})


def _year(year: int) -> report.Report:
    if year not in queries.years():
        raise Http404
    return report.report(year)


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    told = _year(year)
    return render(request, "observatory/report.html", standing(request) | {
        "report": told, "centre": centre(), "base": settings.BASE_URL,
        "parts": [{"kind": _KINDS[type(part)], "part": part} for part in told.parts]})


@require_safe
def paper(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    """The report as a file. Where letters have no font on this machine, .docx always works."""
    made = report.paper(_year(year))
    try:
        content = _docx(made) if ending == "docx" else _pdf(made)
    except FontMissing:
        messages.error(request, _("This machine lacks a font for the PDF. Take the .docx file."))
        return redirect("observatory:report", year)
    answer = HttpResponse(content, content_type=MEDIA_TYPES[ending])
    answer["Content-Disposition"] = (
        f'attachment; filename="report-{year}-{reader_language().lower()}.{ending}"')
    return answer


def _docx(made: report.Paper) -> bytes:
    from saphan.engines.paper import docx  # loaded only where it is used

    return docx.docx(made)


def _pdf(made: report.Paper) -> bytes:
    from saphan.engines.paper import pdf
    from saphan.engines.paper.fonts import Shelf

    return pdf.pdf(made, Shelf(Path(settings.HOME) / "fonts"))
