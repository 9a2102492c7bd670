"""Measures `khmer_page` on made pages: how many signs it reads right, by edit distance."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import intervals
import khmer_sheets
import numpy as np
from common import Row, costs

from saphan.engines.runner.media import picture
from saphan.exhibits import reading
from saphan.exhibits.khmer_page import recogniser
from saphan.exhibits.khmer_page.page import page

SET = "own: made pages, 8 of 40 own sentences each, 4 Noto fonts, 4 kinds"
SEED, EACH = 2026_11, 20


def measure(data: Path | None) -> list[Row]:
    reading.load()
    recogniser.load()
    made = khmer_sheets.sheets(SEED, EACH)
    ours, usual = [], []
    for each in made:
        pixels = picture(each.photo, longest=1_600)
        truth = "\n".join(each.lines)
        ours.append(_right(page(pixels).text, truth))
        usual.append(_right("\n".join(line.text for line in reading.lines(pixels)), truth))
    rows = [_row("signs_right", ours, usual)]
    for kind in khmer_sheets.KINDS:
        here = [at for at, each in enumerate(made) if each.kind == kind]
        rows.append(_row(kind, [ours[at] for at in here], [usual[at] for at in here]))
    return [*rows, *costs(lambda photo: page(picture(photo, longest=1_600)),
                          [each.photo for each in made[::6]])]


def _row(key: str, ours: list[float], usual: list[float]) -> Row:
    value, low, high = intervals.bootstrap(ours)
    return Row(key, value, low, high, len(ours), "share", SET,
               baseline=float(np.mean(usual)), baseline_name="rapidocr alone")


def _right(read: str, truth: str) -> float:
    """1 less the edits needed for each sign of the truth; at least 0. Spaces at breaks count as
    one; invisible breaks do not count."""
    read, truth = (" ".join(unicodedata.normalize("NFC", text).replace("\u200b", "").split())
                   for text in (read, truth))
    row = np.arange(len(truth) + 1)
    for sign in read:
        cost = row[:-1] + np.array([sign != other for other in truth])
        new = np.empty_like(row)
        new[0] = row[0] + 1
        for at in range(len(truth)):
            new[at + 1] = min(cost[at], row[at + 1] + 1, new[at] + 1)
        row = new
    return max(0.0, 1 - row[-1] / len(truth))


if __name__ == "__main__":
    for found in measure(None):
        print(found)
