"""What people may say of figures: corrections, reasons, words that state one; how lists narrow."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.engines.figures import periods
from saphan.people.models import Person
from saphan.rooms.newsroom import figuring
from saphan.rooms.newsroom.models import Figure
from saphan.rooms.newsroom.queries import articles
from saphan.rooms.newsroom.queries.figures import Filters
from saphan.rooms.newsroom.rules.desk import works_here
from saphan.rooms.newsroom.vocabulary import Relation

FIELDS = ("value", "high", "unit", "relation", "subject", "place", "place_code", "period", "as_of",
          "indicator")


class FigureForm(forms.Form):
    """The fields of a figure. `values()` is what the actions take."""

    use_required_attribute = False
    value = forms.DecimalField(label=pgettext_lazy("of a figure", "Value"), max_digits=30,
                               decimal_places=8)
    high = forms.DecimalField(label=_("Upper end of a range"), max_digits=30, decimal_places=8,
                              required=False)
    unit = forms.CharField(label=pgettext_lazy("of a figure", "Unit"), max_length=40,
                           required=False)
    relation = forms.ChoiceField(label=_("How exact"), choices=Relation.choices, required=False)
    subject = forms.CharField(label=_("What is counted"), max_length=300, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    place_code = forms.CharField(label=_("Code of the place"), max_length=20, required=False)
    period = forms.CharField(label=_("Period"), max_length=25, required=False, help_text=_(
        "2024, 2024-Q1, 2024-03, 2024-03-05 or 2023/2024"))
    as_of = forms.DateField(label=_("As of"), required=False, input_formats=["%Y-%m-%d"],
                            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    indicator = forms.SlugField(label=_("Indicator of the observatory"), max_length=80,
                                required=False)

    def __init__(self, data: Any = None, *, figure: Figure) -> None:
        now = {name: getattr(figure, name) for name in FIELDS}
        now |= {"value": figuring.plain(figure.value), "high": figuring.plain(figure.high)}
        if data is not None:  # what is left out stays
            data = {**{name: value for name, value in now.items() if value is not None},
                    **{name: data[name] for name in FIELDS if name in data}}
        super().__init__(data, initial=now)
        self.indicators = figuring.indicators()
        if self.indicators:  # one that has gone stays with the figure that names it
            known = {figure.indicator: figure.indicator} | self.indicators
            self.fields["indicator"] = forms.ChoiceField(
                label=self.fields["indicator"].label, required=False,
                choices=[("", "—"), *(row for row in known.items() if row[0])])
        for name in ("subject", "place"):
            self.fields[name].widget.attrs |= {"dir": "auto", "lang": figure.lang}

    def clean_period(self) -> str:
        period = str(self.cleaned_data["period"]).strip()
        if period and not list(periods.ends(period)):
            raise ValidationError(_("Write 2024, 2024-Q1, 2024-03, 2024-03-05 or 2023/2024."))
        return period

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ReasonForm(forms.Form):
    use_required_attribute = False
    because = forms.CharField(label=_("Why?"), max_length=300, required=False)


class QuoteForm(forms.Form):
    """Words of an article that state a figure."""

    use_required_attribute = False
    article = forms.CharField(label=_("Number of the article"), max_length=20)
    quote = forms.CharField(label=_("The words that state it, letter for letter"), max_length=600,
                            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    def clean_article(self) -> str:
        number = str(self.cleaned_data["article"]).strip().upper()
        if not re.fullmatch(r"NWS-\d{4}-\d{4,7}", number):
            raise ValidationError(_("A number such as NWS-2026-0001."))
        return number


class FilterForm(forms.Form):
    """How the list of figures is narrowed."""

    use_required_attribute = False
    q = forms.CharField(label=_("Words, in any language"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=Figure.State.choices)
    source = forms.ChoiceField(label=pgettext_lazy("of news", "Source"), required=False)
    unit = forms.CharField(label=pgettext_lazy("of a figure", "Unit"), required=False)
    place = forms.CharField(label=_("Code of the place"), required=False)
    period = forms.CharField(label=_("Period"), required=False)
    flagged = forms.BooleanField(label=_("Only with doubts"), required=False)
    topic = forms.CharField(required=False, widget=forms.HiddenInput)
    indicator = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, filters: Filters, person: Person | None) -> None:
        super().__init__(initial={name: getattr(filters, name)
                                  for name in Filters.__dataclass_fields__})
        sources = self.fields["source"]
        assert isinstance(sources, forms.ChoiceField)
        sources.choices = [("", pgettext_lazy("a filter that is off", "Any")),
                           *articles.sources()]
        if not works_here(person):
            del self.fields["state"], self.fields["flagged"]
