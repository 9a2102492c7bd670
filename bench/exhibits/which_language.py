"""How well `which_language` names languages and marks passages.

Needs the folder of public sets with `ntrex/` (NTREX-128, lines 1001 to 1997 are measured: the
engine's word lists were made with the lines before them).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import intervals
import numpy as np
from common import NoData, Row, costs
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from saphan.engines.language.identify import identify
from saphan.exhibits.which_language.exhibit import which_language
from saphan.exhibits.which_language.passages import passages

NTREX = {"eng": "en", "fil": "fil", "ind": "id", "khm": "km", "lao": "lo", "msa": "ms",
         "mya": "my", "por": "pt", "tam": "ta", "tha": "th", "vie": "vi", "zho-CN": "zh-Hans",
         "zho-TW": "zh-Hant"}
OWN = Path(__file__).with_name("sets") / "which_language.txt"
SET = "NTREX-128 lines 1001-1997, 13 languages"
SCRIPTS = (("\u0e00", "\u0e7f", "th"), ("\u0e80", "\u0eff", "lo"), ("\u1780", "\u17ff", "km"),
           ("\u1000", "\u109f", "my"), ("\u0b80", "\u0bff", "ta"), ("\u3400", "\u9fff", "zh-Hans"))


def by_script(letter: str) -> str:
    """The language that most texts of a letter's script are in; Latin letters count as English."""
    return next((lang for low, high, lang in SCRIPTS if low <= letter <= high), "en")


def peer() -> Callable[[str], str]:
    """py3langid limited to the languages of the set; it knows one Chinese."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(["en", "tl", "id", "km", "lo", "ms", "pt", "ta", "th", "vi", "zh", "my"]
                        if "my" in model.labels else
                        ["en", "tl", "id", "km", "lo", "ms", "pt", "ta", "th", "vi", "zh"])
    names = {"tl": "fil", "zh": "zh-Hans"}

    def system(text: str) -> str:
        label = str(model.classify(text)[0])
        return names.get(label, label)

    return system


def begin(line: str, length: int) -> str:
    """The first characters of a line, without a word cut in two."""
    cut = line[:length]
    whole = line[length:length + 1] in ("", " ")
    return cut if whole or " " not in cut else cut.rsplit(" ", 1)[0]


def mixed(texts: dict[str, list[str]], count: int) -> list[list[tuple[str, str]]]:
    """Texts of two or three sentences in different languages, drawn with a fixed seed."""
    rng = random.Random(11)
    drawn = []
    for _ in range(count):
        langs = rng.sample(sorted(texts), rng.choice((2, 2, 3)))
        if {"zh-Hans", "zh-Hant"} <= set(langs):
            langs.remove("zh-Hant")
            langs.append("th" if "th" not in langs else "pt")
        drawn.append([(lang, rng.choice(texts[lang])) for lang in langs])
    return drawn


def letters_right(parts: list[tuple[str, str]]) -> tuple[int, int, int]:
    """(letters marked rightly, rightly by script alone, letters) of a mixed text."""
    text = " ".join(part for _lang, part in parts)
    truth = [lang for lang, part in parts for _letter in part + " "][:-1]
    found = ["und"] * len(text)
    for each in passages(text):
        found[each.start:each.end] = [each.lang] * (each.end - each.start)
    places = [at for at, letter in enumerate(text) if letter.isalpha()]
    return (sum(found[at] == truth[at] for at in places),
            sum(by_script(text[at]) == truth[at] for at in places), len(places))


def measure(data: Path | None) -> list[Row]:
    if data is None or not (data / "ntrex").is_dir():
        raise NoData("NTREX-128, one text file a language: github.com/MicrosoftTranslator/NTREX")
    system = peer()
    texts = {lang: (data / "ntrex" / f"{name}.txt").read_text("utf-8").splitlines()[1000:1997]
             for name, lang in NTREX.items()}
    rows = []
    for length in (20, 60):
        cut = [(lang, begin(line, length)) for lang, lines in texts.items() for line in lines]
        ours = sum(identify(text).lang == lang for lang, text in cut)
        plain = sum(system(text) == lang for lang, text in cut)
        rows.append(Row(f"ntrex_{length}", *intervals.wilson(ours, len(cut)), len(cut), "share",
                        SET, plain / len(cut), "py3langid 0.4.0"))
    for lang in ("ms", "id"):
        cut = [(lang, begin(line, 60)) for line in texts[lang]]
        ours = sum(identify(text).lang == lang for _lang, text in cut)
        plain = sum(system(text) == lang for _lang, text in cut)
        rows.append(Row(f"ntrex_60_{lang}", *intervals.wilson(ours, len(cut)), len(cut), "share",
                        SET, plain / len(cut), "py3langid 0.4.0"))
    short = {lang: [line for line in lines if len(line) <= 120] for lang, lines in texts.items()}
    counted = np.array([letters_right(parts) for parts in mixed(short, 1000)])
    rows.append(Row("passages_right", *intervals.bootstrap(counted, lambda c: c[:, 0].sum()
                                                           / c[:, 2].sum()),
                    len(counted), "share",
                    "NTREX-128 sentences up to 120 letters, 2 or 3 languages joined",
                    float(counted[:, 1].sum() / counted[:, 2].sum()), "script alone"))
    own = [line.split("\t") for line in OWN.read_text("utf-8").splitlines() if "\t" in line]
    ours = sum(identify(text).lang == lang for lang, text in own)
    plain = sum(system(text) == lang for lang, text in own)
    rows.append(Row("own_short", *intervals.wilson(ours, len(own)), len(own), "share",
                    "own: short messages, 12 languages", plain / len(own), "py3langid 0.4.0"))
    return rows + costs(lambda text: which_language.run({"text": text}),
                        [begin(texts[lang][at], 200) for lang in texts for at in range(3)],
                        set="NTREX-128 sentences")
