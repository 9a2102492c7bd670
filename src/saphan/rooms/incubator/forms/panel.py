"""What reviewers, the desk and teams may say around the panel: one validation for the web, the API
and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.engines.language import normalise
from saphan.ground.text import Text, reader_language
from saphan.house import discretion
from saphan.house.fields import ListField, WordsField, language_of
from saphan.people.models import Person
from saphan.rooms.incubator.models import Answer, Call, Review, Reviewer
from saphan.rooms.incubator.queries import calls as call_queries
from saphan.rooms.incubator.queries import panel as queries
from saphan.rooms.incubator.vocabulary import MARK_BEST

REMARK = 1500
MARK, SAID = "mark_", "remark_"


def languages() -> list[tuple[str, str]]:
    """The house's languages under their own names."""
    found = [formats.bcp47(code) for code, _name in settings.LANGUAGES]
    return [(code, str(formats.ENDONYMS.get(code, code))) for code in found]


class InviteForm(forms.Form):
    """Whom the desk asks onto the panel: from the list, or by address."""

    use_required_attribute = False
    person = forms.ChoiceField(label=_("Staff and liaison officers"), required=False)
    email = forms.EmailField(label=_("Or anybody with an account here, by e-mail"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, call: Call,
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {each.ref: each for each in queries.could_review(call)}
        field: Any = self.fields["person"]
        field.choices = [("", "—"), *((ref, str(each)) for ref, each in self.people.items())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.chosen: Person | None = self.people.get(cleaned.get("person") or "")
        if self.chosen is None and cleaned.get("email"):
            self.chosen = queries.person_with(cleaned["email"])
        if self.chosen is None and not self.errors:
            self.add_error("email" if cleaned.get("email") else "person", _(
                "Nobody with this address has an account here.") if cleaned.get("email") else _(
                "Choose somebody."))
        return cleaned


class PromiseForm(forms.Form):
    """What a reviewer promises before she reads anything."""

    use_required_attribute = False
    promise = forms.BooleanField(label=_(
        "I keep what I read to myself, and I judge without regard to persons. Where I have an "
        "interest of my own I say so and do not judge."))
    languages = ListField(label=_("Languages in which you can read answers"), help_text=_(
        "Leave empty if any will do, for example with a translator."))

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["languages"]
        field.choices = languages()


class PairForm(forms.Form):
    """One answer and one reviewer, to be put together by hand."""

    use_required_attribute = False
    answer = forms.ChoiceField(label=pgettext_lazy("panel", "Answer"))
    reviewer = forms.ChoiceField(label=_("Reviewer"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, call: Call,
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.answers: dict[str, Answer] = {each.number: each
                                           for each in queries.to_assign(call)}
        self.reviewers: dict[str, Reviewer] = {each.person.ref: each
                                               for each in queries.sitting(call)}
        for name, choices in (
                ("answer", [(number, number) for number in self.answers]),
                ("reviewer", [(ref, str(each.person)) for ref, each in self.reviewers.items()])):
            field: Any = self.fields[name]
            field.choices = choices

    @property
    def pair(self) -> tuple[Answer, Reviewer]:
        return (self.answers[self.cleaned_data["answer"]],
                self.reviewers[self.cleaned_data["reviewer"]])


class ReviewForm(forms.Form):
    """A mark from 0 to 5 and words for each thing that is looked at. May be saved with gaps."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, review: Review,
                 **kwargs: Any) -> None:
        self.criteria = call_queries.rubric_of(review.answer.call)
        if data is None:
            kwargs["initial"] = {
                **{MARK + name: str(mark) for name, mark in review.marks.items()
                   if mark is not None},
                **{SAID + name: words for name, words in review.remarks.items()}}
        super().__init__(data, **kwargs)
        for criterion in self.criteria:
            self.fields[MARK + criterion.id] = forms.ChoiceField(
                label=_("Mark"), required=False, widget=forms.RadioSelect,
                choices=[(str(mark), formats.number(mark)) for mark in range(MARK_BEST + 1)])
            self.fields[SAID + criterion.id] = forms.CharField(
                label=_("Why this mark?"), required=False, max_length=REMARK,
                widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    @property
    def rows(self) -> list[tuple[call_queries.Criterion, Any, Any]]:
        return [(each, self[MARK + each.id], self[SAID + each.id]) for each in self.criteria]

    def values(self) -> dict[str, Any]:
        """`marks`, `remarks` and their language."""
        marks = {each.id: int(self.cleaned_data[MARK + each.id]) for each in self.criteria
                 if self.cleaned_data.get(MARK + each.id)}
        remarks = {each.id: normalise.clean(words).strip() for each in self.criteria
                   if (words := self.cleaned_data.get(SAID + each.id))}
        return {"marks": marks, "remarks": remarks,
                "lang": language_of(*remarks.values()) or reader_language()}


class _WithReasons(forms.Form):
    use_required_attribute = False

    def text(self, name: str, by: Person) -> Text:
        lang = language_of(self.cleaned_data.get(name)) or reader_language()
        return Text.of({key or lang: words for key, words in self.cleaned_data[name].items()},
                       by=by.ref)


class DecisionForm(_WithReasons):
    """What is proposed for an answer, and why."""

    outcome = forms.ChoiceField(label=_("What is proposed?"), widget=forms.RadioSelect, choices=[
        (Answer.State.ACCEPTED, pgettext_lazy("answer", "Choose")),
        (Answer.State.DECLINED, pgettext_lazy("answer", "Do not choose")),
        (Answer.State.INELIGIBLE, _("Not eligible"))])
    reasons = WordsField(label=_("Reasons for the team"), limit=3000, rows=8, help_text=_(
        "The team reads this. It begins with the remarks of the reviewers, without their names. "
        "Change it as you like."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, answer: Answer,
                 **kwargs: Any) -> None:
        self.answer = answer
        if data is None:
            kwargs["initial"] = {"outcome": answer.proposal, "reasons": str(
                answer.reasons.best().text) if answer.reasons else queries.draft_reasons(answer)}
        super().__init__(data, **kwargs)

    def clean_reasons(self) -> dict[str, str]:
        words: dict[str, str] = self.cleaned_data["reasons"]
        if not words:
            raise forms.ValidationError(_("Give the reasons, in at least one sentence."))
        names = [each.person.name for each in self.answer.call.reviewers.select_related("person")]
        folded = {name.casefold() for name in names if len(name) >= 3}
        for finding in discretion.leaks({"reasons": words}, [n for n in names if len(n) >= 3]):
            if finding.found.casefold() in folded:
                raise forms.ValidationError(_("“%(found)s” names a reviewer. Leave it out."),
                                            params={"found": finding.found})
        return words


class AppealForm(_WithReasons):
    """What was wrong."""

    words = WordsField(label=_("What was wrong, and why you think so"), limit=3000, rows=6)

    def clean_words(self) -> dict[str, str]:
        if not self.cleaned_data["words"]:
            raise forms.ValidationError(_("Say what was wrong, and why you think so."))
        return dict(self.cleaned_data["words"])


class AppealAnswerForm(_WithReasons):
    """Why an appeal is upheld or dismissed."""

    reasons = WordsField(label=_("Reasons"), limit=3000, rows=5)

    def clean_reasons(self) -> dict[str, str]:
        if not self.cleaned_data["reasons"]:
            raise forms.ValidationError(_("Give the reasons, in at least one sentence."))
        return dict(self.cleaned_data["reasons"])
