"""What an exhibit answers with: parts that the house draws, speaks and translates.

Words are keys: the exhibit says `Say("valid", number="CSQU3054383")`, and the reader gets the
sentence `says.valid` of the exhibit's words in her own language, with the values set as her
language sets numbers. What is data (a text that was read, a code, a name) stays a plain string.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

LEVELS = ("info", "good", "warn", "wrong")


class BadAnswer(Exception):
    """An exhibit answered with something that is no part, and what it was."""


@dataclass(frozen=True)
class Word:
    """A word of the exhibit's own: `labels.<key>` in the reader's language, braces filled."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)


Label = Word | str
"""A Word is translated; a plain string is data and stays as it is."""


@dataclass(frozen=True)
class Unit:
    """A number with its unit as the house's formats know it: `Unit(0.84, "share")` is 84 %,
    `Unit(12.5, "kg")`. `digits`: after the decimal point."""

    value: float
    unit: str = ""
    digits: int | None = None


Value = Label | Unit | int | float | bool | None


@dataclass(frozen=True, init=False)
class Say:
    """A sentence: `says.<key>`, braces filled with `values`. `level`: info, good, warn, wrong."""

    key: str
    level: str
    values: dict[str, Any]

    def __init__(self, key: str, level: str = "info", **values: Any) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "level", level)
        object.__setattr__(self, "values", values)


@dataclass(frozen=True)
class Facts:
    """Lines of label and value."""

    lines: Sequence[tuple[Label, Value]]


@dataclass(frozen=True)
class Bars:
    """Shares or amounts to compare, drawn as bars inside a table; the largest need not be first.
    `unit`: "share" shows per cent and measures bars against 1."""

    title: Label
    rows: Sequence[tuple[Label, float]]
    unit: str = "share"


@dataclass(frozen=True)
class Rows:
    """A table."""

    columns: Sequence[Label]
    rows: Sequence[Sequence[Value]]
    title: Label = ""


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of a text, and what they are."""

    start: int
    end: int
    label: Label
    level: str = "info"


@dataclass(frozen=True)
class Marks:
    """A text with marked passages. `lang`: BCP 47 of the text, for its font."""

    text: str
    spans: Sequence[Span]
    lang: str = ""


@dataclass(frozen=True)
class Quote:
    """A text that came out: a reading, a rendering. `lang`: BCP 47."""

    text: str
    lang: str = ""
    title: Label = ""


@dataclass(frozen=True)
class Box:
    """A frame on a picture: shares (0..1) of its width and height, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float
    label: Label = ""
    level: str = "info"


@dataclass(frozen=True)
class Picture:
    """A picture (PNG, JPEG or WebP bytes) with frames. `alt` says what it shows. With `of` (the
    name of an image input) and no data, frames are drawn on the visitor's own picture."""

    alt: Label
    data: bytes = b""
    of: str = ""
    boxes: Sequence[Box] = ()


@dataclass(frozen=True)
class Chart:
    """Lines over time or position. `series`: label and one value or None for each of `x`."""

    title: Label
    x: Sequence[str]
    series: Sequence[tuple[Label, Sequence[float | None]]]
    unit: str = ""


@dataclass(frozen=True)
class Sound:
    """Sound to play: WAV bytes, and what is heard."""

    data: bytes
    title: Label


Part = Say | Facts | Bars | Rows | Marks | Quote | Picture | Chart | Sound
KINDS = {"say": Say, "facts": Facts, "bars": Bars, "rows": Rows, "marks": Marks, "quote": Quote,
         "picture": Picture, "chart": Chart, "sound": Sound}
NAMES = {part: name for name, part in KINDS.items()}


@dataclass(frozen=True, init=False)
class Result:
    """The answer of an exhibit: parts in the order in which they are read."""

    parts: tuple[Part, ...]

    def __init__(self, *parts: Part) -> None:
        object.__setattr__(self, "parts", parts)

    def to_json(self) -> dict[str, Any]:
        """`{"parts": [{"kind": "say", …}]}`; leaves are JSON values or bytes."""
        return {"parts": [{"kind": _kind(part), **{each.name: _plain(getattr(part, each.name))
                                                   for each in fields(part)}}
                          for part in self.parts]}


def _kind(part: Any) -> str:
    if type(part) not in NAMES:
        raise BadAnswer(f"{type(part).__name__} is no part of an answer")
    return NAMES[type(part)]


def _plain(value: Any) -> Any:
    if isinstance(value, Word):
        return {"word": value.key, "values": _plain(value.values)}
    if isinstance(value, Unit):
        return {"value": _plain(value.value), "unit": value.unit, "digits": value.digits}
    if isinstance(value, (Span, Box)):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (bytes, str, bool, int)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):  # numpy's scalars and arrays
        return _plain(value.tolist())
    raise BadAnswer(f"{type(value).__name__} cannot be shown")


def as_result(answer: Any) -> Result:
    """A Result from whatever a function returned: a Result, one part, several parts, or plain
    Python (a string, a number, a dict, a list of dicts), so that a first exhibit is one line."""
    if isinstance(answer, Result):
        return answer
    if hasattr(answer, "tolist"):  # numpy's scalars and arrays
        answer = answer.tolist()
    if isinstance(answer, Part):
        return Result(answer)
    if isinstance(answer, (list, tuple)):
        parts = [each for each in answer if isinstance(each, Part)]
        if parts and len(parts) == len(answer):
            return Result(*parts)
    if isinstance(answer, str):
        return Result(Quote(answer))
    if isinstance(answer, dict):
        return Result(Facts([(str(key), _shown(value)) for key, value in answer.items()]))
    if isinstance(answer, (list, tuple)) and answer and all(
            isinstance(row, dict) for row in answer):
        columns = list(dict.fromkeys(key for row in answer for key in row))
        return Result(Rows([str(name) for name in columns],
                           [[_shown(row.get(name)) for name in columns] for row in answer]))
    if isinstance(answer, (list, tuple)):
        return Result(Rows([""], [[_shown(each)] for each in answer]))
    if isinstance(answer, (bool, int, float)):
        return Result(Facts([("", answer)]))
    raise BadAnswer(f"{type(answer).__name__} cannot be shown")


def _shown(value: Any) -> Value:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (str, int, float, bool, Word, Unit)) or value is None:
        return value
    return str(value)
