"""Fields of events and registrations: languages with level, stretches of time, time zones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design import formats
from saphan.ground import clock
from saphan.people import queries as people
from saphan.rooms.meetings import cutting, languages
from saphan.rooms.meetings.models import Event
from saphan.rooms.meetings.vocabulary import Level

LANGUAGES_AT_MOST = 8
_PAIR = re.compile(r"([A-Za-z][A-Za-z-]{1,9})\s*[:=]?\s*([123])?")


class LanguagesWidget(forms.Widget):
    """Rows of a language and a level. A mapping, or `th:3 en:2`, under the field's own name is
    taken as well, so that software and spreadsheets need not know of rows."""

    def __init__(self, *, rows: int = 3) -> None:
        super().__init__()
        self.rows = rows

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data:
            return data.get(name)
        pairs = []
        for row in range(LANGUAGES_AT_MOST + 1):
            if f"{name}-{row}-lang" not in data:
                break
            pairs.append((str(data.get(f"{name}-{row}-lang") or ""),
                          str(data.get(f"{name}-{row}-level") or "")))
        return [pair for pair in pairs if pair[0]]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-0-lang" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-lang" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        pairs = list(value.items()) if isinstance(value, Mapping) else (
            [tuple(pair) for pair in value] if isinstance(value, list) else [])
        count = min(max(self.rows, len(pairs) + 1), LANGUAGES_AT_MOST)
        pairs = [*pairs, *([("", "")] * (count - len(pairs)))]
        prefix = (attrs or {}).get("id", f"id_{name}")
        described = (attrs or {}).get("aria-describedby", "")
        known = [("", "—"), *languages.choices()]
        levels = [("", "—"), *((str(value), label) for value, label in Level.choices)]
        return format_html('<ol class="tongues">{}</ol>', format_html_join("", (
            '<li><select id="{}-{}-lang" name="{}-{}-lang" aria-label="{}" aria-describedby="{}">'
            '{}</select><select id="{}-{}-level" name="{}-{}-level" aria-label="{}">{}</select>'
            "</li>"), (
                (prefix, row, name, row, _("Language"), described, _options(known, lang),
                 prefix, row, name, row, _("How well"), _options(levels, str(level)))
                for row, (lang, level) in enumerate(pairs))))


def _options(choices: Iterable[tuple[str, Any]], chosen: Any) -> SafeString:
    return format_html_join("", '<option value="{}"{}>{}</option>', (
        (value, SafeString(" selected") if str(value) == str(chosen) else "", label)
        for value, label in choices))


class LanguagesField(forms.Field):
    """What somebody speaks, and how well: cleans to {language: level}."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=LanguagesWidget(), **kwargs)

    def to_python(self, value: Any) -> dict[str, int]:
        if value in (None, ""):
            return {}
        if isinstance(value, str):
            value = [(lang, level or "3") for lang, level in _PAIR.findall(value)]
        pairs = list(value.items()) if isinstance(value, Mapping) else value
        if not isinstance(pairs, list) or len(pairs) > LANGUAGES_AT_MOST:
            raise ValidationError(_("At most %(limit)d languages."), code="languages",
                                  params={"limit": LANGUAGES_AT_MOST})
        return dict(self._pair(pair) for pair in pairs)

    @staticmethod
    def _pair(pair: Any) -> tuple[str, int]:
        try:
            given, level = pair
            lang = languages.canonical(str(given))
        except (TypeError, ValueError):
            given, lang, level = pair, "", ""
        if not lang:
            raise ValidationError(_("“%(lang)s” is not a language this house knows."),
                                  code="language", params={"lang": str(given)[:20]})
        if str(level) not in {"1", "2", "3"}:
            raise ValidationError(_("Say for each language how well it is spoken."), code="level")
        return lang, int(level)


class DaysWidget(forms.CheckboxSelectMultiple):
    """Boxes day by day: its halves in sight, its slots below a line that opens."""

    whole: frozenset[str] = frozenset()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen, prefix = set(value or ()), (attrs or {}).get("id", f"id_{name}")
        days: Any = [group for group in self.choices if isinstance(group[1], list)]
        return format_html('<div class="days">{}</div>', format_html_join("", (
            "<fieldset><legend>{}</legend>{}<details{}><summary>{}</summary>{}</details>"
            "</fieldset>"), (
                (day, self._boxes(name, prefix, rows, chosen, halves=True),
                 SafeString(" open") if any(key in chosen for key, _label in rows
                                            if key not in self.whole) else "",
                 _("Single times"), self._boxes(name, prefix, rows, chosen, halves=False))
                for day, rows in days)))

    def _boxes(self, name: str, prefix: str, rows: Sequence[tuple[str, Any]], chosen: set[str],
               *, halves: bool) -> SafeString:
        return format_html_join("", (
            '<label class="tick"><input type="checkbox" id="{}-{}" name="{}" value="{}"{}>'
            "<span>{}</span></label>"), (
                (prefix, key, name, key, SafeString(" checked") if key in chosen else "", label)
                for key, label in rows if (key in self.whole) == halves))


class StretchesField(forms.MultipleChoiceField):
    """Times of an event, chosen from its half days and its slots. Cleans to stretches as they are
    kept: `[[begin, end]]`, ISO 8601 with offset. Pairs of such moments are taken as well."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=DaysWidget, **kwargs)
        self.zone = ZoneInfo("UTC")
        self.slots: list[cutting.Stretch] = []
        self.halves: list[cutting.Stretch] = []

    def offer(self, event: Event, slots: Sequence[cutting.Stretch]) -> None:
        """Let these be chosen: half days first, then each slot."""
        self.zone, self.slots = event.zone, list(slots)
        groups: dict[str, list[tuple[str, Any]]] = {}
        halves = cutting.halves(slots, event.zone)
        self.halves = [stretch for _day, _half, stretch in halves]
        for day, half, stretch in halves:
            groups.setdefault(formats.day(day, style="medium"), []).append(
                (_key(stretch), HALVES[half]))
        for slot in slots:
            day = slot[0].astimezone(event.zone).date()
            groups[formats.day(day, style="medium")].append((_key(slot), clock_words(
                slot, event.time_zone)))
        self.choices = list(groups.items())
        self.widget.whole = frozenset(map(_key, self.halves)) - frozenset(map(_key, slots))

    def prepare_value(self, value: Any) -> Any:
        """Kept stretches as the boxes that they cover."""
        if not value or isinstance(value[0], str):
            return value
        kept = [tuple(datetime.fromisoformat(moment) for moment in pair) for pair in value]
        whole = [stretch for stretch in self.halves
                 if any(a <= stretch[0] and stretch[1] <= b for a, b in kept)]
        single = [slot for slot in self.slots
                  if any(cutting.overlaps(slot, (a, b)) for a, b in kept)
                  and not any(a <= slot[0] and slot[1] <= b for a, b in whole)]
        return [_key(stretch) for stretch in (*whole, *single)]

    def to_python(self, value: Any) -> Any:
        if not value:
            return []
        if isinstance(value, str):
            value = [part for part in value.split("|") if part]
        if not isinstance(value, list | tuple):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        return [self._stretch(each) for each in value]

    def _stretch(self, given: Any) -> cutting.Stretch:
        parts = given.split("/") if isinstance(given, str) else given
        try:
            begins, ends = (datetime.fromisoformat(str(part)) for part in parts)
            if begins.utcoffset() is None or ends.utcoffset() is None or ends <= begins:
                raise ValueError
        except (TypeError, ValueError):
            raise ValidationError(_("Times are pairs of begin and end, for example "
                                    "2027-03-10T09:00+08:00/2027-03-10T12:00+08:00."),
                                  code="stretch") from None
        return begins, ends

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def clean(self, value: Any) -> list[list[str]]:
        found = self.to_python(value)
        self.validate(found)
        return [[moment.astimezone(self.zone).isoformat(timespec="minutes") for moment in pair]
                for pair in cutting.joined(found)]


HALVES = {"am": pgettext_lazy("half day", "The whole morning"),
          "pm": pgettext_lazy("half day", "The whole afternoon")}


def clock_words(stretch: cutting.Stretch, zone: str) -> str:
    """Begin and end on the clock of a zone."""
    return "–".join(formats.clock(moment, zone=zone) for moment in stretch)


def _key(stretch: cutting.Stretch) -> str:
    return "/".join(moment.astimezone(ZoneInfo("UTC")).isoformat(timespec="minutes")
                    for moment in stretch)


def zones() -> list[tuple[str, str]]:
    """Time zones of the countries and regions with their offset now: `Asia/Yangon (UTC+6:30)`."""
    names = {zone for economy in people.economies()
             for zone in economy.time_zones or [economy.time_zone]}
    now = clock.now()
    ranked = sorted((now.astimezone(ZoneInfo(name)).utcoffset(), name) for name in names)
    return [(name, f"{name.replace('_', ' ')} "
                   f"({formats.utc_offset(now.astimezone(ZoneInfo(name)))})")
            for _offset, name in ranked]


def text_of(text: Any, lang: str) -> str:
    """The words of a kept text as a form shows them."""
    return text[lang].text if lang in text else str(text.best(lang or None))
