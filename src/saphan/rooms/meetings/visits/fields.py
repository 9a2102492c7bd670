"""How many people come, by the language that they speak."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.rooms.meetings import languages

ROWS_AT_MOST = 12
PEOPLE_AT_MOST = 400
COLUMNS = ("people", "slow")
NUMBER = ('<td><input type="number" inputmode="numeric" min="0" max="{}" id="{}-{}-{}" '
          'name="{}-{}-{}" value="{}" aria-label="{}"></td>')
_PAIR = re.compile(r"([A-Za-z][A-Za-z-]{1,9})\s*[:=]?\s*(\d+)")


class CrowdWidget(forms.Widget):
    """Rows of a language and two numbers. A mapping, or `th:15 en:8`, under the field's own name is
    taken as well."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data:
            return data.get(name)
        return [tuple(str(data.get(f"{name}-{row}-{part}") or "").strip()
                      for part in ("lang", *COLUMNS))
                for row in range(ROWS_AT_MOST) if data.get(f"{name}-{row}-lang")
                or data.get(f"{name}-{row}-people")]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-0-lang" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-lang" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = _rows(value) if not isinstance(value, str) else []
        count = min(max(4, len(rows) + 1), ROWS_AT_MOST)
        rows = [*rows, *([("", "", "")] * (count - len(rows)))]
        prefix = (attrs or {}).get("id", f"id_{name}")
        described = (attrs or {}).get("aria-describedby", "")
        labels = {"people": pgettext_lazy("size of a group", "People"),
                  "slow": _("Of them, walk slowly")}
        head = format_html_join("", '<th scope="col">{}</th>', (
            (label,) for label in (_("Language"), *labels.values())))
        body = format_html_join("", "<tr><td>{}</td>{}</tr>", (
            (self._select(prefix, name, row, str(lang), described),
             format_html_join("", NUMBER, (
                 (PEOPLE_AT_MOST, prefix, row, part, name, row, part, number, labels[part])
                 for part, number in zip(COLUMNS, numbers, strict=True))))
            for row, (lang, *numbers) in enumerate(rows)))
        return format_html('<table class="rows crowd"><thead><tr>{}</tr></thead><tbody>{}</tbody>'
                           "</table>", head, body)

    def _select(self, prefix: str, name: str, row: int, chosen: str,
                described: str) -> SafeString:
        options = format_html_join("", '<option value="{}"{}>{}</option>', (
            (code, SafeString(" selected") if code == chosen else "", label)
            for code, label in (("", "—"), *languages.choices())))
        return format_html('<select id="{}-{}-lang" name="{}-{}-lang" aria-label="{}" '
                           'aria-describedby="{}">{}</select>', prefix, row, name, row,
                           _("Language"), described, options)


def _rows(value: Any) -> list[tuple[Any, Any, Any]]:
    if isinstance(value, Mapping):
        found = []
        for lang, numbers in value.items():
            pair = list(numbers) if isinstance(numbers, list | tuple) else [numbers, 0]
            found.append((lang, pair[0], pair[1] if len(pair) > 1 and pair[1] else ""))
        return found
    return [(row[0], row[1], row[2]) for row in value or []]


class CrowdField(forms.Field):
    """Cleans to {language: (people, of them slow)}."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=CrowdWidget(), **kwargs)

    def to_python(self, value: Any) -> dict[str, tuple[int, int]]:
        if isinstance(value, str):
            value = dict(_PAIR.findall(value))
        if not isinstance(value, Mapping | list) and value:
            raise ValidationError(_("Say how many people speak which language."), code="crowd")
        found: dict[str, tuple[int, int]] = {}
        try:
            rows = _rows(value)
        except (IndexError, TypeError, KeyError):
            raise ValidationError(_("Say how many people speak which language."),
                                  code="crowd") from None
        for given, people, slow in rows:
            lang, number, slowly = languages.canonical(str(given)), _whole(people), _whole(slow)
            if not lang:
                raise ValidationError(_("Choose a language for each row."), code="language")
            if slowly > number:
                raise ValidationError(_("More people walk slowly than come."), code="slow")
            before = found.get(lang, (0, 0))
            if number:
                found[lang] = before[0] + number, before[1] + slowly
        return found

    def validate(self, value: dict[str, tuple[int, int]]) -> None:
        total = sum(people for people, _slow in value.values())
        if not total:
            raise ValidationError(_("Say how many people come, and what they speak."),
                                  code="required")
        if total > PEOPLE_AT_MOST:
            raise ValidationError(_("At most %(limit)d people at once."), code="too_many",
                                  params={"limit": PEOPLE_AT_MOST})


def _whole(value: Any) -> int:
    try:
        number = int(value or 0)
    except (TypeError, ValueError):
        raise ValidationError(_("Write the numbers of people in digits."),
                              code="number") from None
    if not 0 <= number <= PEOPLE_AT_MOST:
        raise ValidationError(_("At most %(limit)d people at once."), code="too_many",
                              params={"limit": PEOPLE_AT_MOST})
    return number
