"""Measures `container_door` on made photographs: a seed and fonts that no trial had seen."""

from __future__ import annotations

import re
from pathlib import Path

import doors
import intervals
from common import Row, costs

from saphan.engines.runner.media import picture
from saphan.exhibits import reading
from saphan.exhibits.container_door.find import LONGEST, door

SET = "own: made door photos, 6 kinds, held-out seed and fonts"
SEED, EACH = 634_620_26, 50
FORM = re.compile(r"[A-Z]{3}[UJZ]\d{7}")


def measure(data: Path | None) -> list[Row]:
    reading.load()
    made = doors.doors(SEED, EACH, doors.HELD_FONTS)
    right: dict[str, list[bool]] = {kind: [] for kind in doors.KINDS}
    plain: dict[str, list[bool]] = {kind: [] for kind in doors.KINDS}
    false = 0
    for each in made:
        found = door(picture(each.photo, longest=LONGEST))
        number = found.guess.chosen if found.guess else ""
        right[each.kind].append(number == each.number)
        plain[each.kind].append(_usual(each.photo) == each.number)
        false += found.right and number != each.number
    rows = [_row("read_right", _all(right), _all(plain))]
    share, low, high = intervals.wilson(false, len(made))
    rows.append(Row("false_right", share, low, high, len(made), "share", SET))
    rows += [_row(kind, right[kind], plain[kind]) for kind in doors.KINDS]
    return [*rows, *costs(lambda photo: door(picture(photo, longest=LONGEST)),
                          [each.photo for each in made[::15]])]


def _all(kinds: dict[str, list[bool]]) -> list[bool]:
    return [each for kind in kinds.values() for each in kind]


def _row(key: str, right: list[bool], plain: list[bool]) -> Row:
    share, low, high = intervals.wilson(sum(right), len(right))
    return Row(key, share, low, high, len(right), "share", SET,
               baseline=sum(plain) / len(plain), baseline_name="rapidocr's text as it comes")


def _usual(photo: bytes) -> str:
    """The first number in the text of all lines in the reader's own order, nothing repaired."""
    text = "".join(re.sub("[^A-Z0-9]", "", line.text.upper())
                   for line in reading.lines(picture(photo, longest=LONGEST)))
    found = FORM.search(text)
    return found[0] if found else ""
