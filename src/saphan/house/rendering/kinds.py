"""What rooms declare as translatable, and what of a record needs words in a language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import models

from saphan.design.formats import bcp47
from saphan.ground.text import Text, Words
from saphan.house import registry
from saphan.house.rendering.models import Rendering
from saphan.house.room import Room, Translatable
from saphan.people.models import Person


def targets() -> list[str]:
    """The languages that the house is read in, in its own order."""
    return [bcp47(code) for code, _name in settings.LANGUAGES]


def kinds() -> dict[str, Translatable]:
    """What can be translated, by the label of its model."""
    return {kind.model._meta.label_lower: kind for _room, kind in declared()}


def declared() -> Iterator[tuple[Room, Translatable]]:
    for room in registry.rooms():
        for kind in room.translatable:
            yield room, kind


def kind_of(record: models.Model) -> Translatable:
    """Raises KeyError for a record that no room declares."""
    return kinds()[record._meta.label_lower]


def room_of(label: str) -> Room | None:
    return next((room for room, kind in declared() if kind.model._meta.label_lower == label), None)


def record_of(rendering: Rendering, *, asker: Person | None = None) -> Any | None:
    """The record, if it is public (or the asker may see it); else None."""
    kind = kinds().get(rendering.subject_type)
    if kind is None:
        return None
    return kind.visible_to(asker).filter(pk=rendering.subject_id).first()


def title_of(kind: Translatable, record: Any) -> Text:
    return getattr(record, kind.title)  # type: ignore[no-any-return]


def number_of(kind: Translatable, record: Any) -> str:
    return str(getattr(record, kind.number, "") or record.pk)


def label_of(kind: Translatable, field: str) -> str:
    """What people call a field."""
    return str(kind.model._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def limit_of(kind: Translatable, field: str) -> int | None:
    """Characters at most."""
    return getattr(kind.model._meta.get_field(field), "limit", None)


def source_of(kind: Translatable, record: Any) -> str:
    """The language in which the record is written."""
    title = title_of(kind, record)
    return title.source or next((text.source for name in kind.fields if (
        text := getattr(record, name)).source), "")


def is_of_the_author(words: Words) -> bool:
    """Words that the author, or the house's editors, wrote in this language beside the original:
    the desk leaves them alone."""
    return bool(words.text) and words.origin != "machine" and not words.of


def needed(kind: Translatable, record: Any, lang: str) -> dict[str, str]:
    """The fields that the desk brings into `lang`, with their source words. Without those that are
    empty, written in `lang`, or that the author wrote in `lang` herself."""
    found = {}
    for name in kind.fields:
        text: Text = getattr(record, name)
        if text.source == lang or text.source not in text or not text[text.source].text.strip():
            continue
        if lang in text and is_of_the_author(text[lang]):
            continue
        found[name] = text[text.source].text
    return found


def given(kind: Translatable, record: Any, lang: str) -> dict[str, str]:
    """What the author wrote in `lang` beside the original, by field."""
    return {name: text[lang].text for name in kind.fields
            if (text := getattr(record, name)).source != lang and lang in text
            and is_of_the_author(text[lang])}


def digest(words: Mapping[str, str]) -> str:
    """Fingerprint of all source words of a record that matter for a rendering."""
    whole = "\x1e".join(f"{name}\x1f{text}" for name, text in sorted(words.items()))
    return hashlib.sha256(whole.encode()).hexdigest()


def names_in(kind: Translatable, record: Any) -> list[str]:
    """Names that stay as they are in every language."""
    return [name for name in (kind.names(record) if kind.names else ()) if name]


def address_of(record: Any) -> str:
    found = getattr(record, "get_absolute_url", None)
    return found() if found else ""
