"""The contract of an exhibit: one typed function.

    from saphan.engines.runner import Choice, Image, Result, Say, exhibit

    @exhibit
    def read_door(photo: Image, strict: bool = True) -> Result:
        ...

From its signature alone come the form, the JSON Schema, the API call, the MCP tool and the Open
Inference Protocol's metadata. What an exhibit may answer with stands in `parts`; how it reads
pictures, sound and tables in `media`.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from saphan.engines.runner.inputs import Input
from saphan.engines.runner.parts import Result, as_result
from saphan.engines.runner.refusal import Refusal


@dataclass(frozen=True)
class Field:
    """What a type hint alone cannot say of an input: `Annotated[float, Field(at_least=0)]`.

    `most`: characters of a text, or bytes of a file. `at_least`, `at_most`, `step`: of a number.
    `over`: for a drawing, the picture to draw on (a path in the exhibit's folder). `rows`: lines a
    text box shows. `unit`: a unit as the house's formats know it (`kg`, `°C`, `%`).
    """

    kind: str = ""
    most: int | None = None
    at_least: float | None = None
    at_most: float | None = None
    step: float | None = None
    unit: str = ""
    over: str = ""
    rows: int = 0
    lang: str = ""
    """Language of what is typed, where it is always the same; helps spelling checkers and fonts."""


Line = Annotated[str, Field("line", most=200)]
"""A short text in one line."""
Words = Annotated[str, Field("words", most=2_000, rows=4)]
"""A text of some lines."""
Image = Annotated[bytes, Field("image", most=8 * 2**20)]
"""A picture: JPEG, PNG or WebP bytes. `media.picture` decodes it."""
Drawing = Annotated[bytes, Field("drawing", most=4 * 2**20)]
"""A picture that the visitor drew, as PNG bytes."""
Audio = Annotated[bytes, Field("audio", most=8 * 2**20)]
"""Speech or sound: WAV bytes. `media.sound` decodes it."""
File = Annotated[bytes, Field("file", most=8 * 2**20)]
"""Any file."""
Table = Annotated[str, Field("table", most=200_000, rows=8)]
"""Rows and columns as CSV text, typed, pasted or uploaded. `media.table` reads it."""

PLAIN = {str: "line", int: "integer", float: "number", bool: "yes_no", bytes: "file"}


class BadContract(Exception):
    """A function that cannot be an exhibit, and what to change."""


@dataclass(frozen=True)
class Exhibit:
    """A function that takes its place in the hall. Made by `@exhibit`."""

    run_with: Callable[..., Any]
    inputs: tuple[Input, ...]
    doc: str = ""

    def describe(self) -> dict[str, Any]:
        """The signature as JSON: `{"inputs": […], "doc": …}`."""
        return {"inputs": [asdict(each) for each in self.inputs], "doc": self.doc}

    def run(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Call the function with values of the right types and return its answer as JSON whose
        leaves may be bytes. Raises Refusal where the exhibit cannot use what it was given."""
        return as_result(self.run_with(**given)).to_json()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.run_with(*args, **kwargs)


def exhibit(function: Callable[..., Any]) -> Exhibit:
    """Make a typed function an exhibit. Raises BadContract and says which parameter is wrong."""
    hints = get_type_hints(function, include_extras=True)
    inputs = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise BadContract(f"*{name} has no type: name every input")
        if name not in hints:
            raise BadContract(f"{name} needs a type hint, for example `{name}: Line`")
        inputs.append(_input(name, hints[name], parameter.default))
    return Exhibit(function, tuple(inputs), inspect.getdoc(function) or "")


def _input(name: str, hint: Any, default: Any) -> Input:
    field, base = Field(), hint
    required = default is inspect.Parameter.empty
    while (wrap := get_origin(base)) in (types.UnionType, typing.Union, Annotated):
        if wrap is Annotated:
            base, *extras = get_args(base)
            for extra in reversed(extras):
                if isinstance(extra, Field):
                    field = _merged(extra, field)  # what is said further out adds to it
        elif type(None) in get_args(base) and len(get_args(base)) == 2:
            base = next(arg for arg in get_args(base) if arg is not type(None))
            required = False
        else:
            break
    choices: tuple[str, ...] = ()
    if get_origin(base) is Literal:
        choices, base = tuple(str(choice) for choice in get_args(base)), str
        field = replace(field, kind="choice")
    if base not in PLAIN:
        raise BadContract(f"{name}: {base!r} is no type of the contract; use str, int, float, "
                          "bool, Literal[…], Line, Words, Image, Audio, Drawing, File or Table")
    default = None if default is inspect.Parameter.empty else default
    if isinstance(default, bytes):
        raise BadContract(f"{name}: a file has no default; write `{name}: Image | None = None`")
    said = {**asdict(field), "kind": field.kind or PLAIN[base]}
    return Input(name=name, required=required, default=default, choices=choices, **said)


def _merged(first: Field, then: Field) -> Field:
    empty = asdict(Field())
    said = {key: value for key, value in asdict(then).items() if value != empty[key]}
    return replace(first, **said)


def load(folder: Path) -> Exhibit:
    """Import `exhibit.py` of the folder and return the exhibit in it.

    This runs the exhibitor's code: the house does it in the sealed worker only. The folder is a
    package of its own while its code runs, so that `from . import other` works.
    """
    name = "exhibit_" + "".join(c if c.isalnum() else "_" for c in folder.name)
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    spec = importlib.util.spec_from_file_location(f"{name}.exhibit", folder / "exhibit.py")
    if spec is None or spec.loader is None:
        raise BadContract(f"{folder.name} has no exhibit.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError as missing:
        if missing.filename == str(folder / "exhibit.py"):
            raise BadContract(f"{folder.name} has no exhibit.py") from None
        raise
    found = [value for value in vars(module).values() if isinstance(value, Exhibit)]
    if len(found) != 1:
        raise BadContract(f"{folder.name}/exhibit.py must hold one function with @exhibit; "
                          f"it holds {len(found)}")
    return found[0]


__all__ = ["Audio", "BadContract", "Drawing", "Exhibit", "Field", "File", "Image", "Line",
           "Refusal", "Result", "Table", "Words", "exhibit", "load"]
