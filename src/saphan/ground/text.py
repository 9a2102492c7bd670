"""Words that people read, in any number of languages, each knowing where it comes from.

A `Text` keeps its source language for ever. Every other language is a rendering with an origin
(a person, a machine, the term base, the house's editors) and, where somebody stood up for it, who
approved it and when. Reading never fails: `best` falls back and says what it fell back to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from saphan.design.formats import bcp47

ORIGINS = ("person", "machine", "term_base", "house")
ORIGIN_LABELS = {
    "person": _("Written by a person"),
    "machine": _("Machine translation"),
    "term_base": _("From the term base"),
    "house": _("Written by the house's editors"),
}

# Who reads one of these reads the other sooner than English.
NEIGHBOURS = {"zh-Hans": ["zh-Hant"], "zh-Hant": ["zh-Hans"], "id": ["ms"], "ms": ["id"],
              "tet": ["pt"]}


@dataclass(frozen=True)
class Words:
    """The words of one language. `approved_at` is an ISO 8601 instant in UTC. `of`: fingerprint of
    the source words that they render, where the house knows it."""

    text: str
    origin: str = "person"
    by: str = ""
    approved_by: str = ""
    approved_at: str = ""
    of: str = ""

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise ValueError(f"unknown origin of words: {self.origin!r}")

    @property
    def origin_label(self) -> Any:
        return ORIGIN_LABELS[self.origin]


@dataclass(frozen=True)
class Reading:
    """What a reader gets: the words, the language they are in, and that of the original."""

    text: str
    lang: str
    words: Words
    source: str
    asked: str
    stale: bool = False
    """Whether the original has changed since these words were made from it."""

    @property
    def is_source(self) -> bool:
        return self.lang == self.source

    @property
    def is_asked(self) -> bool:
        return self.lang == self.asked

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Text(Mapping[str, Words]):
    """Immutable multilingual words: a mapping from language code to `Words`."""

    source: str = ""
    renderings: dict[str, Words] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Mapping[str, str], *, source: str = "", origin: str = "person",
           by: str = "") -> Text:
        """A Text from plain strings; `source` defaults to the first language given."""
        kept = {lang: Words(text, origin, by) for lang, text in words.items() if text}
        return cls(source or next(iter(kept), ""), kept)

    def __getitem__(self, lang: str) -> Words:
        return self.renderings[lang]

    def __iter__(self) -> Iterator[str]:
        return iter(self.renderings)

    def __len__(self) -> int:
        return len(self.renderings)

    def __bool__(self) -> bool:
        return any(words.text for words in self.renderings.values())

    def __hash__(self) -> int:
        return hash((self.source, tuple(sorted(self.plain().items()))))

    def best(self, lang: str | None = None) -> Reading:
        """The reading for `lang` (default: the active language).

        Own language, its neighbour, English, the source: of people who do not read the language
        asked for, more can make out English than Lao or Indonesian. `source` of the reading says
        what the original is in.
        """
        asked = lang or reader_language()
        for candidate in (asked, *NEIGHBOURS.get(asked, []), "en", self.source, *self.renderings):
            words = self.renderings.get(candidate)
            if words and words.text:
                return Reading(words.text, candidate, words, self.source, asked,
                               self.is_stale(candidate))
        source = self.source or asked
        return Reading("", source, Words(""), source, asked)

    def plain(self) -> dict[str, str]:
        return {lang: words.text for lang, words in self.renderings.items()}

    def with_words(self, lang: str, text: str, *, origin: str = "person", by: str = "") -> Text:
        """A copy with these words; the first language written becomes the source.

        New source words make the renderings stale. Those of a machine that nobody approved are
        dropped; the others stay (`is_stale` tells of those that know what they were made from).
        """
        source = self.source or lang
        kept = dict(self.renderings)
        if lang == source and lang in kept and kept[lang].text != text:
            kept = {k: w for k, w in kept.items() if w.origin != "machine" or w.approved_by}
        kept.pop(lang, None)
        if text:
            kept = {lang: Words(text, origin, by), **kept} if lang == source else {
                **kept, lang: Words(text, origin, by)}
        return Text(source, kept)

    def rendered(self, lang: str, words: Words) -> Text:
        """A copy with these words as the rendering in `lang`. ValueError for the source's own."""
        if lang == self.source:
            raise ValueError("the source is not a rendering")
        return Text(self.source, {**self.renderings, lang: words})

    def is_stale(self, lang: str) -> bool:
        """Whether the words in `lang` were made from source words that have changed since."""
        words, source = self.renderings.get(lang), self.renderings.get(self.source)
        return bool(words and words.of and (source is None
                                            or words.of != fingerprint(source.text)))

    def approved(self, lang: str, *, by: str, at: str) -> Text:
        """A copy in which `by` stands up for the words in `lang`. KeyError if there are none."""
        words = replace(self.renderings[lang], approved_by=by, approved_at=at)
        return Text(self.source, {**self.renderings, lang: words})

    def to_json(self) -> dict[str, Any]:
        return {"source": self.source,
                "words": {lang: {k: v for k, v in asdict(w).items() if v}
                          for lang, w in self.renderings.items()}}

    @classmethod
    def from_json(cls, data: Any) -> Text:
        if not data:
            return cls()
        words = {lang: Words(**{"text": "", **entry}) for lang, entry in data["words"].items()}
        return cls(data.get("source", ""), words)

    def __str__(self) -> str:
        return self.best().text


def fingerprint(text: str) -> str:
    """What a rendering remembers of the source words it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def reader_language() -> str:
    """The active language as a BCP 47 code with its script's case: `zh-Hans`, not `zh-hans`."""
    return bcp47(get_language() or "en")


class TextField(models.JSONField):
    """A model field that holds a `Text`. `limit`: characters at most in any one language."""

    def __init__(self, *args: Any, limit: int | None = None, **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("default", Text)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.limit is not None:
            kwargs["limit"] = self.limit
        return name, path, list(args), kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Text:
        return Text.from_json(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Text:
        if isinstance(value, Text):
            return value
        return Text.from_json(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return value.to_json() if isinstance(value, Text) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared)

    def value_to_string(self, obj: Any) -> Any:
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: Any) -> None:
        if not self.blank and not value:
            raise ValidationError(self.error_messages["blank"], code="blank")
        if self.limit is None:
            return
        for words in value.values():
            if len(words.text) > self.limit:
                raise ValidationError(
                    _("At most %(limit)d characters; this has %(length)d."),
                    code="max_length", params={"limit": self.limit, "length": len(words.text)})
