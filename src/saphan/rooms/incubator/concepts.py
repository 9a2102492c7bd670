"""The concepts that a call speaks of, found by the term base: the same in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from saphan.ground.text import Text
from saphan.house.engine import terms as term_base
from saphan.house.wording import queries as wording
from saphan.rooms.incubator.models import Call

AT_MOST = 6
_READ = ("title", "summary", "scenario", "environment", "support")


def found_in(call: Call) -> list[str]:
    """Concepts that the call is about: those named in its title, then those named in its summary
    or more than once."""
    terms, lang = term_base(), call.lang or None
    in_title = [hit.concept for hit in terms.find(own(call.title, call.lang), lang)]
    in_summary = {hit.concept for hit in terms.find(own(call.summary, call.lang), lang)}
    often = Counter(hit.concept for hit in terms.find(text_of(call), lang))
    ordered = [*in_title, *(concept for concept, times in often.most_common()
                            if times > 1 or concept in in_summary)]
    return list(dict.fromkeys(ordered))[:AT_MOST]


def text_of(call: Call) -> str:
    """What is read of a call, in its own language."""
    return "\n".join([*(own(getattr(call, name), call.lang) for name in _READ),
                      *(str(row.get("name", "")) for row in call.indicators),
                      *map(str, call.keywords)])


def labels(concepts: Iterable[str], lang: str | None = None) -> tuple[str, ...]:
    """What a reader of `lang` (default: the active language) calls these concepts, each leading to
    its page."""
    known = term_base().concepts
    return tuple(wording.chip(concept, lang or "") for concept in concepts if concept in known)


def own(text: Text, lang: str) -> str:
    """The words in the language they were written in."""
    return text[lang].text if lang in text else str(text.best(lang or None))
