"""The number words of one language, from `data/numbers.toml`, as one pattern and its values."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from saphan.engines.language.normalise import ascii_digits, fold_width
from saphan.engines.language.repairs import repair

_ALSO: Final = {"zh-Hans": ("zh",), "zh-Hant": ("zh",), "ms": ("id",), "fil": ("fil", "en"),
                "tet": ("tet", "pt", "id")}  # fmt: skip
_SPACED: Final = re.compile("[a-z\u00c0-\u024f\u1e00-\u1eff]")
_NOT_AFTER: Final = {"พัน": "ธ", "ရာ": "ခိုင်|စု|သီ", "តែ": "[ក-ឳ]", "ร้อย": "ละ", "ละ": "[ก-ฮเแโใไ]",
                     "ຮ້ອຍ": "ລະ", "ต่อ": "[ก-ฮเแโใไ]", "兆": "瓦|赫|字|比",
                     "နှစ်ဆ": "ယ", "百": "分"}  # fmt: skip
"""Letters after which the word is another one: พันธุ์ is a variety, ရာခိုင်နှုန်း a per cent."""


@dataclass(frozen=True)
class Lexicon:
    """`word` finds any number word; the tables say what it is worth."""

    word: re.Pattern[str]
    small: dict[str, float]
    times: dict[str, float]
    short: dict[str, float]
    said: dict[str, tuple[float, ...]]
    joint: re.Pattern[str]
    """What may stand between two words of one number."""


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    path = resources.files("saphan.engines.translation") / "data" / "numbers.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def lexicon(lang: str) -> Lexicon:
    """The number words of a language of the house; of English for any other."""
    tables = [_file()[code] for code in _ALSO.get(lang, (lang,)) if code in _file()]
    tables = tables or [_file()["en"]]
    values: dict[str, dict[str, tuple[float, ...]]] = {}
    for kind in ("small", "times", "short", "said"):
        values[kind] = {}
        for table in reversed(tables):
            values[kind] |= _entries(table.get(kind, ""))
    singles = {kind: {word: numbers[0] for word, numbers in values[kind].items()}
               for kind in ("small", "times", "short")}  # fmt: skip
    words = {word for kind in ("small", "times", "said") for word in values[kind]}
    joins = "|".join(re.escape(word) for table in tables for word in table["joins"])
    return Lexicon(
        _pattern(words), singles["small"], singles["times"], singles["short"], values["said"],
        re.compile(rf"[\s\u00a0-]?(?:(?:{joins})[\s\u00a0]?)?" if joins else r"[\s\u00a0-]?"),
    )  # fmt: skip


def _entries(line: str) -> dict[str, tuple[float, ...]]:
    entries: dict[str, tuple[float, ...]] = {}
    for entry in line.split():
        word, _, numbers = entry.partition("=")
        values = tuple(float(number) for number in numbers.split(","))
        plain = folded(word.replace("_", " "))
        # Marks in the order of clean text, and as people type them.
        entries |= {plain: values, repair(plain): values}
    return entries


def _pattern(words: set[str]) -> re.Pattern[str]:
    spaced = [word for word in words if _SPACED.search(word)]
    others = [word for word in words if not _SPACED.search(word)]
    parts = []
    if spaced:
        parts.append(rf"(?<![^\W\d_])(?:{_either(spaced)})(?![^\W\d_])")
    if others:
        parts.append(_either(others))
    return re.compile("|".join(parts))


def _either(words: list[str]) -> str:
    return "|".join(
        re.escape(word) + (f"(?!{_NOT_AFTER[word]})" if word in _NOT_AFTER else "")
        for word in sorted(words, key=len, reverse=True)
    )


def folded(text: str) -> str:
    """Lower case, ordinary width, ASCII digits; as long as the text, so that places stay true."""
    plain = fold_width(ascii_digits(text))
    low = plain.lower()
    if len(low) == len(plain):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
