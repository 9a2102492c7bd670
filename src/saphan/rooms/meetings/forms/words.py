"""Forms some of whose words people write in their own language: what they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes
from saphan.ground.text import Text, reader_language
from saphan.house.fields import WordsField, language_of, tidy


class WordsForm(forms.Form):
    """A form with `WordsField`s. `record` is what it changes, if anything; `TELLING` names the
    fields by whose words the language is found out."""

    use_required_attribute = False
    TELLING: tuple[str, ...] = ()
    record: Any = None

    def settle_language(self, lang: str = "") -> None:
        """The language of plain words: given, chosen, found in the words, the record's, or that in
        which she reads."""
        chosen = str(self.data.get(self.add_prefix("lang")) or "") if self.is_bound else ""
        known = getattr(self.record, "lang", "") if self.record else ""
        found = language_of(*(self.data.get(self.add_prefix(name)) for name in self.TELLING)) \
            if self.is_bound else ""
        self.source_lang = next((each for each in (lang, chosen, found, known) if
                                 each in codes.LANGUAGES), reader_language())

    def text(self, name: str, *, by: str = "", origin: str = "person") -> Text:
        """What a `WordsField` holds, with what was known of it before in other languages."""
        words: dict[str, str] = self.cleaned_data.get(name) or {}
        text: Text = getattr(self.record, name) if self.record else Text()
        key = self.add_prefix(name)
        if key not in self.data:
            return text
        if not isinstance(self.data[key], Mapping):
            words = {self.source_lang: words.get("", "")}
        if text.source and text.source != self.source_lang and self.source_lang in words:
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

    def word_fields(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, WordsField)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.word_fields():
            if self.fields[name].required and name not in self.errors and not cleaned.get(name):
                self.add_error(name, _("This field is required."))
        return cleaned


def choices_of_languages() -> list[tuple[str, Any]]:
    return [("", _("Find out from my words")), *(
        (code, language.endonym) for code, language in codes.LANGUAGES.items())]
