"""What people and software may say on the brokered path: one validation for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes
from saphan.ground import clock
from saphan.ground.text import Text, reader_language
from saphan.house import discretion, uploads
from saphan.house.fields import WordsField, language_of
from saphan.people import queries as people
from saphan.people.models import Organisation, Person
from saphan.rooms.market.interest import queries
from saphan.rooms.market.models import Interest, Listing, Progress
from saphan.rooms.market.vocabulary import State

QUESTIONS = ("purpose", "brings", "timing")
SHORTEST = 20  # characters; ten of a Chinese, Thai, Lao, Khmer or Burmese sentence say as much
UNSPACED = frozenset({"zh-Hans", "zh-Hant", "th", "lo", "km", "my"})


class InterestForm(forms.Form):
    """The three questions, and in whose name she asks."""

    use_required_attribute = False

    purpose = WordsField(label=_("What would you like to do together?"), limit=1500, rows=4)
    brings = WordsField(label=_("What do you bring?"), limit=1500, rows=4, help_text=_(
        "Experience, customers, data, money. No names and no addresses: the other side learns "
        "them when both of you have agreed."))
    timing = WordsField(label=_("How soon, and how large?"), limit=800, rows=2)
    organisation = forms.ChoiceField(label=_("In the name of"), required=False)
    own_listing = forms.ChoiceField(label=_("Your own record that fits"), required=False,
                                    help_text=_("It is shown to the other side once you know "
                                                "each other."))
    agree = forms.BooleanField(required=False, label=_(
        "If they accept, introduce us at once. They then get my name, my organisation and my "
        "e-mail address, and I get theirs."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Person, listing: Listing,
                 lang: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.by, self.listing = by, listing
        given = [self.data.get(name) for name in QUESTIONS] if self.is_bound else []
        self.lang = lang if lang in codes.LANGUAGES else language_of(*given) or reader_language()
        for name in QUESTIONS:  # `clean` asks for them in words of its own
            self.fields[name].required = True
        self.organisations = list(people.organisations_of(by))
        organisation: Any = self.fields["organisation"]
        organisation.choices = [("", _("Myself")), *(
            (str(each.pk), str(each)) for each in self.organisations)]
        if len(self.organisations) == 1:
            organisation.initial = str(self.organisations[0].pk)
        self.own = list(_own_records(by, listing))
        own: Any = self.fields["own_listing"]
        own.choices = [("", "—"), *((each.number, f"{each.number} {each.title}")
                                    for each in self.own)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in QUESTIONS:
            words = cleaned.get(name)
            if words is None:
                continue
            shortest = SHORTEST // 2 if self.lang in UNSPACED else SHORTEST
            if name != "timing" and len(next(iter(words.values()), "")) < shortest:
                self.add_error(name, _("Write a sentence or two: the other side decides on "
                                       "these words alone."))
            elif not words:
                self.add_error(name, _("Please answer this question as well."))
        self._stay_discreet(cleaned)
        return cleaned

    def _stay_discreet(self, cleaned: Mapping[str, Any]) -> None:
        words = {name: {lang or self.lang: text for lang, text in cleaned[name].items()}
                 for name in QUESTIONS if cleaned.get(name)}
        names = discretion.names_of(self.by, self.organisations)
        for finding in discretion.leaks(words, names):
            self.add_error(finding.field, _(
                "“%(found)s” would tell who you are. Leave it out: both sides get all names and "
                "addresses when both have agreed.") % {"found": finding.found})

    def values(self) -> dict[str, Any]:
        """What `actions.send` takes."""
        cleaned = self.cleaned_data
        texts = {name: Text.of({lang or self.lang: text for lang, text in cleaned[name].items()},
                               source=self.lang, by=self.by.ref) for name in QUESTIONS}
        return {**texts, "lang": self.lang, "own_listing": next(
            (each for each in self.own if each.number == cleaned["own_listing"]), None)}

    @property
    def in_the_name_of(self) -> Organisation | None:
        return next((each for each in self.organisations
                     if str(each.pk) == self.cleaned_data["organisation"]), None)


def _own_records(by: Person, listing: Listing) -> Any:
    """Published records of hers on the other side of the market."""
    mine = Q(author=by) | Q(organisation__in=people.organisations_of(by))
    return [each for each in Listing.objects.filter(mine, state=State.PUBLISHED)[:30]
            if each.is_offer != listing.is_offer]


class ReplyForm(forms.Form):
    """Words that go with a yes or a no; anonymous like the question."""

    use_required_attribute = False

    reply = WordsField(label=_("A few words (optional)"), limit=1500, rows=3)
    reason = forms.ChoiceField(label=_("Reason"), required=False,
                               choices=[("", _("Choose a reason")), *Interest.Reason.choices])

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Person, interest: Interest,
                 declining: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.by, self.interest, self.declining = by, interest, declining
        given = self.data.get("reply") if self.is_bound else ""
        self.lang = language_of(given) or reader_language()
        if not declining:
            del self.fields["reason"]
            return
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = _("Choose a reason from the list.")

    def clean_reply(self) -> dict[str, str]:
        words: dict[str, str] = self.cleaned_data["reply"]
        listing = self.interest.listing
        names = discretion.names_of(self.by, people.organisations_of(self.by))
        # A broker may answer for the owner: then it is the owner who must not be named.
        owning = [listing.organisation] if listing.organisation else []
        names += discretion.names_of(listing.author, owning, listing.organisation_name)
        if not listing.discreet and listing.organisation:
            known = set(discretion.names_of(None, owning))
            names = [name for name in names if name not in known]
        texts = {"reply": {lang or self.lang: text for lang, text in words.items()}}
        for finding in discretion.leaks(texts, names):
            raise forms.ValidationError(_(
                "“%(found)s” would tell who you are. Leave it out: both sides get all names and "
                "addresses when both have agreed.") % {"found": finding.found})
        return words

    @property
    def text(self) -> Text:
        return Text.of({lang or self.lang: text
                        for lang, text in self.cleaned_data["reply"].items()}, by=self.by.ref)


class MeetingForm(forms.Form):
    """When and where both first speak; leave the time out to introduce them by letter alone."""

    use_required_attribute = False

    meets_at = forms.DateTimeField(
        label=_("First meeting"), required=False, input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}))
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=480, initial=45,
                                 required=False)
    where = forms.CharField(label=_("Where, or the link"), max_length=300, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, interest: Interest,
                 **kwargs: Any) -> None:
        economies = [each for each in (interest.economy, interest.listing.economy) if each]
        zones = list(dict.fromkeys(each.time_zone for each in economies)) or ["UTC"]
        if interest.meets_at and data is None:
            local = interest.meets_at.astimezone(ZoneInfo(zones[0])).replace(tzinfo=None)
            kwargs["initial"] = {"meets_at": local, "zone": zones[0],
                                 "minutes": interest.meets_minutes, "where": interest.meets_where}
        super().__init__(data, **kwargs)
        zone: Any = self.fields["zone"]
        zone.choices = [(name, name.rpartition("/")[2].replace("_", " ")) for name in zones]
        self.zones = zones

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        naive: datetime | None = cleaned.get("meets_at")
        if naive is None:
            return cleaned
        zone = ZoneInfo(cleaned.get("zone") or self.zones[0])
        moment = naive.replace(tzinfo=zone)
        if moment <= clock.now():
            self.add_error("meets_at", _("This time has passed."))
        if not cleaned.get("where"):
            self.add_error("where", _("Say where they meet, or give the link."))
        cleaned["moment"] = moment
        return cleaned

    def values(self) -> dict[str, Any]:
        return {"meets_at": self.cleaned_data.get("moment"),
                "minutes": self.cleaned_data.get("minutes") or 45,
                "where": self.cleaned_data.get("where", "")}


class ProgressForm(forms.Form):
    """What was signed, what runs, what came out, and what shows it."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("What is it?"), choices=Progress.Kind.choices)
    on = forms.DateField(label=_("On which day?"), input_formats=["%Y-%m-%d"],
                         widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    words = WordsField(label=_("In your words"), limit=1500, rows=3)
    amount = forms.DecimalField(label=_("Value"), min_value=Decimal(0), max_digits=14,
                                decimal_places=2, required=False)
    currency = forms.RegexField(r"^[A-Z]{3}$", label=_("Currency"), required=False,
                                help_text=_("Three letters, for example THB."))
    url = forms.URLField(label=_("Link to evidence"), max_length=500, required=False,
                         assume_scheme="https")
    file = forms.FileField(label=_("Document"), required=False, help_text=_(
        "JPEG, PNG, WebP or PDF, 5 MB at most."))

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("amount") is None) != (not cleaned.get("currency")):
            self.add_error("amount" if cleaned.get("currency") else "currency",
                           _("A value needs both an amount and a currency."))
        if not self.errors and not cleaned.get("url") and not cleaned.get("file"):
            self.add_error("url", _("Add evidence: a document, or a link to one."))
        return cleaned

    def values(self, by: Person) -> dict[str, Any]:
        """What `actions.sign`, `start` and `conclude` take. Raises `Refused` for files that are
        neither pictures nor PDF."""
        cleaned = self.cleaned_data
        lang = language_of(self.data.get("words")) or reader_language()
        out = {name: cleaned[name] for name in ("kind", "on", "amount", "currency", "url")}
        out["words"] = Text.of({key or lang: text for key, text in cleaned["words"].items()},
                               by=by.ref)
        if file := cleaned.get("file"):
            content = file.read()
            out["media_type"], out["ending"] = uploads.kind_of(content)
            out["content"] = content
        return out


class CloseForm(forms.Form):
    """Why it goes no further."""

    use_required_attribute = False

    reason = forms.ChoiceField(label=_("Reason"), required=False,
                               choices=[("", _("I would rather not say")),
                                        *Interest.Reason.choices])


class HandOverForm(forms.Form):
    """Who goes on with it."""

    use_required_attribute = False

    to = forms.ChoiceField(label=_("Hand over to"))
    note = forms.CharField(label=_("What she or he should know"), max_length=2000, required=False,
                           widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, interest: Interest,
                 by: Person, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.officers = [each for each in queries.officers_for(interest)
                         if each.person.pk != interest.broker_id]
        to: Any = self.fields["to"]
        to.choices = [(each.person.ref, f"{each.person} ({each.open})") for each in self.officers]

    @property
    def person(self) -> Person:
        return next(each.person for each in self.officers
                    if each.person.ref == self.cleaned_data["to"])


class NoteForm(forms.Form):
    """A note for the brokers alone."""

    text = forms.CharField(label=_("Note for the brokers"), max_length=2000,
                           widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))
