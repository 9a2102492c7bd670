"""What a record's row leaves out and a move to another house must not lose: who wrote, translated
and approved each word, and the days of its life. It stands in the field `kept` of a row.

Only the house itself writes it (`saphan export --whole`) and takes it in (`saphan import`): who
sends a file through the desk cannot say that somebody approved something. People appear by their
opaque references, which mean nothing in another house but stay different from each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from saphan.ground.text import ORIGINS, Text, Words
from saphan.rooms.market.models import Listing

ABOUT_WORDS = tuple(item.name for item in fields(Words) if item.name != "text")
DAYS = ("submitted",)
COUNTS = ("extensions",)
FLAGS = ("notice_sent",)


def of(listing: Listing) -> dict[str, Any]:
    """What to keep of a listing: by field and language what is known of the words; its life."""
    words = {}
    for item in Listing._meta.get_fields():
        text = getattr(listing, item.name, None)
        if isinstance(text, Text) and text:
            words[item.name] = {lang: {name: value for name, value in asdict(said).items()
                                       if name != "text" and value}
                                for lang, said in text.items()}
    life: dict[str, Any] = {name: getattr(listing, name).isoformat() for name in DAYS
                            if getattr(listing, name)}
    life |= {name: getattr(listing, name) for name in (*COUNTS, *FLAGS) if getattr(listing, name)}
    return {"words": words, "life": life}


def is_sound(kept: Any) -> bool:
    """Whether a row's `kept` has the form that `of` writes."""
    if not isinstance(kept, dict) or not set(kept) <= {"words", "life"}:
        return False
    words, life = kept.get("words", {}), kept.get("life", {})
    return isinstance(words, dict) and all(
        isinstance(by_lang, dict) and all(map(_is_about_words, by_lang.values()))
        for by_lang in words.values()) and isinstance(life, dict) and all(
        _is_of_a_life(name, value) for name, value in life.items())


def _is_about_words(said: Any) -> bool:
    return isinstance(said, dict) and set(said) <= set(ABOUT_WORDS) and all(
        isinstance(value, str) for value in said.values()) and said.get(
        "origin", "person") in ORIGINS


def _is_of_a_life(name: str, value: Any) -> bool:
    if name in DAYS:
        try:
            return datetime.fromisoformat(value).tzinfo is not None
        except (TypeError, ValueError):
            return False
    if name in FLAGS:
        return isinstance(value, bool)
    return name in COUNTS and type(value) is int and 0 <= value < 100


def apply(values: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a listing with what was kept of their words and of its life."""
    out = dict(values)
    for name, by_lang in kept.get("words", {}).items():
        text = out.get(name)
        if isinstance(text, Text):
            out[name] = Text(text.source, {
                lang: replace(Words(words.text), **by_lang[lang]) if lang in by_lang else words
                for lang, words in text.items()})
    for name, value in kept.get("life", {}).items():
        out[name] = datetime.fromisoformat(value) if name in DAYS else value
    return out
