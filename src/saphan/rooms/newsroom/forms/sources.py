"""What people and software may say of a source: one form for web, API, MCP and lists of feeds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.engines.fetching import FetchProblem, pages
from saphan.engines.fetching.addresses import clean
from saphan.engines.language import codes
from saphan.people.models import Economy
from saphan.people.queries import economy_names
from saphan.rooms.newsroom.models import Source
from saphan.rooms.newsroom.troubles import said
from saphan.rooms.newsroom.vocabulary import Way

RESERVED = frozenset({"new", "health", "import"})
"""Words that are pages beside the sources."""
ANY = pgettext_lazy("a filter that is off", "Any")
SHORTEST, LONGEST = 15, 7 * 24 * 60
AT_MOST = 200
DEFAULTS = {"way": Way.FEED, "every_minutes": 60, "at_most": 40}
FIELDS = ["name", "home", "way", "address", "links", "recipe", "lang", "economy", "official",
          "every_minutes", "at_most"]


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(formats.language_name(code))) for code in codes.CODES]


class SourceForm(forms.ModelForm):
    """A source, new or changed. `values()` is what the actions take."""

    use_required_attribute = False
    home = forms.URLField(label=_("Its page on the web"), max_length=500, required=False,
                          assume_scheme="https")
    address = forms.URLField(label=_("Address of the feed, sitemap or page"), max_length=1000,
                             required=False, assume_scheme="https")
    lang = forms.ChoiceField(label=_("Language"), required=False)
    every_minutes = forms.IntegerField(
        label=_("Minutes between two looks"), min_value=SHORTEST, max_value=LONGEST, initial=60)
    at_most = forms.IntegerField(
        label=_("New articles in one look, at most"), min_value=1, max_value=AT_MOST, initial=40)

    class Meta:
        model = Source
        fields = FIELDS
        widgets = {"name": forms.TextInput(attrs={"dir": "auto"})}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data is not None and not isinstance(data, MultiValueDict):  # software may leave out
            data = {**DEFAULTS, **data}
        super().__init__(data, **kwargs)
        lang: Any = self.fields["lang"]
        lang.choices = [("", "—"), *language_choices()]
        economy: Any = self.fields["economy"]
        economy.queryset = Economy.objects.all()
        economy.empty_label = "—"

    def clean_address(self) -> str:
        if not self.cleaned_data["address"]:
            return ""
        try:
            return clean(self.cleaned_data["address"])
        except FetchProblem as problem:
            raise forms.ValidationError(said(problem.code)) from None

    def clean_links(self) -> str:
        return self._selector("links")

    def clean_recipe(self) -> str:
        return self._selector("recipe")

    def _selector(self, name: str) -> str:
        text = self.cleaned_data[name].strip()
        if text:
            try:
                pages.selector(text)
            except pages.BadSelector:
                raise forms.ValidationError(said("bad_recipe")) from None
        return str(text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        way, address = cleaned.get("way"), cleaned.get("address")
        if way != Way.BY_HAND and not address and "address" not in self.errors:
            self.add_error("address", _("Say where the house should look."))
        if way == Way.PAGE and not cleaned.get("links") and "links" not in self.errors:
            self.add_error("links", _("Say which links of the page are articles."))
        if address and Source.objects.filter(address=address).exclude(
                state=Source.State.RETIRED).exclude(pk=self.instance.pk).exists():
            self.add_error("address", _("This address is read already."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


def key_for(name: str, address: str) -> str:
    """A key for a new source, from its name or, where that has no Latin letters, its host."""
    wanted = slugify(name) or slugify((urlsplit(address).hostname or "source").replace(".", "-"))
    wanted = wanted[:70]
    kept = Source.objects.filter(key__startswith=wanted)
    taken = RESERVED | set(kept.values_list("key", flat=True))
    return next(key for count in range(1, len(taken) + 2)
                if (key := wanted if count == 1 else f"{wanted}-{count}") not in taken)


class Filters(forms.Form):
    """Which sources to show."""

    words = forms.CharField(label=pgettext_lazy("to search for", "Words"), required=False,
                            max_length=100)
    lang = forms.ChoiceField(label=_("Language"), required=False)
    economy = forms.ChoiceField(label=_("Country or region"), required=False)
    alarm = forms.BooleanField(label=_("Only those with an alarm"), required=False)

    def __init__(self, *args: Any, desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang: Any = self.fields["lang"]
        lang.choices = [("", ANY), *language_choices()]
        economy: Any = self.fields["economy"]
        economy.choices = [("", ANY), *economy_names().items()]
        if not desk:
            del self.fields["alarm"]

    def chosen(self) -> dict[str, Any]:
        return dict(self.cleaned_data) if self.is_valid() else {}


class ListForm(forms.Form):
    """A list of feeds as feed readers export it."""

    file = forms.FileField(label=_("List of feeds (OPML)"))
