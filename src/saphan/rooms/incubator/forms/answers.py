"""What a team may say: one validation for the web, the API and MCP. None of it is kept as plain
words before the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.design import formats
from saphan.engines.language import codes, normalise
from saphan.ground.text import reader_language
from saphan.house import discretion
from saphan.house.fields import RowsField, language_of
from saphan.people import queries as people
from saphan.people.models import Organisation, Person
from saphan.rooms.incubator.models import Call
from saphan.rooms.incubator.vocabulary import PARTNERS_AT_MOST, Direction, Mode, PartnerType

WORDS = ("title", "solution", "plan", "experience", "risks")
LIMITS = {"title": 256, "solution": 4000, "plan": 4000, "experience": 2000, "risks": 1500}
NEEDED = ("title", "solution", "plan")
INDICATOR = "indicator_"


def _long(label: Any, name: str, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.Textarea(
        attrs={"rows": rows, "dir": "auto"}) if rows > 1 else forms.TextInput(
        attrs={"dir": "auto"}))


class AnswerForm(forms.Form):
    """An answer to a call. A draft needs nothing; to be sent it needs the words, the promised
    indicators that must be reached, and who leads."""

    use_required_attribute = False

    title = _long(_("Title"), "title", 1)
    solution = _long(_("How you would solve it"), "solution", 8, _(
        "No names of people or organisations here: the panel first reads without knowing whose "
        "it is."))
    plan = _long(_("Your plan, month by month"), "plan", 6)
    experience = _long(_("What you have done before that shows you can"), "experience", 4)
    risks = _long(_("What could go wrong, and what you would do then"), "risks", 3)
    mode = forms.ChoiceField(label=_("Way of working together"), required=False)
    amount = forms.DecimalField(label=_("Money you ask for"), min_value=0, max_digits=14,
                                decimal_places=2, required=False)
    months = forms.IntegerField(label=_("Months of work"), min_value=1, max_value=60,
                                required=False)
    organisation = forms.CharField(label=_("Who leads: your organisation"), max_length=200,
                                   required=False)
    organisation_kind = forms.ChoiceField(label=_("What kind of organisation is it?"),
                                          required=False)
    economy = forms.ChoiceField(label=_("Its country or region"), required=False)
    partners = RowsField(label=_("Partners"), columns={
        "name": _("Organisation"), "economy": _("Country or region (two letters)"),
        "role": _("What they do"), "email": _("E-mail of somebody there")}, help_text=_(
        "Up to five. After the deadline each is asked by letter whether it takes part."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, call: Call, by: Person,
                 sending: bool = False, content: Mapping[str, Any] | None = None,
                 **kwargs: Any) -> None:
        """`content`: what the team wrote before, to be shown again."""
        self.call, self.by, self.sending = call, by, sending
        if data is None:
            kwargs["initial"] = {**initial_of(content or {}), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        names = list(people.economy_names().items())
        self._choice("economy").choices = [("", "—"), *names]
        self._choice("organisation_kind").choices = [("", "—"), *PartnerType.choices]
        self.codes = {code for code, _name in names}
        modes = [(mode, label) for mode, label in Mode.choices if mode in call.modes]
        if modes:
            self._choice("mode").choices = [("", "—"), *modes]
        else:
            del self.fields["mode"]
        if call.budget_currency:
            self.fields["amount"].help_text = call.budget_currency
        for row in call.indicators:
            self.fields[INDICATOR + row["id"]] = forms.DecimalField(
                label=row["name"], required=False, max_digits=18, decimal_places=6,
                help_text=_asked(row))
        self._her_organisation()

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    def _her_organisation(self) -> None:
        hers = people.organisations_of(self.by).first()
        if hers is not None and not self.is_bound:
            self.initial.setdefault("organisation", str(hers))
            self.initial.setdefault("organisation_kind", hers.kind)
            self.initial.setdefault("economy", hers.economy_id)
        elif not self.is_bound:
            self.initial.setdefault("economy", self.by.economy_id)

    @property
    def indicator_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(INDICATOR)]

    @property
    def lang(self) -> str:
        found = language_of(*(self.data.get(name) for name in WORDS)) if self.is_bound else ""
        return found if found in codes.LANGUAGES else reader_language()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in WORDS:
            cleaned[name] = normalise.clean(cleaned.get(name) or "").strip()
            if len(cleaned[name]) > LIMITS[name]:
                self.add_error(name, _("At most %(limit)d characters; this has %(length)d.") % {
                    "limit": LIMITS[name], "length": len(cleaned[name])})
        partners = cleaned.get("partners") or []
        if len(partners) > PARTNERS_AT_MOST:
            self.add_error("partners", _("At most %(limit)d; you chose %(count)d.") % {
                "limit": PARTNERS_AT_MOST, "count": len(partners)})
        for row in partners:
            row["economy"] = str(row.get("economy", "")).upper()
            if row["economy"] and row["economy"] not in self.codes:
                self.add_error("partners", _("“%(code)s” is not a country or region this house "
                                             "knows.") % {"code": row["economy"]})
        if self.sending:
            self._complete(cleaned)
        self._stay_blind(cleaned, partners)
        return cleaned

    def _complete(self, cleaned: Mapping[str, Any]) -> None:
        wanted = [*NEEDED, "organisation", "organisation_kind", "economy",
                  *(["mode"] if "mode" in self.fields else []),
                  *(INDICATOR + row["id"] for row in self.call.indicators if row.get("must"))]
        for name in wanted:
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("Please answer this question as well."))

    def _stay_blind(self, cleaned: Mapping[str, Any], partners: list[dict[str, Any]]) -> None:
        """What the panel reads first must not say whose it is."""
        known = people.organisations_of(self.by)
        names = [*discretion.names_of(self.by, list[Organisation](known)),
                 cleaned.get("organisation") or "", *(str(row["name"]) for row in partners)]
        words = {name: {self.lang: cleaned[name]} for name in WORDS if cleaned.get(name)}
        for finding in discretion.leaks(words, [name for name in names if len(name) >= 3]):
            self.add_error(finding.field, _(
                "“%(found)s” would tell the panel whose answer this is. Leave it out here; who "
                "you are stands below.") % {"found": finding.found})

    def content(self) -> dict[str, Any]:
        """What is sealed. Call after `is_valid()`, whatever it said: a draft keeps all that is
        right."""
        cleaned = self.cleaned_data
        partners = [{name: str(value) for name, value in row.items()}
                    for row in cleaned.get("partners") or []]
        return {
            "lang": self.lang, **{name: cleaned.get(name) or "" for name in WORDS},
            "mode": cleaned.get("mode") or "",
            "amount": _plain(cleaned.get("amount")), "months": cleaned.get("months"),
            "indicators": {row["id"]: _plain(value) for row in self.call.indicators
                           if (value := cleaned.get(INDICATOR + row["id"])) is not None},
            "team": {"lead": {"name": cleaned.get("organisation") or "",
                              "kind": cleaned.get("organisation_kind") or "",
                              "economy": cleaned.get("economy") or ""},
                     "partners": partners},
        }


def _plain(value: Any) -> str:
    return "" if value is None else format(value.normalize(), "f")


def _asked(row: Mapping[str, Any]) -> str:
    """What the call asks of this indicator: "at least 95 %"."""
    direction = Direction(row.get("direction") or Direction.AT_LEAST).label
    return f"{direction}: {formats.number(float(row['value']))} {row.get('unit', '')}".strip()


def initial_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What was sealed, as the form shows it."""
    team = content.get("team", {})
    lead = team.get("lead", {})
    initial = {name: content.get(name) for name in (*WORDS, "mode", "amount", "months")
               if content.get(name) not in (None, "")}
    initial |= {INDICATOR + key: value for key, value in content.get("indicators", {}).items()}
    if lead:
        initial |= {"organisation": lead.get("name", ""),
                    "organisation_kind": lead.get("kind", ""), "economy": lead.get("economy", "")}
    if team.get("partners"):
        initial["partners"] = team["partners"]
    return initial


class SlipForm(forms.Form):
    """A holder's slip, typed from paper."""

    slip = forms.CharField(label=_("Your slip"), max_length=120, widget=forms.TextInput(
        attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("Seven groups of five characters. Capitals, spaces and dashes do not matter."))


class CodeForm(forms.Form):
    """A team's code, typed from paper: on another device, or when the browser has forgotten."""

    code = forms.CharField(label=_("Your team's code"), max_length=200, widget=forms.TextInput(
        attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        help_text=_("You were shown it when you first saved your answer."))


class HolderForm(forms.Form):
    """Who holds a key to the answers."""

    person = forms.ChoiceField(label=_("Name somebody who holds a key"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, people: list[Person],
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {each.ref: each for each in people}
        field: Any = self.fields["person"]
        field.choices = [(ref, str(each)) for ref, each in self.people.items()]

    @property
    def chosen(self) -> Person:
        return self.people[self.cleaned_data["person"]]
