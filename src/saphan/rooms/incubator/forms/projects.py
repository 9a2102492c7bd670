"""What the two sides and the desk may say of a project: one validation for web, API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.ground import clock
from saphan.ground.text import Text, reader_language
from saphan.house import uploads
from saphan.house.fields import RowsField, WordsField, language_of
from saphan.people.models import Person
from saphan.rooms.incubator.models import FollowUp, Milestone, Project
from saphan.rooms.incubator.vocabulary import Mode


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(
        format="%Y-%m-%d", attrs={"type": "date"}), input_formats=["%Y-%m-%d"])


class _Form(forms.Form):
    use_required_attribute = False

    def text(self, name: str, by: Person) -> Text:
        """The words of a field, in the language that they are in."""
        lang = language_of(self.data.get(name)) or reader_language()
        return Text.of({key or lang: words for key, words in self.cleaned_data[name].items()},
                       by=by.ref)


class WithEvidence(_Form):
    """A document or a link that shows it."""

    url = forms.URLField(label=_("Link"), max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(label=_("Document"), required=False, help_text=_(
        "JPEG, PNG, WebP or PDF, 5 MB at most."))

    def evidence(self) -> dict[str, Any]:
        """What the actions take. Raises `Refused` for files that are neither pictures nor PDF."""
        out: dict[str, Any] = {"url": self.cleaned_data.get("url") or ""}
        if file := self.cleaned_data.get("file"):
            content = file.read()
            out["media_type"], out["ending"] = uploads.kind_of(content)
            out |= {"content": content, "evidence_title": file.name[:200]}
        return out


class SignForm(WithEvidence):
    """What was signed."""

    signed = _day(_("Signed on"))
    mode = forms.ChoiceField(label=_("Way of working together"), required=False)
    amount = forms.DecimalField(label=_("Money in all"), min_value=Decimal(0), max_digits=14,
                                decimal_places=2, required=False)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), required=False)
    starts = _day(_("Begins"), required=False)
    ends = _day(_("Ends"), required=False)
    field_order = ["signed", "mode", "amount", "currency", "starts", "ends", "url", "file"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(project, name) for name in (
            "signed", "mode", "amount", "currency", "starts", "ends")}
        super().__init__(*args, **kwargs)
        mode: Any = self.fields["mode"]
        mode.choices = [("", "—"), *Mode.choices]

    def clean_signed(self) -> Any:
        day = self.cleaned_data["signed"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", _("It cannot end before it begins."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in (
            "signed", "mode", "amount", "currency", "starts", "ends")}, **self.evidence()}


class MilestoneForm(_Form):
    """A step of the plan."""

    title = WordsField(label=_("Milestone"), limit=256, rows=1)
    due = _day(_("Due on"))

    def clean_title(self) -> dict[str, str]:
        if not self.cleaned_data["title"]:
            raise forms.ValidationError(_("Please answer this question as well."))
        return dict(self.cleaned_data["title"])


class PaymentForm(_Form):
    """Money planned for a day. The house keeps the record, it moves none."""

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=14,
                                decimal_places=2)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), required=False)
    due = _day(_("Planned for"))
    milestone = forms.ChoiceField(label=_("When this milestone is approved"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestones = {str(each.pk): each for each in project.milestones.all()}
        self.fields["currency"].initial = project.currency
        field: Any = self.fields["milestone"]
        field.choices = [("", "—"), *((key, str(each.title))
                                      for key, each in self.milestones.items())]

    @property
    def chosen(self) -> Milestone | None:
        return self.milestones.get(self.cleaned_data["milestone"])


class HandInForm(WithEvidence):
    """What was done."""

    report = WordsField(label=_("What was done"), limit=2000, rows=4)
    field_order = ["report", "url", "file"]

    def clean_report(self) -> dict[str, str]:
        if not self.cleaned_data["report"]:
            raise forms.ValidationError(_("Say what was done."))
        return dict(self.cleaned_data["report"])


class BecauseForm(_Form):
    """Why a milestone is returned or a payment withheld."""

    because = forms.CharField(label=_("Why?"), max_length=500, widget=forms.Textarea(
        attrs={"rows": 2, "dir": "auto"}))


class ReleaseForm(_Form):
    """That money was paid, elsewhere."""

    on = _day(_("Released on"))
    reference = forms.CharField(label=_("Reference of the payment"), max_length=100)


class MeasureForm(WithEvidence):
    """A measured value of a posted indicator."""

    indicator = forms.ChoiceField(label=_("What was measured"))
    value = forms.DecimalField(label=_("Measured"), max_digits=18, decimal_places=6)
    on = _day(_("Measured on"))
    method = WordsField(label=_("How it was measured"), limit=1500, rows=3)
    field_order = ["indicator", "value", "on", "method", "url", "file"]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["indicator"]
        field.choices = [(row["id"], f"{row['name']} ({row.get('unit', '')})")
                         for row in project.answer.call.indicators]

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["on"]

    def clean_method(self) -> dict[str, str]:
        if not self.cleaned_data["method"]:
            raise forms.ValidationError(_("Say how it was measured: what, where, how often."))
        return dict(self.cleaned_data["method"])


class ReasonsForm(_Form):
    """Why it is validated, not validated or stopped."""

    reasons = WordsField(label=_("Reasons"), limit=3000, rows=4)


class FollowUpForm(WithEvidence):
    """What is left of it."""

    use = forms.ChoiceField(label=_("Is it in use?"), choices=FollowUp.Use.choices)
    words = WordsField(label=_("What came of it"), limit=2000, rows=4)
    figures = RowsField(label=_("Figures"), columns={
        "name": _("What is measured"), "value": _("Value"), "unit": _("Unit")})
    field_order = ["use", "words", "figures", "url", "file"]

    def clean_words(self) -> dict[str, str]:
        if not self.cleaned_data["words"]:
            raise forms.ValidationError(_("Please answer this question as well."))
        return dict(self.cleaned_data["words"])

    def values(self, by: Person) -> dict[str, Any]:
        return {"use": self.cleaned_data["use"], "words": self.text("words", by),
                "figures": self.cleaned_data["figures"], **self.evidence()}


FORMS: Mapping[str, type[_Form]] = {
    "sign": SignForm, "milestone": MilestoneForm, "payment": PaymentForm, "hand_in": HandInForm,
    "return": BecauseForm, "withhold": BecauseForm, "release": ReleaseForm,
    "measure": MeasureForm, "validate": ReasonsForm, "reject": ReasonsForm, "stop": ReasonsForm,
    "report": FollowUpForm, "evidence": WithEvidence,
}
WITH_PROJECT = frozenset({"sign", "payment", "measure"})


def form_of(verb: str, project: Project, *args: Any, **kwargs: Any) -> Any:
    """The form of a verb (bound to `args`), or None for one that needs no words."""
    form = FORMS.get(verb)
    if form is None:
        return None
    if verb in WITH_PROJECT:
        kwargs["project"] = project
    return form(*args, **kwargs)
