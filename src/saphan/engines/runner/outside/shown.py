"""What a Gradio component's value looks like in the hall."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

from saphan.engines.runner.outside.errors import OutsideAnsweredBadly
from saphan.engines.runner.parts import (
    Bars,
    Facts,
    Label,
    Marks,
    Part,
    Picture,
    Quote,
    Rows,
    Sound,
    Span,
    Value,
    as_result,
)

Fetch = Callable[[str], bytes]
MOST_ROWS = 200
STARTS = {b"\x89PNG": "picture", b"\xff\xd8\xff": "picture", b"RIFF": "riff"}


def shown(component: str, label: str, value: Any, fetch: Fetch) -> list[Part]:
    """The parts for one output. `fetch` gets a file of the app by its path. OutsideAnsweredBadly
    where the value has not the form that the component has."""
    if value is None:
        return []
    try:
        return _part(component, label, value, fetch)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as wrong:
        raise OutsideAnsweredBadly(
            "not_as_agreed", f"its {component or 'value'} cannot be read: {wrong!r}") from None


def _part(component: str, label: str, value: Any, fetch: Fetch) -> list[Part]:
    if isinstance(value, str) and component != "json":
        text = plain(value) if component == "html" else value
        return [Quote(text, title=label)]
    if component == "label":
        return _label(label, value)
    if component == "highlightedtext":
        return [_marks(value)]
    if component == "dataframe":
        return [table(label, value["headers"], value["data"])]
    if component == "gallery":
        return [part for each in value
                for part in file(str(each.get("caption") or label), each["image"], fetch)]
    if component == "plot":
        return [Picture(label or "plot", inline(value["plot"]))]
    if component == "annotatedimage":
        return file(label, value["image"], fetch)
    if isinstance(value, Mapping) and "path" in value:
        return file(label, value, fetch)
    if isinstance(value, list) and value and all(
            isinstance(each, Mapping) and "path" in each for each in value):
        return [part for each in value for part in file(label, each, fetch)]
    if isinstance(value, bool | int | float):
        return [Facts([(label, value)])]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [Facts([(label, ", ".join(value))])]
    return anything(label, value)


def anything(label: str, value: Any) -> list[Part]:
    """JSON of any form: facts or rows where it is flat, else as it is written."""
    rows = value if isinstance(value, list) else [value]
    flat = all(isinstance(row, Mapping)
               and not any(isinstance(each, Mapping | list) for each in row.values())
               for row in rows)
    if rows and flat:
        return list(as_result(dict(value) if isinstance(value, Mapping)
                              else [dict(row) for row in rows[:MOST_ROWS]]).parts)
    if isinstance(value, bool | int | float):
        return [Facts([(label, value)])]
    return [Quote(json.dumps(value, ensure_ascii=False, indent=1), title=label)]


def _label(label: str, value: Mapping[str, Any]) -> list[Part]:
    sure = value.get("confidences")
    if sure:
        return [Bars(label, [(str(each["label"]), float(each["confidence"])) for each in sure])]
    return [Facts([(label, str(value["label"]))])]


def _marks(value: list[Mapping[str, Any]]) -> Marks:
    text, spans = "", []
    for each in value:
        kind = each.get("class_or_confidence")
        if kind is not None:
            spans.append(Span(len(text), len(text) + len(each["token"]), str(kind)))
        text += each["token"]
    return Marks(text, spans)


def table(label: Label, columns: list[Any], rows: list[list[Any]]) -> Rows:
    """A table; a very long one is cut, and its last line says so."""
    cells: list[list[Value]] = [[_cell(each) for each in row] for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        cells.append([f"… {len(rows)}", *[""] * (len(columns) - 1)])
    return Rows([str(each) for each in columns], cells, label)


def _cell(value: Any) -> Value:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def file(label: str, value: Any, fetch: Fetch) -> list[Part]:
    """A picture to look at, a sound to play, or the name of what cannot be shown."""
    if value is None:
        return []
    path = value["path"]
    if not isinstance(path, str) or path.startswith(("http:", "https:")):
        raise OutsideAnsweredBadly("elsewhere", "a file of its answer lies at another address")
    data = fetch(path)
    kind = next((kind for start, kind in STARTS.items() if data.startswith(start)), "")
    if kind == "picture" or (kind == "riff" and data[8:12] == b"WEBP"):
        return [Picture(label or "picture", data)]
    if kind == "riff" and data[8:12] == b"WAVE":
        return [Sound(data, label or "sound")]
    name = str(value.get("orig_name") or path.rsplit("/", 1)[-1])
    return [Facts([(label, f"{name} ({len(data)} B)")])]


def inline(text: str) -> bytes:
    """The bytes of a data URL. ValueError."""
    head, _, body = text.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        raise ValueError("no picture")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise ValueError("no picture") from None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style")
        if tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3"):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def plain(html: str) -> str:
    """The words of a piece of HTML. A stranger's tags never reach our pages."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.pieces).splitlines())
    return "\n".join(line for line in lines if line)
