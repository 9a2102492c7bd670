"""What either side may say of a meeting: one validation for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.house.fields import WordsField
from saphan.rooms.meetings.forms.words import WordsForm
from saphan.rooms.meetings.models import Feedback
from saphan.rooms.meetings.vocabulary import NextStep

USEFUL = [("4", pgettext_lazy("usefulness", "Very useful")),
          ("3", pgettext_lazy("usefulness", "Useful")),
          ("2", pgettext_lazy("usefulness", "A little useful")),
          ("1", pgettext_lazy("usefulness", "Not useful"))]


class FeedbackForm(WordsForm):
    """Three questions that take half a minute, and room for words."""

    TELLING = ("words",)
    took_place = forms.TypedChoiceField(
        label=_("Did the meeting take place?"), widget=forms.RadioSelect,
        choices=[("yes", pgettext_lazy("meeting", "Yes, we met")),
                 ("no", pgettext_lazy("meeting", "No"))],
        coerce=lambda value: value == "yes")
    useful = forms.TypedChoiceField(
        label=_("How useful was it?"), choices=USEFUL, coerce=int, required=False,
        empty_value=None, widget=forms.RadioSelect)
    next_step = forms.ChoiceField(
        label=_("Next step"), choices=NextStep.choices, required=False, widget=forms.RadioSelect)
    words = WordsField(label=_("In your words"), limit=1000, rows=3, help_text=_(
        "For the organisers. The other side does not read it."))

    def __init__(self, data: Mapping[str, Any] | None = None, *,
                 given: Feedback | None = None, **kwargs: Any) -> None:
        self.record = given
        if given is not None:
            kwargs.setdefault("initial", {
                "took_place": "yes" if given.took_place else "no",
                "useful": str(given.useful or ""), "next_step": given.next_step,
                "words": str(given.words.best()) if given.words else ""})
        super().__init__(data, **kwargs)
        self.settle_language()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("took_place") is True and not cleaned.get("useful") \
                and "useful" not in self.errors:
            self.add_error("useful", _("Please say how useful it was."))
        return cleaned

    def values(self, *, by: str = "") -> dict[str, Any]:
        """What `actions.feedback.give` takes. Of a meeting that was not, nothing else is kept."""
        cleaned = self.cleaned_data
        met = cleaned["took_place"]
        return {"took_place": met, "useful": cleaned["useful"] if met else None,
                "next_step": cleaned["next_step"] if met else "",
                "words": self.text("words", by=by)}
