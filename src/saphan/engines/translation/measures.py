"""The unit beside a figure, in whichever language it is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from saphan.engines.matching import units
from saphan.engines.translation.reading import Figure

_DOLLARS: Final = frozenset({"USD", "SGD", "HKD", "TWD", "AUD", "CAD", "$"})
_ALSO: Final = {
    "mile": "miles?|mph|英里|哩|ไมล์|dặm|ໄມ|ម៉ាយ|မိုင်|mil(?=[ ,.;)]|$)|batu|milya|milyang|milhas?|மைல்",
    "foot": "feet|foot|ft|英尺|呎|ฟุต|bộ|feet|ຟຸດ|ហ្វីត|ပေ|kaki|talampakan|pés?|அடி",
    "inch": "inch(?:es)?|英寸|吋|นิ้ว|inch|ນິ້ວ|អ៊ីញ|លក្ស|လက်မ|inci|pulgada|polegadas?|அங்குல",
    "GBP": "£|pounds?|英镑|英鎊|ปอนด์|bảng|ປອນ|ផោន|ပေါင်|pound|paun|libras?|பவுண்ட|gbp",
    "yard": "yards?|yds?|码|碼|หลา|ຫຼາ|យ៉ាត|ကိုက်|ela|yarda|jardas?|thước|கஜ",
    "day": "days?|天|วัน|ngày|ມື້|ថ្ងៃ|ရက်|hari|araw|dias?(?![a-z])|நாட்க",
    "week": "weeks?|周(?!年|岁)|週(?!年)|个?星期|個星期|สัปดาห์|tuần|ອາທິດ|ສັບປະດາ|សប្ដាហ៍|សប្តាហ៍"
    "|minggu|linggo|semanas?",
    "month": "months?|个月|個月|เดือน|ເດືອນ|bulan|buwan|mês|meses",
    "year": "years?|年|ปี|năm|ປີ|ឆ្នាំ|tahun|taon|anos?",
    "AUD": "aud", "CAD": "cad",
}  # fmt: skip
_MORE: Final = {
    "m3": "|ម៉ែត្រគីប|ម៉ែត្រគូប|ແມັດກ້ອນ|ကုဗမီတာ|meter padu|metro kubiko|கன மீட்டர்",
    "m2": "|စတုရန်းမီတာ|metro kuwadrado|ຕາລາງແມັດ",
}
_UNITS: Final = {
    # Longer words first: a kilometre is no kilo, a cubic metre no metre.
    **{unit: units.UNITS[unit] + _MORE.get(unit, "")
       for unit in ("m2", "m3", "km", "cm", "mm", "kW", "MW")},
    **units.UNITS, **_ALSO,
}
_AFTER: Final = re.compile(
    "(?:" + "|".join(
        f"(?P<u{number}>{words})" for number, words in enumerate(_UNITS.values()))
    + ")(?:(?<![a-z\u00c0-\u024f\u1e00-\u1eff])|(?![a-z\u00c0-\u024f\u1e00-\u1eff]))"
)
_NAMES: Final = tuple(_UNITS)
_PREFIXES: Final = {**units.PREFIXES, "£": "GBP", "a$": "AUD", "c$": "CAD", "us$": "USD"}
_BEFORE: Final = re.compile(
    "(?:" + "|".join(
        re.escape(sign) for sign in sorted(_PREFIXES, key=len, reverse=True)) + r")\s?$"
)
_GAP: Final = re.compile(r"[\s\u00a0-]?(?:多|余|餘|几|個|个|de |ng |na |ka )?")
_ROUGH: Final = 0.03
"""How far a conversion between systems (miles, feet) may be rounded."""
_IMPERIAL: Final = {"mile": ("km", 1.609344), "foot": ("m", 0.3048), "inch": ("cm", 2.54),
                    "yard": ("m", 0.9144)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with what may be its unit (none recognised: empty), and where both stand."""

    figure: Figure
    units: frozenset[str]
    start: int
    end: int


def measures_of(plain: str, lang: str, figures: Sequence[Figure]) -> list[Measure]:
    """Each figure with the unit right beside it. `plain`: the text as `masked` gives it."""
    return [_measure(plain, lang, figure) for figure in figures]


def _measure(plain: str, lang: str, figure: Figure) -> Measure:
    start, end = figure.start, figure.end
    found: set[str] = set()
    before = _BEFORE.search(plain[max(0, start - 6) : start])
    if before:
        found.add(_PREFIXES[before.group().strip()])
        start -= len(before.group())
    gap = _GAP.match(plain, end)
    place = gap.end() if gap else end
    match = _AFTER.match(plain, place)
    if match:
        found |= {_name(match)}
        end = match.end()
    return Measure(figure, _same(found, lang), start, end)


def _name(match: re.Match[str]) -> str:
    return next(_NAMES[int(key[1:])] for key, words in match.groupdict().items() if words)


def _same(found: set[str], lang: str) -> frozenset[str]:
    """Units that the words may mean: a dollar is one of several, 元 a dollar or a yuan."""
    if "成" in found:
        found = {*found, "%"}
    if found & _DOLLARS:
        return frozenset({*found, *_DOLLARS})
    if "CNY" in found and lang == "zh-Hant":
        return frozenset({*found, *_DOLLARS})
    return frozenset(found)


def converted(first: Measure, second: Measure) -> bool:
    """Whether two measures say the same in different units, as 1 t and 1000 kg do."""
    for unit in first.units:
        for other in second.units:
            factor, share = _factor(unit, other)
            if unit == other or not factor:
                continue
            for value in first.figure.readings:
                for wanted in second.figure.readings:
                    if abs(value * factor - wanted) <= share * abs(wanted):
                        return True
    return False


def _factor(first: str, second: str) -> tuple[float, float]:
    """What to multiply by, and the share that may be lost in rounding."""
    factor = units.comparable(first, second)
    if factor:
        return factor, 1e-3
    for imperial, (metric, size) in _IMPERIAL.items():
        if first == imperial and (rest := units.comparable(metric, second)):
            return size * rest, _ROUGH
        if second == imperial and (rest := units.comparable(first, metric)):
            return rest / size, _ROUGH
    return 0.0, 0.0
