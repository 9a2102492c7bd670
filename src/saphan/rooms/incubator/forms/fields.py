"""Fields of calls: rows with numbers, choices and ticks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes, normalise
from saphan.house.fields import ROWS_AT_MOST, RowsField, RowsWidget
from saphan.house.moments import western_digits
from saphan.rooms.incubator.vocabulary import INDICATORS_AT_MOST, Direction

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")


class Table(RowsWidget):
    """Rows of unlike parts. `kinds` says of a column what it is, if not a line of text: `number`,
    `long`, `tick`, `hidden`, or a list of choices. A row without words in its text columns is
    no row."""

    def __init__(self, columns: Mapping[str, Any], kinds: Mapping[str, Any], *,
                 spare: int = 2) -> None:
        super().__init__(columns, spare=spare)
        self.kinds = kinds

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        rows = super().value_from_datadict(data, files, name)
        if name in data:
            return rows
        written = [column for column in self.columns
                   if self.kinds.get(column, "text") in ("text", "number", "long")]
        return [row for row in rows if any(row.get(column) for column in written)]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        count = min(len(rows) + self.spare, ROWS_AT_MOST)
        rows = [*rows, *({} for _spare in range(count - len(rows)))]
        described = (attrs or {}).get("aria-describedby", "")
        prefix = (attrs or {}).get("id", f"id_{name}")
        return format_html('<ol class="table-rows">{}</ol>', format_html_join("", "<li>{}</li>", (
            (format_html_join("", "{}", (
                (self._part(column, row.get(column), f"{prefix}-{position}-{column}",
                            f"{name}-{position}-{column}", described),)
                for column in self.columns)),)
            for position, row in enumerate(rows))))

    def _part(self, column: str, value: Any, id_: str, name: str, described: str) -> SafeString:
        kind, label = self.kinds.get(column, "text"), self.columns[column]
        shown = "" if value is None else value
        if kind == "hidden":
            return format_html('<input type="hidden" name="{}" value="{}">', name, shown)
        if kind == "tick":
            return format_html(
                '<label class="tick" data-part="{}"><input type="checkbox" id="{}" name="{}" '
                'value="yes"{}><span>{}</span></label>', column, id_, name,
                SafeString(" checked") if value else "", label)
        if kind == "long":
            control = format_html('<textarea id="{}" name="{}" rows="2" dir="auto" '
                                  'aria-describedby="{}">{}</textarea>', id_, name, described,
                                  shown)
        elif kind == "number":
            control = format_html('<input type="text" inputmode="decimal" id="{}" name="{}" '
                                  'value="{}" aria-describedby="{}" maxlength="40">', id_, name,
                                  shown, described)
        elif kind == "text":
            control = format_html('<input type="text" id="{}" name="{}" value="{}" dir="auto" '
                                  'aria-describedby="{}" maxlength="300">', id_, name, shown,
                                  described)
        else:
            control = format_html('<select id="{}" name="{}">{}</select>', id_, name,
                                  format_html_join("", '<option value="{}"{}>{}</option>', (
                                      (choice, SafeString(" selected") if choice == value else "",
                                       words) for choice, words in kind)))
        return format_html('<div data-part="{}"><label for="{}">{}</label>{}</div>', column, id_,
                           label, control)


class IndicatorsField(RowsField):
    """What must be measured at the end: name, at least or at most, a number, a unit, and whether
    it must be reached. Cleans to `[{id, name, direction, value, unit, must}]`."""

    def __init__(self, **kwargs: Any) -> None:
        columns = {"name": _("What is measured"), "direction": _("Direction"),
                   "value": _("Number"), "unit": _("Unit"), "must": _("Must be reached"),
                   "id": ""}
        super().__init__(columns=columns, **kwargs)
        self.widget = Table(columns, {
            "direction": Direction.choices, "value": "number", "must": "tick", "id": "hidden"})

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):  # a tick is true or false, or `yes` from a page
            value = [{**row, "must": "yes" if row.get("must") in (True, "yes", "true", "1") else ""}
                     if isinstance(row, Mapping) else row for row in value]
        rows = super().to_python(value)
        if len(rows) > INDICATORS_AT_MOST:
            raise ValidationError(_("This must be a list of at most %(limit)d rows."), code="rows",
                                  params={"limit": INDICATORS_AT_MOST})
        return with_identifiers([self._indicator(row) for row in rows])

    def _indicator(self, row: dict[str, Any]) -> dict[str, Any]:
        direction = row.get("direction") or Direction.AT_LEAST
        if direction not in Direction.values:
            raise ValidationError(_("The direction is “at_least” or “at_most”."), code="direction")
        if row.get("value") in (None, ""):
            raise ValidationError(_("Each indicator needs a number."), code="value")
        return {"id": str(row.get("id", "")), "name": str(row["name"]), "direction": str(direction),
                "value": plain_number(row["value"]), "unit": str(row.get("unit", "")),
                "must": row.get("must") == "yes"}


class RubricField(forms.Field):
    """What the panel looks at: rows of name, weight and what full marks mean. Words are a string
    (then their language is `""`, the form's own) or an object from language to string. Cleans to
    `[{id, name: {lang: words}, weight, guide: {lang: words}}]`."""

    def __init__(self, **kwargs: Any) -> None:
        columns = {"name": _("What is looked at"), "weight": _("Weight (per cent)"),
                   "guide": _("What full marks mean"), "id": ""}
        super().__init__(required=False, widget=Table(columns, {
            "weight": "number", "guide": "long", "id": "hidden"}, spare=1), **kwargs)

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        if value in (None, ""):
            return []
        if not isinstance(value, list) or len(value) > INDICATORS_AT_MOST:
            raise ValidationError(_("This must be a list of at most %(limit)d rows."), code="rows",
                                  params={"limit": INDICATORS_AT_MOST})
        return with_identifiers([self._criterion(row) for row in value])

    def _criterion(self, row: Any) -> dict[str, Any]:
        if not isinstance(row, Mapping):
            raise ValidationError(_("This must be a list of at most %(limit)d rows."), code="rows",
                                  params={"limit": INDICATORS_AT_MOST})
        name, guide = _words(row.get("name"), 300), _words(row.get("guide"), 1000)
        if not name:
            raise ValidationError(_("Each row needs: %(column)s."), code="row",
                                  params={"column": _("What is looked at")})
        weight = plain_number(row.get("weight") or 0)
        if weight != int(weight) or not 1 <= weight <= 100:
            raise ValidationError(_("A weight is a whole number from 1 to 100."), code="weight")
        return {"id": str(row.get("id") or ""), "name": name, "weight": int(weight), "guide": guide}


def plain_number(value: Any) -> int | float:
    """A number from what somebody typed, in the digits of any script. Separators of thousands are
    refused: what is a comma here is a point there."""
    try:
        found = Decimal(western_digits(str(value)).replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite() or abs(found) >= Decimal(10) ** 12:
        raise ValidationError(_("Write the number with digits and a point only: 2000 or 0.5."),
                              code="number")
    return int(found) if found == found.to_integral_value() else float(found)


def with_identifiers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every row under an identifier of its own that stays when rows are moved or removed."""
    taken: set[str] = set()
    for row in rows:
        if not IDENTIFIER.fullmatch(row["id"]) or row["id"] in taken:
            row["id"] = ""
        taken.add(row["id"])
    numbers = iter(range(1, 1000))
    for row in rows:
        if not row["id"]:
            row["id"] = next(name for name in (f"i{number}" for number in numbers)
                             if name not in taken)
            taken.add(row["id"])
    return rows


def _words(value: Any, limit: int) -> dict[str, str]:
    entries = value if isinstance(value, Mapping) else {"": value or ""}
    words: dict[str, str] = {}
    for lang, text in entries.items():
        if lang and lang not in codes.LANGUAGES:
            raise ValidationError(_("“%(lang)s” is not a language this house knows."),
                                  code="language", params={"lang": lang})
        if not isinstance(text, str):
            raise ValidationError(_("Words must be text."), code="text")
        if len(text) > limit:
            raise ValidationError(_("At most %(limit)d characters; this has %(length)d."),
                                  code="max_length", params={"limit": limit, "length": len(text)})
        if cleaned := normalise.clean(text).strip():
            words[lang] = cleaned
    return words
