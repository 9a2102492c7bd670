"""The article among the menus, measured: ours, trafilatura alone and GNE alone.

    python bench/newsroom/extraction.py --data DIR [--set scrapinghub …]

`DIR` holds clones of the public sets (see `extraction_sets.py`); a set that is not there is left
out and said so. The measure is that of the scrapinghub benchmark: shingles of four tokens, F1 of
the mean precision and the mean recall over pages; in scripts without spaces a token is a character.
GNE and trafilatura get the bytes of the page, as they are called in their own documentation; the
rows "right encoding" get the text as ours decodes it, which tells the two gains apart.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import extraction_sets as sets

from saphan.engines.extraction import Extracted, ExtractionProblem, read
from saphan.engines.extraction.encoding import decode

TODAY = date(2026, 11, 30)
SETS: dict[str, Callable[[Path], list[sets.Page]]] = {
    "scrapinghub": lambda data: list(sets.scrapinghub(data)),
    "wcxb test": lambda data: list(sets.wcxb(data, "test")),
    "wcxb dev": lambda data: list(sets.wcxb(data, "dev")),
    "cwce": lambda data: list(sets.cwce(data)),
}


def ours(page: sets.Page) -> Extracted | None:
    try:
        return read(page.body, url=page.url, today=TODAY)
    except ExtractionProblem:
        return None


def trafilatura(page: sets.Page, text: str = "") -> str:
    from trafilatura import extract

    return extract(text or page.body, include_comments=False) or ""


def gne(page: sets.Page, text: str = "") -> str:
    from gne import GeneralNewsExtractor
    from trafilatura.utils import decode_file

    try:
        found = GeneralNewsExtractor().extract(text or decode_file(page.body))
    except Exception:
        return ""
    return str(found["content"])


def row(name: str, pages: list[sets.Page], texts: list[str], seconds: float | None) -> None:
    f1, precision, recall = sets.mean(
        [sets.score(page.text, text) for page, text in zip(pages, texts, strict=True)]
    )
    speed = f"{len(pages) / seconds:.0f}" if seconds else ""
    print(f"| {name} | {f1:.3f} | {precision:.3f} | {recall:.3f} | {speed} |", flush=True)


def measured(name: str, pages: list[sets.Page]) -> None:
    print(f"\n{name}: {len(pages)} pages\n\n| | F1 | precision | recall | pages per CPU-second |")
    print("| --- | --- | --- | --- | --- |")
    began = time.process_time()
    found = [ours(page) for page in pages]
    spent = time.process_time() - began
    row("ours", pages, [one.text if one else "" for one in found], spent)
    for label, peer in (("trafilatura", trafilatura), ("GNE", gne)):
        began = time.process_time()
        texts = [peer(page) for page in pages]
        row(f"{label} alone", pages, texts, time.process_time() - began)
    if any(decode(page.body).encoding != "utf-8" for page in pages):
        for label, peer in (("trafilatura", trafilatura), ("GNE", gne)):
            texts = [peer(page, decode(page.body).text) for page in pages]
            row(f"{label}, right encoding", pages, texts, None)
    fields(pages, found)


def fields(pages: list[sets.Page], found: list[Extracted | None]) -> None:
    """Titles and days where the set has them."""
    titles = [(page.title, one.title) for page, one in zip(pages, found, strict=True)
              if page.title and one]  # fmt: skip
    if titles:
        same = sum(_bare(want) == _bare(have) for want, have in titles)
        print(f"\ntitle: {same} of {len(titles)} are the same, letter for letter")
    days = [(_day(page.published), one.published) for page, one in zip(pages, found, strict=True)
            if one and _day(page.published)]  # fmt: skip
    if days:
        right = sum(want == have for want, have in days)
        none = sum(have is None for _, have in days)
        print(f"\nday: {right} of {len(days)} right, {len(days) - right - none} wrong, {none} none")


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


def _day(text: str) -> date | None:
    parts = text.split("T")[0].strip().split("-")
    try:
        return date(*(int(part.split()[0]) for part in parts)) if len(parts) == 3 else None
    except (ValueError, IndexError):
        return None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--set", action="append", choices=list(SETS))
    chosen = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    for name in chosen.set or SETS:
        try:
            pages = SETS[name](chosen.data)
        except OSError as error:
            print(f"\n{name}: not there ({error})")
            continue
        measured(name, [page for page in pages if page.text.strip()])


if __name__ == "__main__":
    main()
