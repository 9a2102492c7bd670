"""Fields of forms that take what people type, what spreadsheets hold and what software sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from saphan.engines.language import codes, identify, normalise
from saphan.ground.text import Text

ROWS_AT_MOST = 20
KEYWORDS_AT_MOST = 5
is_web_address = URLValidator(schemes=["http", "https"])


class WordsField(forms.Field):
    """Words in one language (a string) or in several (an object); cleans to {lang: text}.

    `""` as a language stands for the form's own.
    """

    def __init__(self, *, limit: int, rows: int = 3, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"}) if rows > 1 else \
            forms.TextInput(attrs={"dir": "auto"})
        super().__init__(widget=widget, required=False, **kwargs)
        # No `maxlength` for the browser: what is pasted is not cut off, only said to be too long.
        self.max_length = self.limit = limit

    def to_python(self, value: Any) -> dict[str, str]:
        entries = value if isinstance(value, Mapping) else {"": value or ""}
        words: dict[str, str] = {}
        for lang, text in entries.items():
            if lang and lang not in codes.LANGUAGES:
                raise ValidationError(_("“%(lang)s” is not a language this house knows."),
                                      code="language", params={"lang": lang})
            if not isinstance(text, str):
                raise ValidationError(_("Words must be text."), code="text")
            cleaned = normalise.clean(text).strip()
            if cleaned:
                words[lang] = cleaned
        return words

    def validate(self, value: dict[str, str]) -> None:
        for text in value.values():
            if len(text) > self.limit:
                raise ValidationError(
                    _("At most %(limit)d characters; this has %(length)d."), code="max_length",
                    params={"limit": self.limit, "length": len(text)})


class ListField(forms.MultipleChoiceField):
    """Several of a fixed list, from check boxes, a JSON list, or `a|b` in a spreadsheet."""

    def __init__(self, *, at_most: int | None = None, **kwargs: Any) -> None:
        self.at_most = at_most
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def to_python(self, value: Any) -> list[str]:
        return super().to_python(_split(value))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if self.at_most and len(value) > self.at_most:
            raise ValidationError(_("At most %(limit)d; you chose %(count)d."), code="too_many",
                                  params={"limit": self.at_most, "count": len(value)})


class KeywordsField(forms.Field):
    """Up to five keywords, from a list, or separated by `|` or new lines, else by commas."""

    def to_python(self, value: Any) -> list[str]:
        if value in (None, ""):
            return []
        if isinstance(value, str):
            value = _pieces(value)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise ValidationError(_("This must be a list of words."), code="list")
        words = [normalise.clean(item).replace("|", " ").strip() for item in value]
        return list(dict.fromkeys(word for word in words if word))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ("\n" if any("," in word for word in value) else ", ").join(value)

    def validate(self, value: list[str]) -> None:
        if len(value) > KEYWORDS_AT_MOST:
            raise ValidationError(_("At most %(limit)d; you chose %(count)d."), code="too_many",
                                  params={"limit": KEYWORDS_AT_MOST, "count": len(value)})
        if any(len(word) > 60 for word in value):
            raise ValidationError(_("A keyword has at most 60 characters."), code="max_length")


def _pieces(value: str) -> list[str]:
    if "|" in value or "\n" in value:
        return value.replace("\n", "|").split("|")
    for mark in ("，", "、", "،", ";", "；"):
        value = value.replace(mark, ",")
    return value.split(",")


class RowsWidget(forms.Widget):
    """A short table of text boxes: what is filled in, and room for more. A plain string or list
    under the field's own name is taken as well, so that software need not know of boxes."""

    def __init__(self, columns: Mapping[str, Any], *, spare: int = 2) -> None:
        super().__init__()
        self.columns, self.spare = columns, spare

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data:
            return data.get(name)
        rows = []
        for position in range(ROWS_AT_MOST + 1):
            if f"{name}-{position}-{next(iter(self.columns))}" not in data:
                break
            row = {column: str(data.get(f"{name}-{position}-{column}") or "").strip()
                   for column in self.columns}
            if any(row.values()):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-0-{next(iter(self.columns))}" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{next(iter(self.columns))}" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        count = min(len(rows) + self.spare, ROWS_AT_MOST)
        rows = [*rows, *({} for _spare in range(count - len(rows)))]
        described = (attrs or {}).get("aria-describedby", "")
        prefix = (attrs or {}).get("id", f"id_{name}")
        body = format_html_join("", "<tr>{}</tr>", (
            (format_html_join("", '<td><input type="text" id="{}" name="{}" value="{}" dir="auto" '
                                  'aria-label="{}" aria-describedby="{}" maxlength="300"></td>', (
                (f"{prefix}-{position}-{column}", f"{name}-{position}-{column}",
                 row.get(column, ""), f"{label} {position + 1}", described)
                for column, label in self.columns.items())),)
            for position, row in enumerate(rows)))
        head = format_html_join("", '<th scope="col">{}</th>',
                                ((label,) for label in self.columns.values()))
        return format_html('<table class="rows"><thead><tr>{}</tr></thead>'
                           "<tbody>{}</tbody></table>", head, body)


class RowsField(forms.Field):
    """A short table: a list of objects, or one row a line with parts separated by `|`. The first
    column must be filled. A column `url` holds web addresses."""

    def __init__(self, *, columns: Mapping[str, Any], **kwargs: Any) -> None:
        self.columns = columns
        super().__init__(required=False, widget=RowsWidget(columns), **kwargs)

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        if isinstance(value, str):
            value = self._read(value)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or len(value) > ROWS_AT_MOST:
            raise ValidationError(_("This must be a list of at most %(limit)d rows."), code="rows",
                                  params={"limit": ROWS_AT_MOST})
        return [self._row(row) for row in value]

    def _read(self, value: str) -> Any:
        if not value.lstrip().startswith("["):
            return [dict(zip(self.columns, (part.strip() for part in line.split("|")),
                             strict=False)) for line in value.splitlines() if line.strip()]
        try:
            return json.loads(value)
        except ValueError as error:
            raise ValidationError(_("This is not valid JSON."), code="json") from error

    def _row(self, row: Any) -> dict[str, Any]:
        first = next(iter(self.columns))
        if not isinstance(row, Mapping) or row.get(first) in (None, ""):
            raise ValidationError(_("Each row needs: %(column)s."), code="row",
                                  params={"column": self.columns[first]})
        cleaned: dict[str, Any] = {}
        for name in self.columns:
            value = row.get(name)
            if value in (None, ""):
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise ValidationError(_("Each part of a row must be text or a number."),
                                      code="part")
            if len(str(value)) > 300:
                raise ValidationError(
                    _("At most %(limit)d characters; this has %(length)d."), code="max_length",
                    params={"limit": 300, "length": len(str(value))})
            cleaned[name] = normalise.clean(value) if isinstance(value, str) else value
            if name == "url":
                is_web_address(str(value))
        return cleaned


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return [item.strip() for item in value.replace(",", "|").split("|") if item.strip()]
    if isinstance(value, list | tuple) and not all(isinstance(item, str) for item in value):
        raise ValidationError(_("This must be a list of words."), code="list")
    return value


def language_of(*words: Any) -> str:
    """The house's code for the language that most of these words are in; empty if unknown."""
    plain: list[str] = []
    for given in words:
        plain += [text for text in (given.values() if isinstance(given, Mapping) else [given])
                  if isinstance(text, str)]
    found = identify.identify(" ".join(plain)).lang if any(plain) else ""
    return found if found in codes.LANGUAGES else ""


def tidy(text: Text, source: str) -> Text:
    """Without words there is no source; else it is the form's language, if that has words."""
    if not text:
        return Text()
    return text if text.source == source or source not in text else Text(
        source, {source: text[source], **dict(text)})
