"""After a change of terms: bring the concepts of the documents that it touches up to date.

Nothing is embedded again: a document's meaning has not changed, only what its words are called.
The job reads on from the change it last finished, so it may be killed and begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from saphan.engines.language.terms import Concept, TermBase
from saphan.engines.matching.documents import Document
from saphan.engines.matching.entries import document_concepts, document_tokens
from saphan.engines.matching.index import Entry
from saphan.ground import clock, jobs
from saphan.ground.models import Work
from saphan.house import engine
from saphan.house.engine import Engine, NotReady
from saphan.house.indexing import sources
from saphan.house.wording.models import Reindexed, TermChange

WORK = "terms"
AT_ONCE = 64


@runtime_checkable
class KeepsConcepts(Protocol):
    """Entries of a room that write down the concepts of its records. Optional."""

    def name_again(self, touched: Touched) -> int:
        """Find the concepts of those records anew that `touched` says. Returns how many."""
        ...


@dataclass(frozen=True)
class Touched:
    """Which texts and records some changes of terms are about."""

    concepts: frozenset[str]
    words: TermBase
    """All labels that came or went, to be found in texts."""

    def names(self, known: Iterable[str]) -> bool:
        """Whether one of the concepts that a record has is among those that changed."""
        return not self.concepts.isdisjoint(known)

    def reads(self, text: str) -> bool:
        """Whether a text holds one of the labels."""
        return bool(self.words.find(text, nested=True))


def touched(changes: Iterable[TermChange]) -> Touched:
    """What the documents must be looked through for."""
    names, words = set[str](), dict[str, set[str]]()
    for change in changes:
        names.add(change.concept)
        for given in (change.before, change.after):
            for lang, labels in given.get("labels", {}).items():
                words.setdefault(lang, set()).update(labels)
    labels = {lang: tuple(sorted(found)) for lang, found in words.items() if found}
    found = [Concept("touched", labels=labels)] if labels else []
    return Touched(frozenset(names), TermBase(found))


def waiting() -> list[TermChange]:
    """Changes that the documents do not know of yet."""
    return list(TermChange.objects.filter(applied__gt=Reindexed.up_to()).order_by("applied"))


@jobs.job
def bring_up_to_date() -> None:
    """Look through all documents for what changed since the last time."""
    changes = waiting()
    if not changes:
        return  # another job of the same kind has done it
    engine.look_again()
    try:
        opened = engine.engine()
    except NotReady:
        return  # without a model there is no index; `overlooked` comes again
    what = touched(changes)
    work = jobs.begin_work(WORK)
    work.state = Work.State.RUNNING
    try:
        _look_through(opened, what, work)
        for _room, entries in sources():
            if isinstance(entries, KeepsConcepts):
                entries.name_again(what)
    except BaseException:
        work.state = Work.State.FAILED
        work.save()
        raise
    Reindexed.objects.update_or_create(pk=1, defaults={"applied": changes[-1].applied or 0})
    work.state = Work.State.DONE
    work.save()


def _look_through(opened: Engine, what: Touched, work: Work) -> None:
    names = opened.index.ids()
    known = _naming(opened, what.concepts)
    work.total = len(names)
    work.save()
    found = 0
    for done, batch in _batches(names):
        documents = [document for name, document in opened.index.get_many(batch).items()
                     if name in known or _reads(document, what.reads)]
        if documents:
            opened.index.put(_named_again(opened, documents))
        found += len(documents)
        work.done, work.result = done, {"documents": found}
        work.save(update_fields=["done", "result", "touched", "state"])


def _named_again(opened: Engine, documents: list[Document]) -> Iterator[Entry]:
    """Entries with the concepts that the term base finds now, and the vectors they had."""
    vectors = opened.index.vectors([document.id for document in documents])
    for document in documents:
        if document.id in vectors:
            yield Entry(document, vectors[document.id], opened.embedder.model_id,
                        document_tokens(document), document_concepts(document, opened.terms))


def _naming(opened: Engine, concepts: frozenset[str]) -> set[str]:
    return set(opened.index.by_concept(dict.fromkeys(concepts, 1.0)))


def _reads(document: Document, reads: Callable[[str], bool]) -> bool:
    return any(reads(text) for _lang, text in document.texts())


def _batches(names: list[str]) -> Iterator[tuple[int, list[str]]]:
    for start in range(0, len(names), AT_ONCE):
        batch = names[start:start + AT_ONCE]
        yield start + len(batch), batch


def latest_work() -> Work | None:
    """The latest look through the documents, for those who wait for it."""
    return Work.objects.filter(name=WORK).order_by("-pk").first()


@clock.every(hours=1)
def overlooked() -> None:
    """A job that could not be done comes again."""
    if waiting():
        bring_up_to_date.enqueue()


__all__ = ["KeepsConcepts", "Touched", "bring_up_to_date", "latest_work", "touched",
                      "waiting"]
