"""Suggestions of whom to meet, measured: are they right, do they leave nobody out, how long?

    python bench/meetings/suggestions.py [--models DIR] [--rounds 3] [--sizes 50 200 1000 3000]

Quality: parties made up from the judged sets of `bench/matching` (offers and needs in thirteen
languages, English titles taken away). Each party offers one offer and seeks one need, drawn by
chance with a seed, never one that its own offer answers. nDCG@10 of the suggestions for what a
party seeks, and for both directions together (a meeting is as good if the other seeks what I
offer). Beside it: the same embedding alone, the embedding as published, words alone. `unseen`:
share of the parties that are suggested to nobody, and with the step that brings them in.

Only the half called `dev` chose the numbers in `pairing.py`; `test` was looked at afterwards.

Speed (`--rounds 0` for that alone): parties whose texts are joined from those of the sets. First
with nothing known, so that every text is embedded, then after ten texts changed. CPU seconds of all
threads and, in brackets, seconds on the clock; the process's peak memory in MB.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "matching"))
from sets import Need, NeedSet, load_sets

from saphan.engines.language.codes import family
from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import BASE
from saphan.engines.language.segment import index_tokens
from saphan.engines.language.terms import TermBase
from saphan.engines.matching import pairing
from saphan.engines.matching.documents import Document
from saphan.engines.matching.kept import KeptVectors
from saphan.engines.matching.pairing import Member, Offer, Pairing, Seek
from saphan.engines.matching.prepare import load
from saphan.engines.matching.rank import Matcher
from saphan.engines.matching.sqlite_index import SqliteIndex

SHOWN = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[50, 200, 1000, 3000])
    parser.add_argument("--returns", type=float, nargs="*", default=[0.0, 0.2, 0.4, 0.7, 1.0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Systems(Path(folder), options.models)
        for chosen in load_sets(bare=True):
            if chosen.needs and options.rounds:
                quality(chosen, made, options.rounds, options.returns)
        for size in options.sizes:
            speed(size, made)


class Systems:
    """Ours and what it is compared with."""

    def __init__(self, folder: Path, models: Path | None) -> None:
        self.folder = folder
        embedder, lir = load(models)
        index = SqliteIndex(folder / "index.sqlite3", model_id=embedder.model_id,
                            dimension=embedder.dimension)
        self.ours = Pairing.of(Matcher(index, embedder, lir, TermBase.load()))
        self.embedder = embedder
        self.published = E5Embedder(models, variant=BASE)
        self.kept = KeptVectors(folder / "vectors.sqlite3", model_id=embedder.model_id,
                                dimension=embedder.dimension, day="2027-01-01")
        self.known: dict[tuple[str, str], Any] = {}

    def vectors(self, embedder: Any, kind: str, texts: list[str]) -> Any:
        """Rows of texts; each text is embedded once."""
        embed = embedder.embed_queries if kind == "query" else embedder.embed_passages
        name = f"{embedder.model_id} {kind}"
        new = [text for text in dict.fromkeys(texts) if (name, text) not in self.known]
        for start in range(0, len(new), 64):
            part = new[start : start + 64]
            self.known |= {(name, text): row for text, row in zip(part, embed(part), strict=True)}
        return np.stack([self.known[name, text] for text in texts])


def parties(chosen: NeedSet, seed: int) -> list[tuple[Document, Need]]:
    """Each offer's party with a need that is not answered by itself."""
    draw = random.Random(seed)
    needs = [need for need in chosen.needs if need.grades]
    found = []
    for offer in chosen.offers:
        need = draw.choice([one for one in needs if offer.id not in one.grades])
        found.append((offer, need))
    return found


def member(at: int, offer: Document, need: Need) -> Member:
    words = "\n".join(part for part in (offer.title, offer.summary) if part)
    about = replace(offer, id=str(at), title="", summary=words[:600],
                    description=words[600:], keywords=(), concepts=())
    return Member(at, str(at), offer.economy, frozenset({family(offer.lang)}),
                  (Offer(about),), (Seek(need.text, need.lang),))


def quality(chosen: NeedSet, made: Systems, rounds: int, returns: list[float]) -> None:
    rows: dict[str, dict[str, list[float]]] = {}
    for seed in range(rounds):
        people = parties(chosen, seed)
        members = [member(at, *one) for at, one in enumerate(people)]
        place = {offer.id: at for at, (offer, _need) in enumerate(people)}
        gains = np.zeros((len(people), len(people)))
        for at, (_offer, need) in enumerate(people):
            for name, grade in need.grades.items():
                if name in place:
                    gains[at, place[name]] = grade
        orders = {name: top(scores) for name, scores in peers(people, members, made).items()}
        for share in returns:
            orders[f"ours, return {share}"] = ours(members, made, share)
        orders["ours, none brought in"] = ours(members, made, pairing.RETURN, least=0)
        for name, order in orders.items():
            row = rows.setdefault(name, {"sought": [], "both": [], "unseen": []})
            row["sought"] += [ndcg(order[at], gains[at]) for at in range(len(people))]
            row["both"] += [ndcg(order[at], gains[at] + gains[:, at]) for at in range(len(people))]
            seen = Counter(other for found in order.values() for other in found)
            row["unseen"].append(sum(seen[at] == 0 for at in range(len(people))) / len(people))
    print(f"\n== {chosen.name}: {len(chosen.offers)} parties, {rounds} rounds, nDCG@10")
    print(f"{'':26}{'sought':>8}{'both':>8}{'unseen':>8}")
    for name, row in rows.items():
        print(f"{name:26}{np.mean(row['sought']):8.3f}{np.mean(row['both']):8.3f}"
              f"{100 * np.mean(row['unseen']):7.1f}%")  # fmt: skip


def ours(members: list[Member], made: Systems, share: float, least: int = pairing.LEAST
         ) -> dict[int, list[int]]:  # fmt: skip
    """What `Pairing.suggest` gives, with another weight of the return direction."""
    before = pairing.RETURN, pairing.LEAST
    pairing.RETURN, pairing.LEAST = share, least  # type: ignore[misc]
    try:
        found = made.ours.suggest(members, made.kept, k=SHOWN)
    finally:
        pairing.RETURN, pairing.LEAST = before  # type: ignore[misc]
    return {key: [one.key for one in best] for key, best in found.items()}


def peers(people: list[tuple[Document, Need]], members: list[Member], made: Systems
          ) -> dict[str, Any]:  # fmt: skip
    """Scores [party, other] of what somebody could use instead; for both directions added."""
    abouts = [one.offers[0].document.passage() for one in members]
    seeks = [need.text for _offer, need in people]
    tables = {}
    for name, embedder in (("embedding alone", made.embedder), ("as published", made.published)):
        cosines = made.vectors(embedder, "query", seeks) @ made.vectors(
            embedder, "passage", abouts).T  # fmt: skip
        tables[name] = cosines
        tables[f"{name}, both ways"] = cosines + cosines.T
    tables["words alone"] = words(abouts, people)
    return tables


def words(abouts: list[str], people: list[tuple[Document, Need]]) -> Any:
    """Share of the need's weight of words that an offer in the same language holds."""
    held = [set(index_tokens(text)) for text in abouts]
    counts = Counter(token for tokens in held for token in tokens)
    found = np.zeros((len(people), len(people)))
    for at, (_offer, need) in enumerate(people):
        asked = set(index_tokens(need.text))
        weight = {token: np.log(1 + len(people) / (1 + counts[token])) for token in asked}
        for other, (offer, _need) in enumerate(people):
            if family(offer.lang) == family(need.lang):
                found[at, other] = sum(weight[token] for token in asked & held[other])
    return found


def top(scores: Any) -> dict[int, list[int]]:
    np.fill_diagonal(scores, -np.inf)
    return {at: [int(other) for other in np.argsort(-row, kind="stable")[:SHOWN]]
            for at, row in enumerate(scores)}  # fmt: skip


def ndcg(order: list[int], gains: Any) -> float:
    """Of the first ten shown; who is shown fewer gains less."""
    discounts = 1 / np.log2(np.arange(2, SHOWN + 2))
    shown = np.array([gains[other] for other in order[:SHOWN]])
    best = np.sort(gains)[::-1][:SHOWN]
    ideal = (2**best - 1) @ discounts[: len(best)]
    return float((2**shown - 1) @ discounts[: len(shown)] / ideal) if len(shown) and ideal else 0.0


def speed(size: int, made: Systems) -> None:
    """Time of the whole step, nothing known and after ten changes."""
    texts = [chosen for chosen in load_sets(bare=True) if chosen.needs]
    offers = [offer for chosen in texts for offer in chosen.offers]
    needs = [need for chosen in texts for need in chosen.needs]
    draw = random.Random(size)
    members = []
    for at in range(size):
        offer, other = draw.choice(offers), draw.choice(offers)
        members.append(member(at, replace(offer, summary=f"{offer.summary} {other.title} {at}"),
                              replace(draw.choice(needs))))  # fmt: skip
    kept = KeptVectors(made.folder / f"{size}.sqlite3", model_id=made.embedder.model_id,
                       dimension=made.embedder.dimension, day="2027-01-01")
    first = timed(members, made, kept)
    for at in range(min(10, size)):
        about = members[at].offers[0].document
        changed = replace(about, summary=f"{about.summary[:560]} changed {size}")
        members[at] = replace(members[at], offers=(Offer(changed),))
    again = timed(members, made, kept)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size:5} parties: {first[0]:7.1f} ({first[1]:.1f}) s at first, "
          f"{again[0]:6.1f} ({again[1]:.1f}) s after ten changes, peak {memory:.0f} MB",
          flush=True)  # fmt: skip


def timed(members: list[Member], made: Systems, kept: KeptVectors) -> tuple[float, float]:
    started, spent = time.perf_counter(), time.process_time()
    made.ours.suggest(members, kept, k=14)
    return time.process_time() - spent, time.perf_counter() - started


if __name__ == "__main__":
    main()
