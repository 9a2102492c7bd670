"""Checks of an index file, and of what is derived from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import numpy as np

from saphan.engines.matching.documents import Document
from saphan.engines.matching.view import View


def wrong_entries(connection: sqlite3.Connection, dimension: int) -> Iterator[str]:
    """What is wrong with the entries of an index, in words."""
    for query, words in (
        ("SELECT count(*) FROM contents WHERE number NOT IN (SELECT number FROM entries)",
         "rows of contents belong to no entry"),
        ("SELECT count(*) FROM entries WHERE number NOT IN (SELECT number FROM contents)",
         "entries have no contents"),
    ):  # fmt: skip
        (lost,) = connection.execute(query).fetchone()
        if lost:
            yield f"{lost} {words}"
    counted: dict[str, int] = {}
    for name, body, concepts, size, postings in connection.execute(
        "SELECT e.id, c.body, c.concepts, length(c.vector), length(c.postings)"
        " FROM entries e JOIN contents c USING (number)"
    ):
        if size != 2 * dimension:
            yield f"{name}: the vector has {size} bytes"
        if postings % 8:
            yield f"{name}: the postings have {postings} bytes"
        try:
            Document.from_json(json.loads(body))
            for concept in json.loads(concepts):
                counted[concept] = counted.get(concept, 0) + 1
        except (ValueError, TypeError, KeyError) as error:
            yield f"{name}: the document cannot be read ({error})"
    if counted != dict(connection.execute("SELECT * FROM concepts")):
        yield "the numbers of documents by concept do not agree with the documents"


def of_the_same_entries(connection: sqlite3.Connection, view: View) -> bool:
    """Whether what is derived is of exactly the entries that are there."""
    rows = connection.execute("SELECT number FROM entries ORDER BY number")
    numbers = np.fromiter((row[0] for row in rows), np.int64)
    held = view.numbers if view.in_use.mask is None else view.numbers[view.in_use.mask]
    return np.array_equal(numbers, held)
