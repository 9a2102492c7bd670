"""Measure the language engine: identification, mistyped terms, false corrections, time.

python bench/language/run.py DATA

DATA holds `ntrex/` (one sentence a line, by three-letter code; lines 1001-1997 are used) and
`tatoeba/`. Prints tables in Markdown. `PYTHONPATH=src` if the package is not installed.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from saphan.engines.language.forgiving import without_tones
from saphan.engines.language.identify import identify
from saphan.engines.language.terms import TermBase

NTREX = {
    "eng": "en", "fil": "fil", "ind": "id", "khm": "km", "lao": "lo", "msa": "ms", "mya": "my",
    "por": "pt", "tam": "ta", "tha": "th", "vie": "vi", "zho-CN": "zh-Hans", "zho-TW": "zh-Hant",
}
TATOEBA = {"yue": "yue", "tgl": "fil", "ind": "id", "zsm": "ms", "vie": "vi", "por": "pt"}
PLAIN = {"tl": "fil", "zh": "zh-Hans"}
LENGTHS = (10, 20, 60)
SEED = 7


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def begin(line: str, length: int) -> str:
    """The first characters of a line, without a word cut in two."""
    cut = line[:length]
    whole = line[length : length + 1] in ("", " ")
    return cut if whole or " " not in cut else cut.rsplit(" ", 1)[0]


def ours(text: str) -> str:
    return identify(text).lang


def share(texts: Iterable[str], lang: str, system: Callable[[str], str]) -> float:
    found = [system(text) for text in texts]
    return 100 * found.count(lang) / len(found)


def plain() -> Callable[[str], str]:
    """py3langid limited to the house's languages; it does not tell the two Chinese scripts."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(["en", "tl", "id", "km", "lo", "ms", "pt", "ta", "th", "vi", "zh"])

    def system(text: str) -> str:
        label = str(model.classify(text)[0])
        return PLAIN.get(label, label)

    return system


def identification(data: Path) -> None:
    system = plain()
    print("| language | 10 | 20 | 60 | py3langid alone: 10 | 20 | 60 |")
    print("| --- | " + "--- | " * 6)
    sums = [0.0] * 6
    for name, lang in NTREX.items():
        test = lines(data / "ntrex" / f"{name}.txt")[1000:1997]
        row = [share((begin(line, n) for line in test), lang, one)
               for one in (ours, system) for n in LENGTHS]
        sums = [total + value for total, value in zip(sums, row, strict=True)]
        print(f"| {lang} | " + " | ".join(f"{value:.1f}" for value in row) + " |")
    print("| all | " + " | ".join(f"{total / len(NTREX):.1f}" for total in sums) + " |")
    for name, lang in TATOEBA.items():
        test = lines(data / "tatoeba" / f"{name}-eng.{name}")
        if lang == "yue":
            right = 100 * sum(identify(text).variety == "yue" for text in test) / len(test)
        else:
            right = share(test, lang, ours)
        print(f"Tatoeba {name}: {right:.1f} %")
    standard = lines(data / "tatoeba" / "cmn-eng.cmn")
    wrong = 100 * sum(identify(text).variety == "yue" for text in standard) / len(standard)
    print(f"Standard Chinese taken for Cantonese: {wrong:.1f} %")
    bare = [without_tones(begin(text, 60)) for text in lines(data / "ntrex" / "vie.txt")[1000:1997]]
    print(f"Vietnamese without marks, 60 characters: {share(bare, 'vi', ours):.1f} %")
    mixed = [line.split("\t") for line in lines(Path(__file__).parent / "mixed.txt")
             if not line.startswith("#")]
    for label, one in (("ours", ours), ("py3langid", system)):
        right = sum(one(text) == lang for lang, text in mixed)
        print(f"mixed sentences, {label}: {right} of {len(mixed)}")


def corrupt(word: str, chance: random.Random) -> str:
    """One letter dropped, doubled, changed for another of the word, or swapped; not the first."""
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + chance.choice(word) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def mistyped(terms: TermBase) -> None:
    chance = random.Random(SEED)
    print("| language | labels | found as typed | found with a second look | another concept |")
    print("| --- | --- | --- | --- | --- |")
    for lang in ("en", "vi", "id", "ms", "fil", "pt", "th", "lo", "km", "my"):
        labels = [(concept.id, label) for concept in terms.concepts.values()
                  for label in concept.labels.get(lang, ()) if len(label) >= 6
                  and " " not in label and not label.isupper()]
        chosen = chance.sample(labels, min(300, len(labels)))
        found: Counter[str] = Counter()
        for concept, label in chosen:
            wrong = corrupt(label, chance)
            found["typed"] += any(hit.concept == concept for hit in terms.find(wrong, lang))
            hits = terms.find(wrong, lang, nested=True, forgiving=True)
            found["second"] += any(hit.concept == concept for hit in hits)
            found["other"] += any(not hit.exact and hit.concept != concept for hit in hits)
        print(f"| {lang} | {len(chosen)} | " + " | ".join(
            f"{100 * found[name] / max(1, len(chosen)):.0f} %"
            for name in ("typed", "second", "other")) + " |")


def false_corrections(terms: TermBase, data: Path) -> None:
    """Clean sentences hold no mistyped word: every inexact find is false."""
    print("| language | sentences | inexact finds | examples |")
    print("| --- | --- | --- | --- |")
    for name, lang in NTREX.items():
        test = [line for line in lines(data / "ntrex" / f"{name}.txt")[1000:1997]
                if len(line) <= 160]
        wrong: Counter[str] = Counter()
        for line in test:
            for hit in terms.find(line, lang, forgiving=True):
                if not hit.exact:
                    wrong[f"{line[hit.start : hit.end]}→{hit.concept}"] += 1
        examples = ", ".join(text for text, _ in wrong.most_common(4))
        print(f"| {lang} | {len(test)} | {wrong.total()} | {examples} |")


def times(terms: TermBase, data: Path) -> None:
    needs = lines(data / "ntrex" / "eng.txt")[1000:1200]
    offers = [("".join(lines(data / "ntrex" / "tha.txt")[at : at + 6]))[:500]
              for at in range(1000, 1200, 6)]
    for label, each, texts in (
        ("identify", lambda text: identify(text), needs),
        ("find in a sentence", lambda text: terms.find(text, "en", nested=True), needs),
        ("find in 500 Thai characters", lambda text: terms.find(text, "th"), offers),
        ("find, forgiving", lambda text: terms.find(text[:120], "en", forgiving=True), needs),
    ):
        for text in texts:
            each(text)
        started = time.process_time()
        for text in texts:
            each(text)
        spent = (time.process_time() - started) / len(texts)
        print(f"{label}: {1000 * spent:.2f} ms")
    for label in ("terms loaded", "terms loaded again"):
        started = time.process_time()
        TermBase.load()
        print(f"{label}: {time.process_time() - started:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    terms = TermBase.load()
    identification(data)
    mistyped(terms)
    false_corrections(terms, data)
    times(terms, data)


if __name__ == "__main__":
    main()
