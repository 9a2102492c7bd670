"""The inputs of an exhibit: described as data, so that the house never imports its code, and
checked in one place for the page, the API, MCP and the Open Inference Protocol."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TEXTS = ("line", "words", "table")
FILES = ("image", "drawing", "audio", "file")
NUMBERS = ("number", "integer")
ACCEPT = {"image": "image/jpeg,image/png,image/webp", "drawing": "image/png", "audio": "audio/wav",
          "file": "*/*"}
YES = (True, 1, "true", "on", "yes", "1", "True")
NO = (False, 0, "false", "off", "no", "0", "", "False", None)


@dataclass(frozen=True)
class Input:
    """One input. `kind`: line, words, table, number, integer, choice, yes_no, image, drawing,
    audio or file. Limits as in `contract.Field`."""

    name: str
    kind: str
    required: bool = True
    default: Any = None
    most: int | None = None
    at_least: float | None = None
    at_most: float | None = None
    step: float | None = None
    unit: str = ""
    over: str = ""
    rows: int = 0
    lang: str = ""
    choices: Sequence[str] = ()

    @property
    def is_file(self) -> bool:
        return self.kind in FILES

    @property
    def accept(self) -> str:
        return ACCEPT.get(self.kind, "")


@dataclass(frozen=True)
class Problem:
    """Why a value is refused: `code` is a sentence of the house, `limit` what it speaks of."""

    field: str
    code: str
    limit: Any = None


class BadInputs(Exception):
    """What was given does not fit the form; `problems` has a line for each field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{each.field}: {each.code}" for each in problems))
        self.problems = list(problems)


def read(raw: Sequence[Mapping[str, Any]]) -> tuple[Input, ...]:
    """Inputs from their JSON description (`Exhibit.describe()["inputs"]`)."""
    return tuple(Input(**{**each, "choices": tuple(each.get("choices", ()))}) for each in raw)


def check(inputs: Sequence[Input], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values the function is called with. Files come as bytes or as base64 text (a data URL
    is fine too). Raises BadInputs with every problem at once."""
    names = {each.name for each in inputs}
    problems = [Problem(name, "unknown") for name in given if name not in names]
    values = {}
    for each in inputs:
        raw = given.get(each.name)
        if raw is None or raw == "" or raw == b"":
            if each.required and each.kind != "yes_no":
                problems.append(Problem(each.name, "required"))
            else:
                values[each.name] = False if each.kind == "yes_no" and (
                    each.required or each.name in given) else each.default
            continue
        try:
            values[each.name] = _value(each, raw)
        except _Bad as bad:
            problems.append(Problem(each.name, bad.code, bad.limit))
    if problems:
        raise BadInputs(problems)
    return values


class _Bad(Exception):
    def __init__(self, code: str, limit: Any = None) -> None:
        self.code, self.limit = code, limit


def _value(each: Input, raw: Any) -> Any:
    if each.kind in FILES:
        return _file(each, raw)
    if each.kind in TEXTS:
        if not isinstance(raw, str):
            raise _Bad("not_text")
        if each.most and len(raw) > each.most:
            raise _Bad("too_long", each.most)
        return raw.replace("\r\n", "\n")
    if each.kind == "choice":
        if str(raw) not in each.choices:
            raise _Bad("not_a_choice", ", ".join(each.choices))
        return str(raw)
    if each.kind == "yes_no":
        if raw in YES:
            return True
        if raw in NO:
            return False
        raise _Bad("not_yes_no")
    return _number(each, raw)


def _number(each: Input, raw: Any) -> float | int:
    try:
        value = float(str(raw).strip().replace(",", ".")) if not isinstance(raw, bool) else math.nan
    except ValueError:
        raise _Bad("not_a_number") from None
    if not math.isfinite(value):
        raise _Bad("not_a_number")
    if each.at_least is not None and value < each.at_least:
        raise _Bad("too_small", each.at_least)
    if each.at_most is not None and value > each.at_most:
        raise _Bad("too_large", each.at_most)
    if each.kind == "integer":
        if value != int(value):
            raise _Bad("not_whole")
        return int(value)
    return value


def _file(each: Input, raw: Any) -> bytes:
    if isinstance(raw, str):
        if raw.startswith("data:"):
            raw = raw.partition(",")[2]
        try:
            raw = base64.b64decode(raw, validate=True)
        except (binascii.Error, ValueError):
            raise _Bad("not_base64") from None
    if not isinstance(raw, bytes) or not raw:
        raise _Bad("not_a_file")
    if each.most and len(raw) > each.most:
        raise _Bad("too_big", each.most)
    return raw


def schema(inputs: Sequence[Input], words: Mapping[str, str] | None = None) -> dict[str, Any]:
    """JSON Schema (2020-12) of a call. `words`: descriptions by input name."""
    properties: dict[str, Any] = {}
    for each in inputs:
        kind = {"number": "number", "integer": "integer", "yes_no": "boolean"}.get(
            each.kind, "string")
        entry: dict[str, Any] = {"type": kind}
        if each.is_file:
            entry |= {"contentEncoding": "base64", "contentMediaType": each.accept.split(",")[0]}
            if each.most:
                entry["maxLength"] = (each.most + 2) // 3 * 4
        elif each.most:
            entry["maxLength"] = each.most
        if each.choices:
            entry["enum"] = list(each.choices)
        if each.at_least is not None:
            entry["minimum"] = each.at_least
        if each.at_most is not None:
            entry["maximum"] = each.at_most
        if each.default is not None:
            entry["default"] = each.default
        if words and words.get(each.name):
            entry["description"] = words[each.name]
        properties[each.name] = entry
    return {"type": "object", "properties": properties, "additionalProperties": False,
            "required": [each.name for each in inputs
                         if each.required and each.kind != "yes_no"]}
