"""A Gradio app as an exhibit: Gradio 4 and later, by what the app says of itself.

`/config` lists the components and the prefix under which the API lies (Gradio 4 has none);
`…/info` lists the endpoints with their parameters. A run posts to `…/call/<name>` and then reads
the event stream of the number it got; files go up to `…/upload` and come from `…/file=<path>`.
Source: Gradio's guide "Querying Gradio Apps with Curl", and the answers of a running app.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from saphan.engines.runner import media
from saphan.engines.runner.folder import Folder
from saphan.engines.runner.inputs import FILES, Input
from saphan.engines.runner.outside.errors import OutsideAnsweredBadly, OutsideRefused
from saphan.engines.runner.outside.shown import shown
from saphan.engines.runner.outside.wire import Call, parsed
from saphan.engines.runner.parts import Part, Result

KINDS = {"textbox": "line", "textarea": "words", "code": "words", "json": "words",
         "multimodaltextbox": "words", "number": "number", "slider": "number",
         "checkbox": "yes_no", "radio": "choice", "dropdown": "choice", "image": "image",
         "imageeditor": "drawing", "sketchpad": "drawing", "audio": "audio", "file": "file",
         "uploadbutton": "file", "dataframe": "table"}
MOST_TEXT = 2_000
NAMES = {"image": "picture.png", "drawing": "drawing.png", "audio": "sound.wav", "file": "file"}
HELD = ("state", "browserstate")
"""Components that the app keeps for itself: no caller sends or gets them."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of the endpoint. `input` is None where the house has no such kind and the
    app's own default, `default`, is sent instead."""

    name: str
    label: str
    component: str
    props: Mapping[str, Any]
    default: Any
    input: Input | None


@dataclass(frozen=True)
class App:
    """An endpoint of an app as it was found."""

    base: str
    prefix: str
    endpoint: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[tuple[str, str], ...]
    """Component and label of each value that comes back."""
    keeps: tuple[int, ...]
    """Positions, among all that the function takes, of what the app keeps for itself."""
    held: tuple[int, ...]
    """The same among all that it returns."""
    doc: str

    def taken(self, values: Sequence[Any]) -> list[Any]:
        """What to send: gaps where the app keeps something, which Gradio 4 and 5 insist on."""
        sent = list(values)
        for at in self.keeps:
            sent.insert(at, None)
        return sent

    def told(self, values: Sequence[Any]) -> list[Any]:
        """The values of the outputs. Some versions leave out what is held, some send it."""
        if len(values) == len(self.outputs):
            return list(values)
        return [value for at, value in enumerate(values) if at not in self.held]


def describe(folder: Folder, call: Call) -> dict[str, Any]:
    """The endpoint's inputs. Raises OutsideError."""
    app = look(folder, call)
    asked = [each for each in app.parameters if each.input is not None]
    return {"inputs": [asdict(each.input) for each in asked if each.input], "doc": app.doc,
            "labels": {each.name: each.label for each in asked}}


def run(folder: Folder, given: Mapping[str, Any], call: Call) -> Result:
    """One run. Raises OutsideError."""
    app = look(folder, call)
    data = app.taken([_sent(app, each, given.get(each.name), call) for each in app.parameters])
    place = f"{app.base}{app.prefix}/call/{quote(app.endpoint)}"
    event = _part(call.json(place, {"data": data}), "event_id", str)
    if not event.replace("-", "").isalnum():
        raise OutsideAnsweredBadly("not_as_agreed", "its event has no plain name")
    values = _awaited(call, f"{place}/{event}")

    def fetch(path: str) -> bytes:
        return call.get(f"{app.base}{app.prefix}/file={quote(path, safe='/')}")

    parts: list[Part] = []
    for (component, label), value in zip(app.outputs, app.told(values), strict=False):
        parts += shown(component, label, value, fetch)
    return Result(*parts)


def look(folder: Folder, call: Call) -> App:
    """Find the endpoint that `api_name` names; with no name, the only one there is."""
    base = folder.url.rstrip("/")
    config = call.json(f"{base}/config")
    prefix = config.get("api_prefix") or "" if isinstance(config, dict) else ""
    if not isinstance(prefix, str) or prefix.strip("/").count("/") or ":" in prefix:
        raise OutsideAnsweredBadly("not_as_agreed", "its API lies at no plain prefix")
    endpoints = _part(call.json(f"{base}{prefix}/info"), "named_endpoints", dict)
    name = folder.api_name.lstrip("/")
    if not name and len(endpoints) == 1:
        name = next(iter(endpoints)).lstrip("/")
    if f"/{name}" not in endpoints:
        raise OutsideRefused("unknown_exhibit", f"it has no /{name}; it has "
                             f"{', '.join(map(str, endpoints)) or 'none'}")
    try:
        return _app(base, prefix, name, endpoints[f"/{name}"], config)
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise OutsideAnsweredBadly(
            "not_as_agreed", f"its description cannot be read: {wrong!r}") from None


def _app(base: str, prefix: str, name: str, info: Mapping[str, Any],
         config: Mapping[str, Any]) -> App:
    components = {each["id"]: each for each in config.get("components", [])}
    wired: Mapping[str, Any] = next((each for each in config.get("dependencies", [])
                                     if each.get("api_name") == name), {})
    ends = [components.get(each, {}) for each in wired.get("inputs", [])]
    sources = [each for each in ends if each.get("type") not in HELD]
    keeps = tuple(at for at, each in enumerate(ends) if each.get("type") in HELD)
    raw = info["parameters"]
    if len(sources) != len(raw):  # an app that tells less of itself than of its endpoint
        sources, keeps = [{}] * len(raw), ()
    parameters = tuple(_parameter(at, each, source.get("props", {}))
                       for at, (each, source) in enumerate(zip(raw, sources, strict=True)))
    outputs = tuple((str(each.get("component", "")).lower(), _label(each.get("label")))
                    for each in info.get("returns", []))
    held = tuple(at for at, each in enumerate(wired.get("outputs", []))
                 if components.get(each, {}).get("type") in HELD)
    return App(base, prefix, name, parameters, outputs, keeps, held,
               str(info.get("description") or ""))


def _label(said: Any) -> str:
    """A component's label; without the one that Gradio makes up (`value_20`)."""
    return "" if re.fullmatch(r"value_\d+", str(said or "")) else str(said or "")


def _parameter(at: int, raw: Mapping[str, Any], props: Mapping[str, Any]) -> Parameter:
    name = str(raw.get("parameter_name") or f"input_{at + 1}")
    component = str(raw.get("component", "")).lower()
    has_default, default = bool(raw.get("parameter_has_default")), raw.get("parameter_default")
    made = _input(name, component, props, raw.get("type"), has_default, default)
    if made is None and not has_default:
        raise OutsideAnsweredBadly(
            "unknown_input", f"{name} is a {component or 'thing'}, which no form here can ask for")
    return Parameter(name, str(raw.get("label") or name), component, props, default, made)


def _input(name: str, component: str, props: Mapping[str, Any], kind_of: Any,
           has_default: bool, default: Any) -> Input | None:
    kind = KINDS.get(component)
    if kind is None or props.get("multiselect") or props.get("file_count") == "multiple":
        return None
    required = not has_default or kind in FILES
    if kind in FILES:
        return Input(name, kind, required=not has_default, most=8 * 2**20)
    if kind == "choice":
        choices = tuple(str(each) for each in _choices(props, kind_of))
        return Input(name, kind, required, str(default) if str(default) in choices else None,
                     choices=choices) if choices else None
    if kind == "yes_no":
        return Input(name, kind, False, bool(default))
    if kind == "number":
        low, high, step = (_numeric(props.get(key)) for key in ("minimum", "maximum", "step"))
        whole = _is_whole(component, props, kind_of)
        preset = _numeric(default)
        return Input(name, "integer" if whole else "number", required,
                     int(preset) if whole and preset is not None else preset,
                     at_least=low, at_most=high, step=step or None)
    if kind == "line" and (props.get("lines") or 1) > 1:
        kind = "words"
    most = props.get("max_length")
    rows = props.get("lines") or 4
    return Input(name, kind, required, default if isinstance(default, str) else None,
                 most=most if isinstance(most, int) else
                 200_000 if kind == "table" else MOST_TEXT,
                 rows=0 if kind == "line" else max(2, min(int(rows), 12)))


def _choices(props: Mapping[str, Any], kind_of: Any) -> Sequence[Any]:
    listed = props.get("choices")
    if isinstance(listed, list):
        return [each[1] if isinstance(each, list) and len(each) == 2 else each for each in listed]
    return kind_of.get("enum", []) if isinstance(kind_of, dict) else []


def _is_whole(component: str, props: Mapping[str, Any], kind_of: Any) -> bool:
    if isinstance(kind_of, dict) and kind_of.get("type") == "integer":
        return True
    if component == "number":
        return props.get("precision") == 0
    edges = [props.get(key) for key in ("minimum", "maximum", "step")]
    return all(isinstance(each, int | float) and float(each).is_integer() for each in edges)


def _numeric(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _sent(app: App, each: Parameter, value: Any, call: Call) -> Any:
    """A value in the form the component takes."""
    if each.input is None or value is None:
        return each.default
    kind = each.input.kind
    if kind in FILES:
        file = _uploaded(app, NAMES[kind], value, call)
        return {"background": None, "layers": [], "composite": file} if kind == "drawing" else file
    if kind in ("number", "integer"):
        # an app's function may index with what it gets: 3.0 breaks where 3 does not
        return int(value) if float(value).is_integer() else float(value)
    if kind == "choice":
        return next(one for one in _choices(each.props, None) or [value] if str(one) == value)
    if kind == "table":
        sheet = media.table(value)
        return {"headers": list(sheet.columns), "metadata": None,
                "data": [[_cell(each) for each in row] for row in sheet.rows]}
    if each.component == "multimodaltextbox":
        return {"text": value, "files": []}
    if each.component == "json":
        return parsed(value.encode())
    return value


def _cell(text: str) -> Any:
    value = media.number(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    return text if value is None else int(value) if value.is_integer() else value


def _uploaded(app: App, name: str, data: bytes, call: Call) -> dict[str, Any]:
    mark = secrets.token_hex(16)
    body = (f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode() + data \
        + f"\r\n--{mark}--\r\n".encode()
    paths = parsed(call.post(f"{app.base}{app.prefix}/upload", body,
                             f"multipart/form-data; boundary={mark}"))
    if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], str):
        raise OutsideAnsweredBadly("not_as_agreed", "it did not say where it put the file")
    return {"path": paths[0], "orig_name": name, "size": len(data),
            "meta": {"_type": "gradio.FileData"}}


def _awaited(call: Call, url: str) -> list[Any]:
    """The values of the event that says `complete`. What comes before it is unfinished."""
    event = ""
    for line in call.lines(url):
        if line.startswith("event:"):
            event = line[6:].strip()
        elif line.startswith("data:") and event == "error":
            raise OutsideRefused("refused", _reason(line[5:].strip()))
        elif line.startswith("data:") and event == "complete":
            values = parsed(line[5:].encode())
            if not isinstance(values, list):
                raise OutsideAnsweredBadly("not_as_agreed", "its answer is no list of values")
            return values
    raise OutsideAnsweredBadly("not_as_agreed", "its answer ended before it was complete")


def _reason(text: str) -> str:
    """Gradio says `null` unless the app shows its errors."""
    try:
        said = json.loads(text)
    except ValueError:
        said = text
    if isinstance(said, dict):
        said = said.get("error") or said.get("message")
    return str(said) if said else "it did not say why"


def _part(value: Any, key: str, kind: type) -> Any:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, kind):
        raise OutsideAnsweredBadly("not_as_agreed", f"it said no {key}")
    return found
