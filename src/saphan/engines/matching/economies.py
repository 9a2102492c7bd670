"""Codes of economies: ISO 3166 in any case, alpha-3, names in any language, and groups of them."""

from __future__ import annotations

from functools import cache
from typing import Final

from saphan.engines.language.normalise import fold
from saphan.engines.language.terms import TermBase
from saphan.engines.matching.clauses import WISHES_DIRECTORY

ALPHA_3: Final = {
    "AUS": "AU", "BGD": "BD", "BRA": "BR", "BRN": "BN", "BTN": "BT", "CAN": "CA", "CHE": "CH",
    "CHN": "CN", "DEU": "DE", "ESP": "ES", "FRA": "FR", "GBR": "GB", "HKG": "HK", "IDN": "ID",
    "IND": "IN", "IRN": "IR", "ISR": "IL", "ITA": "IT", "JPN": "JP", "KAZ": "KZ", "KHM": "KH",
    "KOR": "KR", "LAO": "LA", "LKA": "LK", "MAC": "MO", "MMR": "MM", "MNG": "MN", "MOZ": "MZ",
    "MYS": "MY", "NLD": "NL", "NPL": "NP", "NZL": "NZ", "PAK": "PK", "PHL": "PH", "PNG": "PG",
    "PRK": "KP", "PRT": "PT", "RUS": "RU", "SAU": "SA", "SGP": "SG", "THA": "TH", "TLS": "TL",
    "TUR": "TR", "TWN": "TW", "USA": "US", "VNM": "VN", "ZAF": "ZA", "UK": "GB",
}  # fmt: skip
"""ISO 3166-1 alpha-3 to alpha-2, for the centre's part of the world and its partners."""

GROUPS: Final = {
    "asean": ("BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN"),
    "mekong": ("KH", "LA", "MM", "TH", "VN"),
    "greater_bay": ("CN", "HK", "MO"),
    "greater_china": ("CN", "HK", "MO", "TW"),
}
"""Members of the groups named in `economies.txt`; Timor-Leste joined ASEAN in October 2025."""


@cache
def _names() -> dict[str, str]:
    base = TermBase.load(WISHES_DIRECTORY / "economies.txt")
    return {
        fold(label): concept.id.upper()
        for concept in base.concepts.values()
        if concept.id not in GROUPS and concept.id != "other"
        for labels in concept.labels.values()
        for label in labels
    }


def members(concept: str) -> tuple[str, ...]:
    """The codes that a concept of `economies.txt` stands for."""
    return GROUPS.get(concept, (concept.upper(),))


def canonical_economy(value: str) -> str:
    """The alpha-2 code for a code or name; anything else in upper case, as it is.

    >>> canonical_economy("tha"), canonical_economy("Việt Nam"), canonical_economy("xk")
    ('TH', 'VN', 'XK')
    """
    code = value.strip().upper()
    if len(code) == 2 and code != "UK":
        return code
    return ALPHA_3.get(code) or _names().get(fold(value.strip()), code)
