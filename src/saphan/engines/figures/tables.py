"""The word tables of the parser, one language at a time, and the folding they are written for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any, Final

from saphan.engines.language.codes import family
from saphan.engines.language.normalise import to_simplified
from saphan.engines.translation.reading import masked

LETTER: Final = "a-z\u00c0-\u024f\u1e00-\u1eff"
"""Latin letters in a character class, for folded text."""
WHOLE_END: Final = rf"(?:(?<![{LETTER}])|(?![{LETTER}\d²³]))"
"""After a form: if it ends with a Latin letter, no letter follows."""
WHOLE_START: Final = rf"(?:(?![{LETTER}])|(?<![{LETTER}\d]))"
"""Before a form: if it begins with a Latin letter, none stands before it."""
HEAD_FIRST: Final = frozenset({"th", "lo", "km", "my"})
"""Languages that put the counted noun before the number and a classifier behind it."""
SPACED: Final = frozenset({"en", "vi", "id", "ms", "fil", "pt", "tet"})


def base(lang: str) -> str:
    """The key of a language in the tables: `zh` for both scripts, English where there is none."""
    code = "zh" if family(lang) == "zh" else lang
    return code if code in _file("words") else "en"


@cache
def _file(name: str) -> dict[str, Any]:
    path = resources.files("saphan.engines.figures") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def table(name: str, key: str) -> dict[str, Any]:
    """One table of a data file; `same = "id"` in it points to another."""
    found: dict[str, Any] = _file(name).get(key, {})
    return table(name, found["same"]) if "same" in found else found


def whole(name: str) -> dict[str, Any]:
    """A data file as it is."""
    return _file(name)


def forms(entry: dict[str, Any], lang: str) -> list[str]:
    """The forms of an entry that hold in a language: its own, those of `all`, for Malay and Tetun
    also those of their neighbours."""
    keys = {"ms": ("ms", "id"), "tet": ("tet", "pt", "id")}.get(lang, (lang,))
    return [form for key in ("all", *keys) if entry.get(key) for form in split(entry[key])]


def split(words: str) -> list[str]:
    """The alternatives of a pattern, at bars outside brackets."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(words):
        if words[place - 1 : place] == "\\":
            continue
        depth += (character in "([" and 1) or 0
        depth -= (character in ")]" and 1) or 0
        if character == "|" and not depth:
            parts.append(words[start:place])
            start = place + 1
    return [part for part in [*parts, words[start:]] if part]


@cache
def words(lang: str, name: str) -> str:
    """The alternatives for a kind of word, longest first; a pattern that matches nothing if none.

    Forms of Latin script are matched as whole words.
    """
    said = split(table("words", lang).get(name, ""))
    return "(?:" + "|".join(
        f"{WHOLE_START}(?:{form}){WHOLE_END}" for form in sorted(said, key=len, reverse=True)
    ) + ")" if said else "(?!)"  # fmt: skip


@cache
def pattern(lang: str, name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """The compiled `words` with something before and after."""
    return re.compile(before + words(lang, name) + after)


def folded(text: str, lang: str) -> str:
    """Lower case, ASCII digits, simplified characters, addresses blanked; length is kept."""
    plain = masked(text)
    if lang == "zh":
        simple = to_simplified(plain)
        if len(simple) != len(plain):  # a word became longer: one character at a time
            simple = "".join((to_simplified(c) + c)[0] for c in plain)
        plain = simple
    return plain
