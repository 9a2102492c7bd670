"""Dates, amounts, weights and codes as trade papers write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from saphan.engines.runner.media import number

from .words import CURRENCIES, INCOTERMS

MONTH_NAMES = """
january february march april may june july august september october november december
januari februari maret april mei juni juli agustus september oktober november desember
januari februari mac april mei jun julai ogos september oktober november disember
enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
jan feb mar apr may jun jul aug sep oct nov dec
"""
MONTHS = {name: at for names in MONTH_NAMES.strip().splitlines()
          for at, name in enumerate(names.split(), 1)}
"""English, Indonesian, Malay, Filipino, Portuguese, and short ones."""
BUDDHIST = 543
"""Years between the Buddhist era, as Thailand writes it, and the common era."""
AMOUNT = re.compile(r"(?<![\w.,])\d[\d.,' ]*\d|(?<![\w.,])\d")
HS = re.compile(r"(?<!\d)(\d{4}[. ]?\d{2}(?:[. ]?\d{2}){0,2})(?!\d)")
CONTAINER = re.compile(r"[A-Z]{3}[UJZ] ?\d{6} ?-?\d")


def day(text: str) -> tuple[date, bool] | None:
    """A date and whether its year was Buddhist. Day before month where both are figures."""
    text = text.lower()
    tries: list[Sequence[str]] = []
    if found := re.search(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})", text):
        tries.append(found.groups())
    if found := re.search(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})", text):
        tries.append(found.groups()[::-1])
    if found := re.search(r"(\d{1,2})\s*(?:de\s+)?([^\W\d]{3,})\.?,?\s*(?:de\s+)?(\d{4})", text):
        tries.append((found[3], str(MONTHS.get(found[2], 0)), found[1]))
    if found := re.search(r"([^\W\d]{3,})\s*(\d{1,2}),?\s*(\d{4})", text):
        tries.append((found[3], str(MONTHS.get(found[1], 0)), found[2]))
    for year, month, on in tries:
        buddhist = int(year) > 2400
        try:
            return date(int(year) - BUDDHIST * buddhist, int(month), int(on)), buddhist
        except ValueError:
            continue
    return None


def amount(text: str) -> float | None:
    """The last amount in a text; three figures after the only comma are thousands."""
    found = AMOUNT.findall(text)
    if not found:
        return None
    digits = found[-1].replace("'", "").replace(" ", "").strip(".,")
    if digits.count(".") >= 1 and "," not in digits and re.fullmatch(r"\d{1,3}(\.\d{3})+", digits) \
            and (digits.count(".") > 1 or digits.endswith("000")):
        digits = digits.replace(".", "")  # 1.250.000 of Jakarta, Hanoi and Dili
    return number(digits)


def currency(text: str) -> str:
    """The code of a currency in a text, or ""."""
    upper = text.upper().replace("US$", "USD ").replace("RP", "IDR ").replace("RM ", "MYR ")
    for code in CURRENCIES:
        if re.search(rf"(?<![A-Z]){code}(?![A-Z])", upper):
            return "CNY" if code == "RMB" else code
    return ""


def incoterm(text: str) -> str:
    """`FOB Haiphong` out of a text, or ""."""
    found = re.search(rf"\b({'|'.join(INCOTERMS)})\b[ ,]*([^\d,:;()]*)", text)
    return f"{found[1]} {found[2].strip()}".strip() if found else ""


def containers(text: str) -> list[str]:
    """Container numbers, without spaces."""
    return [re.sub(r"[ -]", "", each) for each in CONTAINER.findall(text.upper())]
