"""How fast the served index is, and how much of the truth its graph finds.

    python bench/matching/served.py [--records 100000] [--shards 0] [--dsn DSN] [--data VECTORS.npy]

Without --dsn it starts servers of its own with the programs of `.ci/postgres`; with --shards N it
spreads the index over N of them. Vectors are drawn in clusters around 2,000 centres of 48 hidden
dimensions, which is how texts lie; --data takes real ones, float [n, 384], instead. A record has
80 words of a vocabulary of 200,000 (the commonest in 1 of 4 records), 8 of 860 concepts, and one of
100 sectors, so that a sector is 1 % and an economy 10 %. Times are of the wall clock, on a machine
that may do other work meanwhile.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from saphan.engines.language.embed import Vectors, unit  # noqa: E402
from saphan.engines.matching.documents import Document, Filters  # noqa: E402
from saphan.engines.matching.index import Entry  # noqa: E402
from saphan.engines.matching.postgres_index import PostgresIndex  # noqa: E402
from saphan.engines.matching.postgres_shards import spread  # noqa: E402

DIMENSION, HIDDEN, CENTRES = 384, 48, 2_000
VOCABULARY, WORDS, CONCEPTS = 200_000, 80, 860
SERVER = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "2GB",
          "max_wal_size": "8GB", "effective_cache_size": "8GB"}  # fmt: skip
QUESTIONS = 200


def vectors(records: int, seed: int = 1) -> Vectors:
    """Unit vectors [records, dimension] in clusters."""
    chance = np.random.default_rng(seed)
    shape = np.random.default_rng(0)  # the same space for records and questions
    centres = shape.normal(size=(CENTRES, HIDDEN)).astype(np.float32)
    up = shape.normal(size=(HIDDEN, DIMENSION)).astype(np.float32) / HIDDEN**0.5
    made = np.empty((records, DIMENSION), np.float32)
    for start in range(0, records, 50_000):
        size = min(50_000, records - start)
        hidden = centres[chance.integers(CENTRES, size=size)]
        hidden = hidden + 0.6 * chance.normal(size=hidden.shape).astype(np.float32)
        noise = 0.15 * chance.normal(size=(size, DIMENSION)).astype(np.float32)
        made[start : start + size] = unit(hidden @ up + noise)
    return made


def drawn(chance: np.random.Generator, shape: int | tuple[int, int], among: int) -> np.ndarray:
    """Numbers below `among`, each drawn about as often as 1 / (its rank + 30)."""
    return (30 * ((among + 30) / 30) ** chance.random(shape) - 30).astype(np.int64)


def entries(held: Vectors) -> Iterator[Entry]:
    chance = np.random.default_rng(2)
    for start in range(0, len(held), 10_000):
        size = min(10_000, len(held) - start)
        words = drawn(chance, (size, WORDS), VOCABULARY)
        concepts = drawn(chance, (size, 8), CONCEPTS)
        for row in range(size):
            number = start + row
            document = Document(
                f"market.listing.{number}", "en", f"Offer number {number} of a sample",
                "A summary of some two hundred characters. " * 5, "A description. " * 40,
                room="market", kind="offer", sector=f"s{number % 100}", economy=f"e{number % 10}",
            )  # fmt: skip
            yield Entry(
                document, held[number], "bench/1", {"en": [f"w{word}" for word in words[row]]},
                {f"c{concept}": 0.5 + 0.5 * (concept % 2) for concept in concepts[row]},
            )  # fmt: skip


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
    best = np.argsort(-(asked @ held[places].T), axis=1)[:, :20]
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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--shards", type=int, default=0)
    parser.add_argument("--dsn")
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    held = vectors(options.records)
    asked = vectors(QUESTIONS, seed=9)
    if options.data:
        real = unit(np.load(options.data, mmap_mode="r")[: options.records + QUESTIONS])
        held, asked = real[:-QUESTIONS], real[-QUESTIONS:]
    started_here = servers(1 + options.shards) if not options.dsn else []
    dsn = options.dsn or started_here[0]
    if options.shards:
        spread(dsn, started_here[1:])
    index = PostgresIndex(dsn, model_id="bench/1", dimension=DIMENSION)
    started = time.perf_counter()
    loaded: list[float] = []

    def noted() -> Iterator[Entry]:
        yield from entries(held)
        loaded.append(time.perf_counter() - started)

    index.rebuild(noted(), cursor=1)
    whole = time.perf_counter() - started
    say(f"{len(held):,} records sent", f"{loaded[0]:8.0f} s {len(held) / loaded[0]:8.0f} a second")
    say("indexes built", f"{whole - loaded[0]:8.0f} s")
    if not options.shards:
        sizes(dsn)
    number = np.arange(len(held))
    rare, some = Filters(sectors=("s7",)), Filters(economies=("e3",))
    every = np.ones(len(held), bool)
    say("recall@20", f"{recall(index, held, asked, Filters(), every):8.3f}")
    say("recall@20, 10 % pass", f"{recall(index, held, asked, some, number % 10 == 3):8.3f}")
    say("recall@20, 1 % pass", f"{recall(index, held, asked, rare, number % 100 == 7):8.3f}")
    timed("search, best 20", lambda n: index.search(asked[n], Filters(), 20))
    timed("search, best 1000", lambda n: index.search(asked[n], Filters(), 1000))
    timed("search, best 20, 10 % pass", lambda n: index.search(asked[n], some, 20))
    timed("search, best 20, 1 % pass", lambda n: index.search(asked[n], rare, 20))
    timed("search, best 1000, 1 % pass", lambda n: index.search(asked[n], rare, 1000))
    chance = np.random.default_rng(4)
    texts = [[f"w{word}" for word in drawn(chance, 12, VOCABULARY)] for _ in range(QUESTIONS)]
    timed("lexical, 12 words, best 200", lambda n: index.lexical(texts[n], "en", Filters(), 200))
    named = [{f"c{c}": 1.0 for c in drawn(chance, 3, CONCEPTS)} for _ in range(QUESTIONS)]
    timed("by concept, 3 concepts, best 200", lambda n: index.by_concept(named[n], Filters(), 200))
    names = [f"market.listing.{n * 37 % len(held)}" for n in range(300)]
    timed("similarity of 300 named", lambda n: index.similarity(asked[n], names))
    timed("20 documents", lambda n: index.get_many(names[:20]))
    fresh = list(entries(held[:QUESTIONS]))
    timed("put one", lambda n: index.put([fresh[n]], cursor=n))
    started = time.perf_counter()
    index.put(list(entries(held[:1000])))
    say("put 1,000 at once", f"{1000 / (time.perf_counter() - started):8.0f} a second")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        done = pool.starmap(client, [(dsn, asked, 10.0)] * 4)
    say("four clients", f"{sum(done) / 10:8.0f} searches a second")


if __name__ == "__main__":
    main()
