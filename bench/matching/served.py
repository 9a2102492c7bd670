"""How fast the served index is, and how much of the truth its graph finds.

    python bench/matching/served.py [--records 100000] [--shards 0] [--data DIR] [--models DIR]
        [--dsn DSN] [--folder DIR]

Without --dsn it starts servers of its own with the programs of `.ci/postgres`; with --shards N it
spreads the index over N of them. Records and questions are those of `scale.py`, which measures the
index in files: real sentences with --data, else drawn in clusters. A sector is 1 % of the records,
an economy 9 %. Times are of the wall clock, on a machine that may do other work meanwhile.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from scale import BATCH, DIMENSION, Material, drawn, entries, sentences

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))

from saphan.engines.language.codes import family  # noqa: E402
from saphan.engines.language.embed import Vectors  # noqa: E402
from saphan.engines.matching import postgres_search as read  # noqa: E402
from saphan.engines.matching.documents import Filters  # noqa: E402
from saphan.engines.matching.index import Entry  # noqa: E402
from saphan.engines.matching.postgres_index import PostgresIndex  # noqa: E402
from saphan.engines.matching.postgres_shards import spread  # noqa: E402

SERVER = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "4GB",
          "max_wal_size": "8GB", "effective_cache_size": "8GB"}  # fmt: skip
QUESTIONS = 104


def timed(name: str, ask: Callable[[int], object], count: int = QUESTIONS) -> None:
    ask(0)
    spent = []
    for number in range(count):
        started = time.perf_counter()
        ask(number)
        spent.append((time.perf_counter() - started) * 1000)
    spent.sort()
    say(name, f"{spent[count // 2]:8.1f} ms median {spent[count * 95 // 100]:8.1f} ms p95")


def say(name: str, value: str) -> None:
    print(f"{name:<42}{value}", flush=True)


def recall(index: PostgresIndex, held: Vectors, asked: Vectors, filters: Filters | None,
           kept: np.ndarray) -> float:  # fmt: skip
    """Share of the 20 truly nearest (float32, every vector compared) that are found."""
    places = np.flatnonzero(kept)
    products = asked @ (held if kept.all() else held[places]).T
    best = np.argsort(-products, axis=1)[:, :20]
    found = 0
    for row, vector in zip(places[best], asked, strict=True):
        answer = index.search(vector, filters, 20)
        found += len({int(name.rpartition(".")[2]) for name, _ in answer} & set(row.tolist()))
    return found / (20 * len(asked))


def client(dsn: str, asked: Vectors, seconds: float) -> int:
    """Searches that one process does in this time."""
    index = PostgresIndex(dsn, model_id="bench/1", dimension=DIMENSION)
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        index.search(asked[done % len(asked)], Filters(), 20)
        done += 1
    index.close()
    return done


def servers(count: int) -> list[str]:
    from postgres_server import Cluster, programs

    found = programs()
    if found is None:
        raise SystemExit("call .ci/postgres first, or give --dsn")
    return [Cluster(found, SERVER).dsn() for _ in range(count)]


def sizes(dsn: str) -> None:
    import psycopg

    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT c.relname, pg_total_relation_size(c.oid), pg_relation_size(c.oid) FROM pg_class"
            " c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ~ '^saphan_index'"
            " AND relkind IN ('r', 'i') ORDER BY 2 DESC LIMIT 8"
        ).fetchall()
    for name, whole, own in rows:
        say(f"  {name}", f"{whole / 1e6:8.0f} MB, {own / 1e6:.0f} MB of its own")


def fill(index: PostgresIndex, material: Material, records: int) -> Vectors:
    """Rebuild the index with so many records; gives their vectors as they are compared."""
    held = np.empty((records, DIMENSION), np.float32)
    started = time.perf_counter()
    spent: list[float] = []

    def made() -> Iterator[Entry]:
        for start in range(0, records, BATCH):
            size = min(BATCH, records - start)
            found, held[start : start + size] = entries(material, start, size)
            yield from found
        spent.append(time.perf_counter() - started)

    index.rebuild(made(), cursor=1)
    rest = time.perf_counter() - started - spent[0]
    say(f"{records:,} records made and sent", f"{spent[0]:8.0f} s {records / spent[0]:8.0f} /s")
    say("indexes built", f"{rest:8.0f} s")
    return held


def searching(index: PostgresIndex, material: Material, held: Vectors) -> None:
    asked, number = material.asked, np.arange(len(held))
    every, rare, some = Filters(), Filters(sectors=("s7",)), Filters(economies=("E3",))
    for name, filters, kept in (("", every, number >= 0), (", 9 % pass", some, number % 11 == 3),
                                (", 1 % pass", rare, number * 7 % 100 == 7)):  # fmt: skip
        say(f"recall@20{name}", f"{recall(index, held, asked, filters, kept):8.3f}")
        timed(f"search, best 20{name}", lambda n, f=filters: index.search(asked[n], f, 20))
        timed(f"search, best 1000{name}", lambda n, f=filters: index.search(asked[n], f, 1000))
    texts = material.questions
    for k in (200, 1000):
        timed(f"words of a question, best {k}", lambda n, k=k: index.lexical(
            texts[n][1], family(texts[n][0]), every, k))  # fmt: skip
    chance = np.random.default_rng(4)
    named = [{f"c{c}": 1.0 for c in np.minimum(chance.zipf(1.3, 3), 860)} for _ in range(QUESTIONS)]
    timed("3 concepts, best 1000", lambda n: index.by_concept(named[n], every, 1000))
    names = [f"market.listing.{n * 37 % len(held)}" for n in range(300)]
    timed("similarity of 300 named", lambda n: index.similarity(asked[n], names))
    timed("20 documents", lambda n: index.get_many(names[:20]))


def widths(index: PostgresIndex, material: Material, held: Vectors) -> None:
    """Recall and time for several numbers of candidates that the walk keeps."""
    kept = np.ones(len(held), bool)
    for width in (50, 100, 200, 400, 800):
        read.LEAST_EF = width  # type: ignore[misc]
        share = recall(index, held, material.asked, Filters(), kept)
        timed(f"ef_search {width}: recall@20 {share:.3f}",
              lambda n: index.search(material.asked[n], Filters(), 20))  # fmt: skip


def writing(index: PostgresIndex, material: Material, records: int) -> None:
    fresh, _ = entries(material, records, 1000 + QUESTIONS)
    timed("put one", lambda n: index.put([fresh[n]], cursor=n))
    started = time.perf_counter()
    index.put(fresh[QUESTIONS:])
    say("put 1,000 at once", f"{1000 / (time.perf_counter() - started):8.0f} /s")
    started = time.perf_counter()
    index.put([])
    say("put nothing but a cursor", f"{(time.perf_counter() - started) * 1000:8.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--shards", type=int, default=0)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("."))
    parser.add_argument("--dsn")
    options = parser.parse_args()
    material = (sentences(options.data, options.models, options.folder) if options.data
                else drawn())  # fmt: skip
    started_here = servers(1 + options.shards) if not options.dsn else []
    dsn = options.dsn or started_here[0]
    if options.shards:
        spread(dsn, started_here[1:])
    index = PostgresIndex(dsn, model_id="bench/1", dimension=DIMENSION,
                          transform=material.transformed)  # fmt: skip
    held = fill(index, material, options.records)
    if not options.shards:
        sizes(dsn)
    searching(index, material, held)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        done = pool.starmap(client, [(dsn, material.asked, 10.0)] * 4)
    say("four clients", f"{sum(done) / 10:8.0f} searches a second")
    writing(index, material, options.records)
    widths(index, material, held)
    index.close()


if __name__ == "__main__":
    main()
