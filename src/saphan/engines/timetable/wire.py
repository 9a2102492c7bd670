"""Problems, plans and progress as values that JSON can carry, and back.

What comes in is looked at strictly: a missing or unknown name, a wrong type or a number that is
none raises `BadWire`, with the way to it."""

from __future__ import annotations

import math
import types
from dataclasses import MISSING, fields, is_dataclass
from enum import IntEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class BadWire(ValueError):
    """A value that is not what it should be; the message says where."""


def dump(value: object) -> Any:
    """A dataclass of this engine as dicts, lists, numbers, texts and None. An infinite or unknown
    float becomes None, and so do fields that are None."""
    if is_dataclass(value):
        return {one.name: dump(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [dump(one) for one in value]
    if isinstance(value, dict):
        return {str(key): dump(one) for key, one in value.items()}
    return value


def load(kind: type[T], value: Any, where: str = "") -> T:
    """The dataclass that `dump` wrote. Raises BadWire."""
    found = _load(kind, value, where or kind.__name__)
    assert isinstance(found, kind)
    return found


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _load(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, types.UnionType):
        return None if value is None else _load(get_args(kind)[0], value, where)
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), value, where)
    if get_origin(kind) is dict:
        if not isinstance(value, dict):
            raise BadWire(f"{where}: not an object")
        of = get_args(kind)[1]
        return {str(key): _load(of, one, f"{where}.{key}") for key, one in value.items()}
    if is_dataclass(kind):
        return _dataclass(kind, value, where)
    if kind is float:
        if value is None:
            return math.inf
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise BadWire(f"{where}: not a number")
    if isinstance(kind, type) and issubclass(kind, IntEnum):
        if isinstance(value, bool) or value not in list(kind):
            raise BadWire(f"{where}: not one of {[int(one) for one in kind]}")
        return kind(value)
    if type(value) is not kind:
        raise BadWire(f"{where}: not {kind.__name__}")
    return value


def _tuple(of: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise BadWire(f"{where}: not a list")
    if len(of) == 2 and of[1] is Ellipsis:
        if of[0] is int and all(type(one) is int for one in value):
            return tuple(value)
        return tuple(_load(of[0], one, f"{where}[{at}]") for at, one in enumerate(value))
    if len(of) != len(value):
        raise BadWire(f"{where}: not {len(of)} values")
    return tuple(
        _load(kind, one, f"{where}[{at}]")
        for at, (kind, one) in enumerate(zip(of, value, strict=True))
    )


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise BadWire(f"{where}: not an object")
    hints = _hints(kind)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise BadWire(f"{where}: unknown {unknown[0]}")
    given = {}
    for one in fields(kind):
        if one.name in value:
            given[one.name] = _load(hints[one.name], value[one.name], f"{where}.{one.name}")
        elif one.default is MISSING and one.default_factory is MISSING:
            raise BadWire(f"{where}: {one.name} is missing")
    return kind(**given)
