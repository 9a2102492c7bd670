"""What people and software may say of a brief: one validation for the web, the API and MCP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.engines.language import codes
from saphan.people.models import Person
from saphan.rooms.newsroom import blocks
from saphan.rooms.newsroom.drafting import Wish
from saphan.rooms.newsroom.models import Article, Brief, Story, Topic
from saphan.rooms.newsroom.queries.briefs import Filters, years
from saphan.rooms.newsroom.vocabulary import Sharing

ADDRESSES_AT_MOST = 50
NUMBERS_AT_MOST = 40


def languages() -> list[tuple[str, str]]:
    return [(code, formats.ENDONYMS.get(code, code)) for code in codes.CODES]


def topics_of(person: Person | None) -> Any:
    """The topics a person at the desk may write about: her own and those of the desk."""
    if person is None:
        return Topic.objects.none()
    return Topic.objects.filter(Q(owner=person) | ~Q(sharing=Sharing.OWN), active=True)


class _NumbersField(forms.CharField):
    """Accession numbers, apart by spaces or commas, or a list; cleans to the records."""

    def __init__(self, model: Any, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.model = model

    def clean(self, value: Any) -> list[Any]:
        if isinstance(value, list | tuple):
            value = " ".join(map(str, value))
        wanted = [word.upper() for word in str(value or "").replace(",", " ").split()]
        if len(wanted) > NUMBERS_AT_MOST:
            raise ValidationError(_("At most %(limit)d; you chose %(count)d."), params={
                "limit": NUMBERS_AT_MOST, "count": len(wanted)})
        found = {row.number: row for row in self.model.objects.filter(number__in=wanted)}
        missing = [number for number in wanted if number not in found]
        if missing:
            raise ValidationError(_("There is no %(number)s here."),
                                  params={"number": missing[0]})
        return [found[number] for number in dict.fromkeys(wanted)]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"],
                           widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


class DraftForm(forms.Form):
    """What the house should make a draft of."""

    use_required_attribute = False

    lang = forms.ChoiceField(label=_("Language of the brief"), choices=languages)
    topic: forms.ModelChoiceField[Topic] = forms.ModelChoiceField(
        label=pgettext_lazy("news", "Topic"), queryset=None, required=False,
        to_field_name="number")
    since = _day(_("First day"))
    until = _day(_("Last day"))
    stories = _NumbersField(Story, label=pgettext_lazy("news", "Stories"), help_text=_(
        "Their numbers, such as STY-2026-000001"))
    articles = _NumbersField(Article, label=_("Articles"), help_text=_(
        "Their numbers, such as NWS-2026-000001"))
    sentences = forms.IntegerField(label=_("Sentences of one story, at most"), min_value=1,
                                   max_value=12, initial=4)
    title = forms.CharField(label=_("Title"), max_length=300, required=False,
                            help_text=_("You can write it later."))

    def __init__(self, *args: Any, by: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        topic.queryset = topics_of(by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not (cleaned.get("topic") or cleaned.get("stories") or cleaned.get("articles")):
            raise ValidationError(_("Choose a topic, or name stories or articles."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("It cannot end before it begins."))
        return cleaned

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(lang=given["lang"], topic=given["topic"], stories=given["stories"],
                    articles=given["articles"], since=given["since"], until=given["until"],
                    sentences=given["sentences"])


class WriteForm(forms.Form):
    """What is typed into a brief: the words around, and each block's words as `text-<id>`."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=300, required=False,
                            widget=forms.TextInput(attrs={"dir": "auto"}))
    standfirst = forms.CharField(label=_("In short"), max_length=2000, required=False,
                                 widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
    public = forms.BooleanField(label=_("Everybody may read it"), required=False, help_text=_(
        "After it is approved it stands on the public page of the newsroom."))

    @classmethod
    def of(cls, brief: Brief, data: Any = None) -> WriteForm:
        return cls(data, initial={"version": brief.version, "title": brief.title,
                                  "standfirst": brief.standfirst, "public": brief.public})

    def values(self, brief: Brief) -> dict[str, Any]:
        """What `actions.briefs.write` takes."""
        given = self.cleaned_data
        names = blocks.by_id(brief.content)
        return {"version": given["version"], "title": given["title"],
                "standfirst": given["standfirst"], "public": given["public"],
                "texts": {name: str(self.data[f"text-{name}"]) for name in names
                          if f"text-{name}" in self.data},
                "order": self._order(names)}

    def _order(self, names: Iterable[str]) -> list[str]:
        listed = self.data.getlist("order") if hasattr(self.data, "getlist") \
            else list(self.data.get("order") or [])
        known = set(names)
        return [name for name in dict.fromkeys(listed) if name in known]


class ReasonForm(forms.Form):
    """Why: shown to whoever has to go on from there."""

    because = forms.CharField(label=_("Reason"), max_length=500,
                              widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


class CorrectForm(ReasonForm):
    because = forms.CharField(label=_("What is corrected"), max_length=500,
                              widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))


class SendForm(forms.Form):
    """Who gets it: those who subscribed, and other addresses."""

    subscribers = forms.BooleanField(label=_("Everybody who subscribed"), required=False,
                                     initial=True)
    addresses = forms.CharField(label=_("Other addresses"), required=False, max_length=4000,
                                widget=forms.Textarea(attrs={"rows": 3}),
                                help_text=_("One on each line."))

    def clean_addresses(self) -> list[str]:
        given = str(self.cleaned_data["addresses"]).replace(",", " ").replace(";", " ").split()
        if len(given) > ADDRESSES_AT_MOST:
            raise ValidationError(_("At most %(limit)d; you chose %(count)d."), params={
                "limit": ADDRESSES_AT_MOST, "count": len(given)})
        for address in given:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(_("“%(address)s” is not an e-mail address."),
                                      params={"address": address}) from None
        return list(dict.fromkeys(given))


class SubscriberForm(forms.Form):
    """Somebody who asked for briefs; a person with an account subscribes herself."""

    lang = forms.ChoiceField(label=_("Language of the briefs"), choices=languages)
    topic: forms.ModelChoiceField[Topic] = forms.ModelChoiceField(
        label=pgettext_lazy("news", "Topic"), queryset=None, required=False,
        to_field_name="number", empty_label=_("All topics"))
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200,
                           required=False)

    def __init__(self, *args: Any, by: Person | None, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        topic.queryset = Topic.objects.filter(sharing=Sharing.PUBLIC, active=True) if own \
            else topics_of(by)
        if own:
            del self.fields["email"], self.fields["name"]


class FilterForm(forms.Form):
    """What the archive can be narrowed to."""

    use_required_attribute = False

    text = forms.CharField(label=_("Words of the title, or the number"), required=False)
    lang = forms.ChoiceField(label=_("Language"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, filters: Filters, *, at_the_desk: bool) -> None:
        super().__init__(initial={name: getattr(filters, name) for name in self.base_fields},
                         auto_id="filter_%s")
        everything = ("", pgettext_lazy("filter", "All"))
        self._choose("lang", [everything, *languages()])
        self._choose("year", [everything, *((str(year), str(year)) for year in years())])
        self._choose("state", [everything, *Brief.State.choices])
        if not at_the_desk:
            del self.fields["state"]

    def _choose(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


def errors_of(form: forms.Form) -> Mapping[str, list[str]]:
    return {name: [str(one) for one in found] for name, found in form.errors.items()}
