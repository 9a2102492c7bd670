"""The marking of freight containers: form, check digit, size and type code.

Source: ISO 6346:2022, Freight containers - Coding, identification and marking. Register of owners:
Bureau International des Containers (not in here).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CATEGORIES = {"U": "category_u", "J": "category_j", "Z": "category_z"}
NUMBER = re.compile(r"[A-Z]{3}[UJZ]\d{7}")
STEPS = 11

VALUES = {str(digit): digit for digit in range(10)}
_next = 10
for _letter in LETTERS:
    if _next % STEPS == 0:  # multiples of 11 would weigh nothing
        _next += 1
    VALUES[_letter] = _next
    _next += 1

LENGTHS = {"1": 2991, "2": 6058, "3": 9125, "4": 12192, "A": 7150, "B": 7315, "C": 7430,
           "D": 7450, "E": 7820, "F": 8100, "G": 12500, "H": 13106, "K": 13600, "L": 13716,
           "M": 14630, "N": 14935, "P": 16154}
"""First sign of the size code: length in millimetres."""
HEIGHTS = {"0": 2438, "2": 2591, "4": 2743, "5": 2896, "6": 2896, "8": 1295, "9": 1219,
           "C": 2591, "D": 2743, "E": 2896, "F": 2896, "L": 2591, "M": 2743, "N": 2896, "P": 2896}
"""Second sign: height in millimetres. 6 and F, P: taller than this."""
WIDER = {"C": 1, "D": 1, "E": 1, "F": 1, "L": 2, "M": 2, "N": 2, "P": 2}
"""Second signs that mean a container wider than 2,438 mm."""
GROUPS = {"G": "type_g", "R": "type_r", "U": "type_u", "P": "type_p", "T": "type_t",
          **dict.fromkeys("VBSHKNA", "type_other")}
"""Third sign: the group of types, as keys of labels."""


def check_digit(first_ten: str) -> int:
    """The digit that must follow four letters and six digits. KeyError for other signs."""
    return sum(VALUES[sign] << place for place, sign in enumerate(first_ten[:10])) % STEPS % 10


def valid(number: str) -> bool:
    """Whether eleven signs have the form and the right check digit."""
    return bool(NUMBER.fullmatch(number)) and check_digit(number) == int(number[10])


def spaced(number: str) -> str:
    """As it stands on the door: `CSQU 305438 3`."""
    return " ".join(part for part in (number[:4], number[4:10], number[10:]) if part)


@dataclass(frozen=True)
class Size:
    """What a size and type code says. Length and height in millimetres; `group` a label's key."""

    code: str
    length: int
    height: int
    group: str
    wider: bool


def size(code: str) -> Size | None:
    """Explain four signs such as `45G1`; None if they are no such code."""
    if len(code) != 4 or code[0] not in LENGTHS or code[1] not in HEIGHTS:
        return None
    if code[2] not in GROUPS or not (code[3].isdigit() or code[3] in LETTERS):
        return None
    return Size(code, LENGTHS[code[0]], HEIGHTS[code[1]], GROUPS[code[2]], code[1] in WIDER)
