"""Names that keep their letters in every language: models, brands, standards, places in Latin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from saphan.engines.language.normalise import fold, fold_width

_WORD: Final = re.compile(r"[A-Za-zÀ-ɏḀ-ỹ0-9]+(?:-[A-Za-z0-9]+)*")
_LETTER: Final = re.compile(r"[A-Za-zÀ-ỹ]")
_CODE: Final = re.compile(
    r"[A-Za-z]+-?[A-Za-z]*\d[\w-]*"  # GP-T2, ZA50
    r"|[A-Z]{1,5}-[A-Za-z]\w*"  # TJ-Self
    r"|[A-Z]?[a-z]+[A-Z]\w*"  # ArcSee
)
_NO_CODE: Final = re.compile(
    r"(?:IP\d.*|CO2|PM\d*|[HF]1|R2|[MTm][23]|ISO.*|[NP]H\d|A\d|H2S|LTE.*|Web\w*|kWh?|MWh?|pH|mAh"
    r"|IoT|NB-IoT|e-\w+|TRL.*|Q\d|WeChat|WhatsApp|GitHub|DeepSeek|OpenAI|YouTube|COVID.*|iOS|API.*"
    r"|[A-Z]-[a-z]+)"
)
_NON_LATIN: Final = frozenset({"zh-Hans", "zh-Hant", "th", "lo", "km", "my", "ta"})
_SENTENCE: Final = re.compile(r"(?:^|[.!?:;\n]\s*)$")
_CODE_WEIGHT: Final = 2.0
_WEIGHT: Final = 1.0
_ACRONYM_WEIGHT: Final = 0.4
_CAPITAL_WEIGHT: Final = 0.6
_FORMS: Final = frozenset(
    ("co", "ltd", "limited", "inc", "llc", "pt", "tbk", "sdn", "bhd", "pte", "corp", "corporation",
     "company", "the", "of", "and", "for", "ltda", "sa", "cong", "ty", "tnhh", "cp", "cv", "group")
)  # fmt: skip
_BRACKETS: Final = re.compile(r"[(（][^)）]*[)）]")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a text with their weights, which of them are models, and all Latin words."""

    weights: Mapping[str, float]
    codes: frozenset[str]
    words: frozenset[str]

    def shared(self, other: Names) -> dict[str, float]:
        """Names of either text that the other has among its words."""
        found: dict[str, float] = {}
        for mine, theirs in ((self, other), (other, self)):
            for name, weight in mine.weights.items():
                if name in theirs.words:
                    found[name] = max(weight, found.get(name, 0.0))
        return found

    def other_models(self, other: Names) -> bool:
        """Whether both name a model and none of them is the same."""
        return bool(self.codes and other.codes) and not (
            self.codes & other.words or other.codes & self.words
        )


def read_names(texts: Iterable[tuple[str, str]]) -> Names:
    """The names in texts given with their languages."""
    weights: dict[str, float] = {}
    codes: set[str] = set()
    words: set[str] = set()
    for lang, text in texts:
        plain = fold_width(text)
        for match in _WORD.finditer(plain):
            token = match.group()
            if not _LETTER.search(token):
                continue
            name = token.lower()
            words.add(name)
            weight = _weight(token, lang, plain[max(0, match.start() - 3) : match.start()])
            if weight == _CODE_WEIGHT:
                codes.add(name)
            if weight:
                weights[name] = max(weight, weights.get(name, 0.0))
    return Names(weights, frozenset(codes), frozenset(words))


def _weight(token: str, lang: str, before: str) -> float:
    """How telling a Latin token is; 0 for an ordinary word."""
    if token[0].isdigit() or len(token) < 2:
        return 0.0
    if _CODE.fullmatch(token) and not _NO_CODE.fullmatch(token):
        return _CODE_WEIGHT
    if token.isupper() or _NO_CODE.fullmatch(token):
        return _ACRONYM_WEIGHT
    if lang in _NON_LATIN:
        return _WEIGHT if len(token) > 2 else 0.0
    if token[0].isupper() and len(token) > 3 and not _SENTENCE.search(before):
        return _CAPITAL_WEIGHT
    return 0.0


def organisation_words(name: str) -> frozenset[str]:
    """The telling words of an organisation's name, without its legal form and what is bracketed."""
    plain = fold(bare(name))
    return frozenset(re.findall(r"\w+", plain)) - _FORMS


def bare(name: str) -> str:
    """A name without what stands in brackets, such as "(example)"."""
    return _BRACKETS.sub(" ", name).strip() or name
