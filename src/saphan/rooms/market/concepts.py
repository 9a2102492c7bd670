"""The concepts that a record speaks of, found by the term base: the same in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from saphan.ground.text import Text
from saphan.house.engine import terms as term_base
from saphan.house.wording import queries as wording
from saphan.rooms.market.models import Listing

AT_MOST = 6
_READ = ("title", "summary", "description", "advantages", "technical_specification")


def found_in(listing: Listing) -> list[str]:
    """Concepts that the record is about: those named in its title, then those named in its summary
    or more than once. What a description mentions in passing would mislead on a plate."""
    terms, lang = term_base(), listing.lang or None
    in_title = [hit.concept for hit in terms.find(_own(listing.title, listing.lang), lang)]
    in_summary = {hit.concept for hit in terms.find(_own(listing.summary, listing.lang), lang)}
    often = Counter(hit.concept for hit in terms.find(text_of(listing), lang))
    ordered = [*in_title, *(concept for concept, times in often.most_common()
                            if times > 1 or concept in in_summary)]
    return list(dict.fromkeys(ordered))[:AT_MOST]


def text_of(listing: Listing) -> str:
    """What is read of a listing, in its own language."""
    return "\n".join([*(_own(getattr(listing, name), listing.lang) for name in _READ),
                      *map(str, listing.keywords)])


def labels(concepts: Iterable[str], lang: str | None = None) -> tuple[str, ...]:
    """What a reader of `lang` (default: the active language) calls these concepts, each leading to
    its page."""
    known = term_base().concepts
    return tuple(wording.chip(concept, lang or "") for concept in concepts if concept in known)


def label(concept: str) -> str:
    """What the reader calls one concept."""
    return wording.label(concept)


def _own(text: Text, lang: str) -> str:
    return text[lang].text if lang in text else str(text.best(lang or None))
