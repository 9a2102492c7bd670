"""Whether letters that spell a label are a word where they stand, or part of another word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from icu4py.breakers import WordBreaker

from saphan.engines.language.data_files import word_list
from saphan.engines.language.names import is_name
from saphan.engines.language.searching import SearchText

_SUFFIXES: Final = ("nya", "kah", "lah", "pun", "es", "s")
_LEADING_VOWELS: Final = "เแโใไເແໂໃໄ"
_TRAILING_VOWELS: Final = "ะาำๅະາຳ"
_CLOSING: Final = {"\u103a", "\u17cb"}
"""Asat and bantoc: the consonant before them ends the syllable."""
_COENG: Final = "\u17d2"
_SHORT_THAI: Final = 5
"""Thai labels up to this length must be words to ICU too; it does not know all longer ones."""
_HAN_ENDINGS: Final = frozenset("器机员者化率业厂场园站室店仪表图性式型费品类法区村户科学")
"""A Chinese word grows by these and stays what it is: 转换 and 转换器."""


_LONGER: Final = re.compile("|".join(sorted(word_list("longer-words.txt"), reverse=True)))
_SMALL_WORDS: Final = word_list("small-words.txt")


class _Spaced(dict[str, bool]):
    def __missing__(self, character: str) -> bool:
        known = self[character] = character.isalnum() and not (
            "\u0e00" <= character <= "\u17ff" or "\u3400" <= character <= "\u9fff"
        )
        return known


_SPACED: Final = _Spaced()


def is_spaced(character: str) -> bool:
    """Whether a character is a letter or digit of a script that sets words apart by spaces."""
    return _SPACED[character]


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _is_tamil(character: str) -> bool:
    # Vowel signs included: they are no letters to Unicode.
    return "\u0b80" <= character <= "\u0bff"


class Guard:
    """The boundaries of one text; words are cut only when a match asks for it."""

    def __init__(self, text: SearchText) -> None:
        self._text = text
        self._folded = text.folded
        self._cut: dict[int, int] | None = None
        self._lower: bool | None = None

    def word_end(self, start: int, end: int) -> int:
        """Where the word of a match ends, or 0 if the match lies inside another word."""
        text = self._folded
        first, last = text[start], text[end - 1]
        before = text[start - 1] if start else " "
        if _is_mark(first) or before in _LEADING_VOWELS or before == _COENG:
            return 0
        if is_spaced(first) and (is_spaced(before) or _is_tamil(before)):
            return 0
        if end < len(text):
            if _is_tamil(last):  # Tamil words grow by suffixes
                return end
            if is_spaced(last):
                return _spaced_end(text, start, end)
            if not _may_end(text, end):
                return 0
        return end if self._is_cut_so(start, end) else 0

    def _is_cut_so(self, start: int, end: int) -> bool:
        first, size = self._folded[start], end - start
        if "\u3400" <= first <= "\u9fff":
            return size != 2 or self._is_chinese_word(start, end)
        if "\u0e00" <= first <= "\u0e7f" and size <= _SHORT_THAI and self._folded[end - 1] != ".":
            words = self._words()
            return start in words and (end in words or end == len(self._folded))
        return True

    def _is_chinese_word(self, start: int, end: int) -> bool:
        words = self._words()
        begin = start
        while begin not in words:
            begin -= 1
        stop = words[begin]
        if stop < end:  # several words, of which the label may not take pieces
            return begin == start and (end in words or end == len(self._folded))
        head, tail = self._folded[begin:start], self._folded[end:stop]
        return len(head) != 1 and (len(tail) != 1 or tail in _HAN_ENDINGS)

    def _words(self) -> dict[int, int]:
        """Start of every ICU word of the folded text to its end."""
        if self._cut is None:
            self._cut, place = {}, 0
            part: Any
            for part in WordBreaker(self._folded, "en"):
                self._cut[place] = place + len(part)
                place += len(part)
        return self._cut

    def in_capitals(self, start: int, end: int) -> bool:
        """Whether an abbreviation is meant: it stands in capitals, or the writer uses none at all
        and it is no word of a language of the house."""
        left, right = self._text.span(start, end)
        if self._text.text[left:right].isupper():
            return True
        if self._lower is None:
            self._lower = not any(character.isupper() for character in self._text.text)
        return self._lower and self._folded[start:end] not in _SMALL_WORDS

    def is_name(self, start: int, end: int) -> bool:
        """Whether a match is part of a proper name."""
        first = self._folded[start]
        return first.isascii() and is_name(self._text.text, *self._text.span(start, end))

    def without_blocked(self, found: list[Any]) -> list[Any]:
        """Without matches that share letters with a longer word of another meaning."""
        blocked = [one.span() for one in _LONGER.finditer(self._folded)] if found else []
        if not blocked:
            return found
        return [one for one in found if not _is_blocked(one.start, one.end, blocked)]


def _is_blocked(start: int, end: int, blocked: Iterable[tuple[int, int]]) -> bool:
    return any(
        left < end and start < right and not (start <= left and right <= end)
        for left, right in blocked
    )


def _may_end(text: str, end: int) -> bool:
    following = text[end]
    if _is_mark(following) or following in _TRAILING_VOWELS:
        return False
    return not (text[end + 1 : end + 2] in _CLOSING and following.isalpha())


def _spaced_end(text: str, start: int, end: int) -> int:
    if _is_mark(text[end]):
        return 0
    if not is_spaced(text[end]):
        return end
    for suffix in _SUFFIXES:
        after = end + len(suffix)
        if text.startswith(suffix, end) and not (after < len(text) and is_spaced(text[after])):
            return end if text[end - 1].isascii() and end - start > 2 else 0
    return 0
