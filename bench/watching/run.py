"""Saved searches, measured: how long many searches take for what is new, and what they tell.

    python bench/watching/run.py [--searches 1000] [--records 100] [--filler 20000] [--home DIR]

First table: a house with the sample centre, `--searches` saved searches from the sets of needs
(thirteen languages, some with filters), `--records` records about which something happens. Time of
the whole step: read the facts, compare, write down what was found. Cold is the first time after a
start; embedding is done once when a search is saved. Beside it, asking the house each question
again. `--filler` adds that many made-up records to the index, whose vectors are random: they make
the lists longer that words are looked up in.

Second table: each need of the sets is a search, each offer arrives once. What share of what is told
was judged to fit (precision), what share of the offers that answer a need (grade 2 or 3) is told
(recall), and how many of the searches that nothing answers stay silent: for several thresholds.
Beside it what an embedding alone tells, ours (with glosses, after language-identity removal) and
the model as published, each with the threshold that reaches the recall of ours at 0.30 on the
development half.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "matching"))

THRESHOLDS = (0.21, 0.3, 0.4, 0.5, 0.6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--searches", type=int, default=1_000)
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("--filler", type=int, default=0)
    parser.add_argument("--home", type=Path, help="a house with the sample centre in it")
    parser.add_argument("--only", choices=["time", "quality"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAPHAN_HOME"] = str(options.home or folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "saphan.settings"
        if options.home is None:
            subprocess.run([sys.executable, "-m", "saphan", "setup", "--sample", "nanning"],
                           check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        if options.only != "quality":
            times(options.searches, options.records, options.filler)
        if options.only != "time":
            quality()


# -- time ----------------------------------------------------------------------------------------


def times(searches: int, records: int, filler: int) -> None:
    from saphan.house import ask
    from saphan.house.engine import engine
    from saphan.house.watching import following, looking
    from saphan.house.watching.models import Found, Watch
    from saphan.rooms.market.models import Listing

    if filler:
        fill(filler)
    save(searches)
    watches = list(Watch.objects.all())
    opened = looking.matcher()
    _cold, embedding, _worked = timed(lambda: looking.vectors(
        watches, [looking.read(watch, opened) for watch in watches], opened))
    print(f"{searches} searches, {records} records, {engine().index.count()} in the index\n")
    print(f"{'':40}{'CPU s':>8}{'clock s':>10}")
    print(f"{'embedding the searches, once':40}{embedding}")
    following.catch_up()
    listings = list(Listing.objects.filter(state="published").order_by("pk")[:records])
    results = []
    for name in ("cold: nothing read yet", "warm", "warm again"):
        if name.startswith("cold"):
            looking._read.clear()
        Found.objects.all().delete()
        touch(listings)
        _passed, took, _worked = timed(following.catch_up)
        results.append(Found.objects.count())
        print(f"{name:40}{took}")
    assert len(set(results)) == 1, results
    print(f"{'found':40}{results[0]:8}")
    few = [watch for watch in watches if watch.question][:50]
    _answers, _took, worked = timed(lambda: [ask.ask(watch.question, lang="en") for watch in few])
    print(f"{f'asking each again (from {len(few)})':40}{worked / len(few) * searches:8.2f}")


def timed(act: Callable[[], Any]) -> tuple[Any, str, float]:
    """What it gives; CPU seconds of all threads and seconds by the clock; the CPU seconds."""
    begun, worked = time.perf_counter(), time.process_time()
    given = act()
    worked = time.process_time() - worked
    return given, f"{worked:8.2f}{time.perf_counter() - begun:10.2f}", worked


def save(number: int) -> None:
    """Searches of one person; every third has a filter. They write no letters."""
    from sets import load_sets

    from saphan.ground import clock
    from saphan.house.watching.models import Watch
    from saphan.people.models import Person

    person, _made = Person.objects.get_or_create(email="bench@example.org")
    Watch.objects.filter(person=person).delete()
    texts = list(dict.fromkeys(need.text for each in load_sets() for need in each.needs))
    random.Random(5).shuffle(texts)
    filters = cycle([{}, {}, {"sector": "agriculture"}, {}, {}, {"room": "market"}])
    moment = clock.now()
    Watch.objects.bulk_create([
        Watch(person=person, name=f"{place}", question=text, often="feed", language="en",
              created=moment, changed=moment, since=0, **narrow)
        for place, (text, narrow) in enumerate(zip(islice(cycle(texts), number), filters,
                                                   strict=False))])


def touch(listings: list[Any]) -> None:
    from saphan.ground import ledger
    from saphan.house import indexing

    for listing in listings:
        ledger.record("listing.looked_at", listing)
    indexing.catch_up()


def fill(number: int) -> None:
    """Records made of other records' sentences, with random vectors."""
    from saphan.engines.language.embed import unit
    from saphan.engines.matching.documents import Document
    from saphan.engines.matching.entries import document_tokens
    from saphan.engines.matching.index import Entry
    from saphan.house.engine import engine

    opened, chance = engine(), random.Random(3)
    index = opened.index
    known = list(index.get_many(index.ids()).values())
    vectors = np.random.default_rng(3)
    for start in range(0, number, 1_000):
        made = []
        for place in range(start, min(start + 1_000, number)):
            one = chance.choice(known)
            same = [each for each in known if each.lang == one.lang]
            document = Document(
                id=f"filler.record.{place}", lang=one.lang, room="filler",
                title=chance.choice(same).title, summary=chance.choice(same).summary,
                description=chance.choice(same).description[:600])
            vector = unit(vectors.normal(size=opened.embedder.dimension))[0]
            made.append(Entry(document, vector, opened.embedder.model_id,
                              document_tokens(document), {}))
        index.put(made)


# -- what is told --------------------------------------------------------------------------------


def quality() -> None:
    from sets import load_sets
    halves = {each.name: each for each in load_sets()}
    alone: dict[str, float] = {}
    print(f"\n{'set':16}{'told from':>15}{'told each':>11}{'precision':>11}{'recall':>8}{'F1':>6}"
          f"{'silent':>8}")
    for name in ("own dev", "own test", "sample held-out"):
        pairs = judged(halves[name])
        rows = [(f"{at:.2f}", measures(pairs, halves[name], "score", at)) for at in THRESHOLDS]
        for by in ("ours", "raw"):
            if by not in alone:
                alone[by] = cosine_for(pairs, halves[name], by, rows[1][1]["recall"])
            rows.append((f"{by} cos {alone[by]:.3f}",
                         measures(pairs, halves[name], by, alone[by])))
        for label, row in rows:
            silent = "" if row["silent"] is None else f"{row['silent']:.2f}"
            both = row["precision"] + row["recall"]
            balance = 2 * row["precision"] * row["recall"] / both if both else 0.0
            print(f"{name:16}{label:>15}{row['told']:11.2f}{row['precision']:11.2f}"
                  f"{row['recall']:8.2f}{balance:6.2f}{silent:>8}", flush=True)


def judged(chosen: Any) -> list[list[tuple[int, float, float, float]]]:
    """For each search (needs, then those that nothing answers): grade, score, our cosine and the
    published model's of each offer. A score under the rule for records without a concept of the
    question counts as 0."""
    from systems import systems

    from saphan.engines.matching.standing import StandingMatcher
    from saphan.house.ask import WITHOUT_CONCEPTS

    searches = [*chosen.needs, *chosen.unanswerable]
    with systems(chosen.offers, None) as compared:
        standing = StandingMatcher.of(compared.matcher)
        read = [standing.read(need.text, need.lang, filters=every()) for need in searches]
        places = {offer.id: place for place, offer in enumerate(chosen.offers)}
        raw = [compared.published[0].embed_queries([need.text])[0] @ compared.raw.T
               for need in searches]
        found: list[list[tuple[int, float, float, float]]] = [[] for _search in searches]
        for place, match in standing.judge(read, standing.embed(read), chosen.offers, floor=0.0):
            far = read[place].named and not match.why.concepts
            score = 0.0 if far and match.score < WITHOUT_CONCEPTS else match.score
            grade = searches[place].grades.get(match.id, 0)
            found[place].append((grade, score, match.why.meaning,
                                 float(raw[place][places[match.id]])))
    return found


def every() -> Any:
    from sets import EVERY

    return EVERY


def measures(pairs: Any, chosen: Any, by: str, at: float) -> dict[str, Any]:
    column = {"score": 1, "ours": 2, "raw": 3}[by]
    answerable, none = pairs[:len(chosen.needs)], pairs[len(chosen.needs):]
    told = [[row for row in rows if row[column] >= at] for rows in answerable]
    flat = [row for rows in told for row in rows]
    wanted = sum(row[0] >= 2 for rows in answerable for row in rows)
    return {"told": statistics.fmean(map(len, told)),
            "precision": sum(row[0] >= 1 for row in flat) / max(len(flat), 1),
            "recall": sum(row[0] >= 2 for row in flat) / max(wanted, 1),
            "silent": statistics.fmean(all(row[column] < at for row in rows)
                                       for rows in none) if none else None}


def cosine_for(pairs: Any, chosen: Any, by: str, recall: float) -> float:
    """The highest threshold of a cosine that reaches this recall."""
    steps = np.arange(0.98, 0.0, -0.005)
    return float(next((at for at in steps
                       if measures(pairs, chosen, by, at)["recall"] >= recall), 0.0))


if __name__ == "__main__":
    main()
