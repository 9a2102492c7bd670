"""Words of a record as a reader gets them, with the author's own where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from saphan.ground.text import Reading, Text
from saphan.rooms.market.models import Listing


@dataclass(frozen=True)
class Passage:
    """Words of one field as the reader gets them, and the source where that is another language."""

    label: str | Promise
    reading: Reading
    original: Reading | None = None

    @classmethod
    def of(cls, listing: Listing, name: str) -> Passage:
        """A field of a listing."""
        text = getattr(listing, name)
        return cls(listing.label_of(name), text.best(), original_of(text))


def original_of(text: Text) -> Reading | None:
    """The author's own words, if the reader is shown others."""
    reading = text.best()
    if reading.is_source or text.source not in text:
        return None
    words = text[text.source]
    return Reading(words.text, text.source, words, text.source, text.source)
