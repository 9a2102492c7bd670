"""Measures `trade_paper` on made papers: the share of fields read right, by language."""

from __future__ import annotations

from pathlib import Path

import intervals
import papers
from common import Row, costs

from saphan.engines.runner.media import picture
from saphan.exhibits import reading
from saphan.exhibits.trade_paper import layout, values
from saphan.exhibits.trade_paper.paper import Paper, label, paper

SET = "own: made papers, 8 languages, 3 kinds, held-out seed"
SEED, EACH = 91_26, 4
ASKED = ("number", "date", "seller", "buyer", "container", "gross", "hs", "incoterm", "currency",
         "total")


def measure(data: Path | None) -> list[Row]:
    reading.load()
    made = papers.papers(SEED, EACH)
    ours, usual, checked = [], [], 0
    for each in made:
        lines = reading.lines(picture(each.photo))
        asked = [key for key in ASKED if key in each.truth]
        paper_read = paper(layout.cells(lines))
        checked += each.kind == "invoice" and bool(paper_read.adds_up)
        found, plain = answers(paper_read), _in_order(lines)
        ours.append([sum(same(key, found, each.truth) for key in asked), len(asked)])
        usual.append([sum(same(key, plain, each.truth) for key in asked), len(asked)])
    rows = [_row("fields_right", ours, usual)]
    for lang in papers.WORDS:
        here = [at for at, each in enumerate(made) if each.lang == lang]
        rows.append(_row("fields_" + lang.replace("-", "_").lower(), [ours[at] for at in here],
                         [usual[at] for at in here]))
    invoices = sum(each.kind == "invoice" for each in made)
    rows.append(Row("sums_checked", *intervals.wilson(checked, invoices), invoices, "share", SET))
    return [*rows, *costs(read, [each.photo for each in made[::9]])]


def read(photo: bytes) -> Paper:
    return paper(layout.cells(reading.lines(picture(photo))))


def answers(found: Paper) -> dict[str, str]:
    """Fields as the truth writes them."""
    got = {key: each.value for key, each in found.fields.items()}
    gross = values.amount(got.get("gross", ""))
    return got | {"gross": f"{gross:.0f}" if gross is not None else "",
                  "container": found.containers[0] if found.containers else "",
                  "total": f"{found.total:.2f}" if found.total is not None else "",
                  "currency": found.currency, "hs": " ".join(sorted(found.hs))}


def same(key: str, found: dict[str, str], truth: dict[str, str]) -> bool:
    """Equal but for spaces and case."""
    return "".join(found.get(key, "").lower().split()) == "".join(truth[key].lower().split())


def _in_order(lines: list[reading.Line]) -> dict[str, str]:
    """The plain way: after a field's name the rest of the line, else the next line in the order in
    which the reader gives them; codes by their form."""
    texts, got = [line.text for line in lines], {}
    for at, text in enumerate(texts):
        if named := label(text):
            got.setdefault(named[0], named[1] or (texts[at + 1] if at + 1 < len(texts) else ""))
    whole = "\n".join(texts)
    when = values.day(got.get("date", ""))
    gross, total = (values.amount(got.get(key, "")) for key in ("gross", "total"))
    held = values.containers(whole)
    return got | {"date": when[0].isoformat() if when else "",
                  "gross": f"{gross:.0f}" if gross is not None else "",
                  "total": f"{total:.2f}" if total is not None else "",
                  "incoterm": values.incoterm(got.get("incoterm", "")),
                  "currency": values.currency(whole), "container": held[0] if held else "",
                  "hs": " ".join(sorted(code.replace(".", "") for code in
                                        values.HS.findall(whole)))}


def _row(key: str, ours: list[list[int]], usual: list[list[int]]) -> Row:
    """Share of all fields. The interval counts each paper as one case, since the fields of a paper
    succeed and fail together: wider than one over fields, and honest where all were right."""
    share, plain = (sum(row[0] for row in each) / sum(row[1] for row in each)
                    for each in (ours, usual))
    share, low, high = intervals.wilson(share * len(ours), len(ours))  # type: ignore[arg-type]
    return Row(key, share, low, high, len(ours), "share", SET, baseline=plain,
               baseline_name="next text in the reader's order")


if __name__ == "__main__":
    for found_row in measure(None):
        print(found_row)
