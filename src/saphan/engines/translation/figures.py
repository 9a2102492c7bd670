"""Compare the figures of a text and its translation, their units and their bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from saphan.engines.matching.relations import relation
from saphan.engines.translation.measures import Measure, converted, measures_of
from saphan.engines.translation.mismatch import ADVISE, BLOCK, Mismatch
from saphan.engines.translation.reading import Figure, masked, read_figures

_CLOSE: Final = 1e-6
_SIDES: Final = {">=": "up", ">": "up", "<=": "down", "<": "down", "~": "about"}
_ALWAYS_SAID: Final = frozenset({"%", "kg", "t", "km", "ha", "°C"})
"""Units whose words are known well enough to miss them."""
_MOST: Final = 400
"""Figures of one text that are compared."""


def differences(
    source: str, translation: str, source_lang: str, target_lang: str
) -> Iterator[Mismatch]:
    """Mismatches of kinds figure, unit and bound."""
    ours = read_figures(source, source_lang)[:_MOST]
    theirs = read_figures(translation, target_lang)[:_MOST]
    first = measures_of(masked(source), source_lang, ours)
    second = measures_of(masked(translation), target_lang, theirs)
    for figure in _alone(ours, theirs, first, second):
        yield Mismatch("figure", _severity(figure), source[figure.start : figure.end], "",
                       (figure.start, figure.end), None)
    for figure in _alone(theirs, ours, second, first):
        yield Mismatch("figure", _severity(figure), "", translation[figure.start : figure.end],
                       None, (figure.start, figure.end))
    yield from _units(source, translation, first, second)
    yield from _bounds(source, translation, ours, theirs)


def _severity(figure: Figure) -> str:
    # "1" often stands for an article, and is lost as one.
    return ADVISE if figure.readings == {1.0} else BLOCK


def _alone(
    ours: Sequence[Figure], theirs: Sequence[Figure],
    first: Sequence[Measure], second: Sequence[Measure],
) -> Iterator[Figure]:  # fmt: skip
    """Hard figures of one side that nothing on the other side stands for."""
    values = {value for figure in theirs for value in figure.readings}
    values |= {part for figure in theirs for part in figure.parts}
    for figure in ours:
        if not figure.hard or _among(figure.readings, values):
            continue
        if figure.parts and all(_among((part,), values) for part in figure.parts):
            continue
        measure = next((one for one in first if one.figure is figure), None)
        if measure and any(converted(measure, other) for other in second):
            continue
        yield figure


def _among(readings: Iterable[float], values: set[float]) -> bool:
    return any(
        reading in values
        or any(abs(reading - value) <= _CLOSE * abs(reading) for value in values)
        for reading in readings
    )


def _units(
    source: str, translation: str, first: Sequence[Measure], second: Sequence[Measure]
) -> Iterator[Mismatch]:
    """The same number with another unit; a unit that is not met anywhere on the other side."""
    for one in first:
        same = [other for other in second if _equal(one.figure, other.figure)]
        if not one.units or not same or not one.figure.hard:
            continue
        if any(one.units & other.units or converted(one, other) for other in same):
            continue
        other = same[0]
        unsaid = any(not other.units for other in same)
        if unsaid and not one.units & _ALWAYS_SAID:
            continue  # the word for it may be one that is not known here
        yield Mismatch(
            "unit", ADVISE if unsaid else BLOCK, source[one.start : one.end],
            translation[other.start : other.end],
            (one.start, one.end), (other.start, other.end),
        )  # fmt: skip


def _equal(first: Figure, second: Figure) -> bool:
    return _among(first.readings, set(second.readings))


def _is_year(figure: Figure) -> bool:
    return figure.end - figure.start == 4 and any(1800 < year < 2200 for year in figure.readings)


def _bounds(
    source: str, translation: str, ours: Sequence[Figure], theirs: Sequence[Figure]
) -> Iterator[Mismatch]:
    """A lost or turned "at least"."""
    plain, other_plain = masked(source), masked(translation)
    for figure in ours:
        if not figure.hard or _is_year(figure):
            continue
        said = _SIDES.get(relation(plain, figure.start, figure.end), "")
        same = [other for other in theirs if other.hard and _equal(figure, other)]
        if said not in ("up", "down") or not same:
            continue
        signs = {_SIDES.get(relation(other_plain, other.start, other.end), "") for other in same}
        if said in signs:
            continue
        turned = {"up", "down"} & signs
        yield Mismatch(
            "bound", BLOCK if turned else ADVISE, source[figure.start : figure.end],
            translation[same[0].start : same[0].end],
            (figure.start, figure.end), (same[0].start, same[0].end),
        )  # fmt: skip
