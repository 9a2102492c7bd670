"""A model behind the Open Inference Protocol (version 2, REST) as an exhibit.

The folder's `url` is the server's base address and `api_name` the model's name, or
`name/versions/2`. Tensors that a visitor can fill in become inputs: one text, one number, one yes
or no, a file in base64, and rows of numbers as a table. A tensor of three dimensions or more (a
picture made ready for a network) has no form here: which preparation it wants, the protocol does
not say.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from saphan.engines.runner import inputs as contract_inputs
from saphan.engines.runner import media
from saphan.engines.runner.folder import Folder
from saphan.engines.runner.inputs import Input
from saphan.engines.runner.oip import FLOATS, INTEGERS, SAYS, OipError, elements
from saphan.engines.runner.outside.errors import OutsideAnsweredBadly
from saphan.engines.runner.outside.shown import anything, table
from saphan.engines.runner.outside.wire import Call
from saphan.engines.runner.parts import Facts, Part, Quote, Result
from saphan.engines.runner.refusal import Refusal


def describe(folder: Folder, call: Call) -> dict[str, Any]:
    """The model's inputs. Raises OutsideError."""
    return {"inputs": [asdict(made) for _, made in _look(folder, call)], "doc": "", "labels": {}}


def run(folder: Folder, given: Mapping[str, Any], call: Call) -> Result:
    """One inference. Raises OutsideError, or Refusal for a table of the wrong shape."""
    tensors = [_sent(raw, made, given[made.name]) for raw, made in _look(folder, call)
               if given.get(made.name) is not None]
    answer = call.json(f"{_place(folder)}/infer", {"inputs": tensors})
    outputs = answer.get("outputs") if isinstance(answer, dict) else None
    if not isinstance(outputs, list) or not outputs:
        raise OutsideAnsweredBadly("not_as_agreed", "it answered without outputs")
    parts: list[Part] = []
    for output in outputs:
        try:
            parts += _shown(output, alone=len(outputs) == 1)
        except (AttributeError, KeyError, OipError, TypeError, ValueError) as wrong:
            raise OutsideAnsweredBadly(
                "not_as_agreed", f"an output cannot be read: {wrong}") from None
    return Result(*parts)


def _place(folder: Folder) -> str:
    return f"{folder.url.rstrip('/')}/v2/models/{quote(folder.api_name.strip('/'))}"


def _look(folder: Folder, call: Call) -> list[tuple[Mapping[str, Any], Input]]:
    found = call.json(_place(folder))
    tensors = found.get("inputs") if isinstance(found, dict) else None
    if not isinstance(tensors, list) or not tensors:
        raise OutsideAnsweredBadly("not_as_agreed", "it does not say which inputs it takes")
    try:
        return [(each, _input(each)) for each in tensors]
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise OutsideAnsweredBadly(
            "not_as_agreed", f"its metadata cannot be read: {wrong!r}") from None


def _input(tensor: Mapping[str, Any]) -> Input:
    name, datatype, shape = str(tensor["name"]), tensor["datatype"], tensor["shape"]
    parameters = tensor.get("parameters") or {}
    if SAYS in parameters:  # another house like this one
        made = contract_inputs.read([json.loads(parameters[SAYS])])[0]
        if made.name == name:
            return made
    one = all(size in (-1, 1) for size in shape) and len(shape) <= 2
    if datatype == "BYTES" and one:
        if parameters.get("content_type") == "base64":
            return Input(name, "file", most=8 * 2**20)
        return Input(name, "words", most=2_000, rows=4)
    single = one and -1 not in shape
    if datatype == "BOOL" and single:
        return Input(name, "yes_no", required=False, default=False)
    if datatype in FLOATS and single:
        return Input(name, "number")
    if datatype in INTEGERS and single:
        return Input(name, "integer", at_least=_edges(datatype)[0], at_most=_edges(datatype)[1])
    if datatype in (*FLOATS, *INTEGERS) and len(shape) in (1, 2):
        return Input(name, "table", most=200_000, rows=8)
    raise OutsideAnsweredBadly(
        "unknown_input", f"{name} is {datatype} {shape}, which no form here can ask for")


def _edges(datatype: str) -> tuple[int, int]:
    bits = int(datatype.rpartition("T")[2])
    signed = not datatype.startswith("U")
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)


def _sent(tensor: Mapping[str, Any], made: Input, value: Any) -> dict[str, Any]:
    datatype, declared = tensor["datatype"], tensor["shape"]
    sent: dict[str, Any] = {"name": made.name, "datatype": datatype, "shape": [1] * len(declared)}
    if made.kind == "table" and datatype != "BYTES":
        rows = _numbers(value, declared, datatype)
        sent["shape"] = [len(rows) * len(rows[0])] if len(declared) == 1 else [
            len(rows), len(rows[0])]
        return sent | {"data": [each for row in rows for each in row]}
    if made.is_file:
        return sent | {"data": [base64.b64encode(value).decode()],
                       "parameters": {"content_type": "base64"}}
    if datatype in FLOATS:
        value = float(value)
    if datatype == "BYTES":
        sent["parameters"] = {"content_type": "str"}
    return sent | {"data": [value]}


def _numbers(text: str, declared: Sequence[int], datatype: str) -> list[list[float]]:
    """The rows of a table of numbers. Refusal where it has not the shape that is wanted."""
    rows = [[media.number(cell) for cell in row] for row in media.table(text).rows]
    if not rows or any(each is None for row in rows for each in row):
        raise Refusal("no_number_column")
    numbers = [[float(each or 0) for each in row] for row in rows]
    if datatype in INTEGERS:
        if any(each != int(each) for row in numbers for each in row):
            raise Refusal("unreadable_table")
        numbers = [[int(each) for each in row] for row in numbers]
    found = [len(numbers) * len(numbers[0])] if len(declared) == 1 else [
        len(numbers), len(numbers[0])]
    for is_there, wanted in zip(found, declared, strict=True):
        if wanted not in (-1, is_there):
            raise Refusal("too_many_rows" if is_there > wanted else "too_few_rows",
                          most=wanted, least=wanted)
    return numbers


def _shown(output: Mapping[str, Any], *, alone: bool) -> list[Part]:
    name, values = str(output["name"]), elements(output)
    if len(values) == 1:
        return _one(name, values[0], alone=alone)
    shape = output["shape"]
    width = shape[-1] if len(shape) > 1 and shape[-1] else 1
    if len(shape) > 1 and len(values) == width:  # one row is easier to read downwards
        width = 1
    return [table(name, [str(at + 1) if width > 1 else "" for at in range(width)],
                  [values[at:at + width] for at in range(0, len(values), width)])]


def _one(name: str, value: Any, *, alone: bool) -> list[Part]:
    if not isinstance(value, str):
        return [Facts([(name, value)])]
    try:
        held = json.loads(value)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict | list):
        return [Quote(value, title=name)]
    if isinstance(held, dict) and "parts" in held and not alone:
        return []  # another house's whole answer, in its words; what is simple stands beside it
    return anything(name, held)
