"""Forms of the term pages: looking up, proposing, deciding, sending a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.doors.web.account_forms import Short
from saphan.engines.language.codes import CODES, LANGUAGES
from saphan.engines.language.terms import Concept
from saphan.house.wording import cleaning, queries
from saphan.house.wording.cleaning import Fault, Faulty

REASON_HELP = _("Where the word is used, or what is wrong with the present one. Everybody can "
                "read it.")


def languages() -> list[tuple[str, str]]:
    """Languages of the term base, each under its own name."""
    return [(code, LANGUAGES[code].endonym) for code in CODES]


def told(fault: Fault) -> str | SafeString:
    """What is wrong with a label; with a link to the concept that has it already."""
    if not fault.other:
        return fault.message
    return format_html('{} <a href="{}">{}</a>', fault.message, queries.address(fault.other),
                       queries.label(fault.other))


def blame(form: forms.Form, field: str | None, refusal: Exception) -> None:
    """A refusal becomes an error of the form: nothing typed is lost."""
    if isinstance(refusal, Faulty):
        for fault in refusal.faults:
            here = next((name for name in (f"words_{fault.lang}", field) if name in form.fields),
                        None)
            form.add_error(here, told(fault))  # type: ignore[arg-type]
    else:
        form.add_error(field, str(refusal))


class Search(Short):
    q = forms.CharField(label=_("A word, in any language"), required=False, max_length=200,
                        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}))
    sector = forms.ChoiceField(label=_("Sector"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="find_%s", **kwargs)
        self.fields["sector"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("filter", "All")),
            *((name, f"{cleaning.SECTORS.get(name, name)} ({count})")
              for name, count in queries.sectors())]


class Words(forms.Form):
    """The words of a concept in one language."""

    lang = forms.ChoiceField(label=_("Language"), widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words, one a line"), required=False, max_length=3000,
        help_text=_("The first is the one that readers are shown. The others are variants that "
                    "people write: spellings, plurals, abbreviations."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}))
    native = forms.BooleanField(
        label=_("I am a native speaker of this language, or one has checked these words"),
        required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=REASON_HELP)

    def __init__(self, *args: Any, concept: Concept, lang: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"lang": lang, "words": "\n".join(
            concept.labels.get(lang, ()))})
        super().__init__(*args, **kwargs)
        self.fields["lang"].choices = languages()  # type: ignore[attr-defined]
        self.fields["words"].max_length = None  # type: ignore[attr-defined]
        self.fields["words"].widget.attrs["lang"] = lang

    def clean_words(self) -> list[str]:
        return cleaning.split(self.cleaned_data["words"])


class Placed(forms.Form):
    """Where a concept stands among the others."""

    sector = forms.ChoiceField(label=_("Sector"))
    broader = forms.CharField(
        label=_("Is a kind of"), required=False, max_length=500,
        help_text=_("Broader concepts, one a line: the word in any language, or the identifier."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}))
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=REASON_HELP)

    def __init__(self, *args: Any, concept: Concept | None = None, **kwargs: Any) -> None:
        if concept is not None:
            kwargs.setdefault("initial", {
                "sector": concept.sector or "general",
                "broader": "\n".join(queries.label(name) for name in concept.broader)})
        super().__init__(*args, **kwargs)
        known = {name: str(label) for name, label in cleaning.SECTORS.items()}
        if concept is not None and concept.sector:
            known.setdefault(concept.sector, concept.sector)
        self.fields["sector"].choices = list(known.items())  # type: ignore[attr-defined]
        self.fields["broader"].max_length = None  # type: ignore[attr-defined]

    def clean_broader(self) -> list[str]:
        return [self._identifier(word.strip()) for word in cleaning.split(
            self.cleaned_data["broader"]) if word.strip()]

    def _identifier(self, word: str) -> str:
        found = queries.search(word)
        exact = [hit.concept.id for hit in found
                 if cleaning.engine.key(hit.label) == cleaning.engine.key(word)]
        if len(set(exact)) == 1:
            return exact[0]
        if word in {concept.id for concept in queries.concepts()}:
            return word
        if exact:
            raise forms.ValidationError(_("“%(word)s” names several concepts. Write the "
                                          "identifier of the one you mean: %(names)s."),
                                        params={"word": word, "names": ", ".join(sorted(exact))})
        raise forms.ValidationError(_("There is no concept “%(name)s”."), params={"name": word})


class NewConcept(Placed):
    """A concept that is not there yet, in as many languages as its writer knows."""

    native = forms.MultipleChoiceField(
        label=_("Languages whose words a native speaker has checked"), required=False,
        choices=languages, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"sector": "general"})
        super().__init__(*args, **kwargs)
        last = {name: self.fields[name] for name in ("sector", "broader", "native", "reason")}
        self.fields = {f"words_{code}": _words_in(code)
                       for code in sorted(CODES, key=lambda code: code != "en")} | last

    def labels(self) -> dict[str, list[str]]:
        return {code: cleaning.split(self.cleaned_data.get(f"words_{code}", "")) for code in CODES}


def _words_in(code: str) -> forms.CharField:
    """One line for the words in a language, divided by `|`."""
    words = forms.CharField(
        label=format_html('<span lang="{}">{}</span>', code, LANGUAGES[code].endonym),
        required=code == "en", max_length=500,
        widget=forms.TextInput(attrs={"lang": code, "spellcheck": "false"}))
    words.max_length = None
    return words


class Decision(forms.Form):
    decision = forms.CharField(
        label=_("Your answer"), max_length=500, required=False,
        help_text=_("Needed to decline: whoever proposed it can read it."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].max_length = None  # type: ignore[attr-defined]


class Upload(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("TBX or CSV, as the downloads here are, up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".tbx,.xml,.csv"}))

