"""Ask, measured on the sample centre: the whole page over HTTP, and who finds the right record.

    python bench/ask/run.py [--questions FILE] [--rounds 5] [--home DIR]

It sets up a house of its own in a temporary folder (or uses --home), starts it as `saphan serve`
does, and asks every question in its language. First table: latency of the whole page, warm, one
visitor and two at once; cold start; resident memory. Second table: the first right record, against
a plain BM25 and the raw model on the same questions in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Ranker = Callable[[dict[str, Any]], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--questions", type=Path, default=HERE / "questions.jsonl")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, help="a house that is set up already")
    options = parser.parse_args()
    questions = [json.loads(line) for line in options.questions.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        os.environ["SAPHAN_HOME"] = str(home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings")
        if options.home is None:
            saphan("setup")
            saphan("sample", "load", "nanning")
        pages(questions, options.rounds)
        quality(questions)


def saphan(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "saphan", *arguments], check=True,
                   stdout=subprocess.DEVNULL)


# -- the whole page ------------------------------------------------------------------------------


def pages(questions: list[dict[str, Any]], rounds: int) -> None:
    with served() as (address, process, cold):
        fetch(page(address, questions[0]))
        wait_until_warm(address, questions[0])
        time.sleep(3)
        idle = resident(process.pid)
        for question in questions:
            fetch(page(address, question))
        alone = timed(address, questions, rounds, visitors=1)
        pair = timed(address, questions, rounds, visitors=2)
        asked = len(questions) * (2 + 3 * rounds)
        api = [1000 * fetch(api_call(address, question))[0] for question in questions]
        print(f"\n{len(questions)} questions in 12 languages, {rounds} rounds, warm\n")
        print(f"{'ms':34}{'p50':>8}{'p95':>8}{'max':>8}")
        row("whole page, one visitor", alone)
        row("whole page, two at once", pair)
        row("API, one caller", api)
        print(f"\ncold start to the first page   {cold:.1f} s")
        print(f"memory, idle, model loaded     {idle} MB")
        print(f"memory after {asked:5} questions   {resident(process.pid)} MB")


@contextmanager
def served() -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "saphan", "serve", "--port", str(port)],
                               stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                fetch(f"{address}/en/")
                break
            except OSError:
                if time.perf_counter() - started > 60:
                    raise SystemExit("the house did not open within a minute") from None
                time.sleep(0.05)
        yield address, process, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(15)


def page(address: str, question: dict[str, Any]) -> str:
    return (f"{address}/{question['lang'].lower()}/ask/?"
            + urllib.parse.urlencode({"q": question["text"]}))


def api_call(address: str, question: dict[str, Any]) -> str:
    return f"{address}/api/v1/ask?" + urllib.parse.urlencode(
        {"question": question["text"], "lang": question["lang"]})


def fetch(url: str) -> tuple[float, int]:
    """Seconds to the last byte, and bytes on the wire (compressed)."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip"})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as response:
        size = len(response.read())
    return time.perf_counter() - started, size


def wait_until_warm(address: str, question: dict[str, Any]) -> None:
    for _attempt in range(40):
        if fetch(page(address, question))[0] < 0.3:
            return


def timed(address: str, questions: list[dict[str, Any]], rounds: int, *, visitors: int
          ) -> list[float]:
    """Milliseconds of every page; with two visitors each asks all the questions."""
    taken: list[float] = []

    def visit(offset: int) -> None:
        for turn in range(rounds):
            for place in range(len(questions)):
                question = questions[(place + offset * 7 + turn) % len(questions)]
                taken.append(1000 * fetch(page(address, question))[0])

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def row(name: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    p95 = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    print(f"{name:34}{statistics.median(ordered):8.0f}{p95:8.0f}{ordered[-1]:8.0f}")


def resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


# -- who finds the right record ------------------------------------------------------------------


def quality(questions: list[dict[str, Any]]) -> None:
    import django

    django.setup()
    from saphan.engines.language.segment import index_tokens
    from saphan.house import indexing
    from saphan.house.engine import engine
    from saphan.rooms.market.models import Listing

    opened = engine()
    indexing.catch_up()
    keys = {f"market.listing.{pk}": key for pk, key in Listing.objects.values_list("pk", "key")}
    documents = [document for room, entries in indexing.sources()
                 for document in indexing._documents(room, entries, None)]
    plain = PlainBM25({document.id: index_tokens(document.passage()) for document in documents})
    vectors = opened.embedder.embed_passages([document.passage() for document in documents])

    def house(question: dict[str, Any]) -> list[str]:
        return [match.id for match in opened.matcher.ask(question["text"], k=None).matches]

    def words(question: dict[str, Any]) -> list[str]:
        return plain.rank(index_tokens(question["text"]))

    def raw(question: dict[str, Any]) -> list[str]:
        vector = opened.embedder.embed_queries([question["text"]])[0]
        order = (-(vectors @ vector)).argsort()
        return [documents[place].id for place in order]

    print(f"\n{len(documents)} records; a right one of those named in the file\n")
    print(f"{'':34}{'hit@1':>8}{'hit@5':>8}{'MRR':>8}{'ms':>8}")
    for name, ranker in (("this house", house), ("plain BM25", words), ("raw model", raw)):
        report(name, ranker, questions, keys)


def report(name: str, ranker: Ranker, questions: list[dict[str, Any]], keys: dict[str, str]
           ) -> None:
    places, taken = [], []
    for question in questions:
        started = time.perf_counter()
        ranking = ranker(question)
        taken.append(1000 * (time.perf_counter() - started))
        right = [place for place, identifier in enumerate(ranking, 1)
                 if keys.get(identifier) in question["relevant"]]
        places.append(right[0] if right else 10_000)
    total = len(places)
    print(f"{name:34}{sum(p == 1 for p in places) / total:8.2f}"
          f"{sum(p <= 5 for p in places) / total:8.2f}"
          f"{sum(1 / p for p in places) / total:8.2f}{statistics.median(taken):8.0f}")


class PlainBM25:
    """Okapi BM25 (k1 1.2, b 0.75) over one pool of tokens, whatever their language."""

    def __init__(self, tokens: dict[str, list[str]]) -> None:
        self.counts: dict[str, dict[str, int]] = {}
        self.lengths = {name: len(found) for name, found in tokens.items()}
        self.average = sum(self.lengths.values()) / max(len(tokens), 1)
        for name, found in tokens.items():
            for token in found:
                posting = self.counts.setdefault(token, {})
                posting[name] = posting.get(name, 0) + 1

    def rank(self, query: list[str]) -> list[str]:
        from math import log

        scores: dict[str, float] = {}
        for token in set(query):
            posting = self.counts.get(token, {})
            rarity = log(1 + (len(self.lengths) - len(posting) + 0.5) / (len(posting) + 0.5))
            for name, count in posting.items():
                length = 0.25 + 0.75 * self.lengths[name] / self.average
                scores[name] = scores.get(name, 0.0) + rarity * count * 2.2 / (count + 1.2 * length)
        return sorted(scores, key=lambda name: -scores[name])


if __name__ == "__main__":
    main()
