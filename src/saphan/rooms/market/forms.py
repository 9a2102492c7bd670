"""What people and software may say of a listing: one form, and so one validation, for the web, the
API, MCP and imports; and the small forms around it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.engines.language import codes, normalise
from saphan.ground.text import Text, reader_language
from saphan.house.fields import (
    KeywordsField,
    ListField,
    RowsField,
    WordsField,
    language_of,
    tidy,
)
from saphan.people import queries as people
from saphan.rooms.market import concepts
from saphan.rooms.market.models import Listing
from saphan.rooms.market.queries import Filters
from saphan.rooms.market.vocabulary import (
    NEEDS,
    OFFERS,
    PARTNERSHIPS_AT_MOST,
    IPStatus,
    Kind,
    Partnership,
    PartnerSize,
    PartnerType,
    ResultOwner,
    Sector,
    Stage,
)

OBJECTION = 1000  # characters
COMMON = ("kind", "title", "title_en", "summary", "description", "sector", "keywords",
          "partner_role", "partnership", "partner_types", "partner_size", "target_economies",
          "organisation", "discreet", "valid_until")
OFFER_ONLY = ("advantages", "stage", "trl", "trl_evidence", "ip_status", "spdx", "patents")
NEED_ONLY = ("technical_specification", "indicators", "result_owner", "budget_amount",
             "budget_currency", "deadline", "test_environment", "data_available")
NULLABLE = frozenset({"trl", "budget_amount", "deadline", "valid_until"})


def _choices(vocabulary: Any) -> list[tuple[str, Any]]:
    return [("", "—"), *vocabulary.choices]


class ListingForm(forms.Form):
    """All that a listing may say. Nothing but the kind is required of a draft."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices)
    lang = forms.ChoiceField(label=_("In which language do you write?"), required=False)
    title = WordsField(label=_("Title"), limit=256, rows=1,
                       help_text=_("One line that says what you offer or need."))
    title_en = forms.CharField(
        label=_("Title in English"), max_length=256, required=False,
        help_text=_("Optional. It helps people who read other languages to find you."))
    summary = WordsField(label=_("Summary"), limit=500,
                         help_text=_("Two or three sentences for somebody in a hurry."))
    description = WordsField(label=_("Description"), limit=4000, rows=8,
                             help_text=_("What it is, for whom, and what it needs to work."))
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, required=False,
                               initial=Sector.GENERAL)
    keywords = KeywordsField(label=_("Keywords"), required=False,
                             help_text=_("Up to five, separated by commas."))
    partner_role = WordsField(label=_("What should the partner do?"), limit=4000, rows=4)
    partnership = ListField(label=_("Kind of partnership"), choices=Partnership.choices,
                            at_most=PARTNERSHIPS_AT_MOST, help_text=_("Up to three."))
    partner_types = ListField(label=_("Who could the partner be?"), choices=PartnerType.choices)
    partner_size = ListField(label=_("Size of the partner"), choices=PartnerSize.choices)
    target_economies = ListField(label=_("Where should the partner be?"),
                                 help_text=_("Leave empty if anywhere will do."))
    organisation = forms.CharField(label=_("Your organisation"), max_length=200, required=False)
    economy = forms.ChoiceField(label=_("Its country or region"), required=False)
    discreet = forms.BooleanField(
        label=_("Keep the name of my organisation back"), required=False,
        help_text=_("Others learn it when you have agreed to meet them. Until then they see the "
                    "country or region alone. Leave names out of your words as well."))
    valid_until = forms.DateField(label=_("Valid until"), required=False,
                                  widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                                  input_formats=["%Y-%m-%d"],
                                  help_text=_("Leave empty for one year."))

    advantages = WordsField(label=_("Advantages and innovations"), limit=2000, rows=4)
    stage = forms.ChoiceField(label=_("How far is it?"), choices=_choices(Stage), required=False)
    trl = forms.IntegerField(label=_("Technology readiness level"), min_value=1, max_value=9,
                             required=False, help_text=_("1 (idea) to 9 (proven in use)."))
    trl_evidence = WordsField(label=_("What shows that level?"), limit=2000, rows=2)
    ip_status = forms.ChoiceField(label=_("Rights"), choices=_choices(IPStatus), required=False)
    spdx = forms.CharField(label=_("Open-source licence"), max_length=60, required=False,
                           help_text=_("SPDX identifier, for example Apache-2.0."))
    patents = RowsField(label=_("Patents"), columns={
        "number": _("Number"), "kind": _("Kind code"), "url": _("Link")})

    technical_specification = WordsField(label=_("Technical specification"), limit=2000, rows=4)
    indicators = RowsField(label=_("Indicators to reach"), columns={
        "name": _("What is measured"), "value": _("Value"), "unit": _("Unit")},
        help_text=_("For example: fruit sorted in an hour, 2000, pieces."))
    result_owner = forms.ChoiceField(label=_("Who will own the result?"),
                                     choices=_choices(ResultOwner), required=False)
    budget_amount = forms.DecimalField(label=_("Budget"), min_value=Decimal(0), max_digits=14,
                                       decimal_places=2, required=False)
    budget_currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), required=False,
                                       help_text=_("Three letters, for example THB."))
    deadline = forms.DateField(label=_("Needed by"), required=False,
                               widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                                  input_formats=["%Y-%m-%d"])
    test_environment = WordsField(label=_("Where can it be tried?"), limit=2000, rows=3)
    data_available = WordsField(label=_("Which data can you give?"), limit=2000, rows=3)

    def __init__(self, data: Mapping[str, Any] | None = None, *, lang: str = "",
                 listing: Listing | None = None, economies: Mapping[str, str] | None = None,
                 **kwargs: Any) -> None:
        """`lang`: the language of plain words; without it the one chosen in the form, else the one
        the words are found to be in. `economies`: their names by code, if they are known."""
        self.listing = listing
        if listing is not None and data is None:
            kwargs["initial"] = {**initial_of(listing), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.source_lang = lang or self._lang()
        names = list((economies or people.economy_names()).items())
        self._choice("target_economies").choices = names
        self._choice("economy").choices = [("", "—"), *names]
        self._choice("lang").choices = [("", _("Find out from my words")), *(
            (code, language.endonym) for code, language in codes.LANGUAGES.items())]
        kind = self.chosen_kind
        for name in (NEED_ONLY if kind in OFFERS else OFFER_ONLY if kind in NEEDS else ()):
            del self.fields[name]

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    @property
    def chosen_kind(self) -> str:
        """The kind that is chosen, which decides on the fields; empty before that."""
        if self.is_bound and self.data.get("kind"):
            return str(self.data["kind"])
        return self.listing.kind if self.listing else str(self.initial.get("kind", ""))

    def _lang(self) -> str:
        if self.is_bound:
            if (chosen := self.data.get("lang")) in codes.LANGUAGES:
                return str(chosen)
            if found := language_of(*(self.data.get(name) for name in (
                    "title", "summary", "description"))):
                return found
        return (self.listing.lang if self.listing else "") or reader_language()

    def clean_sector(self) -> str:
        return self.cleaned_data["sector"] or Sector.GENERAL

    def clean_organisation(self) -> str:
        return normalise.clean(self.cleaned_data["organisation"]).strip()

    def clean_title_en(self) -> str:
        return normalise.clean(self.cleaned_data["title_en"]).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("budget_amount") is None) != (not cleaned.get("budget_currency")):
            missing = "budget_amount" if cleaned.get("budget_currency") else "budget_currency"
            if missing in self.fields and missing not in self.errors:
                self.add_error(missing, _("A budget needs both an amount and a currency."))
        if cleaned.get("ip_status") == IPStatus.OPEN_SOURCE and not cleaned.get("spdx"):
            self.add_error("spdx", _("Open source needs the name of its licence."))
        if cleaned.get("organisation") and not cleaned.get("economy"):
            self.add_error("economy", _("Say where the organisation is at home."))
        return cleaned

    def values(self, *, origin: str = "person", by: str = "") -> dict[str, Any]:
        """What the actions take: every field that is right. Call after `is_valid()`, whatever it
        said. `origin` is that of the words, `by` the reference of whoever wrote them."""
        cleaned, out = self.cleaned_data, dict[str, Any](lang=self.source_lang)
        for name, field in self.fields.items():
            if name not in cleaned or name in ("title_en", "organisation", "economy", "lang"):
                continue
            value = cleaned[name]
            if isinstance(field, WordsField):
                value = self._text(name, value, origin, by)
            out[name] = value if value is not None or name in NULLABLE else ""
        if "title" in out and "title_en" in cleaned and "title_en" in self.data:
            out["title"] = self._with_english(out["title"], cleaned["title_en"], origin, by)
        return {**out, **self._organisation()}

    def _text(self, name: str, words: dict[str, str], origin: str, by: str) -> Text:
        text = getattr(self.listing, name) if self.listing else Text()
        if name not in self.data:
            return text
        if not isinstance(self.data[name], Mapping):
            words = {self.source_lang: words.get("", "")}
        before = self.listing.lang if self.listing else ""
        moved = before and before != self.source_lang and text.source == before
        if moved and self.source_lang in words:
            # The words had been taken for another language: they move, and what a machine made
            # of them goes.
            kept = {lang: known for lang, known in text.items()
                    if lang != text.source and known.origin != "machine"}
            text = Text(self.source_lang, kept)
        for lang, value in words.items():
            lang = lang or self.source_lang
            if value != (text[lang].text if lang in text else ""):
                text = text.with_words(lang, value, origin=origin, by=by)
        return tidy(text, self.source_lang)

    def _with_english(self, title: Text, english: str, origin: str, by: str) -> Text:
        if self.source_lang == "en" or isinstance(self.data.get("title"), Mapping):
            return title
        if english == (title["en"].text if "en" in title else ""):
            return title
        title = Text(self.source_lang, dict(title))
        return tidy(title.with_words("en", english, origin=origin, by=by), self.source_lang)

    def _organisation(self) -> dict[str, Any]:
        cleaned, out = self.cleaned_data, dict[str, Any]()
        if "economy" in self.data and "economy" in cleaned:
            out["economy_id"] = cleaned["economy"] or None
        if "organisation" in self.data and "organisation" in cleaned:
            shown = self.listing and self.listing.organisation and str(self.listing.organisation)
            if cleaned["organisation"] == (shown or ""):
                out["organisation_name"] = ""
            else:
                out |= {"organisation": None, "organisation_name": cleaned["organisation"]}
        return out


def initial_of(listing: Listing) -> dict[str, Any]:
    """A listing as its form shows it, in its source language."""
    initial: dict[str, Any] = {}
    for name, field in ListingForm.base_fields.items():
        if isinstance(field, WordsField):
            text = getattr(listing, name)
            initial[name] = text[listing.lang].text if listing.lang in text else ""
        elif name == "title_en":
            english = listing.title["en"].text if "en" in listing.title else ""
            initial[name] = "" if listing.lang == "en" else english
        elif name == "organisation":
            initial[name] = listing.maker
        elif name == "economy":
            initial[name] = listing.economy_id or ""
        else:
            initial[name] = getattr(listing, name)
    words = (initial[name] for name in ("title", "summary", "description"))
    if listing.lang == language_of(*words):
        initial["lang"] = ""  # found out, so it may be found out again
    return initial


class MediaForm(forms.Form):
    """A picture or document with its caption."""

    file = forms.FileField(label=_("Picture or document"), help_text=_(
        "JPEG, PNG, WebP or PDF, 5 MB at most."))
    caption = forms.CharField(label=_("What does it show?"), max_length=300, help_text=_(
        "Also read aloud to people who cannot see the picture."))


class ImportForm(forms.Form):
    """A file, or its content pasted."""

    use_required_attribute = False

    file = forms.FileField(label=_("File"), required=False, help_text=_(
        "Ends in .jsonl, .csv, .xml or .json, UTF-8, 20 MB at most."))
    pasted = forms.CharField(label=_("Or paste the rows here"), required=False,
                             widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}))
    take_good_rows = forms.BooleanField(label=_("Take the good rows anyway"), required=False,
                                        help_text=_("Otherwise one bad row means that nothing "
                                                    "is loaded."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("file") and not cleaned.get("pasted", "").strip():
            self.add_error("file", _("Choose a file, or paste rows."))
        return cleaned


    def sent(self) -> tuple[bytes, str]:
        """The content and a file name whose ending says its format."""
        if file := self.cleaned_data.get("file"):
            return file.read(), file.name
        pasted = self.cleaned_data["pasted"].strip()
        return pasted.encode(), "pasted." + ("xml" if pasted.startswith(("<", "[")) else
                                             "jsonl" if pasted.startswith("{") else "csv")


class FilterForm(forms.Form):
    """What a list can be narrowed to: only what would leave something, with how many."""

    use_required_attribute = False
    LABELS = {"kind": _("Kind"), "sector": _("Sector"), "economy": _("Country or region"),
              "stage": _("Stage"), "lang": _("Written in"), "example": _("Example or real"),
              "concept": pgettext_lazy("in the term base", "Concept")}

    def __init__(self, facets: Mapping[str, list[tuple[str, int]]], filters: Filters) -> None:
        super().__init__(initial=filters.as_dict(), auto_id="filter_%s")
        self.filters, self.names = filters, _names_of_values()
        for name, values in facets.items():
            chosen = getattr(filters, name)
            if chosen and chosen not in dict(values):
                values = [*values, (chosen, 0)]
            if len(values) < 2 and not chosen:
                continue
            self.fields[name] = forms.ChoiceField(label=self.LABELS[name], choices=[
                ("", pgettext_lazy("filter", "All")),
                *((value, f"{self.name_of(name, value)} ({count})") for value, count in values)])

        if filters.concept:  # chosen by a link: what else is filtered does not lose it
            self.fields["concept"] = forms.CharField(widget=forms.HiddenInput)

    def name_of(self, filter: str, value: str) -> str:
        if filter == "concept":
            return concepts.label(value)
        return str(self.names[filter].get(value, value))

    def chips(self) -> list[dict[str, Any]]:
        """The filters that are on: label, the chosen value in words, the address without it."""
        chosen = self.filters.as_dict()
        return [{"label": self.LABELS[name], "value": self.name_of(name, value),
                 "url": "?" + urlencode({other: chosen[other] for other in chosen
                                         if other != name})}
                for name, value in chosen.items()]


def _names_of_values() -> dict[str, dict[str, Any]]:
    return {"kind": dict(Kind.choices), "sector": dict(Sector.choices),
            "stage": dict(Stage.choices), "economy": people.economy_names(),
            "lang": {code: formats.language_name(code) for code in codes.CODES},
            "example": {"yes": _("Examples"), "no": _("Real records")}}


class ObjectionForm(forms.Form):
    """Why the author thinks right what the quality gate refuses."""

    use_required_attribute = False

    objection = forms.CharField(
        label=_("I think this is right, because …"), max_length=OBJECTION, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Then it goes to the desk as it is, and a person decides."))


class RemarkForm(forms.Form):
    """Why a record goes back to its author."""

    because = forms.CharField(label=_("What should the author change?"), max_length=2000,
                              widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
