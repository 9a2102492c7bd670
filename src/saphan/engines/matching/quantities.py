"""Read numbers with a unit and what is said of them: "at least 5 tonnes an hour", "3 万元以内".

A quantity has a relation: at least, at most, over, under, about, a range, or none when the number
just stands there. `str` gives it in a form that machines read and people understand: ">=5 t/h".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from saphan.engines.language.normalise import ascii_digits, fold_width
from saphan.engines.matching import relations, units
from saphan.engines.matching.numerals import DIGITS, NUMBER, SCALE, SCALES, value

_UNIT: Final = "|".join(
    f"(?P<u{number}>{words})" for number, words in enumerate(units.UNITS.values())
)
_ANY_UNIT: Final = "|".join(units.UNITS.values())
_END: Final = r"(?:(?<![a-z])|(?![a-zà-ỹđ]))"
_NAMES: Final = tuple(units.UNITS)
_AFTER: Final = re.compile(
    rf"(?:(?P<low>{NUMBER}) ?(?P<lowscale>{SCALE})? ?(?:{_ANY_UNIT})?"
    rf"{relations.TO})?(?P<number>{NUMBER}) ?(?P<scale>{SCALE})? ?(?:{_UNIT}){_END}"
)
_MONEY: Final = "|".join(
    [*map(re.escape, units.PREFIXES), *(f"(?:{words})" for words in units.CURRENCIES.values())]
)
_BEFORE: Final = re.compile(
    rf"(?<![a-z])(?P<prefix>{_MONEY})\.? ?(?P<before>{SCALE})? ?"
    rf"(?P<number>{DIGITS}) ?(?P<scale>{SCALE})?"
)
_BURMESE: Final = re.compile(rf"(?:{_UNIT}) (?P<number>{NUMBER})")
_DONG: Final = re.compile(
    rf"(?P<number>{NUMBER}) ?(?P<scale>nghìn|ngàn|triệu|tỷ|tỉ)(?= ?(?:/|một tháng|mỗi tháng|trở"
    rf"|[,.;!?]|$))"
)
"""Vietnamese leaves the currency away after a thousand or a million."""
_BURMESE_LETTER: Final = re.compile(r"[\u1000-\u109f]")
_TOPICS: Final = {
    "accuracy": re.compile(
        "accura|precis|correct|准确|準確|精度|正确|正確|识别率|辨識率|แม่นยำ|ถูกต้อง|chính xác|đúng"
        "|ຖືກຕ້ອງ|ແມ່ນຍຳ|ຊັດເຈນ"
        "|ត្រឹមត្រូវ|សុក្រឹត|တိကျ|မှန်ကန်|akurasi|akurat|ketepatan|tepat|katumpakan|tumpak|precisão|துல்லிய"
    ),
    "error": re.compile(
        "error|mistake|false|误差|誤差|误报|誤報|误检|漏检|ผิดพลาด|คลาดเคลื่อน|sai số|lỗi|sai |ຜິດພາດ"
        "|ຄາດເຄື່ອນ|កំហុស|အမှား"
        "|kesalahan|galat|ralat|kesilapan|mali|erro|பிழை"
    ),
    "weight": re.compile(
        "weigh|重量|净重|淨重|自重|หนัก|nặng|trọng lượng|ນ້ຳໜັກ|ទម្ងន់|အလေးချိန်|berat|timbang|peso|pesa"
        "|எடை"
    ),
    "loss": re.compile("saving|reduc|loss|节省|减少|降低|損失|损失|ลด|ประหยัด|giảm|tiết kiệm|ຫຼຸດ"
    "|សន្សំ|កាត់បន្ថយ"
                       "|လျှော့|hemat|turun|jimat|mengurang|bumaba|reduz|poup|குறைக்|குறைப்"),
    "moisture": re.compile("moistur|humid|水分|湿度|濕度|含水|ความชื้น|độ ẩm|ຄວາມຊຸ່ມ|សំណើម|အစိုဓာတ်"
    "|kadar air"
                           "|lembap|halumigmig|umidade|humidade|ஈரப்பத"),
}  # fmt: skip
_TOPIC_REACH: Final = 24


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, its unit, and its relation: `>=`, `<=`, `>`, `<`, `~`, `-` for a range, or none.

    `unit`: an ISO 4217 currency or one of `units`, with `/h`, `/day`, `/month`, `/year`, `/min` or
    `/batch` for a rate. `high` is the upper end of a range. `topic` is what it measures, if said.
    """

    value: float
    unit: str
    relation: str = ""
    high: float = 0.0
    topic: str = ""

    def __str__(self) -> str:
        if self.relation == "-":
            return f"{_plain(self.value)}-{_plain(self.high)} {self.unit}"
        return f"{self.relation}{_plain(self.value)} {self.unit}"

    @classmethod
    def parse(cls, text: str) -> Quantity:
        """The quantity that `str` gave, without its topic. Raises ValueError for other text."""
        match = re.fullmatch(r"(>=|<=|>|<|~)?(\d[\d.]*)(?:-(\d[\d.]*))? (\S+)", text)
        if not match:
            raise ValueError(f"{text!r} is no quantity")
        relation = "-" if match.group(3) else match.group(1) or ""
        high = float(match.group(3) or 0)
        return cls(float(match.group(2)), match.group(4), relation, high)

    def bounds(self) -> tuple[float, float]:
        """The values it allows, as an interval; `about` is within a tenth."""
        low, high = self.value, self.high if self.relation == "-" else self.value
        if self.relation in (">=", ">"):
            high = math.inf
        elif self.relation in ("<=", "<"):
            low = -math.inf
        elif self.relation == "~":
            low, high = low * 0.9, high * 1.1
        return low, high


def _plain(number: float) -> str:
    return f"{number:g}" if number < 1e6 else f"{number:.0f}"


def read_quantities(text: str, lang: str = "") -> tuple[Quantity, ...]:
    """The quantities in a text, each once, in order. `lang` tells whose 元 is meant."""
    return tuple(dict.fromkeys(quantity for _, quantity in find_quantities(text, lang)))


def find_quantities(text: str, lang: str = "") -> list[tuple[int, Quantity]]:
    """The quantities in a text with the place where each begins."""
    plain = fold_width(ascii_digits(text)).lower()
    found: list[tuple[int, int, Quantity]] = []
    for match, unit in _matches(plain):
        if any(start < match.end() and match.start() < end for start, end, _ in found):
            continue
        groups = match.groupdict()
        scale = SCALES.get(groups.get("scale") or groups.get("before") or "", 1.0)
        number = value(groups["number"]) * scale
        if unit == "成":
            number, unit = number * 10, "%"
        if unit == "CNY" and lang == "zh-Hant" and match.group().rstrip().endswith("元"):
            unit = "元"  # of Taiwan, Hong Kong, Macao or the mainland: it is not said
        start, end = match.span()
        unit += relations.rate(plain, start, end)
        low = groups.get("low")
        if low:
            first = value(low) * SCALES.get(groups["lowscale"] or "", scale)
            quantity = Quantity(first, unit, "-", number, _topic(plain, start))
        else:
            relation = relations.relation(plain, start, end)
            quantity = Quantity(number, unit, relation, 0.0, _topic(plain, start))
        found.append((start, end, quantity))
    found.sort(key=lambda item: item[0])
    return [(start, quantity) for start, _, quantity in found]


def _matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _AFTER.finditer(text):
        yield match, _unit_of(match)
    for match in _BEFORE.finditer(text):
        yield match, _currency(match.group("prefix"))
    for match in _DONG.finditer(text):
        yield match, "VND"
    if _BURMESE_LETTER.search(text):  # Burmese puts the unit of a round number first
        for match in _BURMESE.finditer(text):
            yield match, _unit_of(match)


def _unit_of(match: re.Match[str]) -> str:
    return next(
        _NAMES[int(name[1:])]
        for name, words in match.groupdict().items()
        if words and name[0] == "u"
    )


def _currency(prefix: str) -> str:
    if prefix in units.PREFIXES:
        return units.PREFIXES[prefix]
    return next(
        code for code, words in units.CURRENCIES.items() if re.fullmatch(words, prefix)
    )


def _topic(text: str, start: int) -> str:
    """What a number measures: the last of the words for it shortly before, else shortly after."""
    window = relations.clause_before(text, start, _TOPIC_REACH)
    best = max(
        ((match.end(), topic) for topic, words in _TOPICS.items()
         for match in words.finditer(window)), default=(0, ""),
    )  # fmt: skip
    if best[1]:
        return best[1]
    window = relations.clause_after(text, start, 2 * _TOPIC_REACH)
    found = [(match.start(), topic) for topic, words in _TOPICS.items()
             if (match := words.search(window))]  # fmt: skip
    return min(found)[1] if found else ""
