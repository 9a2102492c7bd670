"""Read which languages a thing must serve: "Lao OCR", "speaks Khmer and Thai", "支持缅甸语"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from saphan.engines.language.codes import LANGUAGES, canonical
from saphan.engines.language.normalise import fold
from saphan.engines.language.terms import Hit, TermBase
from saphan.engines.matching.clauses import WISHES_DIRECTORY, Sentence

_JOIN: Final = re.compile(
    r"\s*(?:,|、|/|，|–|-)?\s*(?:and|or|to|into|和|与|與|及|或|到|หรือ|และ|กับ|เป็น|và|hoặc|sang|hay|ແລະ"
    r"|ຫຼື|ກັບ|និង|ឬ|ទៅ|နှင့်|နဲ့"
    r"|dan|atau|ke|at|o|e|ou|மற்றும்|அல்லது)?\s*",
    re.IGNORECASE,
)
_BEFORE_EN: Final = re.compile(
    r"\b(?:speaks?|speaking|spoken|understands?|reads?|writes?|written in|answers? in|works? in"
    r"|translates?"
    r"(?: \w+){0,3} (?:from|to|into)|in|into|to|from|between)\s+$",
    re.IGNORECASE,
)
_AFTER_EN: Final = re.compile(
    r"[\s-]+(?:(?:printed|handwritten|spoken|written)\s+)?(?:ocr|speech|voice|voices|asr|tts|text"
    r"|texts|language|script|handwriting"
    r"|translation|translations|translator|subtitles|chatbot|speakers?|speaking|documents?"
    r"|letters|interface|keyboard|manual"
    r"|instructions|screens?|menus?|support|dictation|transcription|transcripts|characters"
    r"|dialects?|version"
    r"|natural language)\b",
    re.IGNORECASE,
)
_NOUN_FOLLOWS_EN: Final = re.compile(r"[\s-]+(?!and\b|or\b|to\b|into\b|within\b|with\b|as\b|for\b"
r"|on\b|by\b|at\b|"
                                     r"because\b|so\b|under\b|over\b|that\b|which\b|the\b|but\b)\w",
                                     re.IGNORECASE)  # fmt: skip
_LISTED: Final = re.compile(
    r"\s*,?\s*(?:and|or|และ|หรือ|và|hoặc|ແລະ|ຫຼື|និង|ឬ|dan|atau|at|o|e|ou|மற்றும்)\s", re.IGNORECASE
)
_TRANSLATES: Final = re.compile(r"translat|interpret|convert", re.IGNORECASE)
_AFTER_HAN: Final = re.compile(r"(?:[、和与與及或]?[中英泰越老缅緬柬葡]){0,4}(?:双语|雙語|三语"
r"|三語|语音|語音|文|语|語)")


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("tongues", "languages"):
        for concept in TermBase.load(WISHES_DIRECTORY / f"{name}.txt").concepts.values():
            for labels in concept.labels.values():
                found |= {fold(label): concept.id for label in labels}
    for code, language in LANGUAGES.items():
        found |= {fold(language.endonym): code, fold(language.english): code}
    return found


def named_language(name: str) -> str:
    """The code of a language by its name in any language of the house; empty if not known.

    >>> named_language("Khmer"), named_language("ภาษาลาว"), named_language("Klingon")
    ('km', 'lo', '')
    """
    code = _codes_by_name().get(fold(name.strip()), "")
    return "" if code == "other" else canonical(code) if code else ""


def read_tongues(sentence: Sentence, names: TermBase, bare: TermBase) -> list[Hit]:
    """The languages named, in order; `bare` holds names that need a word beside them."""
    hits = [hit for hit in names.find(sentence.text, sentence.lang) if hit.concept != "other"]
    hits = [hit for hit in hits if not _is_adjective_pt(sentence, hit)]
    loose = [
        hit
        for hit in bare.find(sentence.text, sentence.lang)
        if not any(other.start < hit.end and hit.start < other.end for other in hits)
        and sentence.text[hit.end : hit.end + 1] != "s"  # Laos, Indonesians
        and not sentence.text.startswith(" Lan", hit.end)  # Thái Lan
    ]
    for hit in loose:
        if _stands_alone(sentence, hit) or _is_joined(sentence, hit, hits):
            hits.append(hit)
            hits.sort(key=lambda other: other.start)
    for hit in reversed(loose):  # "Thai, Lao and Khmer speech": the first ones by the last
        if hit not in hits and _is_joined_after(sentence, hit, hits):
            hits.append(hit)
    return sorted(hits, key=lambda hit: hit.start)


def _is_joined(sentence: Sentence, hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether a bare name continues a list of languages."""
    text = sentence.text
    noun = sentence.lang == "en" and _NOUN_FOLLOWS_EN.match(text, hit.end)
    if noun and not _AFTER_EN.match(text, hit.end):
        return False
    listed = bool(_LISTED.match(text, hit.end))  # "tiếng Trung, Anh và Thái"
    return any(
        other.end <= hit.start
        and (listed or text[other.end : hit.start].strip(" ,、，/") != "")
        and _JOIN.fullmatch(text[other.end : hit.start])
        for other in hits
    )


def _is_joined_after(sentence: Sentence, hit: Hit, hits: Sequence[Hit]) -> bool:
    for other in hits:
        between = sentence.text[hit.end : other.start]
        if hit.end <= other.start and _JOIN.fullmatch(between):
            # A list in which one name is sure to be a language; a comma alone may part clauses.
            return sentence.lang == "en" or between.strip(" ,，") != ""
    return False


def _stands_alone(sentence: Sentence, hit: Hit) -> bool:
    text = sentence.text
    if sentence.lang == "en":
        if _AFTER_EN.match(text, hit.end):
            return True
        before = _BEFORE_EN.search(text[: hit.start])
        if not before or _NOUN_FOLLOWS_EN.match(text, hit.end):
            return False
        loose = before.group().strip().lower() in ("from", "to", "into", "between")
        return not loose or bool(_TRANSLATES.search(text))
    if sentence.lang in ("zh-Hans", "zh-Hant"):
        return bool(_AFTER_HAN.match(text, hit.end)) and _spelled(text, hit)
    return sentence.touching("speech", hit, 1)


def _spelled(text: str, hit: Hit) -> bool:
    """Whether a single character such as 中 stands for a language: 中英双语, 中、越文."""
    return bool(re.match(r"[、和与與及或]?[中英泰越老缅緬柬葡]|双语|雙語", text[hit.end :]))


def _is_adjective_pt(sentence: Sentence, hit: Hit) -> bool:
    """Portuguese says "empresa tailandesa" and "tailandês" with one word."""
    if sentence.lang not in ("pt", "tet"):
        return False
    before = sentence.text[: hit.start]
    return bool(re.search(r"(?:empresa|parceiro|fornecedor|hospital|mercado|fabricante|instituto"
    r"|investidor"
                          r"|produto|equipamento|governo"
                          r"|cliente)s?\s+$", before, re.IGNORECASE))  # fmt: skip
