"""What people and software may say of a call: one form, and so one validation, for the web, the
API, MCP and imports; and the small forms around it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes, normalise
from saphan.ground import clock
from saphan.ground.text import Text, reader_language
from saphan.house.fields import (
    KeywordsField,
    ListField,
    WordsField,
    language_of,
    tidy,
)
from saphan.house.moments import MomentField, instant
from saphan.people import queries as people
from saphan.people.models import Economy, Organisation
from saphan.rooms.incubator import labels, rubrics
from saphan.rooms.incubator.forms.fields import IndicatorsField, RubricField
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.rules.calls import OWNERS
from saphan.rooms.incubator.vocabulary import Form, Mode, PartnerType, Sector

NOT_ASKED: dict[str, tuple[str, ...]] = {
    Form.CHALLENGE: ("places", "support"),
    Form.COHORT: ("environment", "data_available", "modes"),
    Form.GRANT: ("data_available", "modes"),
}
# Fields of the form that are not columns of the same name.
BESIDE = frozenset({"title_en", "lang", "organisation", "organisation_kind", "economy",
                    "deadline", "time_zone", "rubric"})
NULLABLE = frozenset({"budget_amount", "months", "registered", "deadline"})
COUNTS = ("places", "economies_at_least")


class CallForm(forms.Form):
    """All that a call may say. Nothing but the form is required of a draft."""

    use_required_attribute = False

    form = forms.ChoiceField(label=_("What is it?"), choices=Form.choices)
    lang = forms.ChoiceField(label=_("In which language do you write?"), required=False)
    title = WordsField(label=_("Title"), limit=256, rows=1,
                       help_text=_("One line that says what is to be solved or won."))
    title_en = forms.CharField(
        label=_("Title in English"), max_length=256, required=False,
        help_text=_("Optional. It helps people who read other languages to find you."))
    summary = WordsField(label=_("Summary"), limit=500,
                         help_text=_("Two or three sentences for somebody in a hurry."))
    scenario = WordsField(label=_("The problem and where it occurs"), limit=4000, rows=8,
                          help_text=_("What happens today, where, how often, and what it costs."))
    indicators = IndicatorsField(label=_("Indicators to reach"), help_text=_(
        "The pilot is validated against these numbers, and against nothing else."))
    environment = WordsField(label=_("Where can it be tried?"), limit=2000, rows=3)
    data_available = WordsField(label=_("Which data can you give?"), limit=2000, rows=3,
                                help_text=_("How much, since when, in what form, under which "
                                            "conditions."))
    ip_terms = WordsField(label=_("Who owns what afterwards?"), limit=2000, rows=3)
    modes = ListField(label=_("Ways of working together"), choices=Mode.choices)
    support = WordsField(label=_("What do you and the centre give?"), limit=2000, rows=3,
                         help_text=_("Rooms, teachers, computing, introductions, test sites."))
    budget_amount = forms.DecimalField(label=_("Money"), min_value=Decimal(0), max_digits=14,
                                       decimal_places=2, required=False)
    budget_currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), required=False,
                                       help_text=_("Three letters, for example THB."))
    places = forms.IntegerField(label=_("How many can be chosen?"), min_value=1, max_value=100,
                                required=False)
    months = forms.IntegerField(label=_("Months of work"), min_value=1, max_value=60,
                                required=False)
    eligibility = WordsField(label=_("Who may answer?"), limit=2000, rows=3, help_text=_(
        "In words, where the questions below do not say it."))
    lead_types = ListField(label=_("Who may lead a team?"), choices=PartnerType.choices,
                           help_text=_("Leave empty if anybody may."))
    lead_economies = ListField(label=_("Where may the lead be?"),
                               help_text=_("Leave empty if anywhere will do."))
    economies_at_least = forms.IntegerField(
        label=_("Countries or regions in a team, at least"), min_value=1, max_value=6,
        required=False)
    deadline = MomentField(label=_("Deadline"), help_text=_(
        "At least 14 days after the call is announced, on the clock of your country or region."))
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    rubric = RubricField(label=_("What is looked at, with weights"), help_text=_(
        "The panel gives 0 to 5 marks for each. The weights add up to 100."))
    organisation = forms.CharField(label=_("Your organisation"), max_length=200, required=False)
    organisation_kind = forms.ChoiceField(label=_("What kind of organisation is it?"),
                                          required=False)
    economy = forms.ChoiceField(label=_("Its country or region"), required=False)
    registered = forms.DateField(
        label=_("Registered since"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("It must be over a year old."))
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, required=False,
                               initial=Sector.GENERAL)
    keywords = KeywordsField(label=_("Keywords"), required=False,
                             help_text=_("Up to five, separated by commas."))
    came_from = forms.RegexField(r"^[A-Z]{2,5}-\d{4}-\d{4,7}$", required=False,
                                 widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, lang: str = "",
                 call: Call | None = None, **kwargs: Any) -> None:
        """`lang`: the language of plain words; without it the one chosen in the form, else the one
        the words are found to be in."""
        self.call = call
        if call is not None and data is None:
            kwargs["initial"] = {**initial_of(call), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.source_lang = lang or self._lang()
        self._fill_choices()
        chosen = self.chosen_form
        for name in NOT_ASKED.get(chosen, ()):
            del self.fields[name]
        for name, field in self.fields.items():
            field.label = labels.of(chosen, name, field.label)
        if call is None and data is None and chosen in Form.values:
            self.initial.setdefault("rubric", _shown_rubric(rubrics.default(chosen),
                                                            self.source_lang))

    def _fill_choices(self) -> None:
        economies = list(people.economies())
        names = [(economy.code, str(economy.name)) for economy in economies]
        zones = sorted({zone for economy in economies
                        for zone in economy.time_zones or [economy.time_zone]})
        kinds = [(kind.value, kind.label) for kind in Organisation.Kind if kind in OWNERS]
        for name, choices in {
                "lead_economies": names, "economy": [("", "—"), *names],
                "organisation_kind": [("", "—"), *kinds],
                "time_zone": [("", _("That of the country or region")),
                              *((zone, zone.replace("_", " ")) for zone in zones)],
                "lang": [("", _("Find out from my words")), *(
                    (code, language.endonym) for code, language in codes.LANGUAGES.items())],
        }.items():
            field: Any = self.fields[name]
            field.choices = choices
        self.economies = {economy.code: economy for economy in economies}

    @property
    def chosen_form(self) -> str:
        """The form that is chosen, which decides on the questions; empty before that."""
        if self.is_bound and self.data.get("form"):
            return str(self.data["form"])
        return self.call.form if self.call else str(self.initial.get("form", ""))

    def _lang(self) -> str:
        if self.is_bound:
            if (chosen := self.data.get("lang")) in codes.LANGUAGES:
                return str(chosen)
            if found := language_of(*(self.data.get(name) for name in (
                    "title", "summary", "scenario"))):
                return found
        return (self.call.lang if self.call else "") or reader_language()

    def clean_sector(self) -> str:
        return self.cleaned_data["sector"] or Sector.GENERAL

    def clean_organisation(self) -> str:
        return normalise.clean(self.cleaned_data["organisation"]).strip()

    def clean_title_en(self) -> str:
        return normalise.clean(self.cleaned_data["title_en"]).strip()

    def clean_registered(self) -> Any:
        day = self.cleaned_data["registered"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("This day lies ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("budget_amount") is None) != (not cleaned.get("budget_currency")):
            missing = "budget_amount" if cleaned.get("budget_currency") else "budget_currency"
            if missing in self.fields and missing not in self.errors:
                self.add_error(missing, _("A budget needs both an amount and a currency."))
        if cleaned.get("organisation") and not cleaned.get("economy"):
            self.add_error("economy", _("Say where the organisation is at home."))
        economy = self._economy()
        zone = cleaned.get("time_zone")
        if zone and economy and zone not in (economy.time_zones or [economy.time_zone]):
            self.add_error("time_zone", _("This is not a time zone of %(economy)s.") % {
                "economy": economy.name})
        return cleaned

    def _economy(self) -> Economy | None:
        code = self.cleaned_data.get("economy")
        if "economy" not in self.data and self.call is not None:
            code = self.call.economy_id
        return self.economies.get(code or "")

    def values(self, *, origin: str = "person", by: str = "") -> dict[str, Any]:
        """What the actions take: every field that is right. Call after `is_valid()`, whatever it
        said. `origin` is that of the words, `by` the reference of whoever wrote them."""
        cleaned, out = self.cleaned_data, dict[str, Any](lang=self.source_lang)
        for name, field in self.fields.items():
            if name not in cleaned or name in BESIDE:
                continue
            value = cleaned[name]
            if name == "came_from" and self.call is not None:
                continue  # where it began does not change
            if isinstance(field, WordsField):
                value = self._text(name, value, origin, by)
            elif name in COUNTS:
                value = value or 1
            out[name] = value if value is not None or name in NULLABLE else ""
        if "title" in out and "title_en" in cleaned and "title_en" in self.data:
            out["title"] = self._with_english(out["title"], cleaned["title_en"], origin, by)
        if self.chosen_form == Form.CHALLENGE:
            out["places"] = 1
        return {**out, **self._organisation(), **self._deadline(), **self._rubric()}

    def _text(self, name: str, words: dict[str, str], origin: str, by: str) -> Text:
        text = getattr(self.call, name) if self.call else Text()
        if name not in self.data:
            return text
        if not isinstance(self.data[name], Mapping):
            words = {self.source_lang: words.get("", "")}
        before = self.call.lang if self.call else ""
        if before and before != self.source_lang and text.source == before \
                and self.source_lang in words:
            # The words had been taken for another language: they move, and what a machine made
            # of them goes.
            text = Text(self.source_lang, {
                lang: known for lang, known in text.items()
                if lang != text.source and known.origin != "machine"})
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
            shown = self.call and self.call.organisation and str(self.call.organisation)
            if cleaned["organisation"] == (shown or ""):
                out["organisation_name"] = ""
            else:
                out |= {"organisation": None, "organisation_name": cleaned["organisation"],
                        "organisation_kind": cleaned.get("organisation_kind", "")}
        return out

    def _deadline(self) -> dict[str, Any]:
        """The moment in UTC, and the zone on whose clock it is shown."""
        cleaned, economy = self.cleaned_data, self._economy()
        zone = cleaned.get("time_zone") or (economy.time_zone if economy else settings.TIME_ZONE)
        out: dict[str, Any] = {}
        if {"time_zone", "economy", "deadline"} & set(self.data):
            out["time_zone"] = zone
        if "deadline" in self.data and "deadline" in cleaned:
            out["deadline"] = instant(cleaned["deadline"], zone)
        return out

    def _rubric(self) -> dict[str, Any]:
        """The criteria; words that were not changed keep their other languages."""
        widget = self.fields["rubric"].widget
        if "rubric" not in self.cleaned_data or widget.value_omitted_from_data(
                self.data, {}, "rubric"):  # type: ignore[arg-type]
            return {}
        known = {row["id"]: row for row in (
            self.call.rubric if self.call else rubrics.default(self.chosen_form))}
        before = (self.call.lang if self.call else "") or self.source_lang
        rows = []
        for row in self.cleaned_data["rubric"]:
            old = known.get(row["id"], {})
            rows.append({**row, **{part: self._kept(row[part], old.get(part, {}), before)
                                   for part in ("name", "guide")}})
        return {"rubric": rows}

    def _kept(self, given: dict[str, str], old: dict[str, str], before: str) -> dict[str, str]:
        if set(given) - {""}:
            return {lang or self.source_lang: words for lang, words in given.items()}
        words = given.get("", "")
        if words and words in (_in(old, before), _in(old, reader_language())):
            return old
        return {self.source_lang: words} if words else {}


def _in(words: Mapping[str, str], lang: str) -> str:
    return str(Text.of(words, origin="house").best(lang)) if words else ""


def _shown_rubric(rows: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """The rubric as its boxes show it: in one language."""
    return [{**row, "name": _in(row["name"], lang), "guide": _in(row.get("guide") or {}, lang)}
            for row in rows]


def initial_of(call: Call) -> dict[str, Any]:
    """A call as its form shows it, in its source language."""
    initial: dict[str, Any] = {}
    for name, field in CallForm.base_fields.items():
        if isinstance(field, WordsField):
            text = getattr(call, name)
            initial[name] = text[call.lang].text if call.lang in text else ""
        elif name not in BESIDE:
            initial[name] = getattr(call, name)
    words = (initial[name] for name in ("title", "summary", "scenario"))
    english = call.title["en"].text if "en" in call.title else ""
    local = call.deadline.astimezone(ZoneInfo(call.time_zone)) if call.deadline else None
    economy = call.economy
    return {**initial,
            # Found out, so it may be found out again.
            "lang": "" if call.lang == language_of(*words) else call.lang,
            "title_en": "" if call.lang == "en" else english,
            "organisation": call.maker,
            "organisation_kind": (call.organisation.kind if call.organisation
                                  else call.organisation_kind),
            "economy": call.economy_id or "",
            "deadline": local.replace(tzinfo=None) if local else None,
            "time_zone": "" if economy and call.time_zone == economy.time_zone else call.time_zone,
            "rubric": _shown_rubric(call.rubric, call.lang or reader_language())}


class ObjectionForm(forms.Form):
    """Why the author thinks right what the quality gate refuses."""

    use_required_attribute = False

    objection = forms.CharField(
        label=_("I think this is right, because …"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Then it goes to the desk as it is, and a person decides."))


class RemarkForm(forms.Form):
    """Why a call goes back to its author."""

    because = forms.CharField(label=_("What should the author change?"), max_length=2000,
                              widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))


class CancelForm(forms.Form):
    """Why a call ends without a decision."""

    because = forms.CharField(label=_("Why is it cancelled?"), max_length=1000, required=False,
                              widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
                              help_text=_("Once a call was announced, everybody reads this."))


class ExtendForm(forms.Form):
    """A later deadline, and why."""

    deadline = MomentField(label=_("New deadline"))
    because = forms.CharField(label=_("Why does it move?"), max_length=1000,
                              widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
                              help_text=_("Everybody reads this."))

    def clean_deadline(self) -> datetime:
        moment: datetime | None = self.cleaned_data["deadline"]
        if moment is None:
            raise forms.ValidationError(_("This field is required."))
        return moment
