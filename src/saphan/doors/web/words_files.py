"""Work for outside translators: files out, files in."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from saphan.doors.web.account_pages import SignedIn, read_or_send
from saphan.doors.web.account_people import only
from saphan.doors.web.words_desk import FILTERS, desk_page
from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.house import callers
from saphan.house.rendering import exchange, kinds, render, rules
from saphan.house.rendering.work import Work

ENDINGS = {"xlf": "xlf", "xlf2": "xlf", "csv": "csv"}


class Upload(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLIFF 1.2 or 2.0, or CSV, as the downloads here are; 20 MB at "
                               "most."),
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,.xml,.csv"}))


def _file(works: list[Work], format: str, name: str) -> HttpResponse:
    content = exchange.written(works, format)
    return HttpResponse(
        content, content_type=f"{exchange.FORMATS[format]}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{ENDINGS[format]}"'})


@require_safe
@only(rules.may_see_the_desk)
def export(request: SignedIn, lang: str, format: str) -> HttpResponse:
    """What is to be done for a language, as one file."""
    if lang not in kinds.targets() or format not in ("xlf", "csv"):
        raise Http404
    rules.may_work(request.user, lang).or_raise()
    state = request.GET.get("state", "")
    found = exchange.works(lang, state=state if state in dict(FILTERS) else "")
    return _file(list(found), format, f"words-{lang}")


@require_safe
@only(rules.may_see_the_desk)
def export_one(request: SignedIn, pk: int, format: str) -> HttpResponse:
    """One record in one language."""
    if format not in exchange.FORMATS:
        raise Http404
    try:
        work = render.opened(pk, person=request.user)
    except callers.Missing:
        raise Http404 from None
    return _file([work.check()], format, f"{work.number}-{work.lang}")


@read_or_send
@only(rules.may_see_the_desk)
def take_in(request: SignedIn) -> HttpResponse:
    """A file comes back: its words become drafts, and everything refused is listed."""
    form = Upload(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        if sent.size > limits.UPLOAD_BYTES:
            form.add_error("file", _("This file is too large."))
        else:
            try:
                report = exchange.take_in(sent.read(), file_name=sent.name, by=request.user)
            except Refused as refusal:
                form.add_error("file", str(refusal))
    return desk_page(request, "words/import.html", {"at": "import", "form": form,
                                                    "report": report},
                     status=422 if form.errors else 200)


urlpatterns = [
    path("words/import/", take_in, name="words_import"),
    path("words/<readers:lang>/export.<str:format>", export, name="words_export"),
    path("words/<int:pk>/export.<str:format>", export_one, name="words_export_one"),
]
