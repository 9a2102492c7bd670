"""What may be said of wishes: one validation for the web, the API, MCP and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.ground.text import Text
from saphan.house.fields import ListField, WordsField
from saphan.rooms.meetings.forms.words import WordsForm
from saphan.rooms.meetings.models import Event, Guest, Party, Slot, Wish
from saphan.rooms.meetings.vocabulary import Priority, Refusal

PRIORITIES = [(str(value), label) for value, label in reversed(Priority.choices)]


class PeopleFilterForm(forms.Form):
    """Whom to show of those who take part."""

    use_required_attribute = False
    q = forms.CharField(label=_("What they do or seek, in any language"), required=False,
                        max_length=500, widget=forms.TextInput(attrs={"type": "search"}))
    economy = forms.ChoiceField(label=_("Country or region"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    lang = forms.ChoiceField(label=_("Language spoken"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *,
                 choices: Mapping[str, list[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", pgettext_lazy("filter", "All")), *rows]


def _people(field: Any, party: Party) -> dict[str, Guest]:
    """Offer the people of a party. With one there is nothing to choose."""
    known = {str(guest.pk): guest for guest in party.guests.all()}
    field.choices = [(key, guest.name) for key, guest in known.items()]
    return known


class WishForm(WordsForm):
    """How much, what about, who of us goes. `short`: without people and times, as in lists."""

    TELLING = ("words",)
    priority = forms.TypedChoiceField(
        label=_("How important"), choices=PRIORITIES, coerce=int, required=False,
        empty_value=None, widget=forms.RadioSelect)
    words = WordsField(label=_("What you want to talk about"), limit=500, rows=2)
    who = ListField(label=_("Who of you goes"), help_text=_("Leave empty if anybody may go."))
    only_slots = ListField(label=_("Only at these times"), help_text=_(
        "Leave empty if any time will do."))

    def __init__(self, data: Mapping[str, Any] | None = None, *, me: Party,
                 wish: Wish | None = None, asks: bool = True, short: bool = False,
                 **kwargs: Any) -> None:
        self.me, self.record = me, wish if asks else None
        if wish is not None and "initial" not in kwargs:
            kwargs["initial"] = _initial(wish, asks)
        kwargs.setdefault("initial", {"priority": str(int(Priority.IMPORTANT))})
        super().__init__(data, **kwargs)
        self.people = _people(self.fields["who"], me)
        if len(self.people) < 2 or short:
            del self.fields["who"]
        self.slots: dict[str, Slot] = {}
        if short:
            del self.fields["only_slots"]
        elif asks:
            self.slots = {str(slot.pk): slot for slot in _slots(me.event)}
            times: Any = self.fields["only_slots"]
            times.choices = [(key, _time(slot, me.event)) for key, slot in self.slots.items()]
        else:
            del self.fields["only_slots"]
        if not asks:
            del self.fields["words"]
        self.settle_language()

    def values(self, *, by: str) -> dict[str, Any]:
        """What was said; what was not sent at all is not among it."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {}
        if cleaned.get("priority"):
            found["priority"] = cleaned["priority"]
        if "words" in self.fields and "words" in self.data:
            found["words"] = self.text("words", by=by) or Text()
        if self._was_sent("who"):
            found["who"] = [self.people[key] for key in cleaned["who"]]
        if self._was_sent("only_slots"):
            found["only_slots"] = [self.slots[key] for key in cleaned["only_slots"]]
        return found

    def _was_sent(self, name: str) -> bool:
        """Boxes of which none is ticked are not sent at all; `whole` says that they were there."""
        return name in self.fields and (name in self.data or "whole" in self.data)


def _initial(wish: Wish, asks: bool) -> dict[str, Any]:
    mine = wish.priority if asks else wish.answer_priority
    return {"priority": str(mine or int(Priority.IMPORTANT)),
            "words": str(wish.words.best()) if asks and wish.words else "",
            "who": [str(key) for key in (wish.who_asks if asks else wish.who_answers)],
            "only_slots": [str(slot.pk) for slot in wish.only_slots.all()] if asks else []}


def _slots(event: Event) -> list[Slot]:
    """The event's slots, read once for a page with many forms."""
    known: list[Slot] | None = getattr(event, "_slots_once", None)
    if known is None:
        known = list(event.slots.all())
        event._slots_once = known  # type: ignore[attr-defined]
    return known


def _time(slot: Slot, event: Event) -> str:
    """Day, if there are several, and time in the event's zone."""
    time = formats.clock(slot.begins, zone=event.time_zone)
    if event.first_day == event.last_day:
        return time
    return f"{formats.day(slot.begins, style='medium', zone=event.time_zone)} {time}"


class RefusalForm(forms.Form):
    """Why a party does not want to meet another."""

    use_required_attribute = False
    reason = forms.ChoiceField(label=_("Reason"), choices=Refusal.choices, widget=forms.RadioSelect,
                               error_messages={"required": _("Choose a reason from the list.")})


class AllWishesFilterForm(forms.Form):
    """Which wishes the organisers look at."""

    use_required_attribute = False
    state = forms.ChoiceField(label=_("State"), required=False)
    origin = forms.ChoiceField(label=_("Where it comes from"), required=False)
    party = forms.ChoiceField(label=_("Participant"), required=False)
    must = forms.BooleanField(label=_("Must take place"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, parties: list[Party],
                 **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, rows in (("state", Wish.State.choices), ("origin", Wish.Origin.choices),
                           ("party", named(parties))):
            field: Any = self.fields[name]
            field.choices = [("", pgettext_lazy("filter", "All")), *rows]


def named(parties: Iterable[Party]) -> list[tuple[str, str]]:
    return [(str(party.position), f"{party.position} · {party.organisation.name.best()}")
            for party in parties]


class AddWishForm(forms.Form):
    """A wish that the organisers enter for a party."""

    use_required_attribute = False
    asker = forms.ChoiceField(label=_("Who wishes it"))
    invited = forms.ChoiceField(label=_("Whom to meet"))
    priority = forms.TypedChoiceField(label=_("How important"), choices=PRIORITIES, coerce=int,
                                      initial=str(int(Priority.VERY)))
    must = forms.BooleanField(label=_("Must take place"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, parties: Mapping[str, Party],
                 choices: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`parties` by position; `choices`, if they were made before: for files of many lines."""
        super().__init__(data, **kwargs)
        self.known = parties
        for name in ("asker", "invited"):
            field: Any = self.fields[name]
            field.choices = choices or [("", "—"), *named(parties.values())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("asker") and cleaned.get("asker") == cleaned.get("invited"):
            self.add_error("invited", _("Choose another participant of the same event."))
        return cleaned

    @property
    def pair(self) -> tuple[Party, Party]:
        return (self.known[self.cleaned_data["asker"]], self.known[self.cleaned_data["invited"]])


class OrderForm(forms.Form):
    """What the organisers set of one wish: whether it must be held, and after which others."""

    use_required_attribute = False
    must = forms.BooleanField(label=_("Must take place"), required=False)
    after = ListField(label=_("Only after these meetings"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, wish: Wish,
                 others: list[Wish], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"must": wish.must, "after": [
            str(one.pk) for one in wish.after.all()]})
        super().__init__(data, **kwargs)
        self.known = {str(one.pk): one for one in others}
        field: Any = self.fields["after"]
        field.choices = [(key, f"{one.asker.organisation.name.best()} – "
                               f"{one.invited.organisation.name.best()}")
                         for key, one in self.known.items()]

    @property
    def earlier(self) -> list[Wish]:
        return [self.known[key] for key in self.cleaned_data["after"]]


class WishFileForm(forms.Form):
    """A file of wishes, as the page itself exports them."""

    use_required_attribute = False
    file = forms.FileField(label=_("File (CSV)"))
