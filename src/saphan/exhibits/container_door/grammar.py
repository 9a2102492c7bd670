"""From characters with odds to the likeliest container number.

A reader of print is unsure between 0 and O, 8 and B. The form of the number (three letters, U, J or
Z, seven digits) settles most of it; the check digit settles some of the rest. The likeliest number
that has the form, and the likeliest whose check digit is right, are found exactly: a path over
places and remainders (Viterbi, IEEE Trans. Inf. Theory 13 (1967) 260).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from saphan.exhibits.reading import Glyph

from .iso6346 import LETTERS, STEPS, VALUES, check_digit

DIGITS = "0123456789"
SLOTS = (LETTERS,) * 3 + ("UJZ",) + (DIGITS,) * 7
ALIKE = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8",
         "T": "7", "A": "4"}
"""Letters that look like a digit: where the form asks for the other, it counts as that."""
FLOOR = 2e-4
"""Probability of a sign that the reader did not name among its likeliest."""
MOST_CHANGED = 0.02
"""A sign is changed for the check digit only if the reader held it at least this likely."""


@dataclass(frozen=True)
class Guess:
    """A number of ten or eleven signs. `read`: the likeliest of the right form. `chosen`: the one
    to show: the same, or with one sign changed so that the check digit is right. `sure`: for each
    sign of `chosen`, its probability. `score`: mean logarithm of these."""

    read: str
    chosen: str
    sure: tuple[float, ...]

    @property
    def score(self) -> float:
        return sum(math.log(each) for each in self.sure) / len(self.sure)

    @property
    def complete(self) -> bool:
        return len(self.chosen) == len(SLOTS)

    @property
    def changed(self) -> list[int]:
        """Places (0..10) at which `chosen` differs from `read`."""
        return [at for at, (one, other) in enumerate(zip(self.read, self.chosen, strict=True))
                if one != other]


def useful(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Those that are letters or digits, or could well be."""
    return [glyph for glyph in glyphs
            if any(sign.upper() in VALUES and p > 0.2 for sign, p in glyph.odds.items())]


def slot_odds(glyph: Glyph, allowed: str) -> dict[str, float]:
    """Probability of each allowed sign, look-alikes counted in; together at most about 1."""
    odds = dict.fromkeys(allowed, FLOOR)
    for sign, p in glyph.odds.items():
        sign = sign.upper()
        for meant in {sign, ALIKE.get(sign, "")} | {a for a, b in ALIKE.items() if b == sign}:
            if meant in odds:
                odds[meant] += p if meant == sign else 0.5 * p
    return odds


def guess(glyphs: Sequence[Glyph], length: int = len(SLOTS)) -> Guess:
    """The number in exactly `length` (10 or 11) signs."""
    table = [slot_odds(glyph, allowed)
             for glyph, allowed in zip(glyphs[:length], SLOTS, strict=False)]
    read = "".join(max(odds, key=odds.__getitem__) for odds in table)
    chosen = read
    if length == len(SLOTS) and check_digit(read) != int(read[10]):
        mended = likeliest_valid(table)
        changed = [at for at in range(length) if mended[at] != read[at]]
        if len(changed) == 1 and table[changed[0]][mended[changed[0]]] >= MOST_CHANGED:
            chosen = mended
    return Guess(read, chosen, tuple(min(1.0, odds[sign])
                                     for odds, sign in zip(table, chosen, strict=True)))


def likeliest_valid(table: Sequence[dict[str, float]]) -> str:
    """The most probable eleven signs whose check digit is right."""
    best = {0: (0.0, "")}
    for place, odds in enumerate(table[:10]):
        further: dict[int, tuple[float, str]] = {}
        for rest, (score, text) in best.items():
            for sign, p in odds.items():
                key = (rest + (VALUES[sign] << place)) % STEPS
                if key not in further or score + math.log(p) > further[key][0]:
                    further[key] = (score + math.log(p), text + sign)
        best = further
    return max((score + math.log(table[10][str(rest % 10)]), text + str(rest % 10))
               for rest, (score, text) in best.items())[1]


def fits(glyphs: Sequence[Glyph]) -> bool:
    """Whether ten or eleven signs are near enough to the form to be a container number at all:
    the fourth is likely U, J or Z, no sign is out of place, at most two are doubtful."""
    odds = [max(slot_odds(glyph, allowed).values())
            for glyph, allowed in zip(glyphs, SLOTS, strict=False)]
    return (len(odds) >= 10 and odds[3] >= 0.1 and min(odds) >= 0.04
            and sum(each < 0.55 for each in odds) <= 2)


def best(strings: Sequence[Sequence[Glyph]]) -> tuple[Guess, int] | None:
    """The likeliest number in any of several readings, complete ones first, and which reading
    it stands in. None if none has the form."""
    found = []
    for which, string in enumerate(strings):
        signs = useful(string)
        for length in (11, 10):
            for start in range(len(signs) - length + 1):
                window = signs[start:start + length]
                if fits(window):
                    made = guess(window, length)
                    right = made.complete and not made.changed and _right(made.chosen)
                    found.append((right, made.complete and _right(made.chosen), made.complete,
                                  made.score, which, made))
    if not found:
        return None
    *_, which, made = max(found, key=lambda each: each[:5])
    return made, which


def _right(number: str) -> bool:
    return check_digit(number) == int(number[10])
