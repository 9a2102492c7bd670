"""How fast the bundled model and a whole answer are, and how much memory they hold.

    python bench/matching/speed.py [--models DIR]

Times are CPU time of this process on one core; memory is the resident set after the step.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np


def resident() -> float:
    """Resident set of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path)
    options = parser.parse_args()
    print(f"python and numpy                 {resident():6.0f} MB")
    from saphan.engines.matching.prepare import load, prepare

    started = time.perf_counter()
    prepare(options.models)
    print(f"prepare                          {time.perf_counter() - started:6.1f} s")
    started = time.perf_counter()
    embedder, lir = load(options.models)
    print(f"load                             {time.perf_counter() - started:6.2f} s")
    embedder.embed_queries(["warm"])
    print(f"embedder loaded                  {resident():6.0f} MB")

    from sets import EVERY, load_sets

    from saphan.engines.language.identify import identify
    from saphan.engines.language.terms import TermBase
    from saphan.engines.matching.entries import make_entries
    from saphan.engines.matching.rank import Matcher
    from saphan.engines.matching.sqlite_index import SqliteIndex

    terms = TermBase.load()
    identify("one more sentence")
    print(f"with terms and identification    {resident():6.0f} MB")
    sample = load_sets()[0]
    documents = sample.offers
    texts = [document.passage() for document in documents]
    tokens = np.mean([len(embedder.tokens(text)) for text in texts])
    used = timed(lambda: embedder.embed_passages(texts[:100]))
    print(f"passages, {tokens:.0f} tokens each       {100 / used:6.1f} a CPU-second")
    needs = sample.needs
    each = timed(lambda: [identify(need.text) for need in needs]) / len(needs)
    print(f"identify                         {each * 1e6:6.0f} us")
    each = timed(lambda: [terms.find(need.text, need.lang) for need in needs]) / len(needs)
    print(f"find concepts                    {each * 1e6:6.0f} us")
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(
            Path(folder) / "i.sqlite", model_id=embedder.model_id, dimension=embedder.dimension,
            transform=lir.passages.apply,
        )  # fmt: skip
        used = timed(lambda: index.put(make_entries(documents, embedder, terms)))
        print(f"index {len(documents)} offers                 {used:6.1f} s")
        matcher = Matcher(index, embedder, lir, terms)
        matcher.ask("warm", filters=EVERY)
        spent = sorted(timed(lambda n=n: matcher.ask(n.text, filters=EVERY)) for n in needs)
        print(f"ask, median and 95th percentile  {spent[len(spent) // 2] * 1000:6.1f} ms "
              f"{spent[len(spent) * 95 // 100] * 1000:6.1f} ms")  # fmt: skip
        first = sorted(timed(lambda n=n: next(matcher.stream(n.text + "?"))) for n in needs)
        print(f"first step of a stream, median   {first[len(first) // 2] * 1000:6.1f} ms")
    print(f"at the end                       {resident():6.0f} MB")


def timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
