"""Whether a translation is whole, in its language, and keeps its mark-up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from saphan.engines.language.codes import LANGUAGES, UNDETERMINED, family
from saphan.engines.language.identify import identify
from saphan.engines.translation.mismatch import ADVISE, BLOCK, Mismatch

_LENGTHS: Final = {
    "zh-Hans": 0.35, "zh-Hant": 0.38, "en": 1.0, "th": 0.96, "vi": 1.1, "lo": 1.08, "km": 1.15,
    "my": 1.19, "id": 1.15, "ms": 1.1, "fil": 1.19, "pt": 1.13, "ta": 1.15, "tet": 1.1,
}  # fmt: skip
"""Characters that say what 1 of English says (means of NTREX lines 1-1000)."""
_SHORT: Final = 40
"""Characters, as of English, below which a length says little."""
_FAR_SHORTER, _SHORTER, _LONGER = 0.35, 0.55, 2.2
_SURE: Final = 0.9
_SCRIPTS: Final = {
    "Thai": "\u0e01-\u0e4e", "Laoo": "\u0e81-\u0ece\u0edc-\u0edf", "Khmr": "\u1780-\u17d3",
    "Mymr": "\u1000-\u103f\u104c-\u109f", "Taml": "\u0b82-\u0bd7", "Hans": "\u3400-\u9fff",
    "Hant": "\u3400-\u9fff",
}  # fmt: skip
_LEFT_OVER: Final = 0.3
"""Share of letters in the source's script from which a translation counts as not done."""
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>\n]{0,80}>|\{\{?[a-z_]{1,30}\}?\}|%\([a-z_]+\)[sd]")
_LINK: Final = re.compile(r"\]\([^()\s]{1,300}\)")


def differences(
    source: str, translation: str, source_lang: str, target_lang: str
) -> Iterator[Mismatch]:
    """Mismatches of kinds language, missing and markup."""
    yield from _language(source, translation, source_lang, target_lang)
    yield from _length(source, translation, source_lang, target_lang)
    yield from _markup(source, translation)


def _language(
    source: str, translation: str, source_lang: str, target_lang: str
) -> Iterator[Mismatch]:
    whole = (0, len(translation))
    if family(source_lang) == family(target_lang):
        return
    plain = " ".join(translation.split())
    if plain == " ".join(source.split()) and identify(source).lang == source_lang:
        if len(plain.split()) >= 3 or len(plain) >= 12:
            yield Mismatch("language", BLOCK, source, translation, (0, len(source)), whole,
                           (source_lang,))
        return
    found = identify(translation, target_lang)
    if _wrong(found.lang, found.confidence, target_lang, plain):
        yield Mismatch("language", BLOCK, "", translation, None, whole, (found.lang,))
        return
    left = _left_over(translation, source_lang, target_lang)
    if left:
        share = sum(len(words) for _, words in left) / max(1, sum(map(str.isalpha, translation)))
        start, words = left[0]
        severity = BLOCK if share >= _LEFT_OVER else ADVISE
        yield Mismatch("language", severity, "", words, None, (start, start + len(words)),
                       (source_lang,))


def _wrong(lang: str, confidence: float, target_lang: str, text: str) -> bool:
    if lang == UNDETERMINED or family(lang) == family(target_lang):
        return False
    if LANGUAGES[lang].script != LANGUAGES[target_lang].script:
        # A line of Latin names may stand in any language.
        return len(text) >= 12 and (LANGUAGES[lang].script != "Latn" or len(text.split()) >= 4)
    return confidence >= _SURE and len(text) >= _SHORT


def _left_over(text: str, source_lang: str, target_lang: str) -> list[tuple[int, str]]:
    """Runs of letters in the source's script, where the target has another than Latin or it."""
    script, other = LANGUAGES[source_lang].script, LANGUAGES[target_lang].script
    letters = _SCRIPTS.get(script)
    if not letters or letters == _SCRIPTS.get(other):
        return []
    return [(run.start(), run.group()) for run in re.finditer(f"[{letters}]{{2,}}", text)]


def _length(
    source: str, translation: str, source_lang: str, target_lang: str
) -> Iterator[Mismatch]:
    sides = (source, translation, (0, len(source)), (0, len(translation)))
    first = len(source.strip()) / _LENGTHS.get(source_lang, 1.0)
    second = len(translation.strip()) / _LENGTHS.get(target_lang, 1.0)
    share = second / first
    if first >= _SHORT and share < _SHORTER:
        yield Mismatch("missing", BLOCK if share < _FAR_SHORTER else ADVISE, *sides)
    elif (max(first, second) >= _SHORT and share > _LONGER) or (
        len(_lines(source)) != len(_lines(translation))
    ):
        yield Mismatch("missing", ADVISE, *sides)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _markup(source: str, translation: str) -> Iterator[Mismatch]:
    ours, theirs = _tags(source), _tags(translation)
    for tag in (ours - theirs):
        start = source.find(tag)
        yield Mismatch("markup", ADVISE, tag, "", (start, start + len(tag)), None)
    for tag in (theirs - ours):  # mark-up that nobody wrote is worse than some that is lost
        start = translation.find(tag)
        yield Mismatch("markup", BLOCK, "", tag, None, (start, start + len(tag)))


def _tags(text: str) -> Counter[str]:
    return Counter([*_TAG.findall(text), *(["]("] * len(_LINK.findall(text)))])
