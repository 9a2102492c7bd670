"""What people, files and software may say: one form for an indicator, one for an observation, and
so one validation for the pages, the API, CSV, the sample and the newsroom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.engines.language import codes, normalise
from saphan.ground.text import Text, reader_language
from saphan.house import numbers
from saphan.house.fields import WordsField, language_of
from saphan.people import queries as people
from saphan.rooms.observatory import periods, rules
from saphan.rooms.observatory.models import Indicator, Observation, Place
from saphan.rooms.observatory.vocabulary import (
    STALE_AFTER,
    Kind,
    Relation,
    Sector,
    SourceKind,
)

DAY = ["%Y-%m-%d"]


class NumberField(forms.DecimalField):
    """A decimal number in whatever digits, without separators: `19,000` may mean two things."""

    default_error_messages = {"invalid": _(
        "Write the number without separators and with a decimal point: 19000 or 19.77.")}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = normalise.ascii_digits(normalise.fold_width(value)).replace("−", "-").strip()
        return super().to_python(value)


def day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, input_formats=DAY, help_text=help_text,
                           widget=forms.DateInput(format=DAY[0], attrs={"type": "date"}))


class LanguageField(forms.ChoiceField):
    """A language of the house by its own name; sources may be in any other (`ja`, `ko-KR`)."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or bool(
            re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", value))


class IndicatorForm(forms.Form):
    """All that an indicator may say."""

    use_required_attribute = False

    slug = forms.RegexField(r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60,
                            label=pgettext_lazy("on the web", "Address"),
                            help_text=_("Small letters, digits and hyphens. It stays for ever."))
    name = WordsField(label=pgettext_lazy("of a thing", "Name"), limit=200, rows=1)
    meaning = WordsField(label=_("What it means"), limit=1000, help_text=_(
        "What is counted, how, and what is left out."))
    source_kind = forms.ChoiceField(label=_("Where its numbers come from"), required=False,
                                    choices=SourceKind.choices)
    counts = forms.ChoiceField(label=_("What is counted"), required=False, help_text=_(
        "Only for a count of what happened at this centre."))
    unit = forms.CharField(label=_("Unit"), max_length=30, required=False, help_text=_(
        "%, pp, m2, km2, ha, three letters for money, or a noun such as companies."))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, required=False)
    stale_after = forms.IntegerField(label=_("Months until it counts as out of date"), min_value=1,
                                     max_value=240, required=False)
    position = forms.IntegerField(required=False, min_value=0, max_value=9999,
                                  widget=forms.HiddenInput)
    places = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, lang: str = "",
                 indicator: Indicator | None = None, **kwargs: Any) -> None:
        self.lang, self.indicator = lang or reader_language(), indicator
        if indicator is not None and data is None:
            kwargs["initial"] = {name: getattr(indicator, name) for name in (
                "slug", "source_kind", "counts", "unit", "kind", "sector", "stale_after")} | {
                name: getattr(indicator, name).best(self.lang).text for name in ("name", "meaning")}
        super().__init__(data, **kwargs)
        field = self.fields["counts"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((f"{room.slug}.{one.slug}", f"{room.name}: {one.label}")
                                      for room, one in numbers.indicators())]
        if indicator is not None:
            del self.fields["slug"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("counts"):
            data["source_kind"] = SourceKind.FACTS
        elif data.get("source_kind") == SourceKind.FACTS:
            self.add_error("counts", _("Choose what is counted."))
        if not data.get("name") and not self.errors.get("name"):
            self.add_error("name", _("Give it a name."))
        return data

    def values(self, *, by: str = "", origin: str = "person") -> dict[str, Any]:
        """For the actions. Words of other languages stay as they are."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "source_kind": data["source_kind"] or SourceKind.OBSERVATIONS,
            "counts": data["counts"], "unit": data["unit"], "kind": data["kind"] or Kind.COUNT,
            "sector": data["sector"] or Sector.GENERAL,
            "stale_after": data["stale_after"] or STALE_AFTER}
        if self.indicator is None:
            found["slug"] = data["slug"]
        if data.get("position") is not None:
            found["position"] = data["position"]
        if isinstance(data.get("places"), list):
            found["places"] = data["places"]
        for name in ("name", "meaning"):
            text: Text = getattr(self.indicator, name) if self.indicator else Text()
            found[name] = _written(text, data[name], self.lang, by, origin)
        return found


def _written(text: Text, words: Mapping[str, str], lang: str, by: str, origin: str) -> Text:
    for code, said in words.items():
        code = code or lang
        if code not in text or text[code].text != said:
            text = text.with_words(code, said, origin=origin, by=by)
    return text


class ObservationForm(forms.Form):
    """What one source says."""

    use_required_attribute = False

    key = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    indicator = forms.ChoiceField(label=_("Indicator"))
    relation = forms.ChoiceField(label=_("The source says"), choices=Relation.choices,
                                 required=False)
    value = NumberField(label=_("Value"), max_digits=24, decimal_places=6, help_text=_(
        "Without separators, in ones: 19000, 19.77, 320000000."))
    high = NumberField(label=_("Upper value"), max_digits=24, decimal_places=6, required=False,
                       help_text=_("Only of a range."))
    unit = forms.CharField(label=_("Unit"), max_length=30, required=False, help_text=_(
        "Leave empty for the unit of the indicator."))
    period = forms.CharField(label=_("Period"), max_length=24, help_text=_(
        "2024, 2024-H1, 2024-Q1, 2024-03, 2024-03-05, or from/to: 2023/2024. Years of the "
        "common era."))
    as_of = day(_("As it stood on"))
    place = forms.ChoiceField(label=_("Place"), required=False)
    subject = WordsField(label=_("What exactly is counted"), limit=300, rows=1)
    quote = forms.CharField(label=_("Words of the source"), max_length=2000, required=False,
                            strip=True, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
    quote_lang = LanguageField(label=_("Language of the source"), required=False)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who says it."))
    address = forms.URLField(label=_("Web address"), max_length=1000, required=False,
                             assume_scheme="https")
    read = day(_("Read on"))
    checked = forms.BooleanField(label=_("I have read these words there"), required=False)
    evidence = forms.RegexField(r"^sha256:[0-9a-f]{64}$", label=_("Digest of the kept copy"),
                                required=False, help_text="sha256:…")
    note = WordsField(label=_("Note"), limit=1000, rows=2)

    def __init__(self, data: Mapping[str, Any] | None = None, *, lang: str = "",
                 observation: Observation | None = None, known: Known | None = None,
                 **kwargs: Any) -> None:
        self.lang, self.known = lang or reader_language(), known or Known()
        if observation is not None and data is None:
            kwargs["initial"] = initial_of(observation, self.lang)
        super().__init__(data, **kwargs)
        self._choices("indicator", ((one.slug, str(one.name)) for one in
                                    self.known.indicators.values() if not one.counts_facts))
        self._choices("place", [("", "—"), *self.known.places.items()])
        self._choices("quote_lang", [("", _("Find out from the words")), *(
            (code, language.endonym) for code, language in codes.LANGUAGES.items())])

    def _choices(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean_period(self) -> str:
        period = normalise.ascii_digits(str(self.cleaned_data["period"])).strip().upper()
        try:
            periods.bounds(period)
        except periods.BadPeriod:
            raise forms.ValidationError(_(
                "This is not a period. Write for example 2024, 2024-Q1 or 2024-03-05.")) from None
        return period

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            indicator = self.known.indicators[data["indicator"]]
            data["unit"] = data["unit"] or indicator.unit
            data["relation"] = data["relation"] or Relation.EXACT
            verdict = rules.fits(indicator, data)
            if not verdict:
                self.add_error(None, str(verdict.reason))
        return data

    def values(self, *, by: str = "", origin: str = "person") -> dict[str, Any]:
        """For the actions."""
        data = dict(self.cleaned_data)
        begins, ends = periods.bounds(data["period"])
        place = data.pop("place")
        whole = len(place) == 2
        return {**data, "key": data["key"] or None,
                "indicator": self.known.indicators[data["indicator"]],
                "begins": begins, "ends": ends,
                "economy_id": (place if whole else None) or None,
                "place_id": place if place and not whole else None,
                "quote_lang": data["quote_lang"] or language_of(data["quote"] or data["source"]),
                "subject": _written(Text(), data["subject"], self.lang, by, origin),
                "note": _written(Text(), data["note"], self.lang, by, origin)}


class Known:
    """What observations may name: indicators by slug, places by code. Read once for a file."""

    def __init__(self) -> None:
        self.indicators = {one.slug: one for one in Indicator.objects.all()}
        self.places: dict[str, str] = {place.code: str(place.name)
                                       for place in Place.objects.all()} | people.economy_names()


def initial_of(observation: Observation, lang: str = "") -> dict[str, Any]:
    """What the form would hold for this observation."""
    same = {name: getattr(observation, name) for name in (
        "key", "relation", "unit", "period", "as_of", "quote", "quote_lang", "source", "address",
        "read", "checked", "evidence")}
    return {**same, "indicator": observation.indicator.slug, "place": observation.place_code,
            "value": f"{observation.exact:f}", "high": "" if observation.high is None
            else f"{observation.high.normalize() + 0:f}",
            "subject": observation.subject.best(lang or None).text,
            "note": observation.note.best(lang or None).text}


class BecauseForm(forms.Form):
    """Why something is corrected or withdrawn."""

    because = forms.CharField(label=_("Why?"), max_length=500, help_text=_("Everybody reads it."),
                              widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


class ImportForm(forms.Form):
    """A CSV file, or its rows."""

    file = forms.FileField(label=_("A file"), required=False)
    rows = forms.CharField(label=_("Or its rows, pasted"), required=False, strip=False,
                           widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
