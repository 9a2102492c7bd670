"""How renderings come into a record, without losing what others write at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from saphan.ground import ledger
from saphan.ground.access import Refused
from saphan.ground.text import Text, Words, fingerprint
from saphan.house.rendering.kinds import is_of_the_author


def put(record: models.Model, words: Mapping[str, Words], *, lang: str, by: Any,
        fact: str = "") -> list[str]:
    """Write renderings into the record as it is now in the database, with one fact about it
    (default name: `<model>.translated`), so that the index looks again. Its `version`, if it has
    one, grows.

    Left alone are words that the author wrote in `lang` herself, and, where nobody has approved
    what comes, words that people wrote. Raises `Refused` if the source was changed meanwhile.
    Returns the fields that were written.
    """
    model = type(record)
    name = fact or f"{model._meta.model_name}.translated"
    with transaction.atomic():
        now = model._default_manager.select_for_update().get(pk=record.pk)
        values = _values(now, words, lang)
        if not values:
            return []
        has_version = any(field.name == "version" for field in model._meta.concrete_fields)
        seen = {"version": now.version} if has_version else {}  # type: ignore[attr-defined]
        after = {"version": now.version + 1} if has_version else {}  # type: ignore[attr-defined]
        with ledger.fact(name, record, by=by, lang=lang, fields=sorted(values), approved=any(
                entry.approved_by for entry in words.values())):
            if not model._default_manager.filter(pk=now.pk, **seen).update(**values, **after):
                raise Refused(_("Somebody saved this record at the same moment. "
                                "Please try again."))
    for field, value in {**values, **after}.items():
        setattr(record, field, value)
    return sorted(values)


def _values(now: Any, words: Mapping[str, Words], lang: str) -> dict[str, Text]:
    values = {}
    for field, entry in words.items():
        text: Text = getattr(now, field)
        source = text.renderings.get(text.source)
        if source is None or (entry.of and entry.of != fingerprint(source.text)):
            raise Refused(_("The original was changed meanwhile. Look at it again."))
        known = text.renderings.get(lang)
        if known is not None and (is_of_the_author(known) or (
                known.text and not entry.approved_by and (
                    known.origin != "machine" or known.approved_by))):
            continue
        values[field] = text.rendered(lang, entry)
    return values


__all__ = ["put"]
