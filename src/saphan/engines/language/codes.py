"""The languages of the house: codes, endonyms, scripts.

Codes are BCP 47: `zh-Hans` and `zh-Hant` are two languages for readers and one for searching.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """One language: BCP 47 code, its own name, its English name and its ISO 15924 script."""

    code: str
    endonym: str
    english: str
    script: str
    spaced: bool
    """Whether words are set apart by spaces."""


UNDETERMINED: Final = "und"

_ALL: Final = (
    Language("zh-Hans", "简体中文", "Chinese (simplified)", "Hans", False),
    Language("zh-Hant", "繁體中文", "Chinese (traditional)", "Hant", False),
    Language("en", "English", "English", "Latn", True),
    Language("th", "ไทย", "Thai", "Thai", False),
    Language("vi", "Tiếng Việt", "Vietnamese", "Latn", True),
    Language("lo", "ລາວ", "Lao", "Laoo", False),
    Language("km", "ខ្មែរ", "Khmer", "Khmr", False),
    Language("my", "မြန်မာ", "Burmese", "Mymr", False),
    Language("id", "Bahasa Indonesia", "Indonesian", "Latn", True),
    Language("ms", "Bahasa Melayu", "Malay", "Latn", True),
    Language("fil", "Filipino", "Filipino", "Latn", True),
    Language("pt", "Português", "Portuguese", "Latn", True),
    Language("ta", "தமிழ்", "Tamil", "Taml", True),
    Language("tet", "Tetun", "Tetum", "Latn", True),
)

LANGUAGES: Final[dict[str, Language]] = {language.code: language for language in _ALL}
CODES: Final[tuple[str, ...]] = tuple(LANGUAGES)

_ALIASES: Final = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-hant": "zh-Hant",
    "yue": "zh-Hant",
    "tl": "fil",
    "in": "id",
    "bur": "my",
    "khm": "km",
    "lao": "lo",
}

_FAMILIES: Final = {"zh-Hans": "zh", "zh-Hant": "zh", "id": "ms", "yue": "zh"}


def canonical(code: str | None) -> str:
    """The house's code for a language tag people or browsers send; `und` when it is none of ours.

    >>> canonical("zh_TW"), canonical("pt-BR"), canonical("tl"), canonical("sv")
    ('zh-Hant', 'pt', 'fil', 'und')
    """
    tag = (code or "").strip().replace("_", "-")
    if tag in LANGUAGES:
        return tag
    tag = tag.lower()
    while tag:
        if tag in _ALIASES:
            return _ALIASES[tag]
        if tag in LANGUAGES:
            return tag
        tag = tag.rpartition("-")[0]
    return UNDETERMINED


def family(code: str) -> str:
    """The group of languages whose words may be compared letter by letter.

    Both Chinese scripts are one family (text is folded to Simplified for searching), and so are
    Malay and Indonesian, which share most of their technical words and are easily confused.
    """
    return _FAMILIES.get(code, code)
