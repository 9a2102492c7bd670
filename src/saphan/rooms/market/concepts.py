"""The concepts that a record speaks of, found by the term base: the same in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from saphan.ground.text import Text, reader_language
from saphan.house.engine import terms as term_base
from saphan.rooms.market.models import Listing

AT_MOST = 6
_READ = ("title", "summary", "description", "advantages", "technical_specification")


def found_in(listing: Listing) -> list[str]:
    """Concepts that the record is about: those named in its title, then those named in its summary
    or more than once. What a description mentions in passing would mislead on a plate."""
    terms, lang = term_base(), listing.lang or None
    in_title = [hit.concept for hit in terms.find(_own(listing.title, listing.lang), lang)]
    in_summary = {hit.concept for hit in terms.find(_own(listing.summary, listing.lang), lang)}
    whole = "\n".join([*(_own(getattr(listing, name), listing.lang) for name in _READ),
                       *map(str, listing.keywords)])
    often = Counter(hit.concept for hit in terms.find(whole, lang))
    ordered = [*in_title, *(concept for concept, times in often.most_common()
                            if times > 1 or concept in in_summary)]
    return list(dict.fromkeys(ordered))[:AT_MOST]


def labels(concepts: Iterable[str], lang: str | None = None) -> tuple[str, ...]:
    """What a reader of `lang` (default: the active language) calls these concepts."""
    terms, lang = term_base(), lang or reader_language()
    return tuple(terms.label(concept, lang) for concept in concepts if concept in terms.concepts)


def _own(text: Text, lang: str) -> str:
    return text[lang].text if lang in text else str(text.best(lang or None))
