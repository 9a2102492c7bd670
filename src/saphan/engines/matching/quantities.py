"""Read numbers with a unit: "5 tonnes", "3 万元", "2,5 triệu đồng", "๕๐ ไร่"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from saphan.engines.language.normalise import ascii_digits, fold_width

_SCALES: Final = {
    "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "แสน": 1e5, "ล้าน": 1e6, "ພັນ": 1e3, "ລ້ານ": 1e6,
    "triệu": 1e6, "tỷ": 1e9, "nghìn": 1e3, "ngàn": 1e3, "ribu": 1e3, "juta": 1e6, "miliar": 1e9,
    "bilion": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9, "libo": 1e3, "milyon": 1e6,
    "mil": 1e3, "milhão": 1e6, "milhões": 1e6, "លាន": 1e6, "သန်း": 1e6, "သိန်း": 1e5,
    "லட்சம்": 1e5, "மில்லியன்": 1e6,
}  # fmt: skip
_UNITS: Final = {
    "kg": "kg|kilograms?|公斤|千克|กิโลกรัม|กก\\.|ki-lô-gam|ກິໂລ|គីឡូក្រាម|ကီလိုဂရမ်|kilo|கிலோ",
    "t": "tonnes?|tons?|吨|噸|ตัน|tấn|ໂຕນ|តោន|တန်|ton|toneladas?|டன்",
    "ha": "ha|hectares?|公顷|公頃|เฮกตาร์|héc-ta|ເຮັກຕາ|ហិកតា|ဟက်တာ|hektar|ektarya|hectares|ஹெக்டேர்",
    "rai": "rai|ไร่",
    "mu": "亩|畝",
    "km": "km|kilomet(?:re|er)s?|公里|กิโลเมตร|กม\\.|ki-lô-mét|ກິໂລແມັດ|គីឡូម៉ែត្រ|ကီလိုမီတာ",
    "%": "%|per ?cent|percent|百分点|เปอร์เซ็นต์|phần trăm|persen|peratus|por cento|porsiyento",
    "°C": "°c|℃|degrees celsius|องศา",
    "CNY": "cny|rmb|yuan|人民币|元",
    "USD": "usd|us dollars?|美元|ดอลลาร์|đô la",
    "THB": "thb|baht|บาท|泰铢",
    "VND": "vnd|đồng|越南盾",
    "IDR": "idr|rupiah",
    "MYR": "myr|ringgit",
    "PHP": "php|piso|pesos?",
    "LAK": "lak|kip|ກີບ",
    "KHR": "khr|riel|រៀល",
    "MMK": "mmk|kyat|ကျပ်",
    "SGD": "sgd|新元",
    "EUR": "eur|euros?|欧元",
}
_PREFIXES: Final = {"us$": "USD", "$": "USD", "¥": "CNY", "฿": "THB", "rp": "IDR", "rm": "MYR",
                    "€": "EUR", "₱": "PHP", "₫": "VND"}  # fmt: skip
_NUMBER: Final = r"(\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
_SCALE: Final = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_AFTER: Final = re.compile(
    rf"{_NUMBER} ?({_SCALE})? ?(?:"
    + "|".join(f"(?P<u{number}>{words})" for number, words in enumerate(_UNITS.values()))
    + r")(?![a-z])",
)
_BEFORE: Final = re.compile(
    rf"({'|'.join(map(re.escape, _PREFIXES))}) ?{_NUMBER} ?({_SCALE})?", re.IGNORECASE
)
_NAMES: Final = tuple(_UNITS)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit: an ISO 4217 currency, or kg, t, ha, rai, mu, km, %, °C."""

    value: float
    unit: str

    def __str__(self) -> str:
        return (
            f"{self.value:g} {self.unit}" if self.value < 1e6 else f"{self.value:.0f} {self.unit}"
        )

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """The quantity that `str` gave."""
        value, _, unit = text.partition(" ")
        return cls(float(value), unit)


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities in a text, each once, in order."""
    plain = fold_width(ascii_digits(text)).lower()
    found: list[tuple[int, Quantity]] = []
    for match in _AFTER.finditer(plain):
        unit = next(_NAMES[int(k[1:])] for k, v in match.groupdict().items() if v)
        value = _value(match.group(1)) * _SCALES.get(match.group(2) or "", 1)
        found.append((match.start(), Quantity(value, unit)))
    for match in _BEFORE.finditer(plain):
        value = _value(match.group(2)) * _SCALES.get(match.group(3) or "", 1)
        found.append((match.start(), Quantity(value, _PREFIXES[match.group(1).lower()])))
    return tuple(dict.fromkeys(quantity for _, quantity in sorted(found, key=lambda f: f[0])))


def _value(digits: str) -> float:
    """A number with either decimal sign: the last separator is decimal unless 3 digits follow."""
    digits = digits.replace(" ", "")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return float(digits)
    whole, rest = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    several = len(re.findall(r"[.,]", digits)) > 1 and len({c for c in digits if c in ".,"}) == 1
    if several or (len(rest) == 3 and whole != "0"):
        return float(whole + rest)
    return float(f"{whole}.{rest}")
