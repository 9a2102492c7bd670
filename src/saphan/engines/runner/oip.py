"""Our exhibits as models of the Open Inference Protocol, version 2 (REST).

Every input is a tensor of one element: words, choices and files as BYTES (files in base64), numbers
as FP64 and INT64, yes or no as BOOL. The answer's tensor `result` holds the whole answer as JSON;
what is simple in it (facts, sentences, texts) stands beside it as tensors of its own.
Source: Open Inference Protocol, Inference REST, required API.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from math import prod
from typing import Any

from saphan.engines.runner.inputs import BadInputs, Input, check

INTEGERS = ("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64")
FLOATS = ("FP16", "FP32", "FP64")
DATATYPES = ("BOOL", *INTEGERS, *FLOATS, "BYTES")
TAKES = {"number": ("FP64", "FP32", "FP16", *INTEGERS), "integer": ("INT64", *INTEGERS),
         "yes_no": ("BOOL",)}
"""Datatypes an input takes, the one that its metadata names first; all others take BYTES."""
SAYS = "saphan_input"
"""Parameter of a tensor's metadata that holds the input's description as JSON text."""


class OipError(Exception):
    """A call that does not follow the protocol or the form. `status` is for HTTP."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status

    def to_json(self) -> dict[str, str]:
        """The body of the answer, as the protocol has it."""
        return {"error": self.error}


def metadata(slug: str, inputs: Sequence[Input]) -> dict[str, Any]:
    """What `GET v2/models/<slug>` answers."""
    return {"name": slug, "platform": "saphan", "inputs": [_declared(each) for each in inputs],
            "outputs": [{"name": "result", "datatype": "BYTES", "shape": [1],
                         "parameters": {"content_type": "application/json"}}]}


def _declared(each: Input) -> dict[str, Any]:
    said = {key: value for key, value in asdict(each).items() if value not in (None, "", 0, ())}
    said |= {"name": each.name, "kind": each.kind, "required": each.required}
    if each.default is not None:
        said["default"] = each.default
    for key in ("at_least", "at_most"):  # a limit of 0 is a limit
        if getattr(each, key) is not None:
            said[key] = getattr(each, key)
    return {"name": each.name, "datatype": _takes(each)[0], "shape": [1], "parameters": {
        "content_type": "base64" if each.is_file else "str",
        SAYS: json.dumps(said, ensure_ascii=False)}}


def _takes(each: Input) -> tuple[str, ...]:
    return TAKES.get(each.kind, ("BYTES",))


def read_infer(inputs: Sequence[Input], body: Any) -> tuple[dict[str, Any], str]:
    """The values the exhibit is called with and the caller's id ("" if it gave none), from the
    JSON of `POST v2/models/<slug>/infer`. Raises OipError, which names the input that is wrong."""
    if not isinstance(body, dict) or not isinstance(body.get("inputs"), list):
        raise OipError("the request must be a JSON object with a list `inputs`")
    request_id = body.get("id", "")
    if not isinstance(request_id, str):
        raise OipError("`id` must be a string")
    known = {each.name: each for each in inputs}
    given: dict[str, Any] = {}
    for tensor in body["inputs"]:
        name = tensor.get("name") if isinstance(tensor, dict) else None
        if not isinstance(name, str):
            raise OipError("every input needs a `name`")
        if name not in known:
            raise OipError(f"unexpected input '{name}'; this model takes "
                           f"{', '.join(known) or 'none'}")
        if name in given:
            raise OipError(f"input '{name}' was given twice")
        given[name] = _read(known[name], tensor)
    try:
        return check(inputs, given), request_id
    except BadInputs as bad:
        raise OipError("; ".join(
            f"input '{each.field}': {each.code}"
            + (f" ({each.limit})" if each.limit is not None else "")
            for each in bad.problems)) from None


def _read(each: Input, tensor: Mapping[str, Any]) -> Any:
    value = elements(tensor, _takes(each))
    if len(value) != 1:
        raise OipError(f"unexpected shape for input '{each.name}', got {tensor['shape']}, "
                       "expecting [1]")
    return value[0]


def elements(tensor: Mapping[str, Any], takes: Sequence[str] = DATATYPES) -> list[Any]:
    """The elements of a tensor in row-major order, flat. Raises OipError where datatype, shape
    and data do not agree, or the datatype is none of `takes`."""
    name, datatype, shape = (tensor.get(key) for key in ("name", "datatype", "shape"))
    if datatype not in DATATYPES:
        raise OipError(f"tensor '{name}' has the unknown datatype '{datatype}'")
    if datatype not in takes:
        raise OipError(f"unexpected datatype for input '{name}', got {datatype}, "
                       f"expecting {takes[0]}")
    if not isinstance(shape, list) or not all(
            isinstance(size, int) and not isinstance(size, bool) and size >= 0 for size in shape):
        raise OipError(f"tensor '{name}' needs a `shape` of whole numbers")
    if "data" not in tensor:
        binary = "binary_data_size" in (tensor.get("parameters") or {})
        raise OipError(f"tensor '{name}' comes as binary data, which this server does not take"
                       if binary else f"tensor '{name}' has no `data`")
    data = list(_flat(tensor["data"]))
    if len(data) != prod(shape):
        raise OipError(f"tensor '{name}' has {len(data)} elements and the shape {shape}")
    if wrong := next((one for one in data if not _is(datatype, one)), None):
        raise OipError(f"tensor '{name}' is {datatype} and holds {json.dumps(wrong)[:60]}")
    return data


def _flat(data: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(data, list) and depth < 16:
        for each in data:
            yield from _flat(each, depth + 1)
    else:
        yield data


def _is(datatype: str, value: Any) -> bool:
    if datatype == "BOOL":
        return isinstance(value, bool) or value in (0, 1)
    if datatype == "BYTES":
        return isinstance(value, str)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) if datatype in INTEGERS else isinstance(value, int | float)


def infer_response(slug: str, result_json: Mapping[str, Any], usage: Mapping[str, Any],
                   request_id: str = "") -> dict[str, Any]:
    """The answer to `infer`, from what `Exhibit.run` gave. `usage` (CPU-seconds and so on) goes
    into the parameters; only what is a string, a number or a yes-no may stand there."""
    outputs = [tensor("result", json.dumps(_writable(result_json), ensure_ascii=False),
                      {"content_type": "application/json"})]
    taken = {"result"}
    for name, value, parameters in _simple(result_json.get("parts", [])):
        free = name
        while free in taken:
            count = int(free.rpartition("_")[2]) + 1 if free != name else 2
            free = f"{name}_{count}"
        taken.add(free)
        outputs.append(tensor(free, value, parameters))
    answer: dict[str, Any] = {"model_name": slug, "outputs": outputs}
    if request_id:
        answer["id"] = request_id
    plain = {key: value for key, value in usage.items() if isinstance(value, str | int | float)}
    return answer | ({"parameters": plain} if plain else {})


def tensor(name: str, value: Any, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A tensor of one element."""
    datatype = ("BOOL" if isinstance(value, bool) else "INT64" if isinstance(value, int)
                else "FP64" if isinstance(value, float) else "BYTES")
    return {"name": name, "datatype": datatype, "shape": [1], "data": [value],
            **({"parameters": dict(parameters)} if parameters else {})}


def _simple(parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Name, value and parameters of what one tensor can hold."""
    for part in parts:
        if part["kind"] == "say":
            yield "said", part["key"], {"level": part["level"]}
        elif part["kind"] == "quote":
            yield "text", part["text"], {"lang": part["lang"]} if part["lang"] else {}
        elif part["kind"] == "facts":
            for label, value in part["lines"]:
                yield from _fact(label, value)


def _fact(label: Any, value: Any) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    word = label["word"] if isinstance(label, Mapping) else str(label)
    name = re.sub(r"\W+", "_", word).strip("_").lower() or "value"
    if isinstance(value, Mapping) and "unit" in value:
        if value["value"] is not None:
            yield name, value["value"], {"unit": value["unit"]} if value["unit"] else {}
    elif isinstance(value, Mapping) and "word" in value:
        yield name, value["word"], {"content_type": "word"}
    elif isinstance(value, str | int | float):
        yield name, value, {}


def _writable(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {key: _writable(each) for key, each in value.items()}
    return [_writable(each) for each in value] if isinstance(value, list | tuple) else value
