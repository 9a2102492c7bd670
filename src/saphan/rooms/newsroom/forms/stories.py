"""What people say of stories: which articles, and which other story."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.engines.language import codes
from saphan.rooms.newsroom.models import Article, Story

_NUMBER = re.compile(r"STY-\d{4}-\d{4,7}", re.IGNORECASE)
ANY = pgettext_lazy("a filter that is off", "Any")


class NarrowForm(forms.Form):
    """Filters of the list of stories."""

    q = forms.CharField(label=_("Words in the title"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}))
    lang = forms.ChoiceField(label=_("Language"), required=False, choices=[("", ANY), *(
        (code, codes.LANGUAGES[code].endonym) for code in codes.CODES)])
    alone = forms.BooleanField(label=_("Also stories that only one article tells"), required=False)

    def chosen(self) -> dict[str, Any]:
        """The filters that are on, as `queries.stories` takes them."""
        given = self.cleaned_data if self.is_valid() else {}
        return {"words": given.get("q", ""), "lang": given.get("lang", ""),
                "alone": bool(given.get("alone"))}


class TickedForm(forms.Form):
    """Some articles of a story."""

    articles = forms.MultipleChoiceField(label=_("Articles"), error_messages={
        "required": _("Choose the articles that tell of something else.")})

    def __init__(self, story: Story, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ours = {each.number: each for each in Article.objects.filter(story=story).defer(
            "vector")}
        self.fields["articles"].choices = [  # type: ignore[attr-defined]
            (number, number) for number in self._ours]

    def clean_articles(self) -> list[Article]:
        return [self._ours[number] for number in self.cleaned_data["articles"]]


class OtherForm(forms.Form):
    """Another story, by its number or the address of its page."""

    other = forms.CharField(
        label=_("Number of the other story"), max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "STY-2027-0001", "autocomplete": "off"}),
        help_text=_("It stands on the page of that story. Its address works too."))

    def clean_other(self) -> Story:
        found = _NUMBER.search(self.cleaned_data["other"])
        story = Story.objects.filter(number=found.group().upper()).first() if found else None
        if story is None:
            raise forms.ValidationError(_("There is no story with this number."), code="unknown")
        return story
