"""What numbers of identity say of themselves: check digits, dates and places.

Each function takes the number without spaces and hyphens, ASCII digits and capital letters, and
says whether it can be one. The rules are public facts; each docstring names its source.
"""

from __future__ import annotations

from datetime import date

BUDDHIST = 543
_TW_LETTERS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
_MALAY_PLACES = {*range(1, 17), *range(21, 69), 71, 72, *range(74, 80), *range(82, 94), 98, 99}


def valid_date(year: int, month: int, day: int) -> bool:
    """Whether the day exists; years of the Buddhist era (2400 to 2600) are counted back."""
    year = year - BUDDHIST if 2400 <= year <= 2600 else year
    try:
        return 1880 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


def luhn(number: str) -> bool:
    """Bank cards: 13 to 19 digits (ISO/IEC 7812, Luhn's sum)."""
    total = 0
    for place, letter in enumerate(reversed(number)):
        digit = int(letter) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return 13 <= len(number) <= 19 and total % 10 == 0


def china(number: str) -> bool:
    """Resident identity card: 18 signs (GB 11643-1999, ISO 7064 MOD 11-2)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return (number[0] in "12345678" and "10X98765432"[total % 11] == number[17]
            and valid_date(int(number[6:10]), int(number[10:12]), int(number[12:14])))


def thailand(number: str) -> bool:
    """Identity card: 13 digits, the last from the others (Department of Provincial Administration).
    """
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(number[:12]))
    return number[0] != "0" and (11 - total % 11) % 10 == int(number[12])


def malaysia(number: str) -> bool:
    """MyKad: 12 digits, birth date and place of birth (National Registration Department)."""
    year = int(number[:2])
    return (int(number[6:8]) in _MALAY_PLACES and any(
        valid_date(century + year, int(number[2:4]), int(number[4:6])) for century in (1900, 2000)))


def singapore(number: str) -> bool:
    """NRIC and FIN: letter, 7 digits, check letter (MOD 11, as commonly described)."""
    first, last = number[0], number[8]
    total = sum(int(digit) * weight
                for digit, weight in zip(number[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += {"T": 4, "G": 4, "M": 3}.get(first, 0)
    table = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK",
             "M": "XWUTRQPNJLK"}[first]
    return table[total % 11] == last


def hong_kong(number: str) -> bool:
    """Identity card: one or two letters, 6 digits, check digit or A (MOD 11)."""
    padded = number.rjust(9)
    values = [36 if sign == " " else int(sign, 36) for sign in padded]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=False))
    return (total + values[8]) % 11 == 0


def taiwan(number: str) -> bool:
    """Identity card: letter, 1 or 2 (8 or 9 for residents), 8 digits (MOD 10)."""
    letter = _TW_LETTERS[number[0]]
    digits = [letter // 10, letter % 10, *map(int, number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def indonesia(number: str) -> bool:
    """NIK: 16 digits; region, birth date (40 added to a woman's day), serial number."""
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    return (11 <= int(number[:2]) <= 97 and number[2:4] != "00" and number[12:] != "0000"
            and any(valid_date(century + year, month, day - 40 if day > 40 else day)
                    for century in (1900, 2000)))


def vietnam(number: str) -> bool:
    """CCCD: 12 digits; province 001 to 096, sex and century, two digits of the year of birth."""
    return 1 <= int(number[:3]) <= 96 and number[3] in "0123" and number[6:] != "000000"
