"""What people and software may say of a topic: one form for the web, the API and MCP."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes
from saphan.ground.access import Refused
from saphan.house.ask import sane
from saphan.house.watching.models import Watch
from saphan.people.queries import economies
from saphan.rooms.newsroom.models import Source, Topic
from saphan.rooms.newsroom.vocabulary import Sharing

NAMED_AFTER = 60
"""Characters of the words that name a topic nobody gave a name."""


class TopicForm(forms.Form):
    """A question that stands, and where to look. Empty filters do not limit."""

    use_required_attribute = False

    query = forms.CharField(
        label=_("What to watch for"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("In your own words, in any language. We look in all languages."))
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Leave it empty to use your words."))
    langs = forms.MultipleChoiceField(
        label=_("Only articles in these languages"), required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, codes.LANGUAGES[code].endonym) for code in codes.CODES])
    economies = forms.MultipleChoiceField(
        label=_("Only sources from these countries or regions"), required=False,
        widget=forms.CheckboxSelectMultiple)
    sources = forms.MultipleChoiceField(
        label=_("Only these sources"), required=False, widget=forms.CheckboxSelectMultiple)
    sharing = forms.ChoiceField(label=_("Who sees it"), choices=Sharing.choices, required=False,
                                widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["economies"].choices = [  # type: ignore[attr-defined]
            (economy.code, str(economy)) for economy in economies()]
        self.fields["sources"].choices = [  # type: ignore[attr-defined]
            (str(key), name) for key, name in Source.objects.exclude(
                state=Source.State.RETIRED).values_list("pk", "name")]

    def clean_query(self) -> str:
        try:
            return sane(self.cleaned_data["query"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.reason), code="query") from None

    def clean_sharing(self) -> str:
        return self.cleaned_data["sharing"] or str(Sharing.OWN)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            words = " ".join(given["query"].split())
            given["name"] = given.get("name") or (
                words if len(words) <= NAMED_AFTER else words[:NAMED_AFTER - 1].rstrip() + "…")
            given["lang"] = ""
            given["filters"] = {name: values for name, values in (
                ("langs", given["langs"]), ("economies", given["economies"]),
                ("sources", [int(key) for key in given["sources"]])) if values}
        return given


def said_of(topic: Topic) -> dict[str, Any]:
    """A topic as the form shows it."""
    return {"query": topic.query, "name": topic.name, "sharing": topic.sharing,
            "langs": topic.filters.get("langs", []),
            "economies": topic.filters.get("economies", []),
            "sources": [str(key) for key in topic.filters.get("sources", [])]}


class FollowForm(forms.Form):
    """How often to be told, and in which language."""

    often = forms.ChoiceField(label=_("How often shall we write?"), choices=Watch.Often.choices,
                              initial=Watch.Often.DAILY)
    language = forms.ChoiceField(label=_("Language of the letters"), required=False,
                                 choices=settings.LANGUAGES)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or get_language() or settings.LANGUAGE_CODE


def initial_of(watch: Watch | None, lang: str) -> dict[str, Any]:
    if watch is None:
        return {"often": str(Watch.Often.DAILY), "language": lang.lower()}
    return {"often": watch.often, "language": watch.language}
