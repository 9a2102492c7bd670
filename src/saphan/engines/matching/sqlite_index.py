"""The embedded search index: entries in one SQLite file, and files derived from them beside it.

Writers are one at a time and each batch is one transaction in a write-ahead log, so a process
killed at any moment leaves the index as it was before the batch or after it. What questions are
answered from is derived (see `derived`): mapped into memory and shared by all processes, brought
up to date by whoever notices first that the index has changed, and made anew where it is missing.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from saphan.engines.language.embed import Vectors
from saphan.engines.matching import bm25, store
from saphan.engines.matching.columns import places_of
from saphan.engines.matching.derived import DerivedSet, fingerprint
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.index import Entry, IndexDamaged, Transform
from saphan.engines.matching.lookup import Lookup, batches
from saphan.engines.matching.quantised import Places, unit_rows
from saphan.engines.matching.soundness import of_the_same_entries, wrong_entries
from saphan.engines.matching.store import AT_ONCE, Store
from saphan.engines.matching.view import Passing, View


class SqliteIndex:
    """An index in the file `path`, which is made if missing. See `index.Index` for the methods.

    Only vectors of `model_id` are compared, after `transform`; `stale` names the documents that
    hold others. Methods raise IndexDamaged when the file is no index of this format or is broken:
    `rebuild` it then. The derived files lie in the folder `path` + ".derived".
    """

    def __init__(
        self,
        path: Path,
        *,
        model_id: str,
        dimension: int,
        transform: Transform | None = None,
        transform_id: str = "",
    ) -> None:
        self._store = Store(path)
        self._lookup = Lookup(self._store)
        self._derived_folder = path.with_name(path.name + ".derived")
        self.model_id, self.dimension = model_id, dimension
        self._transform, self.transform_id = transform, transform_id
        self._lock = threading.Lock()
        self._set: DerivedSet | None = None

    # -- writing ---------------------------------------------------------------------------

    def put(self, entries: Iterable[Entry], *, cursor: int | None = None) -> None:
        """Add entries, or replace those of the same id, in one transaction.

        Raises ValueError for a vector of another dimension, TypeError for values that cannot be
        kept; then nothing is written.
        """
        self._write(entries, cursor)
        self._view()

    def _write(self, entries: Iterable[Entry], cursor: int | None) -> None:
        ready = {entry.document.id: entry for entry in entries}  # the last one of an id counts
        for entry in ready.values():
            if entry.vector.shape != (self.dimension,):
                raise ValueError(f"{entry.document.id}: a vector of {entry.vector.shape}")
        with self._store.writing(cursor) as (connection, version):
            for batch in batches(ready.values(), AT_ONCE):
                store.add(connection, batch, version)

    def remove(self, ids: Iterable[str], *, cursor: int | None = None) -> None:
        """Take documents out, in one transaction; unknown ids are left aside."""
        with self._store.writing(cursor) as (connection, version):
            for batch in batches(ids, AT_ONCE):
                store.forget(connection, batch, version)
        self._view()

    def use(self, transform: Transform | None, transform_id: str) -> None:
        """Compare vectors after another transform from now on; stored vectors stay as they are.

        What is derived with it is made first; until then questions are answered as before.
        """
        with self._store.snapshot() as connection:
            epoch, version = store.moment(connection)
        fresh = self._derived(self._store, epoch, transform, transform_id)
        fresh.view(version)
        with self._lock:
            self._transform, self.transform_id, self._set = transform, transform_id, fresh

    def rebuild(self, entries: Iterable[Entry], *, cursor: int) -> None:
        """Put exactly these entries in place of all, at once.

        They are written to a fresh file first, which is verified, and what is derived from them is
        made; readers see the old entries until the one transaction that swaps the files. A damaged
        file is set aside. Raises IndexDamaged if the fresh file does not verify; then the old
        entries stay.
        """
        path = self._store.path.with_name(self._store.path.name + ".fresh")
        Store.discard(path)
        fresh = SqliteIndex(path, model_id=self.model_id, dimension=self.dimension,
                            transform=self._transform, transform_id=self.transform_id)  # fmt: skip
        fresh._derived_folder = self._derived_folder
        taken = False
        try:
            for batch in batches(entries, AT_ONCE):
                fresh._write(batch, None)
            fresh.put([], cursor=cursor)
            problems = fresh.verify()
            if problems:
                raise IndexDamaged(f"the fresh index does not verify: {problems[0]}")
            fresh.close()
            self._store.take_over(path)
            taken = True
        finally:
            fresh.close()
            Store.discard(path)
            self._sweep(self._store if taken else None, fresh)

    def _sweep(self, kept: Store | None, fresh: SqliteIndex) -> None:
        """Delete derived sets that belong to no entries: of before, or of what was not taken."""
        if kept is None:
            if fresh._set is not None:
                shutil.rmtree(fresh._set.folder, ignore_errors=True)
            return
        with kept.snapshot() as connection:
            epoch, _ = store.moment(connection)
        for folder in self._derived_folder.iterdir():
            if not folder.name.startswith(f"{epoch}-"):
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Close this thread's connection; the next call opens one again."""
        self._store.close()

    # -- reading documents -------------------------------------------------------------------

    def get(self, id: str) -> Document | None:
        """The document of this id, or None."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids, by id; unknown ids are left aside."""
        return self._lookup.documents(ids)

    def vectors(self, ids: Iterable[str]) -> dict[str, Vectors]:
        """The model's own vectors [dimension] of these documents, as they were `put` (16 bit).

        Those of another model and unknown ids are left aside.
        """
        return self._lookup.vectors(ids, self.model_id, self.dimension)

    def ids(self) -> list[str]:
        """Every document's identifier, in order."""
        with self._store.reading() as connection:
            return [row[0] for row in connection.execute("SELECT id FROM entries ORDER BY id")]

    def count(self) -> int:
        """How many documents the index holds."""
        return self._lookup.counts()[0]

    def concept_counts(self) -> Mapping[str, int]:
        """In how many documents each concept is named."""
        return self._lookup.counts()[1]

    @property
    def cursor(self) -> int:
        """Sequence number of the last ledger fact whose entries are here; 0 in a new index."""
        with self._store.reading() as connection:
            return store.setting(connection, "cursor")

    def stale(self) -> list[str]:
        """Documents whose vector is of another model: embed them again and `put` them."""
        return self._lookup.stale(self.model_id)

    # -- searching -------------------------------------------------------------------------

    def search(
        self, vector: Vectors, filters: Filters | None = None, k: int | None = None
    ) -> list[tuple[str, float]]:
        """The `k` documents (None: all) nearest to a vector [dimension]: (id, cosine -1..1).

        Best first. Up to some 16,000 that pass the filters all are compared exactly; of more, a
        part that bits choose: see docs/decisions/0013 for what that misses.
        """
        view, _epoch = self._view()
        _, passing = self._passing(view, filters)
        slots, found = view.nearest(unit_rows(vector)[0], passing, k)
        named = zip(view.ids(slots), found.tolist(), strict=True)
        return sorted(named, key=lambda item: (-item[1], item[0]))

    def similarity(self, vector: Vectors, ids: Iterable[str]) -> dict[str, float]:
        """Cosine of these documents with a vector [dimension]; unknown ids are left aside."""
        view, _epoch = self._view()
        slots = self._slots_of(view, ids)
        slots, found = view.cosines(unit_rows(vector)[0], slots)
        return dict(zip(view.ids(slots), found.tolist(), strict=True))

    def lexical(
        self,
        tokens: Sequence[str],
        family: str,
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, float]:
        """Share of the question's weight of words that documents hold, 0..1 (BM25), best first.

        Only documents with text in this language family; those without a common word are absent.
        `k` keeps the best.
        """
        view, _epoch = self._view()
        passing, _ = self._passing(view, filters)
        slots, found = bm25.word_scores(view, tokens, family, passing, k)
        return dict(zip(view.ids(slots), found.tolist(), strict=True))

    def by_concept(
        self,
        weights: Mapping[str, float],
        filters: Filters | None = None,
        k: int | None = None,
    ) -> dict[str, dict[str, float]]:
        """Documents that name any of these concepts: id to concept to strength 0..1.

        `k` keeps those with the greatest sum of weight times strength; best first.
        """
        view, _epoch = self._view()
        passing, _ = self._passing(view, filters)
        slots, strengths = bm25.concept_scores(view, weights, passing, k)
        found = [strengths[slot] for slot in slots.tolist()]
        return dict(zip(view.ids(slots), found, strict=True))

    # -- what is derived -------------------------------------------------------------------

    def _view(self) -> tuple[View, int]:
        """What questions are answered from, as new as the file, and its epoch."""
        with self._store.snapshot() as connection:
            epoch, version = store.moment(connection)
        with self._lock:
            current = self._set
            if current is None or not current.folder.name.startswith(f"{epoch}-"):
                current = self._set = self._derived(
                    self._store, epoch, self._transform, self.transform_id
                )
        return current.view(version), epoch

    def _derived(
        self, held: Store, epoch: int, transform: Transform | None, transform_id: str
    ) -> DerivedSet:
        about = (self.model_id, self.dimension, transform_id,
                 fingerprint(transform, self.dimension))  # fmt: skip
        key = blake2b(json.dumps(about).encode(), digest_size=8).hexdigest()
        folder = self._derived_folder / f"{epoch}-{key}"
        return DerivedSet(folder, held, self.model_id, self.dimension, transform)

    def _passing(self, view: View, filters: Filters | None) -> tuple[Passing, Passing]:
        def labels(names: Sequence[str]) -> list[int]:
            with self._store.reading() as connection:
                return store.labels(connection, names)

        return view.passing(
            filters, labels, lambda: self._slots_of(view, filters.exclude if filters else ())
        )

    def _slots_of(self, view: View, ids: Iterable[str]) -> Places:
        return places_of(view.numbers, self._lookup.numbers(ids))

    # -- checking --------------------------------------------------------------------------

    def verify(self) -> list[str]:
        """What is wrong with the file and with what is derived, in words; empty when sound."""
        try:
            with self._store.snapshot() as connection:
                problems = [
                    row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"
                ]
                problems += wrong_entries(connection, self.dimension)
            if not problems and not self._derived_fits():
                problems.append("what is derived is not of the entries that are there")
            return problems
        except (sqlite3.DatabaseError, IndexDamaged) as error:
            return [str(error)]

    def _derived_fits(self) -> bool:
        view, epoch = self._view()
        with self._store.snapshot() as connection:
            if store.moment(connection) != (epoch, view.version):
                return True  # written to just now; whoever reads next brings the files up to date
            return of_the_same_entries(connection, view)
