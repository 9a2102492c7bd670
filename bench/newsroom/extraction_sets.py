"""The public sets of pages with their articles, as they lie in clones of their repositories.

| folder under --data | set | licence |
|---|---|---|
| article-extraction-benchmark | scrapinghub/article-extraction-benchmark, 181 pages | MIT |
| wcxb | Murrough-Foley/web-content-extraction-benchmark, the pages marked as articles | CC BY 4.0 |
| cwce | immortal-autumn/Chinese-Web-Content-Extraction-Dataset, 69 pages | MIT |

Nothing of them is copied into this repository.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Page:
    """A page as it was served, the article in it and what else is known."""

    name: str
    body: bytes
    text: str
    url: str = ""
    title: str = ""
    published: str = ""


def scrapinghub(data: Path) -> Iterator[Page]:
    """Mostly English news, hand-marked; the set that published scores are of."""
    root = data / "article-extraction-benchmark"
    for name, truth in json.loads((root / "ground-truth.json").read_text("utf-8")).items():
        body = gzip.decompress((root / "html" / f"{name}.html.gz").read_bytes())
        yield Page(name, body, truth["articleBody"], truth.get("url", ""))


def wcxb(data: Path, part: str = "test") -> Iterator[Page]:
    """Pages of 2025 from many small sites; those marked as articles."""
    root = data / "wcxb" / part
    for file in sorted((root / "ground-truth").glob("*.json")):
        read = json.loads(file.read_text("utf-8"))
        if read["_internal"]["page_type"]["primary"] != "article":
            continue
        truth = read["ground_truth"]
        if not truth.get("main_content"):
            continue
        body = gzip.decompress((root / "html" / f"{file.stem}.html.gz").read_bytes())
        yield Page(
            file.stem, body, truth["main_content"], read.get("url", ""),
            truth.get("title") or "", truth.get("publish_date") or "",
        )  # fmt: skip


def cwce(data: Path) -> Iterator[Page]:
    """Chinese pages of 1999 to 2022, half of them in GB2312 or GBK, copied out by hand."""
    root = data / "cwce"
    for file in sorted((root / "original").iterdir()):
        day = (root / "date" / f"{file.stem}.txt").read_text("utf-8", "replace").strip()
        text = (root / "cleaned" / f"{file.stem}.txt").read_text("utf-8", "replace")
        yield Page(file.stem, file.read_bytes(), text, published=day[:10])


_TOKEN = re.compile(r"[\u3400-\u9fff\u0e00-\u0eff]|[^\W\u3400-\u9fff\u0e00-\u0eff]+")
"""Words; characters in scripts without spaces, where a whole sentence would else be one token."""


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """Runs of four tokens, as the scrapinghub benchmark counts them."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return Counter()
    return Counter(tuple(tokens[at : at + size]) for at in range(max(1, len(tokens) - size + 1)))


def score(true: str, found: str) -> tuple[float, float]:
    """Precision and recall of one page."""
    want, have = shingles(true), shingles(found)
    shared = sum((want & have).values())
    precision = shared / have.total() if have else float(not want)
    recall = shared / want.total() if want else float(not have)
    return precision, recall


def mean(scores: list[tuple[float, float]]) -> tuple[float, float, float]:
    """F1 of the mean precision and the mean recall, as the scrapinghub benchmark has it."""
    precision = sum(one for one, _ in scores) / len(scores)
    recall = sum(two for _, two in scores) / len(scores)
    return 2 * precision * recall / (precision + recall), precision, recall
