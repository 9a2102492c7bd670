"""The house's pieces for templates. They are built in: no `{% load %}` is needed."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    EmailInput,
    FileInput,
    RadioSelect,
    URLInput,
)
from django.templatetags import i18n
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saphan.design import charts, formats
from saphan.design.plate import Plate, Reading

register = template.Library()
# Every page speaks twelve languages, so `{% translate %}` is at hand without loading, too.
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)

# A run of digits with its separators, which in some languages are narrow spaces.
_DIGITS = re.compile("(\\d(?:[\\d.,\u00a0\u202f]*\\d)?)")

BOOK = 20_000
"""Characters from which on a limit is a safeguard, nothing that a writer counts towards."""

# What a state means to somebody who only looks: done well, still going, over.
TONES = {
    "good": {"published", "accepted", "introduced", "agreed", "running", "outcome", "met", "open",
             "approved", "done", "assigned", "validated", "verified", "working"},
    "over": {"expired", "archived", "declined", "closed", "not_met", "rejected", "refused",
             "withdrawn", "cancelled"},
}


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, with its content's hash once files have been collected."""
    try:
        return static(path)
    except ValueError:
        from django.conf import settings

        return f"{settings.STATIC_URL}{path}"


@register.inclusion_tag("design/plate.html")
def plate(plate: Plate, level: int = 3, why: Any = None, note: bool = True) -> dict[str, Any]:
    """The museum label of one object. `level`: of its heading; `why`: a Hit, for an answer."""
    return {"plate": plate, "tag": f"h{min(max(level, 2), 6)}", "why": why, "note": note}


@register.inclusion_tag("design/words.html")
def words(reading: Reading, note: bool = True, lines: bool = False) -> dict[str, Any]:
    """Words in the language they are in, and where they come from if the reader should know.
    `lines`: keep the paragraphs of the writer."""
    return {"reading": reading, "lines": lines, "origin": origin_notes(reading) if note else []}


@register.inclusion_tag("design/origin.html")
def origin(reading: Reading) -> dict[str, Any]:
    """Only where the words come from, to be shown apart from them."""
    return {"origin": origin_notes(reading)}


def origin_notes(reading: Reading) -> list[str]:
    """What the reader should know of these words, in short phrases: that they are not in the
    language asked for, and that no person of that language has stood up for them."""
    notes = []
    if reading.text and reading.lang != reading.asked:
        notes.append(_("Shown in: %(language)s") % {
            "language": formats.language_name(reading.lang)})
    if not reading.is_source and reading.words is not None:
        notes.append(str(reading.words.origin_label))
        if reading.source and reading.source not in (reading.lang, reading.asked):
            notes.append(_("Original in: %(language)s") % {
                "language": formats.language_name(reading.source)})
        if reading.words.approved_by:
            notes.append(_("approved"))
        if getattr(reading, "stale", False):
            notes.append(_("The original has changed since"))
    return notes


@register.simple_tag
def numeral(number: int) -> SafeString:
    """The number of a room, in the script that all languages share."""
    return format_html('<span class="numeral">{}</span>', number)


@register.simple_tag
def date(value: Date | datetime | str | None, style: str = "long") -> SafeString | str:
    """A day in the reader's words; also an ISO string that stops at the month or the year."""
    if not value:
        return ""
    machine = value if isinstance(value, str) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, formats.day(value, style=style))


@register.simple_tag
def period(value: str) -> SafeString | str:
    """A period (`2024`, `2024-Q1`, `2024-03`, `2023/2024`) in the reader's words."""
    return formats.period(value) if value else ""


@register.simple_tag
def moment(value: datetime | None, zone: str = "") -> SafeString | str:
    """A day and time with its offset from UTC, on the clock of `zone`; the centre's without."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(),
                       formats.moment(value, zone=zone or None))


@register.simple_tag
def clock(value: datetime | None, zone: str = "") -> SafeString | str:
    """The time of day alone, where the day and the zone stand nearby; the centre's without one."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(),
                       formats.clock(value, zone=zone or None))


@register.simple_tag
def number(value: float | int | Decimal | None, unit: str = "") -> str:
    return "" if value is None else formats.number(value, unit=unit)


@register.simple_tag
def quantity(value: float | int | Decimal, unit: str = "") -> SafeString:
    """A number to be set large: its digits in the house's numerals, the unit beside them."""
    return format_html_join("", "{}", (
        (format_html('<span class="digits">{}</span>', part) if part[0].isdigit() else part,)
        for part in _DIGITS.split(formats.number(value, unit=unit)) if part))


@register.simple_tag
def money(amount: float | int | Decimal | None, currency: str) -> str:
    return "" if amount is None else formats.money(amount, currency)


@register.simple_tag
def language_name(code: str) -> str:
    return formats.language_name(code)


@register.simple_tag
def endonym(code: str) -> SafeString:
    """A language under the name that its own readers give it."""
    tag = formats.bcp47(code)
    return format_html('<span lang="{}">{}</span>', tag, formats.ENDONYMS.get(tag, tag))


@register.inclusion_tag("design/state.html")
def state(state: str, label: Any, tone: str = "") -> dict[str, Any]:
    """A state, with a shape beside its word. `tone` (good, waiting, over) if not told by name."""
    found = tone or next((name for name, states in TONES.items() if state in states), "waiting")
    return {"state": state, "label": label, "tone": found}


@register.simple_tag
def chip(word: str) -> SafeString | str:
    """A word on a chip: a link, if it has a page (see `plate.Chip`)."""
    url = getattr(word, "url", "")
    return format_html('<a href="{}">{}</a>', url, word) if url else str(word)


@register.inclusion_tag("design/verdict.html")
def verdict(verdict: str) -> dict[str, str]:
    """The shape and word for met, not met, unknown."""
    return {"verdict": verdict}


@register.inclusion_tag("design/field.html")
def field(bound: BoundField, hint: str = "", narrows: bool = False,
          counts: bool = True) -> dict[str, Any]:
    """One field of a form: label, help, errors, control, and how many characters fit, if they are
    words that somebody writes: nobody counts the characters of an address, of a whole book, or
    where `counts` is off. `narrows`: it stands in a filter, where everything is optional too."""
    widget = bound.field.widget
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    limit = getattr(bound.field, "max_length", None) if not bound.is_hidden else None
    counted = bool(counts and not narrows and limit and 40 <= limit <= BOOK
                   and not isinstance(widget, URLInput | EmailInput))
    help_text = hint or bound.help_text
    described = [f"{bound.auto_id}_{part}" for part, there in (
        ("error", bound.errors), ("help", help_text), ("count", counted)) if there]
    attrs: dict[str, Any] = {}
    if described and not grouped:
        attrs["aria-describedby"] = " ".join(described)
    if counted:
        attrs["data-limit"] = limit
    if bound.errors and not grouped:
        attrs["aria-invalid"] = "true"
    return {"bound": bound, "control": bound.as_widget(attrs=attrs), "help": help_text,
            "described": " ".join(described), "limit": limit if counted else None,
            "used": len(str(bound.value() or "")), "grouped": grouped,
            "optional": not bound.field.required and not narrows,
            "tick": isinstance(widget, CheckboxInput), "file": isinstance(widget, FileInput)}


@register.inclusion_tag("design/errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """What is wrong with a form, at its top, each line leading to its field."""
    return {"form": form, "faulty": [form[name] for name in form.errors if name in form.fields],
            "general": form.non_field_errors()}


@register.simple_tag
def chart_bars(rows: Any, title: str, unit: str = "", top: float | None = None) -> SafeString:
    return charts.bars(rows, title=title, unit=unit, top=top)


@register.simple_tag
def chart_line(points: Any, title: str, unit: str = "") -> SafeString:
    return charts.line(points, title=title, unit=unit)
