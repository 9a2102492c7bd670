"""What people may say of articles: files, pasted words, corrections; and how lists are narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.engines.fetching.addresses import clean as clean_address
from saphan.engines.fetching.problems import FetchProblem
from saphan.engines.language import codes, normalise
from saphan.ground import clock
from saphan.house.fields import is_web_address
from saphan.people import queries as people
from saphan.rooms.newsroom.models import Article, Source
from saphan.rooms.newsroom.queries import articles as queries
from saphan.rooms.newsroom.rules.desk import works_here

FILES_AT_ONCE = 20
PASTED = 200_000
ENDINGS = ".html,.htm,.mhtml,.mht,.xhtml,.pdf,.docx,.txt"


def _languages(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *((code, language.endonym) for code, language in codes.LANGUAGES.items())]


def _economies(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *people.economy_names().items()]


class DayField(forms.DateField):
    """A day that has come."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], required=False, widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and day > clock.today():
            raise ValidationError(_("This day lies ahead."))
        return day


class _Files(forms.FileInput):
    """An input that takes several files."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"multiple": True, "accept": ENDINGS})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files at once."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if len(files) > FILES_AT_ONCE:
            raise ValidationError(_("At most %(limit)d files at once."), code="too_many",
                                  params={"limit": FILES_AT_ONCE})
        return list(files)


class BringForm(forms.Form):
    """Files or a pasted text, with what is known of where they come from."""

    use_required_attribute = False

    upload = FilesField(label=_("Files"), required=False, help_text=_(
        "Saved pages, PDF, Word (.docx) or text. Up to 20 at once, 20 MB together."))
    text = forms.CharField(
        label=_("Or paste the text"), required=False, max_length=PASTED,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("The first line is the title."))
    address = forms.CharField(
        label=pgettext_lazy("on the web", "Address"), required=False, max_length=1000,
        widget=forms.URLInput, help_text=_("Where it stands on the web, if it does. "
                                           "With several files, leave it empty."))
    source = forms.ChoiceField(label=pgettext_lazy("of news", "Source"), required=False)
    published = DayField(label=_("Published on"), help_text=_(
        "Leave empty to let the house find it."))
    lang = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, has_file: bool = False, **kwargs: Any) -> None:
        """`has_file`: a file comes beside the form, as software sends it."""
        super().__init__(*args, **kwargs)
        self.has_file = has_file
        self._choices("lang", _languages(_("Find out from the text")))
        rows = Source.objects.order_by("name").values_list("key", "name")
        self._choices("source", [("", "—"), *rows])

    def _choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        chosen: Any = self.fields[name]
        chosen.choices = choices

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if not address:
            return ""
        is_web_address(address)
        try:
            return clean_address(address)
        except FetchProblem:
            raise ValidationError(_("This is no address on the web.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        files, text = cleaned.get("upload") or [], (cleaned.get("text") or "").strip()
        if not files and not text and not self.has_file and not self.errors:
            raise ValidationError(_("Choose a file or paste a text."))
        if cleaned.get("address") and len(files) + bool(text) > 1:
            self.add_error("address", _("One address belongs to one article. "
                                        "Bring the others in without it."))
        return cleaned


class CorrectForm(forms.Form):
    """What an officer says better than the house read it."""

    use_required_attribute = False

    title = forms.CharField(label=_("Title"), max_length=500,
                            widget=forms.TextInput(attrs={"dir": "auto"}))
    published = DayField(label=_("Published on"))
    lang = forms.ChoiceField(label=_("Language"))
    economy = forms.ChoiceField(label=_("Country or region"), required=False)

    def __init__(self, data: Any = None, *, article: Article) -> None:
        super().__init__(data, initial={
            "title": article.title, "published": article.published, "lang": article.lang,
            "economy": article.economy_id or ""})
        lang: Any = self.fields["lang"]
        lang.choices = [*_languages("—")[1:], (codes.UNDETERMINED, _("Not known"))]
        economy: Any = self.fields["economy"]
        economy.choices = _economies("—")

    def clean_title(self) -> str:
        return normalise.clean(self.cleaned_data["title"]).strip()


class WithdrawForm(forms.Form):
    because = forms.CharField(label=_("Why?"), max_length=300)


class FilterForm(forms.Form):
    """What the list of articles can be narrowed to."""

    use_required_attribute = False

    q = forms.CharField(label=_("Words, in any language"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}))
    source = forms.ChoiceField(label=pgettext_lazy("of news", "Source"), required=False)
    lang = forms.ChoiceField(label=_("Language"), required=False)
    economy = forms.ChoiceField(label=_("Country or region"), required=False)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"))
    shelf = forms.ChoiceField(label=pgettext_lazy("of articles", "Show"), required=False)

    def __init__(self, filters: queries.Filters, asker: Any) -> None:
        super().__init__(initial=filters.as_dict(), auto_id="filter_%s")
        every = pgettext_lazy("filter", "All")
        choices: dict[str, Any] = {
            "source": [("", every), *queries.sources()], "lang": _languages(every),
            "economy": _economies(every),
            "shelf": [("", _("Without copies")), *queries.SHELVES.items()]}
        for name, values in choices.items():
            chosen: Any = self.fields[name]
            chosen.choices = values
        if not works_here(asker):
            del self.fields["shelf"]
