"""Compare the names of a text and its translation: what must stand letter for letter.

Names that the record gives, web and mail addresses, and codes (RK3588, YOLOv8) must be kept.
Names of people and places may be written in another script, where nothing here can check them; in
the same script a name of which one half was kept and the other exchanged is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from saphan.engines.language.codes import LANGUAGES
from saphan.engines.matching.units import CURRENCIES, PREFIXES
from saphan.engines.translation.lexicon import folded
from saphan.engines.translation.mismatch import ADVISE, BLOCK, Mismatch

_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>()\"'，。、；！？」』]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|edu|gov|io|ai|cn|th|vn|la|kh|mm|my|id|ph|sg|tw|hk|mo"
    r"|tl|bn|int)(?:/[\w./?=&%-]*)?(?![\w@])", re.ASCII,
)  # fmt: skip
_CODE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,12}-?\d+[A-Za-z0-9]*(?:[-./]\d*[A-Z]+\d+\w*)*"
    r"|\d{1,4}[A-Z][A-Za-z0-9]*\d[A-Za-z0-9]*|\d[GDK])(?![A-Za-z0-9])"
)
_NO_CODE: Final = re.compile(
    rf"(?:{'|'.join(CURRENCIES)}|rp|rm|us|s|hk|nt|no|nr|fig|p|pp|vol|ver|version|page|s|q|h|m|week"
    rf"|day|year|age|aged|in|at|to|by|of|and|or|is|the|from)-?\d[\d.,]*k?$", re.IGNORECASE,
)
_PREFIXED: Final = re.compile(r"[a-z]{2,}-\d")
"""mid-2018, ke-3: a word of the language, not a code."""
_LATIN: Final = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_WORD: Final = re.compile(rf"(?<![{_LATIN}\d])[{_LATIN}][{_LATIN}'’-]*[{_LATIN}](?![{_LATIN}\d])")
_BRAND: Final = re.compile(r"[A-Za-z]*[a-z][A-Z][A-Za-z]*$")
_START: Final = re.compile(r"(?:^|[.!?:;。！？\n]|[\"'“”‘’(«»—–-])\s*$")
_ALIKE: Final = 0.55
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    first: bool
    """Whether a sentence or a quotation begins with it."""

    @property
    def key(self) -> str:
        return _key(self.text)

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def differences(
    source: str, translation: str, source_lang: str, target_lang: str, kept: Sequence[str]
) -> Iterator[Mismatch]:
    """Mismatches of kind name."""
    source, translation = source[:_MOST], translation[:_MOST]
    yield from _given(source, translation, target_lang, kept)
    yield from _letters(source, translation, _addresses)
    yield from _letters(source, translation, _codes)
    halves = list(_halves(source, translation))
    yield from halves
    if not halves and not LANGUAGES[source_lang].script == LANGUAGES[target_lang].script == "Latn":
        yield from _foreign(source, translation, source_lang, target_lang)


def _given(
    source: str, translation: str, target_lang: str, kept: Sequence[str]
) -> Iterator[Mismatch]:
    """Names of the record. One in a script that readers of the target do not know may change."""
    low, other = _key(source), _key(translation)
    for name in dict.fromkeys(one.strip() for one in kept):
        plain = _key(name)
        if not plain or plain not in low or plain in other:
            continue
        if not name.isascii() and LANGUAGES[target_lang].script == "Latn" and not re.search(
            rf"[{_LATIN}]", name
        ):
            continue
        place = folded(source).find(folded(name))
        span = (place, place + len(name)) if place >= 0 else None
        yield Mismatch("name", BLOCK, name, "", span, None)


def _key(text: str) -> str:
    return re.sub(r"[\s\u00a0_.·-]+", "", folded(text)).replace("’", "'")


def _addresses(text: str) -> list[tuple[str, int]]:
    return [(match.group().rstrip(".,;:!?/"), match.start()) for match in _ADDRESS.finditer(text)]


def _codes(text: str) -> list[tuple[str, int]]:
    bare = _ADDRESS.sub(lambda match: " " * len(match.group()), text)
    return [
        (match.group(), match.start())
        for match in _CODE.finditer(bare)
        if not _NO_CODE.match(match.group()) and not _PREFIXED.match(match.group())
        and match.group().lower().rstrip("0123456789.,") + "$" not in PREFIXES
    ]


def _letters(
    source: str, translation: str, find: Callable[[str], list[tuple[str, int]]]
) -> Iterator[Mismatch]:
    """What `find` finds on one side and the other does not hold, but for spaces and hyphens."""
    low, other = _key(source), _key(translation)
    for text, start in find(source):
        if _key(text) not in other:
            yield Mismatch("name", BLOCK, text, "", (start, start + len(text)), None)
    for text, start in find(translation):
        if _key(text) not in low:
            yield Mismatch("name", BLOCK, "", text, None, (start, start + len(text)))


def _words(text: str) -> list[_Word]:
    bare = _ADDRESS.sub(lambda match: " " * len(match.group()), text)
    return [
        _Word(match.group(), match.start(), bool(_START.search(bare[: match.start()][-6:])
              or match.start() == 0))
        for match in _WORD.finditer(bare)
    ]


def _halves(source: str, translation: str) -> Iterator[Mismatch]:
    """"Elin Jones" that became "Elin Smith"."""
    ours, theirs = _words(source), _words(translation)
    known, other_known = {word.key for word in ours}, {word.key for word in theirs}
    follows: dict[str, list[_Word]] = {}
    for word, after in pairwise(ours):
        if word.capital and after.capital and _together(source, word, after):
            follows.setdefault(word.key, []).append(after)
    for word, after in pairwise(theirs):
        if not (after.capital and _together(translation, word, after)) or after.key in known:
            continue
        lost = [one for one in follows.get(word.key, ()) if one.key not in other_known]
        if lost and not any(_alike(after.key, one) for one in known):
            yield Mismatch(
                "name", BLOCK, lost[0].text, after.text,
                (lost[0].start, lost[0].start + len(lost[0].text)),
                (after.start, after.start + len(after.text)),
            )  # fmt: skip


def _together(text: str, first: _Word, second: _Word) -> bool:
    return text[first.start + len(first.text) : second.start] == " "


def _alike(first: str, second: str) -> bool:
    return SequenceMatcher(None, first, second).ratio() >= _ALIKE


def _foreign(
    source: str, translation: str, source_lang: str, target_lang: str
) -> Iterator[Mismatch]:
    """Latin names in a text of another script, and those that came into its translation."""
    ours, theirs = _words(source), _words(translation)
    known, other_known = {word.key for word in ours}, {word.key for word in theirs}
    lost = [word for word in ours if word.capital and word.key not in other_known]
    if LANGUAGES[source_lang].script != "Latn":
        everything = _key(translation)
        for word in lost:
            if word.key in everything:
                continue
            severity = BLOCK if _BRAND.match(word.text) else ADVISE
            yield Mismatch("name", severity, word.text, "",
                           (word.start, word.start + len(word.text)), None)
    if LANGUAGES[target_lang].script != "Latn":
        everything = _key(source)
        for word in theirs:
            name = word.capital and len(word.text) > 2 and word.key not in everything
            if name and not any(_alike(word.key, one) for one in known):
                severity = BLOCK if word.text[1:].islower() else ADVISE
                yield Mismatch("name", severity, "", word.text, None,
                               (word.start, word.start + len(word.text)))
