"""The embedded index with many records: time, recall, memory, against plain scans in the same run.

    python bench/matching/scale.py [--records 1000000] [--data DIR] [--models DIR] [--folder DIR]

With `--data`, a folder that holds `ntrex/*.txt` (NTREX-128, CC BY-SA 4.0, no part of the product),
vectors and words come from real sentences in 13 languages: a record is a mixture of two sentences
of a language, moved in the direction in which two others differ. Without it they are drawn in
clusters. Questions are sentences that no record is made of. On a machine that does other work, look
at "best" and at the time of CPU (middle of all, both cores together); the clock's middle and 95th
percentile include the others' work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from saphan.engines.language.codes import family
from saphan.engines.language.embed import Vectors, unit
from saphan.engines.language.segment import index_tokens
from saphan.engines.matching.documents import Document, Filters
from saphan.engines.matching.index import Entry
from saphan.engines.matching.lir import LIR
from saphan.engines.matching.prepare import load
from saphan.engines.matching.sqlite_index import SqliteIndex

NTREX = {
    "eng": "en", "fil": "fil", "ind": "id", "khm": "km", "lao": "lo", "msa": "ms", "mya": "my",
    "por": "pt", "tam": "ta", "tha": "th", "vie": "vi", "zho-CN": "zh-Hans", "zho-TW": "zh-Hant",
}  # fmt: skip
DIMENSION = 384
LINES, ASKED = 500, 8
BATCH = 20_000
EVERY = Filters(audiences=())


@dataclass
class Material:
    """What records and questions are made of."""

    langs: list[str]
    vectors: Vectors  # [langs, lines, dimension]
    tokens: list[list[list[str]]]
    questions: list[tuple[str, list[str]]]
    asked: Vectors  # [questions, dimension], as `search` wants them
    lir: LIR | None

    def transformed(self, vectors: Vectors) -> Vectors:
        return self.lir.passages.apply(vectors) if self.lir else unit(vectors)


def sentences(data: Path, models: Path | None, cache: Path) -> Material:
    embedder, lir = load(models)
    texts = {code: (data / f"ntrex/{name}.txt").read_text("utf-8").split("\n")
             for name, code in NTREX.items()}  # fmt: skip
    kept = cache / f"sentences-{LINES}-{embedder.model_id.replace('/', '-')}.npy"
    if not kept.exists():
        print(f"embedding {LINES} sentences in {len(texts)} languages", flush=True)
        np.save(kept, np.stack([embedder.embed_passages(lines[:LINES])
                                for lines in texts.values()]))  # fmt: skip
    asked = [(code, text) for code, lines in texts.items() for text in lines[1900:1900 + ASKED]]
    vectors = lir.queries.apply(embedder.embed_queries([text for _, text in asked]))
    return Material(
        list(texts), np.load(kept),
        [[index_tokens(line) for line in lines[:LINES]] for lines in texts.values()],
        [(code, index_tokens(text)) for code, text in asked], unit(vectors), lir,
    )  # fmt: skip


def drawn() -> Material:
    chance = np.random.default_rng(1)
    langs = list(NTREX.values())
    centres = chance.normal(size=(40, DIMENSION))
    shape = (len(langs), LINES, DIMENSION)
    around = chance.integers(40, size=shape[0] * shape[1])
    vectors = unit(centres[around] + chance.normal(size=(len(around), DIMENSION))).reshape(shape)
    words = [f"w{n}" for n in range(50_000)]
    places = np.minimum(chance.zipf(1.2, (len(langs), LINES, 60)), len(words)) - 1
    tokens = [[[words[n] for n in line] for line in lang] for lang in places.tolist()]
    asked = unit(centres[chance.integers(40, size=104)] + chance.normal(size=(104, DIMENSION)))
    questions = [(langs[n % 13], [words[w] for w in np.minimum(chance.zipf(1.2, 30), 50_000) - 1])
                 for n in range(104)]  # fmt: skip
    return Material(langs, vectors.astype(np.float32), tokens, questions, asked, None)


def entries(material: Material, start: int, count: int) -> tuple[list[Entry], Vectors]:
    """Records from number `start` on, and their vectors as they are compared."""
    chance = np.random.default_rng([7, start])
    lang = chance.integers(len(material.langs), size=count)
    one, two, three, four = chance.integers(LINES, size=(4, count))
    share = chance.uniform(0.4, 0.9, (count, 1)).astype(np.float32)
    moved = chance.uniform(0.1, 0.5, (count, 1)).astype(np.float32)
    held = material.vectors
    vectors = unit(share * held[lang, one] + (1 - share) * held[lang, two]
                   + moved * (held[lang, three] - held[lang, four])).astype(np.float32)  # fmt: skip
    concepts = (860 * chance.random((count, 6)) ** 3).astype(int)  # the first in a third of all
    found = []
    for n in range(count):
        code, number = material.langs[lang[n]], start + n
        words = [*material.tokens[lang[n]][one[n]][:55], *material.tokens[lang[n]][two[n]][:25]]
        found.append(Entry(
            Document(
                f"market.listing.{number}", code, f"Record {number}", "s" * 250,
                room="market", kind=f"k{number % 10}", sector=f"s{number * 7 % 100}",
                economy=f"E{number % 11}", organisation=f"Organisation {number % 5000}",
            ),
            vectors[n], "bench/1", {family(code): [*words, f"name{number % 50_000}"]},
            {f"c{concept}": 0.8 for concept in concepts[n].tolist()},
        ))  # fmt: skip
    return found, material.transformed(vectors)


@dataclass
class Taken:
    """Milliseconds of each question, sorted: by the clock, and of all cores together."""

    clock: list[float]
    cores: list[float]


def times(ask: Callable[[int], object], count: int, repeats: int = 3) -> Taken:
    clock, cores = [], []
    for number in range(count):
        for _ in range(repeats):
            begun, used = time.perf_counter(), time.process_time()
            ask(number)
            clock.append((time.perf_counter() - begun) * 1000)
            cores.append((time.process_time() - used) * 1000)
    return Taken(sorted(clock), sorted(cores))


def row(name: str, taken: Taken, more: str = "") -> None:
    late = len(taken.clock) * 95 // 100
    figures = (taken.clock[0], taken.clock[len(taken.clock) // 2], taken.clock[late],
               taken.cores[len(taken.cores) // 2], taken.cores[late])  # fmt: skip
    print(f"{name:42}" + "".join(f"{figure:9.2f}" for figure in figures) + f"  {more}", flush=True)


def reading(index: SqliteIndex) -> None:
    """How long it takes to read the mapped arrays that are scanned: the bound of any scan."""
    view, _ = index._view()
    pool = ThreadPoolExecutor(2)
    for name in ("codes", "exact"):
        array = view._columns[name].reshape(-1).view(np.uint64)
        halves = np.array_split(array, 2)
        for threads in (1, 2):
            def read(_: int, parts: list[np.ndarray] = halves[:], n: int = threads) -> None:
                if n == 1:
                    for part in parts:
                        part.max()
                else:
                    list(pool.map(np.max, parts))
            taken = times(read, 15)
            speed = array.nbytes / taken.clock[0] / 1e6
            row(f"reading {name}, {array.nbytes / 1e6:.0f} MB, {threads} threads", taken,
                f"{speed:.1f} GB/s")


def recall(found: list[list[str]], right: np.ndarray) -> float:
    shared = [len({int(name.rsplit(".", 1)[1]) for name in names} & set(row.tolist()))
              for names, row in zip(found, right, strict=True)]  # fmt: skip
    return sum(shared) / right.size


def exact(matrix: Vectors, asked: Vectors, allowed: np.ndarray | None = None) -> np.ndarray:
    """Places of the 20 nearest rows, by float32."""
    rows = np.arange(len(matrix)) if allowed is None else np.flatnonzero(allowed)
    scores = np.concatenate(
        [matrix[rows[at : at + 100_000]] @ asked.T for at in range(0, len(rows), 100_000)]
    )
    return np.stack([rows[np.argpartition(-scores[:, n], 20)[:20]] for n in range(len(asked))])


def searching(index: SqliteIndex, material: Material, matrix: Vectors) -> None:
    numbers = np.arange(len(matrix))
    asked = material.asked
    for name, filters, allowed in (
        ("search, 20 best", None, None),
        ("search, 20 best, public only", Filters(), None),
        ("search, 20 best, 10 % pass", Filters(kinds=("k3",)), numbers % 10 == 3),
        ("search, 20 best, 1 % pass", Filters(sectors=("s21",)), numbers * 7 % 100 == 21),
    ):
        found = [[n for n, _ in index.search(vector, filters, 20)] for vector in asked]
        taken = times(lambda n, f=filters: index.search(asked[n], f, 20), len(asked))
        row(name, taken, f"recall@20 {recall(found, exact(matrix, asked, allowed)):.4f}")
    row("search, 1,000 best", times(lambda n: index.search(asked[n], Filters(), 1000), 40))
    row("lexical, 1,000 best", times(lambda n: index.lexical(
        material.questions[n][1], family(material.questions[n][0]), Filters(), 1000), 104))
    chance = np.random.default_rng(3)
    wanted = [{f"c{c}": 1.0 for c in (860 * chance.random(5) ** 3).astype(int).tolist()}
              for _ in range(60)]  # fmt: skip
    row("by_concept, 1,000 best", times(lambda n: index.by_concept(wanted[n], Filters(), 1000), 60))
    ids = [f"market.listing.{n}" for n in range(0, len(matrix), max(1, len(matrix) // 1000))]
    row("similarity of 1,000", times(lambda n: index.similarity(asked[n], ids), 20))
    row("get_many of 50, not read before", times(lambda n: index.get_many(
        f"market.listing.{(n * 977 + j * 7919) % len(matrix)}" for j in range(50)), 60, 1))


def writing(index: SqliteIndex, material: Material, count: int) -> None:
    one, _ = entries(material, 10 * count, 60)
    row("put of one record", times(lambda n: index.put([one[n]]), 30, 1))
    row("put of five, then a search", times(
        lambda n: (index.put(one[30 + n * 5 : 35 + n * 5]), index.search(material.asked[0], k=20)),
        6, 1))
    index.remove(entry.document.id for entry in one)


def peers(material: Material, matrix: Vectors) -> None:
    asked = material.asked
    scores = np.empty(len(matrix), np.float32)

    def plain(n: int) -> None:
        np.dot(matrix, asked[n], out=scores)
        np.argpartition(scores, -20)

    row("numpy, float32, all", times(plain, 5))
    try:
        import simsimd

        small = np.clip(np.rint(matrix * 400), -127, 127).astype(np.int8)
        ask8 = np.clip(np.rint(asked * 400), -127, 127).astype(np.int8)
        row("simsimd, int8, all", times(lambda n: np.argpartition(np.asarray(simsimd.cdist(
            ask8[n : n + 1], small, "dot", dtype="int8", out_dtype="float32"))[0], -20), 10))
    except ImportError:
        print("simsimd is not installed")
    sqlite_vec_bits(material, matrix)


def sqlite_vec_bits(material: Material, matrix: Vectors) -> None:
    try:
        import sqlite_vec
    except ImportError:
        print("sqlite-vec is not installed")
        return
    import sqlite3

    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "v.sqlite")
        if not hasattr(connection, "enable_load_extension"):
            print("sqlite-vec cannot be loaded: this Python's sqlite3 takes no extensions")
            return
        connection.enable_load_extension(True)
        sqlite_vec.load(connection)
        connection.execute(f"CREATE VIRTUAL TABLE v USING vec0(e int8[{DIMENSION}])")
        small = np.clip(np.rint(matrix * 400), -127, 127).astype(np.int8)
        connection.executemany("INSERT INTO v(rowid, e) VALUES (?, vec_int8(?))",
                               ((n, one.tobytes()) for n, one in enumerate(small)))  # fmt: skip
        ask8 = np.clip(np.rint(material.asked * 400), -127, 127).astype(np.int8)
        row("sqlite-vec, int8, all", times(lambda n: connection.execute(
            "SELECT rowid FROM v WHERE e MATCH vec_int8(?) AND k = 20",
            (ask8[n].tobytes(),)).fetchall(), 3))
        connection.close()


ASK = """
import sys, json, numpy as np
from pathlib import Path
from saphan.engines.matching.sqlite_index import SqliteIndex
from saphan.engines.matching.documents import Filters
def memory():
    lines = dict(line.split(":") for line in open("/proc/self/status") if line.startswith("Rss"))
    return {name: int(value.split()[0]) // 1024 for name, value in lines.items()}
path, transform = sys.argv[1], json.loads(sys.argv[2])
before = memory()
index = SqliteIndex(Path(path), model_id="bench/1", dimension=384)
if transform:
    from saphan.engines.matching.prepare import load
    _, lir = load(Path(transform) if transform != "-" else None)
    before = memory()
    index.use(lir.passages.apply, "lir")
asked = np.load(path + ".asked.npy")
for vector in asked:
    index.search(vector, Filters(), 20)
after = memory()
print(f"own {after['RssAnon'] - before['RssAnon']} MB, mapped files"
      f" {after['RssFile'] - before['RssFile']} MB")
"""


def memory(path: Path, material: Material, models: Path | None) -> None:
    np.save(f"{path}.asked.npy", material.asked)
    transform = (str(models) if models else "-") if material.lir else ""
    said = subprocess.run([sys.executable, "-c", ASK, str(path), json.dumps(transform)],
                          capture_output=True, text=True, check=True)  # fmt: skip
    print(f"memory of another process after {len(material.asked)} questions: {said.stdout.strip()}")


def fill(index: SqliteIndex, material: Material, count: int) -> Vectors:
    matrix = np.empty((count, DIMENSION), np.float32)
    taken = 0.0
    used = 0.0
    for start in range(0, count, BATCH):
        batch, matrix[start : start + BATCH] = entries(material, start, min(BATCH, count - start))
        begun, cpu = time.perf_counter(), time.process_time()
        index.put(batch)
        taken += time.perf_counter() - begun
        used += time.process_time() - cpu
    words = sum(len(tokens) for entry in batch for tokens in entry.tokens.values()) / len(batch)
    print(
        f"put: {count / taken:,.0f} records a second, {count / used:,.0f} a second of CPU,"
        f" in batches of {BATCH:,}, {words:.0f} tokens a record",
        flush=True,
    )
    return matrix


def size(path: Path) -> str:
    parts = {"sqlite": path.stat().st_size}
    for file in path.with_name(path.name + ".derived").rglob("*"):
        kind = file.suffix.strip(".") or file.name
        if file.is_file():
            parts[kind] = parts.get(kind, 0) + file.stat().st_size
    return ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in parts.items())




def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--folder", type=Path, help="keeps the embedded sentences for another run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        cache = options.folder or Path(folder)
        material = sentences(options.data, options.models, cache) if options.data else drawn()
        path = Path(folder) / "index.sqlite"
        index = SqliteIndex(
            path, model_id="bench/1", dimension=DIMENSION,
            transform=material.lir.passages.apply if material.lir else None,
            transform_id="lir" if material.lir else "",
        )  # fmt: skip
        source = "sentences of NTREX" if options.data else "drawn clusters"
        print(f"{options.records:,} records from {source}, {os.cpu_count()} cores, "
              f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
        matrix = fill(index, material, options.records)
        print(f"on disk: {size(path)}")
        print("milliseconds".ljust(42)
              + "".join(head.rjust(9) for head in ("best", "middle", "95 %", "CPU", "CPU 95 %")))
        reading(index)
        searching(index, material, matrix)
        writing(index, material, options.records)
        memory(path, material, options.models)
        peers(material, matrix)


if __name__ == "__main__":
    main()
