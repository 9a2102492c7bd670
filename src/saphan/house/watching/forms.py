"""What people and software may say of a saved search: one form for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes
from saphan.ground import limits
from saphan.ground.access import Refused
from saphan.house.ask import sane
from saphan.house.registry import rooms
from saphan.house.vocabulary import Sector
from saphan.house.watching.models import NAME_CHARACTERS, Watch
from saphan.people.queries import economies

ANY = pgettext_lazy("a filter that is off", "Any")
FILTERS = ("room", "kind", "sector", "economy", "lang")
NAMED_AFTER = 60
"""Characters of the words that name a search nobody gave a name."""


@runtime_checkable
class NamesKinds(Protocol):
    """Entries of a room whose documents are of several kinds that people know by name. Optional."""

    def kinds(self) -> Mapping[str, str | Promise]:
        """Kind of a document to its label."""
        ...


def kind_choices() -> list[tuple[Any, Any]]:
    """Kinds of records by room."""
    groups: list[tuple[Any, Any]] = [("", ANY)]
    for room in rooms():
        kinds = [pair for entries in room.entries if isinstance(entries, NamesKinds)
                 for pair in entries.kinds().items()]
        if kinds:
            groups.append((room.name, kinds))
    return groups


def room_of_kind(kind: str) -> str:
    """The slug of the room that has this kind; empty if none has."""
    return next((room.slug for room in rooms() for entries in room.entries
                 if isinstance(entries, NamesKinds) and kind in entries.kinds()), "")


class LanguageField(forms.ChoiceField):
    """A language of the house, with its script written in any case."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower()


class WatchForm(forms.Form):
    """A question, filters, or both; how often and in which language to be told."""

    use_required_attribute = False

    question = forms.CharField(
        label=_("What are you looking for?"), required=False,
        max_length=limits.QUESTION_CHARACTERS, strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("In your own words, in any language. We look in all languages."))
    name = forms.CharField(
        label=_("Name of this search"), required=False, max_length=NAME_CHARACTERS,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("It stands above your letters. Leave it empty to use your words."))
    often = forms.ChoiceField(label=_("How often shall we write?"), required=False,
                              choices=Watch.Often.choices, initial=Watch.Often.DAILY,
                              widget=forms.RadioSelect,
                              help_text=_("We write only when there is something new."))
    language = LanguageField(label=_("Language of the letters"), required=False,
                             choices=settings.LANGUAGES)
    side = forms.ChoiceField(
        label=_("What shall we look at?"), required=False, choices=Watch.Side.choices,
        initial=Watch.Side.ANSWERS,
        help_text=_("If you look for something, offers answer you. If you offer something, "
                    "needs do."))
    room = forms.ChoiceField(label=_("Room"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("of a record", "Kind"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False,
                               choices=[("", ANY), *Sector.choices])
    economy = forms.ChoiceField(label=_("Country or region"), required=False)
    lang = forms.ChoiceField(
        label=_("Written in"), required=False, choices=[("", ANY), *(
            (code, codes.LANGUAGES[code].endonym) for code in codes.CODES)])
    like = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = [("", ANY), *(  # type: ignore[attr-defined]
            (room.slug, room.name) for room in rooms() if room.entries)]
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]
        self.fields["economy"].choices = [("", ANY), *(  # type: ignore[attr-defined]
            (economy.code, str(economy)) for economy in economies())]

    def clean_question(self) -> str:
        text: str = self.cleaned_data["question"]
        if not text:
            return ""
        try:
            return sane(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal.reason), code="question") from None

    def clean_often(self) -> str:
        return self.cleaned_data["often"] or str(Watch.Often.DAILY)

    def clean_side(self) -> str:
        return self.cleaned_data["side"] or str(Watch.Side.ANSWERS)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or get_language() or settings.LANGUAGE_CODE

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        room, kind = given.get("room"), given.get("kind")
        if room and kind and room_of_kind(kind) != room:
            self.add_error("kind", _("There is nothing of this kind in the room that you chose."))
        if "question" in given and not given["question"] and not any(
                given.get(name) for name in FILTERS):
            self.add_error("question", _("Write what you are looking for, or choose a filter."))
        if not self.errors and not given.get("name"):
            given["name"] = self._named(given)
        return given

    def _named(self, given: Mapping[str, Any]) -> str:
        """The first words of the question; without one the filters."""
        words = " ".join(given["question"].split())
        if not words:
            return " · ".join(self.label_of(name, given[name])
                              for name in FILTERS if given[name])[:NAME_CHARACTERS]
        return words if len(words) <= NAMED_AFTER else words[:NAMED_AFTER - 1].rstrip() + "…"

    def label_of(self, name: str, value: str) -> str:
        """What a choice of a filter is called."""
        for code, label in self.fields[name].choices:  # type: ignore[attr-defined]
            pairs = label if isinstance(label, list | tuple) else [(code, label)]
            for each, words in pairs:
                if each == value:
                    return str(words)
        return value


FIELDS = tuple(WatchForm.base_fields)


def said_of(watch: Watch) -> dict[str, str]:
    """A search as the form shows it."""
    return {name: str(getattr(watch, name)) for name in FIELDS}
