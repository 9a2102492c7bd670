"""What an exhibit answered, made ready to be read: words in the reader's language, numbers as her
language writes them, pictures with their frames."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.design import charts, formats
from saphan.engines.runner.folder import Folder
from saphan.engines.runner.parts import KINDS
from saphan.engines.runner.refusal import COMMON
from saphan.ground.text import NEIGHBOURS, reader_language

# What many exhibits refuse; `most` and `least` come with the refusal.
REFUSALS = {
    "empty": gettext_lazy("There is nothing to work on. Type, show or say something."),
    "too_long": gettext_lazy("That is too long. Please shorten it."),
    "too_short": gettext_lazy("That is too short. Please give a little more."),
    "unreadable_picture": gettext_lazy(
        "This file is not a picture that can be opened. Use JPEG, PNG or WebP."),
    "too_many_pixels": gettext_lazy(
        "This picture is too large. It may have %(most)s million pixels at most."),
    "unreadable_sound": gettext_lazy("This sound cannot be opened. Use a WAV file."),
    "too_long_sound": gettext_lazy("This recording is too long. %(most)s seconds at most."),
    "silent": gettext_lazy("Nothing can be heard in this recording."),
    "unreadable_table": gettext_lazy(
        "This is not a table that can be read. Paste rows from a spreadsheet, or CSV."),
    "too_many_rows": gettext_lazy("This table has too many rows. %(most)s at most."),
    "too_few_rows": gettext_lazy("This table has too few rows. %(least)s at least."),
    "no_number_column": gettext_lazy("No column of this table holds numbers."),
    "unreadable_file": gettext_lazy("This file cannot be read."),
    "unknown_language": gettext_lazy("The exhibit does not know this language."),
}
assert set(REFUSALS) == set(COMMON)

BADLY_MADE = (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError)
"""What reading an answer can raise that a stranger forged past the contract."""
BRACES = re.compile(r"\{(\w+)\}")
PICTURE_TYPES = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"RIFF", "image/webp"))


@dataclass(frozen=True)
class Worded:
    """Words with the language they are in; `lang` is empty for data."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass
class View:
    """A part of an answer as the template `parts.html` draws it."""

    kind: str
    title: Worded = field(default_factory=lambda: Worded(""))
    level: str = ""
    text: str = ""
    lang: str = ""
    lines: list[Any] = field(default_factory=list)
    columns: list[Worded] = field(default_factory=list)
    source: str = ""
    chart: SafeString = field(default_factory=SafeString)


class Speaker:
    """Says the words of one exhibit in one language. `lang`: BCP 47; default: the reader's."""

    def __init__(self, folder: Folder | None, lang: str = "") -> None:
        self.folder = folder
        self.lang = lang or reader_language()
        self.langs = (self.lang, *NEIGHBOURS.get(self.lang, ()))

    def word(self, group: str, key: str, values: Mapping[str, Any] | None = None) -> Worded:
        """The words for a key, braces filled; the key itself where nobody wrote any."""
        text, lang = self.folder.word(group, key, self.langs) if self.folder else ("", "")
        if not text:
            return Worded(key.replace("_", " "))
        return Worded(self.filled(text, values if isinstance(values, Mapping) else {}), lang)

    def has(self, group: str, key: str) -> bool:
        return bool(self.folder and self.folder.word(group, key, self.langs)[0])

    def filled(self, text: str, values: Mapping[str, Any]) -> str:
        """Words with their braces filled: by `values`, else by what was measured."""

        def value(found: re.Match[str]) -> str:
            if found[1] in values:
                return self.value(values[found[1]]).text
            for measure in self.folder.measures if self.folder else ():
                if measure.key == found[1]:
                    return formats.measure(measure.value, measure.unit, lang=self.lang)
            return found[0]

        return BRACES.sub(value, text)

    def label(self, raw: Any) -> Worded:
        """A label: an own word of the exhibit, or data."""
        if isinstance(raw, Mapping) and "word" in raw:
            return self.word("labels", str(raw["word"]), raw.get("values") or {})
        return Worded("" if raw is None else str(raw))

    def value(self, raw: Any) -> Worded:
        """A value as the reader writes it."""
        if raw is None:
            return Worded("–")
        if isinstance(raw, bool):
            return Worded(_("yes") if raw else _("no"))
        if isinstance(raw, (int, float)):
            return Worded(self._figure(raw, "", None))
        if isinstance(raw, Mapping) and "unit" in raw:
            if raw.get("value") is None:
                return Worded("–")
            return Worded(self._figure(raw["value"], str(raw["unit"]), raw.get("digits")))
        return self.label(raw)

    def _figure(self, value: Any, unit: str, digits: Any) -> str:
        try:
            return formats.measure(value, unit, digits=digits, lang=self.lang)
        except BADLY_MADE:  # more digits than a decimal holds, or no number at all
            return f"{value} {unit}".strip()

    def refusal(self, key: str, values: Mapping[str, Any]) -> Worded:
        """Why the exhibit could not use the input."""
        if key in REFUSALS and not self.has("refusals", key):
            said = {name: self.value(value).text for name, value in values.items()}
            return Worded(str(REFUSALS[key]) % {"most": "", "least": "", **said})
        return self.word("refusals", key, values)

    def parts(self, answer: Mapping[str, Any],
              given: Mapping[str, Any] | None = None) -> list[View]:
        """The parts of an answer. `given`: the inputs, for frames on the visitor's own picture.
        A part that a stranger's exhibit made wrongly is left out, the others are shown."""
        views = []
        for part in told_parts(answer):
            try:
                views.append(getattr(self, f"_{part['kind']}")(part, given or {}))
            except BADLY_MADE:
                continue
        return [view for view in views if view is not None]

    def _say(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        said = self.word("says", part["key"], part.get("values") or {})
        level = part.get("level", "info")
        return View("say", text=said.text, lang=said.lang, level=level)

    def _facts(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        return View("facts", lines=[(self.label(label), self.value(value))
                                    for label, value in part["lines"]])

    def _bars(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        share = part.get("unit") == "share"
        rows = [(self.label(label).text, round(value * 100 if share else value, 1 if share else 2))
                for label, value in part["rows"] if value is not None]
        return View("chart", chart=charts.bars(
            rows, title=self.label(part["title"]).text, unit="%" if share else part["unit"],
            top=100 if share else None))

    def _rows(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        return View("rows", title=self.label(part.get("title")),
                    columns=[self.label(column) for column in part["columns"]],
                    lines=[[self.value(cell) for cell in row] for row in part["rows"][:500]])

    def _marks(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        text, at = str(part["text"]), 0
        pieces: list[tuple[str, Worded | None, str]] = []
        for span in sorted(part["spans"], key=lambda span: (span["start"], -span["end"])):
            start, end = int(span["start"]), int(span["end"])
            if start < at or end <= start or end > len(text):
                continue
            if start > at:
                pieces.append((text[at:start], None, ""))
            pieces.append((text[start:end], self.label(span["label"]), span.get("level", "info")))
            at = end
        if at < len(text):
            pieces.append((text[at:], None, ""))
        return View("marks", lines=pieces, lang=part.get("lang", ""))

    def _quote(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        return View("quote", text=str(part["text"]), lang=part.get("lang", ""),
                    title=self.label(part.get("title")))

    def _picture(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View | None:
        data = part.get("data") or given.get(part.get("of") or "")
        if not isinstance(data, bytes) or not data:
            return None
        boxes = [{"x": round(100 * box["left"], 2), "y": round(100 * box["top"], 2),
                  "width": round(100 * box["width"], 2), "height": round(100 * box["height"], 2),
                  "number": number, "count": str(number), "label": self.label(box.get("label")),
                  "level": box.get("level", "info")}
                 for number, box in enumerate(part.get("boxes", ()), 1)]
        return View("picture", title=self.label(part["alt"]), source=data_uri(data), lines=boxes)

    def _chart(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View:
        return View("chart", chart=charts.lines(
            [str(x) for x in part["x"]],
            [(self.label(label).text, values) for label, values in part["series"]],
            title=self.label(part["title"]).text, unit=str(part.get("unit", ""))))

    def _sound(self, part: Mapping[str, Any], given: Mapping[str, Any]) -> View | None:
        if not isinstance(part.get("data"), bytes):
            return None
        return View("sound", title=self.label(part["title"]),
                    source="data:audio/wav;base64," + base64.b64encode(part["data"]).decode())


def told_parts(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of an answer that are parts: a stranger's worker may send anything."""
    parts = answer.get("parts")
    return [part for part in (parts if isinstance(parts, list) else ())
            if isinstance(part, Mapping) and part.get("kind") in tuple(KINDS)]


def data_uri(data: bytes) -> str:
    """A picture as an address of its own; empty for what is no picture."""
    for start, kind in PICTURE_TYPES:
        if data.startswith(start):
            return f"data:{kind};base64,{base64.b64encode(data).decode()}"
    return ""


def for_software(answer: Mapping[str, Any], speaker: Speaker) -> list[dict[str, Any]]:
    """The parts as software gets them: keys and values as the exhibit gave them, and each sentence
    also in the language asked for. Bytes become base64."""

    def told(value: Any) -> Any:
        if isinstance(value, bytes):
            return base64.b64encode(value).decode("ascii")
        if isinstance(value, Mapping):
            if "word" in value:
                return {**value, "text": speaker.label(value).text}
            return {key: told(each) for key, each in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [told(each) for each in value]
        return value

    return [{**{key: told(value) for key, value in part.items()},
             **({"text": speaker.word("says", str(part.get("key")), part.get("values")).text}
                if part["kind"] == "say" else {})}
            for part in told_parts(answer)]
