"""How well articles of one event are put together, and how surely near-duplicates are told.

    python bench/newsroom/stories.py --data DIR [--models DIR] [--cache FILE]

`DIR` holds `ntrex/*.txt` (NTREX-128, CC BY-SA 4.0, no part of the product): 1,997 news sentences in
13 languages. Eight consecutive lines are taken for one event; thresholds are chosen on lines 1-1000
and tried on lines 1001-1997. Two sets: `same`, where every article has the same sentences in its
own language, and `other`, where every article has three of the eight in a row, so that most say
other things of the same event. Nothing is fitted on NTREX but the thresholds.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from saphan.engines.language.embed import Embedder, Vectors, unit
from saphan.engines.language.normalise import clean
from saphan.engines.matching import prepare
from saphan.engines.stories import duplicates
from saphan.engines.stories.clustering import ALIKE, DAYS, JOIN, Item, Shelf, cluster, place, words

NTREX = {
    "eng": "en", "fil": "fil", "ind": "id", "khm": "km", "lao": "lo", "msa": "ms", "mya": "my",
    "por": "pt", "tam": "ta", "tha": "th", "vie": "vi", "zho-CN": "zh-Hans", "zho-TW": "zh-Hant",
}  # fmt: skip
LINES = 8
USED = "language directions removed"
FIRST = date(2025, 3, 1)
SLIP = 200
"""Characters from one slip of the pen to the next."""
GRID = [round(0.02 * step, 2) for step in range(8, 33)]


@dataclass(frozen=True)
class Article:
    key: str
    event: str
    lang: str
    day: date
    text: str


def lines(data: Path) -> dict[str, list[str]]:
    return {
        code: [clean(line) for line in (data / f"ntrex/{name}.txt").read_text("utf-8").split("\n")]
        for name, code in NTREX.items()
    }


def articles(texts: dict[str, list[str]], half: str, kind: str) -> list[Article]:
    """Every event in every language, told within four days; events lie over twenty days."""
    random = np.random.default_rng(11)
    start, end = (0, 1000) if half == "tune" else (1000, 1997)
    found = []
    for event, at in enumerate(range(start, end - LINES + 1, LINES)):
        began = int(random.integers(0, 20))
        for lang in sorted(texts):
            offset = int(random.integers(0, LINES - 2)) if kind == "other" else 0
            count = 3 if kind == "other" else LINES
            own = texts[lang][at + offset : at + offset + count]
            day = FIRST + timedelta(days=began + int(random.integers(0, 4)))
            found.append(Article(f"{event:03}-{lang}", str(event), lang, day,
                                 words(own[0], " ".join(own[1:]))))
    return found


def bcubed(groups: list[list[str]], event: dict[str, str]) -> tuple[float, float, float]:
    """BCubed precision, recall and F (Bagga and Baldwin 1998)."""
    sizes: dict[str, int] = {}
    for name in event.values():
        sizes[name] = sizes.get(name, 0) + 1
    precision = recall = 0.0
    for group in groups:
        counts: dict[str, int] = {}
        for key in group:
            counts[event[key]] = counts.get(event[key], 0) + 1
        precision += sum(n * n for n in counts.values()) / len(group)
        recall += sum(n * n / sizes[name] for name, n in counts.items())
    precision, recall = precision / len(event), recall / len(event)
    return precision, recall, 2 * precision * recall / (precision + recall)


def incremental(items: list[Item], alike: float, days: int) -> list[list[str]]:
    shelf = Shelf(len(items[0].vector))
    groups: dict[str, list[str]] = {}
    for item in sorted(items, key=lambda each: (each.day, each.key)):
        near = place(item.vector, item.day, shelf, alike=alike, days=days)
        key = near.key if near else item.key
        shelf.add(key, item.vector, item.day)
        groups.setdefault(key, []).append(item.key)
    return list(groups.values())


def tidied(items: list[Item], alike: float, days: int) -> list[list[str]]:
    """One at a time, and each evening stories that turned out to be one are joined."""
    own = {item.key: item for item in items}
    groups: dict[str, list[str]] = {}
    shelf = Shelf(len(items[0].vector))
    for day in sorted({item.day for item in items}):
        for item in sorted(items, key=lambda each: each.key):
            if item.day == day:
                near = place(item.vector, item.day, shelf, alike=alike, days=days)
                key = near.key if near else item.key
                shelf.add(key, item.vector, item.day)
                groups.setdefault(key, []).append(item.key)
        while pairs := shelf.close(alike=alike + JOIN - ALIKE, days=days):
            for kept, gone in pairs:
                groups[kept] += groups.pop(gone)
            shelf = Shelf(len(items[0].vector))
            for key, members in groups.items():
                rows = np.stack([own[each].vector for each in members])
                told = [own[each].day for each in members]
                shelf.put(key, rows.sum(axis=0), len(rows), min(told), max(told))
    return list(groups.values())


def whole(items: list[Item], alike: float, days: int) -> list[list[str]]:
    return cluster(items, alike=alike, days=days)


WAYS = {"one at a time": incremental, "and joined each evening": tidied, "gone over again": whole}


def embedded(found: list[Article], embedder: Embedder) -> Vectors:
    return embedder.embed_passages([each.text for each in found])


def by_language(found: list[Article], vectors: Vectors, means: dict[str, Vectors]) -> Vectors:
    return unit(vectors - np.stack([means[each.lang] for each in found]))


def clustering(data: Path, models: Path | None, cache: Path | None, used: bool) -> None:
    texts = lines(data)
    embedder, lir = prepare.load(models, threads=1)
    held = dict(np.load(cache)) if cache and cache.is_file() else {}
    fit = {lang: embedder.embed_passages(own) for lang, own in prepare.fit_texts().items()}
    means = {lang: own.mean(axis=0) for lang, own in fit.items()}
    spent = count = 0.0
    sets: dict[tuple[str, str], tuple[list[Article], dict[str, Vectors]]] = {}
    for half in ("tune", "test"):
        for kind in ("same", "other"):
            found, name = articles(texts, half, kind), f"{half}-{kind}"
            if name not in held:
                begun = time.process_time()
                held[name] = embedded(found, embedder)
                spent, count = spent + time.process_time() - begun, count + len(found)
            raw = held[name]
            sets[half, kind] = found, {
                "raw": raw,
                "language means taken off": by_language(found, raw, means),
                USED: lir.passages.apply(raw),
            }
    if cache:
        np.savez(cache, **held)
    if count:
        print(f"embedding: {count / spent:.0f} articles a CPU-second; 6,000 take "
              f"{6000 * spent / count:.0f} CPU-seconds\n")
    for days, label in ((DAYS, "within five days"), (10_000, "days unknown")):
        for kind in ("same", "other"):
            print(f"\nset `{kind}`, {label}\n")
            print("| vectors | way | threshold | precision | recall | BCubed F |")
            print("| --- | --- | --- | --- | --- | --- |")
            for vectors in sets["tune", kind][1]:
                for way, run in WAYS.items():
                    if not used:
                        report(sets, kind, vectors, way, run, days)
            for way, run in WAYS.items():  # the one threshold of the house, chosen for both sets
                report(sets, kind, USED, way, run, days, alike=ALIKE)


def report(sets, kind, vectors, way, run, days, alike=None) -> None:  # type: ignore[no-untyped-def]
    def measured(half: str, alike: float) -> tuple[float, float, float]:
        found, ways = sets[half, kind]
        rows = ways[vectors]
        items = [Item(each.key, row, each.day) for each, row in zip(found, rows, strict=True)]
        return bcubed(run(items, alike, days), {each.key: each.event for each in found})

    grid = [0.74 + each * 0.3 for each in GRID] if vectors == "raw" else GRID
    alike = alike or max(grid, key=lambda each: measured("tune", each)[2])
    precision, recall, score = measured("test", alike)
    print(f"| {vectors} | {way} | {alike:.2f} | {precision:.3f} | {recall:.3f} | {score:.3f} |",
          flush=True)


# -- near-duplicates -----------------------------------------------------------------------

BOILERPLATE = {
    "en": "All rights reserved. No part of this article may be copied without the written consent "
          "of the publisher. Follow us for more news and write to our desk with your comments.",
    "th": "สงวนลิขสิทธิ์ ห้ามนำส่วนใดของบทความนี้ไปเผยแพร่โดยไม่ได้รับอนุญาต"
          "เป็นลายลักษณ์อักษร ติดตามข่าวสารของเราได้ทุกช่องทาง",
    "zh-Hans": "版权所有,未经书面许可不得转载本文任何部分。"
               "欢迎关注我们的公众号,获取更多新闻资讯,并向编辑部提出宝贵意见。",
    "vi": "Bản quyền thuộc về tòa soạn. Không được sao chép bất kỳ phần nào của bài viết này nếu "
          "không có sự đồng ý bằng văn bản. Theo dõi chúng tôi để đọc thêm tin tức.",
}
CHANGES = ("two letters swapped in every 200", "another title and byline", "last third cut off",
           "first half only")


def edited(own: list[str], change: str, random: np.random.Generator) -> str:
    """A copy of an article, given as sentences, as it meets one in other outlets."""
    if change == "another title and byline":
        return "\n\n".join(["Wire / Desk 24", *own[1:], "Desk 24 2025-03-04 10:20"])
    if change == "last third cut off":
        return "\n\n".join(own[: len(own) - len(own) // 3])
    if change == "first half only":
        return "\n\n".join(own[: len(own) // 2])
    text = "\n\n".join(own)
    for at in range(int(random.integers(0, SLIP)), len(text) - 2, SLIP):
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def copies(data: Path) -> None:
    """Copies found and strangers mistaken, with and without bands and boilerplate."""
    texts = lines(data)
    random = np.random.default_rng(5)
    print("\n| near-duplicates, lines 1001-1997, four languages | pairs | found | by bands too |")
    print("| --- | --- | --- | --- |")
    originals: list[tuple[str, str, bytes]] = []
    for lang in BOILERPLATE:
        for at in range(1000, 1997 - LINES, LINES):
            text = "\n\n".join(texts[lang][at : at + LINES])
            originals.append((lang, text, duplicates.signature(text)))
    for change in CHANGES:
        told = met = 0
        for _lang, text, one in originals:
            two = duplicates.signature(edited(text.split("\n\n"), change, random))
            is_copy = duplicates.is_copy(one, two)
            told += is_copy
            met += is_copy and bool(set(duplicates.bands(one)) & set(duplicates.bands(two)))
        print(f"| {change} | {len(originals)} | {told / len(originals):.3f} "
              f"| {met / len(originals):.3f} |")
    strangers(originals)
    begun = time.process_time()
    for _lang, text, _one in originals:
        duplicates.signature(text)
    print(f"\n{len(originals) / (time.process_time() - begun):.0f} signatures a CPU-second")


def strangers(originals: list[tuple[str, str, bytes]]) -> None:
    for name in ("other articles", "the same boilerplate", "the same, taken off"):
        pairs = wrong = 0
        for lang, boilerplate in BOILERPLATE.items():
            known = frozenset(duplicates.paragraph_keys(boilerplate))
            own = []
            for each, text, plain in originals:
                if each != lang:
                    continue
                if name == "other articles":
                    own.append(plain)
                    continue
                short = "\n\n".join([*text.split("\n\n")[:2], boilerplate])
                if name == "the same, taken off":
                    short = duplicates.without(short, known)
                own.append(duplicates.signature(short))
            for number, one in enumerate(own):
                for two in own[number + 1 :]:
                    pairs += 1
                    wrong += duplicates.is_copy(one, two)
        print(f"| strangers: {name} | {pairs} | {wrong} mistaken | |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--used", action="store_true", help="only the threshold of the house")
    parser.add_argument("--cache", type=Path, help="keeps vectors between runs")
    chosen = parser.parse_args()
    copies(chosen.data)
    clustering(chosen.data, chosen.models, chosen.cache, chosen.used)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
