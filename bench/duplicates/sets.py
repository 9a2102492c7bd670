"""The written set and the sample catalogue, as documents and as pairs with their truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from saphan.engines.matching.documents import Document
from saphan.engines.matching.reading import read_documents, to_document

HERE = Path(__file__).parent
MARKET = HERE.parents[1] / "src/saphan/centres/nanning/market"


@dataclass(frozen=True)
class Record:
    """A record of the set: its profile, and whether it is the base, a duplicate or different."""

    document: Document
    group: str
    role: str
    how: str


def load(data: Path, half: str) -> list[Record]:
    """The records of one half (`fit`, `test`) of the set in the folder `data`."""
    split = json.loads((data / "split.json").read_text("utf-8"))
    lines = (data / "records.jsonl").read_text("utf-8").splitlines()
    return [_record(plain) for plain in map(json.loads, lines) if plain["group"] in split[half]]


def _record(plain: dict[str, Any]) -> Record:
    return Record(to_document(plain), plain["group"], plain["role"], plain.get("how", ""))


def true_pairs(records: list[Record]) -> set[frozenset[str]]:
    """Pairs that are the same offer or need: the base and its duplicates, each with each."""
    groups: dict[str, list[str]] = {}
    for record in records:
        if record.role != "different":
            groups.setdefault(record.group, []).append(record.document.id)
    return {frozenset(pair) for ids in groups.values() for pair in combinations(ids, 2)}


def catalogue(folder: Path = MARKET) -> list[Document]:
    """The sample catalogue, in which every record is presumed to be there once."""
    return [document for path in sorted(folder.glob("*.jsonl")) for document in
            read_documents(path)]
