"""The same offer or need posted twice, in whatever language: found, with reasons for the reader.

Only what is in the search index is compared: public records, as far as the worker has taken them
in. What is said here is advice for people; nothing is refused or merged because of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from saphan.design import formats
from saphan.engines.duplicates import finder
from saphan.engines.duplicates.reasons import Reason
from saphan.engines.matching.documents import Document
from saphan.house.engine import Engine, engine, look_again
from saphan.house.indexing import split_id
from saphan.house.wording.queries import label
from saphan.people.queries import economy_names

_lock = threading.Lock()
_finder: tuple[Engine, finder.Finder] | None = None


@dataclass(frozen=True)
class Alike:
    """A record that says the same. Sentences are in the reader's language."""

    id: str
    """In the index: `market.listing.42`."""
    room: str
    key: str
    probability: float
    """0..1, that both are the same offer or need."""
    reasons: tuple[str, ...]
    """What they share."""
    differences: tuple[str, ...]
    """In what they differ all the same."""


def find(document: Document, *, limit: int = 5, without: str = "") -> list[Alike]:
    """The records that are the same as `document`, most probable first, `limit` at most.

    `without` is the record's own identifier in the index, if it may be there already. Only records
    of the same side are looked at: an offer is never the same as a need. Raises `engine.NotReady`.
    """
    look_again()
    leave = {name for name in (without, document.id) if name}
    return [_told(one) for one in _ours().alike(document, limit=limit, without=leave)]


def pairs(room: str = "", *, threshold: float | None = None) -> Iterator[tuple[str, Alike]]:
    """Every pair in the index that is the same, each once: an identifier, and what is like it.

    `room`: only records of this room, with any other record. `threshold`: another probability from
    which a pair is told. Raises `engine.NotReady`.
    """
    look_again()
    ours = _ours()
    ids = [name for name in ours.index.ids() if not room or split_id(name)[0] == room]
    for document, alike in ours.pairs(ids, threshold=threshold):
        yield document.id, _told(alike)


def _ours() -> finder.Finder:
    """The finder on the engine of this moment; it remembers vectors of names between calls."""
    global _finder
    opened = engine()
    with _lock:
        if _finder is None or _finder[0] is not opened:
            _finder = opened, finder.Finder(
                opened.index, opened.embedder, opened.matcher.lir, opened.terms)
        return _finder[1]


def _told(found: finder.Alike) -> Alike:
    room, _model, key = split_id(found.document.id)
    return Alike(
        id=found.document.id, room=room, key=key, probability=found.probability,
        reasons=tuple(_shared(one) for one in found.reasons if one.same),
        differences=tuple(_apart(one) for one in found.reasons if not one.same))


def _shared(reason: Reason) -> str:
    """One sentence on what two records share."""
    if reason.name == "title":
        return _("The titles mean the same.")
    if reason.name == "organisation" and len(reason.values) == 2:
        return _("The organisations look like one: %(first)s and %(second)s.") % _two(reason)
    return {
        "figures": _("The same figures: %(values)s."),
        "names": _("The same names: %(values)s."),
        "concepts": _("The same topics: %(values)s."),
        "organisation": _("The same organisation: %(values)s."),
        "economy": _("The same country or region: %(values)s."),
        "budget": _("The same budget: %(values)s."),
        "deadline": _("The same deadline: %(values)s."),
    }[reason.name] % {"values": ", ".join(_words(reason))}


def _apart(reason: Reason) -> str:
    """One sentence on what sets two records apart, this one's side first."""
    return {
        "economy": _("Another country or region: %(first)s here, %(second)s there."),
        "organisation": _("Another organisation: %(first)s here, %(second)s there."),
        "model": _("Another model: %(first)s here, %(second)s there."),
        "figures": _("Figures that only one of them has: %(first)s here, %(second)s there."),
        "budget": _("Another budget: %(first)s here, %(second)s there."),
        "deadline": _("Another deadline: %(first)s here, %(second)s there."),
    }[reason.name] % _two(reason)


def _two(reason: Reason) -> dict[str, str]:
    first, second = _words(reason)
    return {"first": first, "second": second}


def _words(reason: Reason) -> list[str]:
    """The values of a reason, codes as words of the reader's language."""
    if reason.name == "concepts":
        return [label(value) for value in reason.values]
    if reason.name == "economy":
        names = economy_names()
        return [names.get(code, code) for code in reason.values]
    if reason.name == "deadline":
        return [formats.day(value) for value in reason.values]
    return list(reason.values)
