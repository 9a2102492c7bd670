"""The figures of a text, and how far those of two texts agree, whatever language they are in.

A figure is often the only thing that a translation keeps letter by letter. One that few texts
would share by chance (98.2 %) says more than one that many do (2 years).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from saphan.engines.language.normalise import ascii_digits, fold_width
from saphan.engines.matching.numerals import DIGITS, SCALE, SCALES, value
from saphan.engines.matching.quantities import find_quantities
from saphan.engines.matching.units import comparable

_BARE: Final = re.compile(
    rf"(?<![a-z\d])(?<![a-z][-.])(?<!\d[.,])(?P<number>{DIGITS})"
    rf"(?: ?(?P<scale>{SCALE})(?![a-zà-ỹđ]))?"
)
_READ: Final = 4_000
"""Characters of a text that are looked at."""
_TOLERANCE: Final = 0.005
_TELLING: Final = 2.0
"""A figure of this weight is the same one even where its unit was read differently."""
_SYMBOLS: Final = {"hour": "h", "l": "L", "m2": "m²", "m3": "m³"}
_YEAR: Final = 0.5
"""Weight of what may be a year."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit (without any rate), empty where none was read."""

    value: float
    unit: str = ""

    @property
    def weight(self) -> float:
        """How telling it is: the more digits, the less often it is met by chance."""
        if not self.unit and self.value in range(1950, 2100):
            return _YEAR
        digits = f"{self.value:.6g}"
        if "e" in digits:
            digits = digits.partition("e")[0]
        mantissa = digits.replace(".", "").strip("0") or "0"
        return math.log10(1 + int(mantissa))

    def __str__(self) -> str:
        number = f"{self.value:,.0f}" if self.value >= 1e4 else f"{self.value:g}"
        if self.unit == "%":
            return f"{number}%"
        return f"{number} {_SYMBOLS.get(self.unit, self.unit)}".strip()

    def same(self, other: Figure) -> bool:
        """Whether both say the same, if need be in other units."""
        if self.unit and other.unit:
            factor = comparable(self.unit, other.unit)
            if factor is not None and _close(self.value * factor, other.value):
                return True
            if self.unit != other.unit and factor is None:
                return self.weight >= _TELLING and _close(self.value, other.value)
            return False
        return _close(self.value, other.value)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures that two texts share, and those that only one of them has."""

    shared: tuple[Figure, ...]
    first_only: tuple[Figure, ...]
    second_only: tuple[Figure, ...]


def read_figures(texts: Iterable[tuple[str, str]]) -> tuple[Figure, ...]:
    """The figures of texts given with their languages, each once, in order."""
    found: list[Figure] = []
    for lang, text in texts:
        for figure in _figures(text[:_READ], lang):
            if figure.value and not any(
                known.value == figure.value and (known.unit == figure.unit or not figure.unit)
                for known in found
            ):
                found.append(figure)
    return tuple(found)


def _figures(text: str, lang: str) -> list[Figure]:
    found: list[Figure] = []
    for _, quantity in find_quantities(text, lang):
        unit = quantity.unit.partition("/")[0]
        unit = "" if unit in ("元", "pcs") else unit  # of an unsaid currency; a mere count
        found.append(Figure(quantity.value, unit))
        if quantity.high:
            found.append(Figure(quantity.high, unit))
    plain = fold_width(ascii_digits(text)).lower()
    for match in _BARE.finditer(plain):
        number = value(match["number"]) * SCALES.get(match["scale"] or "", 1.0)
        if not any(_close(number, known.value) for known in found):
            found.append(Figure(number))
    return found


def agree(first: Sequence[Figure], second: Sequence[Figure]) -> Agreement:
    """Which figures are the same; each counts once, the most telling are paired first."""
    left = list(second)
    shared: list[Figure] = []
    alone: list[Figure] = []
    for figure in sorted(first, key=lambda one: -one.weight):
        partner = next((other for other in left if figure.same(other)), None)
        if partner is None:
            alone.append(figure)
        else:
            left.remove(partner)
            shared.append(figure if figure.unit else partner)
    left.sort(key=lambda one: -one.weight)
    return Agreement(tuple(shared), tuple(alone), tuple(left))


def weigh(figures: Iterable[Figure]) -> float:
    """The weights of figures together."""
    return sum(figure.weight for figure in figures)


def _close(first: float, second: float) -> bool:
    return math.isclose(first, second, rel_tol=_TOLERANCE)
