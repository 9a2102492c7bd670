"""Train the upper layers of the encoder for retrieval across languages, on a CPU.

    python training/train.py --groups groups.jsonl --models DIR --out DIR [--steps 900]

`--models` holds the prepared untrained model (tokeniser and language-identity removal). Writes
`state.npz` (the trained tensors) and `log.txt` into `--out` at each look at the held-out groups.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from model import Encoder, heads
from topics import draw, read_topics
from torch import Tensor, distributed, multiprocessing
from torch.nn import functional

from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import BASE
from saphan.engines.language.embed import PASSAGE_PREFIX, QUERY_PREFIX

LANGUAGES = {
    "my": 3.0, "lo": 2.5, "km": 2.5, "fil": 2.0, "th": 1.5, "ta": 1.5, "tet": 0.5, "vi": 1.0,
    "id": 1.0, "ms": 1.0, "pt": 1.0, "zh-Hans": 1.5, "zh-Hant": 1.0, "en": 1.5,
}  # fmt: skip
"""How often a language is drawn; the weak ones more often."""
SOURCES = {
    "android": 3.0, "mediawiki": 2.0, "kolibri": 2.5, "house": 3.0, "terms": 1.0, "help": 1.5,
    "tatoeba": 3.0, "chromium": 1.5, "wordpress": 0.7, "libreoffice": 0.4, "firefox": 1.5,
    "installer": 2.5, "home_assistant": 0.7, "descriptions": 1.0, "django": 0.5, "cldr": 0.4,
    "map": 0.4, "names": 0.2,
}  # fmt: skip
"""How often a group of a source is drawn; longer texts count more beside that."""
JOINED = ("help", "android", "mediawiki", "kolibri", "house", "chromium", "installer", "tatoeba",
          "wordpress", "firefox", "home_assistant")  # fmt: skip
"""Sources whose neighbouring groups are joined into long passages."""

Pair = tuple[list[int], list[int]]


@dataclass
class Group:
    source: str
    held: bool
    texts: dict[str, str]


def read_groups(path: Path) -> list[Group]:
    with path.open(encoding="utf-8") as file:
        return [Group(**json.loads(line)) for line in file]


def read_pairs(path: Path | None) -> list[tuple[str, str]]:
    """Queries and passages in one language that are not held out."""
    lines = path.read_text("utf-8").splitlines() if path else []
    rows = [json.loads(line) for line in lines]
    return [(row["query"], row["passage"]) for row in rows if not row["held"]]


class Drawer:
    """Draws training pairs: a query in one language, a passage in another."""

    def __init__(
        self,
        groups: list[Group],
        described: list[tuple[str, str]],
        embedder: E5Embedder,
        seed: int,
    ) -> None:
        self.groups, self.described, self.embedder = groups, described, embedder
        self.random = random.Random(seed)  # noqa: S311
        self.having: dict[tuple[str, str], tuple[list[int], list[float]]] = {}
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, group in enumerate(groups):
            langs = [] if group.held else list(group.texts)
            for first in langs:
                for second in langs:
                    if first != second:
                        found[first, second].append(number)
        for pair, numbers in found.items():
            total, sums = 0.0, []
            for number in numbers:
                group = groups[number]
                length = max(len(text) for text in group.texts.values())
                total += SOURCES[group.source] * min(1.0, 0.15 + length / 50)
                sums.append(total)
            self.having[pair] = (numbers, sums)

    def pair(self) -> tuple[str, str]:
        while True:
            first, second = self.random.choices(list(LANGUAGES), list(LANGUAGES.values()), k=2)
            if first != second and len(self.having.get((first, second), ([],))[0]) >= 50:
                return first, second

    def number(self, pair: tuple[str, str]) -> int:
        numbers, sums = self.having[pair]
        return self.random.choices(numbers, cum_weights=sums)[0]

    def tokens(self, prefix: str, text: str, limit: int) -> list[int]:
        numbers = self.embedder.tokens(prefix + text)
        return numbers if len(numbers) <= limit else [*numbers[: limit - 1], numbers[-1]]

    def short(self, count: int, limit: int = 48) -> list[Pair]:
        """Texts with the same meaning, each group once."""
        chosen: dict[int, Pair] = {}
        while len(chosen) < count:
            first, second = pair = self.pair()
            number = self.number(pair)
            if number not in chosen:
                texts = self.groups[number].texts
                chosen[number] = (self.tokens(QUERY_PREFIX, texts[first], limit),
                                  self.tokens(PASSAGE_PREFIX, texts[second], limit))  # fmt: skip
        return list(chosen.values())

    def long(self, count: int, limit: int = 160) -> list[Pair]:
        """A sentence, and a passage in which its translation stands among others."""
        chosen: dict[int, Pair] = {}
        while len(chosen) < count:
            first, second = pair = self.pair()
            number = self.number(pair)
            group = self.groups[number]
            if number in chosen or group.source not in (*JOINED, "descriptions"):
                continue
            passage = group.texts[second]
            query = group.texts[first]
            if group.source in JOINED:
                passage = self.neighbours(number, second)
            else:
                query = query[: 40 + self.random.randrange(60)]
            chosen[number] = (self.tokens(QUERY_PREFIX, query, 48),
                              self.tokens(PASSAGE_PREFIX, passage, limit))  # fmt: skip
        return list(chosen.values())

    def within(self, count: int, limit: int = 128) -> list[Pair]:
        """Pairs in one language: synopsis and description, or a text and what stands around it."""
        chosen: dict[tuple[int, str], Pair] = {}
        while len(chosen) < count:
            if len(chosen) * 2 < count:
                number = self.random.randrange(len(self.described))
                query, passage = self.described[number]
                key = (number, "")
            else:
                lang, other = self.pair()
                number = self.number((lang, other))
                query, key = self.groups[number].texts[lang], (number, lang)
                if self.groups[number].source not in JOINED:
                    continue
                passage = self.neighbours(number, lang, without=True)
                if len(query) < 20 or len(passage) < 60:
                    continue
            chosen[key] = (self.tokens(QUERY_PREFIX, query, 48),
                           self.tokens(PASSAGE_PREFIX, passage, limit))  # fmt: skip
        return list(chosen.values())

    def neighbours(self, number: int, lang: str, without: bool = False) -> str:
        before, after = self.random.randrange(0, 4), self.random.randrange(1, 5)
        source = self.groups[number].source
        near = self.groups[max(0, number - before) : number + after + 1]
        texts = [group.texts[lang] for group in near
                 if group.source == source and not group.held and lang in group.texts
                 and not (without and group is self.groups[number])]  # fmt: skip
        return ". ".join(texts)


def contrast(queries: Tensor, passages: Tensor, temperature: float) -> Tensor:
    """Symmetric cross-entropy: each query against all passages, each passage against all.

    Passages beyond the number of queries answer none of them.
    """
    scores = queries @ passages.T / temperature
    right = torch.arange(len(scores))
    back = scores[:, : len(scores)].T
    return (functional.cross_entropy(scores, right) + functional.cross_entropy(back, right)) / 2


class Held:
    """Held-out groups in a corpus of mixed languages, each once; the answer in another language."""

    def __init__(self, groups: list[Group], embedder: E5Embedder, count: int, seed: int) -> None:
        draw = random.Random(seed)  # noqa: S311
        usable = [group for group in groups if group.held and len(group.texts) >= 4
                  and max(map(len, group.texts.values())) >= 25]  # fmt: skip
        draw.shuffle(usable)
        self.queries, self.passages = [], []
        for group in usable[:count]:
            langs = list(group.texts)
            first = draw.choices(langs, [LANGUAGES[lang] for lang in langs])[0]
            second = draw.choice([lang for lang in langs if lang != first])
            self.queries.append(embedder.tokens(QUERY_PREFIX + group.texts[first])[:96])
            self.passages.append(embedder.tokens(PASSAGE_PREFIX + group.texts[second])[:96])

    @torch.no_grad()
    def look(self, encoder: Encoder, sides: tuple[Any, Any]) -> str:
        """R@1 and R@10 with removal, R@1 without, mean reciprocal rank with removal."""
        queries, passages = encoder(self.queries), encoder(self.passages)
        raw = queries @ passages.T
        removed = sides[0](queries) @ sides[1](passages).T
        places = [(scores > scores.diagonal()[:, None]).sum(1) for scores in (raw, removed)]
        first = [float((place == 0).float().mean()) for place in places]
        tenth = float((places[1] < 10).float().mean())
        rank = float((1 / (1 + places[1].float())).mean())
        return f"removed {first[1]:.4f} {tenth:.4f} mrr {rank:.4f} raw {first[0]:.4f}"


def anchors(drawer: Drawer, count: int) -> list[list[int]]:
    """Long passages whose vectors shall stay where they are."""
    sources = ("help", "descriptions", "chromium")
    numbers = [number for number, group in enumerate(drawer.groups)
               if group.source in sources and not group.held]  # fmt: skip
    found = []
    for number in drawer.random.sample(numbers, count):
        group = drawer.groups[number]
        lang = drawer.random.choice([one for one in ("en", "en", "zh-Hans", "vi", "pt", "id")
                                     if one in group.texts] or list(group.texts))  # fmt: skip
        text = group.texts[lang]
        if group.source != "descriptions":
            text = drawer.neighbours(number, lang)
        found.append(drawer.tokens(PASSAGE_PREFIX, text, 128))
    return found


def load(encoder: Encoder, path: Path) -> None:
    """Take the tensors that `save` wrote."""
    with np.load(path) as stored, torch.no_grad():
        for name in stored.files:
            layer, part, kind = name.split(".")
            target = getattr(encoder.layers[int(layer[1:])], f"{part}_{kind}")
            target.copy_(torch.from_numpy(stored[name]))


def save(encoder: Encoder, path: Path) -> None:
    """The trained tensors as float32, by the names of `weights.Weights`."""
    tensors = {}
    for number, layer in enumerate(encoder.layers):
        for name, value in layer.named_parameters():
            if value.requires_grad:
                part, kind = name.rsplit("_", 1)
                tensors[f"l{number}.{part}.{kind}"] = value.detach().numpy()
    np.savez(path, **tensors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--groups", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--temperature", type=float, default=0.05)
    parser.add_argument("--frozen", type=int, default=4)
    parser.add_argument("--short", type=int, default=128)
    parser.add_argument("--long", type=int, default=32)
    parser.add_argument("--pairs", type=Path, help="pairs within English, every fourth step")
    parser.add_argument("--within", type=int, default=40)
    parser.add_argument("--kept", type=int, default=8, help="anchors a step")
    parser.add_argument("--hold", type=float, default=1.0, help="weight of the anchors")
    parser.add_argument("--anchors", type=int, default=1500)
    parser.add_argument("--look", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--warm", type=int, default=50, help="steps until the full rate")
    parser.add_argument("--start", type=Path, help="a state to go on from")
    parser.add_argument("--processes", type=int, default=2, help="one core each")
    parser.add_argument("--needs", type=Path, help="folder of needs; every second step takes them")
    parser.add_argument("--topics", type=int, default=48, help="topics in a step with needs")
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "meet").unlink(missing_ok=True)
    multiprocessing.spawn(train, (options,), options.processes)


class Trainer:
    """The encoder with what a step needs; `options` are those of the command line."""

    def __init__(self, options: argparse.Namespace, rank: int) -> None:
        torch.manual_seed(options.seed)
        torch.set_num_threads(1)
        self.options, self.rank = options, rank
        embedder = E5Embedder(options.models, variant=BASE)
        groups = read_groups(options.groups)
        self.drawer = Drawer(groups, read_pairs(options.pairs), embedder, options.seed)
        self.held = Held(groups, embedder, 500, options.seed)
        self.encoder = Encoder(options.frozen)
        self.sides = heads(options.models / BASE.folder / "lir.npz", embedder.model_id)
        self.kept = anchors(self.drawer, options.anchors)
        with torch.no_grad():
            parts = [self.encoder(self.kept[at : at + 100]) for at in range(0, len(self.kept), 100)]
            self.stay = self.sides[1](torch.cat(parts))
        if options.start:
            load(self.encoder, options.start)
        self.trained = [value for value in self.encoder.parameters() if value.requires_grad]
        self.optimiser = torch.optim.AdamW(
            self.trained, lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0
        )
        self.seen = 0
        self.topics = read_topics(options.needs) if options.needs else []

    def step(self, number: int, rate: float) -> tuple[float, float]:
        """One step; gives the loss and, of it, how far the kept passages went."""
        drawer, options = self.drawer, self.options
        for part in self.optimiser.param_groups:
            part["lr"] = rate
        pairs, near = self.draw(number)
        some = drawer.random.sample(range(len(self.kept)), self.options.kept)
        numbers = [query for query, _ in pairs] + [passage for _, passage in pairs]
        numbers += near + [self.kept[one] for one in some]
        vectors = self.encode(numbers)
        queries = self.sides[0](vectors[: len(pairs)])
        passages = self.sides[1](vectors[len(pairs) :])
        drift = 1 - (passages[-len(some) :] * self.stay[some]).sum(1).mean()
        loss = contrast(queries, passages[: -len(some)], options.temperature) + options.hold * drift
        self.optimiser.zero_grad()
        loss.backward()
        for value in self.trained:
            distributed.all_reduce(value.grad)
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.seen += sum(map(len, numbers))
        return float(loss.detach()), float(drift.detach())

    def draw(self, number: int) -> tuple[list[Pair], list[list[int]]]:
        """The pairs of a step, and passages that answer none of its queries."""
        drawer, options = self.drawer, self.options
        if options.pairs and number % 4 == 2:
            return drawer.within(options.within), []
        if self.topics and number % 2 == 0:
            return draw(self.topics, options.topics, drawer.tokens, drawer.random)
        long = number % 3 == 0
        return (drawer.long(options.long) if long else drawer.short(options.short)), []

    def encode(self, numbers: list[list[int]]) -> Tensor:
        """Vectors of all texts; each process computes a share, with its gradient.

        The sum of the processes' gradients is then that of one process with all texts.
        """
        ranks = self.options.processes
        order = sorted(range(len(numbers)), key=lambda index: len(numbers[index]))
        mine = self.encoder([numbers[index] for index in order[self.rank :: ranks]])
        vectors = torch.empty(len(numbers), mine.shape[1])
        for rank in range(ranks):
            places = torch.tensor(order[rank::ranks])
            width = mine.shape[1]
            part = mine.detach() if rank == self.rank else torch.empty(len(places), width)
            distributed.broadcast(part, rank)
            vectors[places] = mine if rank == self.rank else part
        return vectors

    def look(self) -> str:
        return self.held.look(self.encoder, self.sides)


def train(rank: int, options: argparse.Namespace) -> None:
    """One of the processes that train together; the first one writes."""
    distributed.init_process_group(
        "gloo", f"file://{options.out.resolve()}/meet", rank=rank, world_size=options.processes
    )
    log = (options.out / "log.txt").open("a", encoding="utf-8")

    def say(text: str) -> None:
        if rank:
            return
        print(text, flush=True)
        print(text, file=log, flush=True)

    trainer = Trainer(options, rank)
    say(f"{vars(options)}\nstep 0 {trainer.look() if rank == 0 else ''}")
    started, losses = time.time(), []
    for number in range(1, options.steps + 1):
        # The rate falls with the steps, or with the time where time is what is short.
        clock = torch.tensor((time.time() - started) / 60 / options.minutes)
        distributed.broadcast(clock, 0)
        done = max(number / options.steps, float(clock))
        if done > 1:
            break
        rate = (
            options.rate * min(1.0, number / options.warm) * (0.5 + 0.5 * math.cos(math.pi * done))
        )
        losses.append(trainer.step(number, rate))
        if number % 20 == 0:
            means, spent = np.mean(losses[-20:], axis=0), time.time() - started
            say(f"{number} loss {means[0]:.4f} drift {means[1]:.4f} "
                f"tokens/s {trainer.seen / spent:.0f} minutes {spent / 60:.1f}")  # fmt: skip
        if number % options.look == 0 and rank == 0:
            save(trainer.encoder, options.out / "state.npz")
            say(f"step {number} {trainer.look()}")
    if rank == 0:
        save(trainer.encoder, options.out / "state.npz")
        say(f"end {trainer.look()}")
    distributed.barrier()


if __name__ == "__main__":
    main()
