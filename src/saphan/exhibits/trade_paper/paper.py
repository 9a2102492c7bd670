"""The fields of a trade paper, found by the words that name them and by where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from . import layout, values
from .layout import Cell
from .words import COLUMN_WORDS, LABEL_WORDS, PAPER_WORDS, plain

TOLERANCE = 0.006
"""Amounts that differ by less than this agree: cents are rounded."""


@dataclass(frozen=True)
class Found:
    """A field's value as data, and the cell that it stands in."""

    value: str
    cell: Cell


@dataclass(frozen=True)
class Item:
    """A line of the table of goods; what could not be read is None or ""."""

    goods: str = ""
    hs: str = ""
    quantity: float | None = None
    price: float | None = None
    amount: float | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether quantity times price is the amount; None where one is missing."""
        if self.quantity is None or self.price is None or self.amount is None:
            return None
        return abs(self.quantity * self.price - self.amount) <= TOLERANCE + 1e-9


@dataclass(frozen=True)
class Paper:
    """What was found on a paper. `kind`: invoice, packing, certificate or "". `fields` by name;
    `total` in `currency`; `buddhist`: whether the year was written in the Buddhist era."""

    kind: str
    fields: dict[str, Found]
    items: tuple[Item, ...]
    currency: str = ""
    total: float | None = None
    buddhist: bool = False
    hs: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = field(default=(), repr=False)

    @property
    def sum(self) -> float | None:
        """Sum of the lines' amounts; None where one is missing or there are no lines."""
        amounts = [item.amount for item in self.items]
        return sum(each for each in amounts if each is not None) \
            if amounts and None not in amounts else None

    @property
    def adds_up(self) -> bool | None:
        """Whether the lines' amounts make the total; None where that cannot be said."""
        if self.sum is None or self.total is None:
            return None
        return abs(self.sum - self.total) <= TOLERANCE


def paper(cells: Sequence[Cell]) -> Paper:
    """Find the fields. `cells` in reading order."""
    all_text = "\n".join(cell.text for cell in cells)
    head = _header(cells)
    fields: dict[str, Found] = {}
    for cell in cells:
        if head and cell.row == head[0]:
            continue
        if named := label(cell.text):
            key, rest = named
            found = _value(key, rest, cell, cells)
            if found and (key not in fields or key == "total"):
                fields[key] = found
    items = _items(cells, head) if head else []
    when = values.day(fields["date"].value) if "date" in fields else None
    if when:
        fields["date"] = Found(when[0].isoformat(), fields["date"].cell)
    total = values.amount(fields["total"].value) if "total" in fields else None
    hs = [item.hs for item in items if item.hs] or _codes(cells)
    return Paper(_kind(cells), fields, tuple(items),
                 values.currency(fields["total"].value if "total" in fields else "")
                 or values.currency(all_text), total, bool(when and when[1]),
                 tuple(dict.fromkeys(hs)), tuple(dict.fromkeys(values.containers(all_text))),
                 tuple(cells))


def label(text: str) -> tuple[str, str] | None:
    """(field, rest of the text) if a text starts with the name of a field."""
    before, colon, after = re.sub("：", ":", text).partition(":")
    start = plain(before)
    for word, key in LABEL_WORDS:
        if colon and (start == word or (start.startswith(word) and len(start) < len(word) + 8)):
            return key, after.strip()
        if not colon and start.startswith(word):
            return key, _after(before, word)
    return None


def _after(text: str, word: str) -> str:
    """What follows a label without a colon; an ordinary word that only starts so has no rest."""
    for end in range(1, len(text) + 1):
        if plain(text[:end]) == word:
            return text[end:].strip(" .#-")
    return ""


def _value(key: str, rest: str, cell: Cell, cells: Sequence[Cell]) -> Found | None:
    places = [(rest, cell)] if rest else []
    places += [(near.text, near) for near in (layout.right_of(cell, cells),
                                              layout.below(cell, cells))
               if near is not None and not label(near.text)]
    for text, where in places:
        if (value := _fitting(key, text)):
            return Found(value, where)
    return None


def _fitting(key: str, text: str) -> str:
    """The text if it can be a value of this field, else ""."""
    if key == "number":
        found = re.search(r"[A-Z0-9][A-Z0-9/.-]{3,}", text.upper())
        return found[0].strip(".-") if found and re.search(r"\d", found[0]) else ""
    if key == "date":
        return text if values.day(text) else ""
    if key == "incoterm":
        return values.incoterm(text.upper()) and values.incoterm(text)
    if key == "container":
        found_numbers = values.containers(text)
        return found_numbers[0] if found_numbers else ""
    if key in ("gross", "net", "total"):
        return text if values.amount(text) is not None else ""
    return text if len(text) > 1 else ""


def _kind(cells: Sequence[Cell]) -> str:
    tall = sorted(cells, key=lambda cell: -cell.high)[:6]
    for text in [plain(cell.text) for cell in (*tall, *cells[:8])]:
        for word, key in PAPER_WORDS:
            if word in text:
                return key
    return ""


def _header(cells: Sequence[Cell]) -> tuple[int, dict[str, Cell]] | None:
    """(row, cells by column) of the row that names most columns, at least three."""
    best: tuple[int, dict[str, Cell]] | None = None
    for row in sorted({cell.row for cell in cells}):
        named: dict[str, Cell] = {}
        for cell in (part for each in cells if each.row == row for part in _names(each)):
            if (key := _column(cell.text)) and key not in named:
                named[key] = cell
        if len(named) >= 3 and (best is None or len(named) > len(best[1])):
            best = (row, named)
    return best


def _names(cell: Cell) -> list[Cell]:
    """A heading, divided where it holds the names of two columns that stand close together."""
    words = cell.text.split()
    for at in range(1, len(words)):
        first, second = " ".join(words[:at]), " ".join(words[at:])
        known = [word for word, _ in COLUMN_WORDS]
        if plain(first) in known and plain(second) in known and plain(cell.text) not in known:
            edge = cell.left + (cell.right - cell.left) * len(first) / len(cell.text)
            return [replace(cell, text=first, right=edge), replace(cell, text=second, left=edge)]
    return [cell]


def _column(text: str) -> str:
    short = plain(text)
    return next((key for word, key in COLUMN_WORDS
                 if short == word or (len(word) > 3 and short.startswith(word))), "")


def _items(cells: Sequence[Cell], head: tuple[int, dict[str, Cell]]) -> list[Item]:
    made = []
    for row in sorted({cell.row for cell in cells if cell.row > head[0]}):
        inside = [cell for cell in cells if cell.row == row]
        if any((named := label(cell.text)) and named[0] in ("total", "gross", "net")
               for cell in inside):
            break
        texts = dict.fromkeys(head[1], "")
        for cell in inside:
            key = min(head[1], key=lambda name: _distance(cell, head[1][name]))
            texts[key] = f"{texts[key]} {cell.text}".strip()
        item = Item(texts.get("goods", ""), _hs(texts.get("hs", "")),
                    *(values.amount(texts.get(key, "")) for key in ("quantity", "price",
                                                                    "amount")))
        if item.hs or item.amount is not None or item.quantity is not None:
            made.append(item)
    return made


def _distance(cell: Cell, head: Cell) -> float:
    """How far apart two cells are sideways: the nearest of left, middle and right edges."""
    return min(abs(cell.left - head.left), abs(cell.right - head.right),
               abs(cell.left + cell.right - head.left - head.right) / 2)


def _hs(text: str) -> str:
    found = values.HS.search(text)
    return re.sub(r"[. ]", "", found[1]) if found else ""


def _codes(cells: Sequence[Cell]) -> list[str]:
    """HS codes outside a table: only where the cell says so, or writes the points."""
    return [_hs(cell.text) for cell in cells
            if _hs(cell.text) and ("hs" in plain(cell.text)[:6]
                                   or re.fullmatch(r"\W*\d{4}\.\d\d[\d.]*\W*", cell.text))]
