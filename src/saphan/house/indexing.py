"""Keep the search index in step with the ledger.

The index remembers the last fact it took in, in the same transaction as what it took in. After any
crash it reads on from there, so it always ends where the ledger ends. It is derived data: `rebuild`
makes it anew from the records.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from saphan.design.plate import Plate
from saphan.engines.matching.documents import Document
from saphan.engines.matching.entries import make_entries
from saphan.engines.matching.index import IndexDamaged
from saphan.ground import jobs, ledger
from saphan.ground.models import Fact
from saphan.house import learning
from saphan.house.engine import Engine, NotReady, engine, look_again
from saphan.house.registry import rooms
from saphan.house.room import Entries, Room
from saphan.people.models import Organisation, Person

log = logging.getLogger(__name__)
FACTS_AT_ONCE = 500
ENTRIES_AT_ONCE = 32
SECONDS_OF_LEARNING = 5.0
ORGANISATION = Organisation._meta.label_lower
_catching_up = threading.Lock()


def sources() -> Iterator[tuple[Room, Entries]]:
    """Every kind of record that search may find."""
    for room in rooms():
        for entries in room.entries:
            yield room, entries


def records_of(organisation: Organisation, *, asker: Person | None) -> list[Plate]:
    """What an organisation shows in every room, as far as the asker may see it."""
    found: list[Plate] = []
    for _room, entries in sources():
        keys = entries.of_organisation(str(organisation.pk))
        plates = entries.plates(keys, asker=asker)
        found += [plates[key] for key in keys if key in plates]
    return found


def entry_id(room: Room, entries: Entries, key: str) -> str:
    """The identifier in the index: room, model and key, `market.listing.42`."""
    return f"{room.slug}.{entries.model._meta.model_name}.{key}"


def split_id(identifier: str) -> tuple[str, str, str]:
    """Room, model name and key of an identifier in the index."""
    room, model, key = identifier.split(".", 2)
    return room, model, key


def catch_up() -> int:
    """Take in what happened since; called by the worker after facts. Returns facts taken in."""
    if not Fact.objects.exists():
        return 0
    look_again()
    try:
        opened = engine()
    except NotReady as error:
        log.warning("%s", error)
        return 0
    with _catching_up:
        try:
            return _catch_up(opened)
        except IndexDamaged:
            log.exception("the index is damaged; making it anew")
            rebuild()
            return 0
        except NotReady:  # its server does not answer; the worker comes back
            return 0


def _catch_up(opened: Engine) -> int:
    passed = 0
    if opened.index.cursor > ledger.head()[0]:
        rebuild()  # an older backup was restored
    while facts := list(Fact.objects.filter(seq__gt=opened.index.cursor).order_by(
            "seq").values_list("seq", "subject_type", "subject_id")[:FACTS_AT_ONCE]):
        for room, entries in sources():
            label = entries.model._meta.label_lower
            keys = list(dict.fromkeys(
                named for _seq, kind, key in facts for named in (
                    [key] if kind == label
                    else entries.of_organisation(key) if kind == ORGANISATION else [])))
            for start in range(0, len(keys), ENTRIES_AT_ONCE):
                _take_in(opened, room, entries, keys[start:start + ENTRIES_AT_ONCE])
        opened.index.put([], cursor=facts[-1][0])
        passed += len(facts)
    if learning.embed_again(seconds=SECONDS_OF_LEARNING):
        jobs.wake()  # more is left to do; meanwhile something else may have happened
    return passed


def _take_in(opened: Engine, room: Room, entries: Entries, keys: list[str]) -> None:
    documents = _documents(room, entries, keys)
    found = {document.id for document in documents}
    gone = [name for key in keys if (name := entry_id(room, entries, key)) not in found]
    if documents:
        opened.index.put(make_entries(documents, opened.embedder, opened.terms))
    if gone:
        opened.index.remove(gone)


def _documents(room: Room, entries: Entries, keys: Iterable[str] | None) -> list[Document]:
    return [replace(document, id=entry_id(room, entries, document.id), room=room.slug)
            for document in entries.documents(keys)]


def rebuild(told: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make the index anew from the records; readers keep the old one until it is whole.

    `told(done, total)` hears of progress. Returns the number of entries.
    """
    opened, (head, _hash) = engine(), ledger.head()
    documents = [document for room, entries in sources()
                 for document in _documents(room, entries, None)]

    def counted() -> Iterator[Document]:
        for done, document in enumerate(documents):
            told(done, len(documents))
            yield document
        told(len(documents), len(documents))

    opened.index.rebuild(make_entries(counted(), opened.embedder, opened.terms), cursor=head)
    return len(documents)


def verify() -> list[str]:
    """Where index, ledger and records do not agree; an empty list if they do."""
    opened = engine()
    problems = list(opened.index.verify())
    head, _hash = ledger.head()
    if opened.index.cursor != head:
        problems.append(f"the index stands at fact {opened.index.cursor}, the ledger at {head}")
    expected = {document.id for room, entries in sources()
                for document in _documents(room, entries, None)}
    held = set(opened.index.ids())
    problems += [f"{name} is missing from the index" for name in sorted(expected - held)[:20]]
    problems += [f"{name} should not be in the index" for name in sorted(held - expected)[:20]]
    return problems
