"""Find the fields of an invoice, a packing list or a certificate of origin."""

from __future__ import annotations

from saphan.engines.runner import media
from saphan.engines.runner.contract import Image, Refusal, Result, exhibit
from saphan.engines.runner.parts import Box, Part, Picture, Rows, Say, Unit, Value, Word
from saphan.exhibits import reading

from . import layout
from .paper import Found, Paper, paper

reading.load()
SHOWN = ("number", "date", "seller", "buyer", "total", "incoterm", "container", "gross", "net",
         "origin")
DOUBTFUL = 0.85
MOST_BOXES = 60


@exhibit
def trade_paper(photo: Image) -> Result:
    """Read a trade paper: a table of its fields, and whether its sums are right."""
    pixels = media.picture(photo, longest=1_600)
    found = paper(layout.cells(reading.lines(pixels)))
    if not found.cells:
        raise Refusal("no_print")
    fields = [key for key in SHOWN if key in found.fields]
    if len(fields) < 2:
        return Result(Say("no_paper", "wrong"), _picture(found, pixels), _print(found))
    parts: list[Part] = [Say("found", "good", count=len(fields)), *_verdicts(found),
                         _picture(found, pixels), _fields(found, fields)]
    if found.items:
        parts.append(_goods(found))
    return Result(*parts, _print(found))


def _verdicts(found: Paper) -> list[Say]:
    said = []
    wrong = [at for at, item in enumerate(found.items, 1) if item.agrees is False]
    if found.adds_up is True:
        said.append(Say("adds_up", "good", total=found.total))
    elif found.adds_up is False:
        said.append(Say("does_not_add_up", "wrong", sum=found.sum, total=found.total))
    elif found.total is not None:
        said.append(Say("not_checked", "warn"))
    said += [Say("line_wrong", "wrong", line=at) for at in wrong[:3]]
    if found.buddhist:
        said.append(Say("buddhist"))
    return said


def _fields(found: Paper, fields: list[str]) -> Rows:
    rows: list[list[Value]] = [[Word(f"paper_{found.kind or 'other'}"), "", None]]
    for key in fields:
        each = found.fields[key]
        rows.append([Word(key), each.value, Unit(each.cell.sure, "share", 0)])
    if found.currency:
        rows.append([Word("currency"), found.currency, None])
    if found.hs:
        rows.append([Word("hs"), ", ".join(found.hs), None])
    rows += [[Word(key), Word("not_found"), None] for key in SHOWN[:4] if key not in found.fields]
    return Rows([Word("field"), Word("value"), Word("sure")], rows, Word("fields"))


def _goods(found: Paper) -> Rows:
    rows: list[list[Value]] = [[item.goods, item.hs, item.quantity, item.price, item.amount]
                               for item in found.items]
    return Rows([Word(key) for key in ("goods", "hs", "quantity", "price", "amount")], rows,
                Word("lines"))


def _print(found: Paper) -> Rows:
    """All print in reading order, one row of the paper a line."""
    texts: dict[int, list[str]] = {}
    for cell in found.cells[:120]:
        texts.setdefault(cell.row, []).append(cell.text)
    return Rows([Word("text")], [["  ".join(row)] for row in texts.values()], Word("all_print"))


def _picture(found: Paper, pixels: media.Pixels) -> Picture:
    named: dict[int, tuple[str, Found]] = {id(each.cell): (key, each)
                                           for key, each in found.fields.items()}
    boxes = []
    high, wide = pixels.shape[:2]
    for cell in found.cells[:MOST_BOXES]:
        left, top = (max(0.0, float(each)) for each in cell.corners.min(0))
        right, bottom = (float(each) for each in cell.corners.max(0))
        key = named.get(id(cell), ("", None))[0]
        level = "warn" if cell.sure < DOUBTFUL else "good" if key else "info"
        boxes.append(Box(left / wide, top / high, (min(right, wide) - left) / wide,
                         (min(bottom, high) - top) / high, Word(key) if key else "", level))
    return Picture(Word("your_photo"), of="photo", boxes=boxes)
