"""Measure the comparison of texts and translations: mistakes found, and false alarms.

python bench/translation/run.py DATA [--part fit|test|all] [--show LANG]

DATA holds `ntrex/` (one sentence a line, by three-letter code): translations by people of the same
1,997 English sentences. Each translation is compared as it is (an alarm there is false, unless the
translator erred), then with one mistake put in. Beside it the simple check that many tools have:
the digits of both sides must be the same strings. Then the sample catalogue: titles and summaries
that people wrote in their own language and in English. Prints tables in Markdown.
`PYTHONPATH=src` if the package is not installed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from saphan.engines.language.normalise import ascii_digits, clean, fold_width
from saphan.engines.translation.compare import compare
from saphan.engines.translation.mismatch import Mismatch

NTREX = {
    "zho-CN": "zh-Hans", "zho-TW": "zh-Hant", "tha": "th", "vie": "vi", "lao": "lo", "khm": "km",
    "mya": "my", "ind": "id", "msa": "ms", "fil": "fil", "por": "pt", "tam": "ta",
}
PARTS = {"fit": (0, 1000), "test": (1000, 1997), "all": (0, 1997)}
SEED = 5
CATALOGUE = Path("src/saphan/centres/nanning/market")
KINDS = ("figure", "unit", "negation", "name")

SCALES = {
    "zh-Hans": ("万", "亿"), "zh-Hant": ("萬", "億"), "th": ("ล้าน", "แสน"), "vi": ("triệu", "tỷ"),
    "lo": ("ລ້ານ", "ຕື້"), "km": ("លាន", "ពាន់"), "my": ("သန်း", "သိန်း"), "id": ("juta", "miliar"),
    "ms": ("juta", "bilion"), "fil": ("milyon", "bilyon"), "pt": ("milhões", "mil"),
    "en": ("million", "billion"),
}
UNITS = {
    "zh-Hans": (("公里", "公斤"), ("英里", "米"), ("美元", "%"), ("%", "公斤")),
    "zh-Hant": (("公里", "公斤"), ("英里", "公尺"), ("美元", "%"), ("%", "公斤")),
    "th": (("กิโลเมตร", "กิโลกรัม"), ("ไมล์", "เมตร"), ("ดอลลาร์", "บาท"), ("เปอร์เซ็นต์", "บาท"),
           ("%", " บาท")),
    "vi": (("km", "kg"), ("dặm", "mét"), ("đô la", "đồng"), ("%", " kg"), ("USD", "VND")),
    "lo": (("ກິໂລແມັດ", "ກິໂລກຣາມ"), ("ໂດລາ", "ກີບ"), ("ເປີເຊັນ", "ກີບ"), ("%", " ກີບ")),
    "km": (("គីឡូម៉ែត្រ", "គីឡូក្រាម"), ("ដុល្លារ", "រៀល"), ("ភាគរយ", "រៀល"), ("%", " រៀល")),
    "my": (("ကီလိုမီတာ", "ကီလိုဂရမ်"), ("မိုင်", "မီတာ"), ("ဒေါ်လာ", "ကျပ်"), ("ရာခိုင်နှုန်း", "ကျပ်")),
    "id": (("km", "kg"), ("mil", "meter"), ("dolar", "rupiah"), ("persen", "rupiah"),
           ("%", " kg")),
    "ms": (("km", "kg"), ("batu", "meter"), ("dolar", "ringgit"), ("peratus", "ringgit")),
    "fil": (("km", "kg"), ("milya", "metro"), ("dolyar", "piso"), ("porsyento", "piso"),
            ("%", " kg")),
    "en": (("kilometers", "kilograms"), ("miles", "meters"), ("percent", "dollars"),
           ("per cent", "dollars"), ("%", " kg"), ("km", "kg"), ("feet", "kilos")),
    "pt": (("km", "kg"), ("milhas", "metros"), ("dólares", "euros"), ("por cento", "euros"),
           ("%", " kg")),
}
NEGATORS = {
    "zh-Hans": "不(?![仅但只断同久错少过])|没有?|未(?!来)|无法",
    "zh-Hant": "不(?![僅但只斷同久錯少過])|沒有?|未(?!來)|無法",
    "th": "ไม่(?!น้อยกว่า|เกิน|เพียง)", "vi": r"\b(?:không|chưa|chẳng)\b(?! chỉ| quá)", "lo": "ບໍ່",
    "km": "មិន|គ្មាន", "my": "မ(?=[က-အ][^။]{1,24}(?:ဘူး|ဘဲ|ပါ။))",
    "id": r"\b(?:tidak|bukan|tanpa|belum)\b",
    "ms": r"\b(?:tidak|bukan|tanpa|belum|tak)\b", "fil": r"\b(?:hindi|walang?|huwag)\b",
    "pt": r"\b(?:não|sem|nunca|nem)\b", "en": r"\b(?:not|no|never|without|cannot)\b|n['’]t\b",
    "ta": "இல்லை",
}  # fmt: skip
NEGATORS_EN = re.compile(
    r"\b(?:not|cannot|no|never|nobody|nothing|without|neither)\b|n['’]t\b", re.IGNORECASE)
ENGLISH_TOO = re.compile("|".join(words for code, words in NEGATORS.items() if code != "en"))
SURNAMES = ("Whitmore", "Okafor", "Lindqvist", "Harrison", "Petrov", "Delgado", "Tanaka",
            "Sullivan")
"""Put in for another name; none is met in the texts."""


def plain_check(source: str, translation: str) -> bool:
    """The baseline: whether the digits of both sides are other strings."""
    def strings(text: str) -> Counter[str]:
        return Counter(re.findall(r"\d+(?:[.,]\d+)*", fold_width(ascii_digits(text))))
    return strings(source) != strings(translation)


def changed_digit(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """One digit of a number with two or more digits is another one."""
    places = list(re.finditer(r"\d[\d.,]*\d", text))
    if not places:
        return None
    match = dice.choice(places)
    at = dice.choice([i for i in range(*match.span()) if text[i].isdigit()])
    zero = ord(text[at]) - int(text[at])
    low = 1 if at == match.start() else 0
    new = dice.choice([d for d in range(low, 10) if d != int(text[at])])
    return text[:at] + chr(zero + new) + text[at + 1 :]


def changed_small(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """A number of one digit is another one."""
    places = list(re.finditer(r"(?<![\d.,])\d(?![\d.,]|[.,]\d)", text))
    if not places:
        return None
    at = dice.choice(places).start()
    zero = ord(text[at]) - int(text[at])
    new = dice.choice([d for d in range(2, 10) if d != int(text[at])])
    return text[:at] + chr(zero + new) + text[at + 1 :]


def changed_scale(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """After a number, million is billion, 万 is 亿."""
    for word, other in dice.sample(pairs := [SCALES[lang], SCALES[lang][::-1]], len(pairs)) \
            if lang in SCALES else ():
        match = re.search(rf"(\d\s?){re.escape(word)}(?![a-z])", text)
        if match:
            return text[: match.end(1)] + other + text[match.end() :]
    return None


def changed_zero(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """A whole number of two or more digits is ten times as large."""
    places = list(re.finditer(r"(?<![\d.,])\d{2,}(?![\d]|[.,]\d)", text))
    if not places:
        return None
    match = dice.choice(places)
    zero = chr(ord(text[match.end() - 1]) - int(text[match.end() - 1]))
    return text[: match.end()] + zero + text[match.end() :]


def lost_figure(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """A number of two or more digits is gone."""
    places = list(re.finditer(r"\d[\d.,]*\d", text))
    if not places:
        return None
    match = dice.choice(places)
    return text[: match.start()] + text[match.end() :]


def changed_unit(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """After a number, kilometres are kilograms."""
    for word, other in UNITS.get(lang, ()):
        match = re.search(rf"(\d\s?){re.escape(word)}(?![a-z])", text)
        if match:
            return text[: match.end(1)] + other + text[match.end() :]
    return None


def lost_negation(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """One word of negation is gone, where the English holds one too."""
    places = list(re.finditer(NEGATORS.get(lang, "(?!)"), text, re.IGNORECASE))
    said = NEGATORS_EN.search(source) if lang != "en" else ENGLISH_TOO.search(source)
    if not places or not said:
        return None
    match = dice.choice(places)
    return text[: match.start()] + text[match.end() :].lstrip(" ")


def changed_name(text: str, source: str, lang: str, dice: random.Random) -> str | None:
    """The second half of a name in Latin letters that both sides have is another one."""
    names = [m for m in re.finditer(r"(?<=[A-Z][a-z]{2} |[a-z]{3} )[A-Z][a-z]{3,}\b", text)
             if re.search(rf"\b[A-Z][a-z]+ {m.group()}\b", source)
             and re.search(rf"[A-Z][a-z]+ {m.group()}$", text[: m.end()])]
    if not names:
        return None
    match = dice.choice(names)
    return text[: match.start()] + dice.choice(SURNAMES) + text[match.end() :]


MISTAKES: dict[str, tuple[str, Callable[..., str | None]]] = {
    "a digit changed": ("figure", changed_digit),
    "a small number changed": ("figure", changed_small),
    "another scale": ("figure", changed_scale),
    "a zero more": ("figure", changed_zero),
    "a number lost": ("figure", lost_figure),
    "another unit": ("unit", changed_unit),
    "a negation lost": ("negation", lost_negation),
    "half of a name changed": ("name", changed_name),
}


def pairs(data: Path, part: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each language with its pairs of English and translation."""
    low, high = PARTS[part]
    english = (data / "ntrex" / "eng.txt").read_text(encoding="utf-8").splitlines()[low:high]
    for name, lang in NTREX.items():
        file = data / "ntrex" / f"{name}.txt"
        lines = [clean(line) for line in file.read_text(encoding="utf-8").splitlines()[low:high]]
        yield lang, list(zip(english, lines, strict=True))


def blocked(found: list[Mismatch]) -> set[str]:
    return {one.kind for one in found if one.blocks}


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join(["---"] * len(head)) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def untouched(data: Path, part: str, backwards: bool, show: str) -> None:
    """Share of translations by people that would be blocked, by kind."""
    rows = []
    for lang, both in pairs(data, part):
        kinds: Counter[str] = Counter()
        any_block = advised = plain = numbers = plain_numbers = figures = 0
        for english, other in both:
            sides = (other, english, lang, "en") if backwards else (english, other, "en", lang)
            found = compare(sides[0], sides[1], source_lang=sides[2], target_lang=sides[3])
            kept = blocked(found)
            kinds.update(kept)
            any_block += bool(kept)
            advised += bool(found) and not kept
            wrong = plain_check(english, other)
            plain += wrong
            if re.search(r"\d", english):
                numbers += 1
                plain_numbers += wrong
                figures += "figure" in kept
            if kept and show == lang:
                print([(m.kind, m.in_source[:40], m.in_translation[:40])
                       for m in found if m.blocks])
                print("   ", sides[0][:300], "\n   ", sides[1][:300])
        rest = sum(count for kind, count in kinds.items() if kind not in KINDS)
        rows.append([lang, *(share(kinds[kind], len(both)) for kind in KINDS),
                     share(rest, len(both)), share(any_block, len(both)),
                     share(advised, len(both)), share(plain, len(both)),
                     share(figures, numbers), share(plain_numbers, numbers)])
    table(["language", *KINDS, "other", "any", "advice only", "plain: digits equal",
           "figure, of those with digits", "plain, of those with digits"], rows)


def mistakes(data: Path, part: str, backwards: bool) -> None:
    """Share of mistakes that are blocked (and, after a slash, blocked or advised)."""
    results: dict[str, dict[str, list[int]]] = defaultdict(dict)
    langs = []
    for lang, both in pairs(data, part):
        langs.append(lang)
        for mistake, (kind, change) in MISTAKES.items():
            dice = random.Random(SEED)
            count = [0, 0, 0, 0]
            for english, other in both:
                ours, theirs, first, second = (
                    (other, english, lang, "en") if backwards else (english, other, "en", lang))
                wrong = change(theirs, ours if backwards else english, second, dice)
                if wrong is None or wrong == theirs:
                    continue
                before = compare(ours, theirs, source_lang=first, target_lang=second)
                if kind in {one.kind for one in before}:
                    continue  # already reported: the change would prove nothing
                after = compare(ours, wrong, source_lang=first, target_lang=second)
                count[0] += 1
                count[1] += kind in blocked(after)
                count[2] += kind in {one.kind for one in after}
                count[3] += plain_check(ours, wrong) and not plain_check(ours, theirs)
            results[mistake][lang] = count
    head = ["mistake", *langs, "all", "cases", "plain"]
    rows = []
    for mistake, by_lang in results.items():
        total = [sum(count[i] for count in by_lang.values()) for i in range(4)]
        cells = []
        for lang in langs:
            n, block, any_, _ = by_lang[lang]
            extra = f"/{100 * any_ / n:.0f}" if n and any_ != block else ""
            cells.append(f"{100 * block / n:.0f}{extra}" if n else "-")
        extra = f"/{share(total[2], total[0])}" if total[2] != total[1] else ""
        rows.append([mistake, *cells, share(total[1], total[0]) + extra, str(total[0]),
                     share(total[3], total[0])])
    table(head, rows)


def catalogue(show: bool) -> None:
    """The sample catalogue, from the own language to English and back."""
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for file in sorted(CATALOGUE.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            lang = record["lang"]
            for field in ("title", "summary", "description"):
                words = record.get(field) or {}
                if not isinstance(words, dict) or lang not in words or "en" not in words:
                    continue
                if lang == "en":
                    continue
                for source, target in ((lang, "en"), ("en", lang)):
                    found = compare(words[source], words[target], source_lang=source,
                                    target_lang=target)
                    kept = blocked(found)
                    key = f"{field} {'to' if target == 'en' else 'from'} English"
                    totals[key].update(["n", *kept, *(["any"] if kept else [])])
                    totals[key]["plain"] += plain_check(words[source], words[target])
                    if kept and show and target == "en":
                        print(record["key"], field, [
                            (m.kind, m.in_source[:40], m.in_translation[:40])
                            for m in found if m.blocks])
                        print("   ", words[source][:400], "\n   ", words[target][:400])
    table(["texts", "n", *KINDS, "missing", "language", "any", "plain"], [
        [key, str(count["n"]), *(share(count[kind], count["n"])
         for kind in (*KINDS, "missing", "language", "any", "plain"))]
        for key, count in sorted(totals.items())])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", choices=PARTS, default="test")
    parser.add_argument("--show", default="", help="print what is blocked in this language, or "
                        "'catalogue'")
    parser.add_argument("--only", choices=("untouched", "mistakes", "catalogue"))
    given = parser.parse_args()
    if given.only in (None, "untouched"):
        for backwards in (False, True):
            print(f"Untouched, {'into' if backwards else 'from'} English, % blocked\n")
            untouched(given.data, given.part, backwards, given.show)
    if given.only in (None, "mistakes"):
        for backwards in (False, True):
            print(f"Mistakes put in, {'into' if backwards else 'from'} English, % blocked "
                  "(/ blocked or advised)\n")
            mistakes(given.data, given.part, backwards)
    if given.only in (None, "catalogue"):
        print("The sample catalogue, % blocked\n")
        catalogue(given.show == "catalogue")


if __name__ == "__main__":
    main()
