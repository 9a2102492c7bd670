"""Reading from the served index: filters, nearest vectors, words, concepts."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from psycopg import sql

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.bm25 import K1, MOST_TOKENS, B
from saphan.engines.matching.documents import Filters
from saphan.engines.matching.postgres_rows import halfvec_text, token_hash, tokens_of
from saphan.engines.matching.postgres_schema import Tables
from saphan.engines.matching.postgres_session import Connection

Key = TypeVar("Key", int, str)

EXACT_BELOW: Final = 20_000
"""So many documents are compared one by one: as fast as the graph, and exact."""
LEAST_EF, MOST_EF = 200, 1000
"""Candidates that a walk through the graph keeps: the more, the better the recall."""
CANDIDATES: Final = 2_000
"""Documents looked at for words or concepts when only the best are asked for: those that hold the
rarest. Of a word that stands in more documents than that, so many of them."""


def conditions(filters: Filters | None) -> tuple[sql.Composed, list[Any]]:
    """Filters as conditions that follow a first one, and their values."""
    parts: list[sql.Composable] = []
    values: list[Any] = []
    if filters is None:
        return sql.Composed([]), []
    for column, wanted in (
        ("room", filters.rooms),
        ("kind", filters.kinds),
        ("sector", filters.sectors),
        ("economy", filters.economies),
        ("lang", filters.langs),
        ("audience", filters.audiences),
    ):
        if wanted:
            parts.append(sql.SQL(" AND {} = ANY(%s::text[])").format(sql.Identifier(column)))
            values.append(list(wanted))
    if filters.exclude:
        parts.append(sql.SQL(" AND id <> ALL(%s::text[])"))
        values.append(list(filters.exclude))
    if filters.valid_on:
        parts.append(sql.SQL(" AND (valid_until IS NULL OR valid_until >= %s)"))
        values.append(filters.valid_on)
    return sql.Composed(parts), values


def estimate(connection: Connection, tables: Tables, filters: Filters | None) -> int:
    """How many documents pass, by the planner's statistics."""
    where, values = conditions(filters)
    plan = connection.execute(
        tables.sql("EXPLAIN (FORMAT JSON) SELECT 1 FROM {s}.entries WHERE true{w}", w=where), values
    ).fetchone()
    assert plan is not None
    return int(plan[0][0]["Plan"]["Plan Rows"])


def nearest(
    connection: Connection,
    tables: Tables,
    vector: Vectors,
    filters: Filters | None,
    k: int | None,
    *,
    exact: bool,
) -> list[tuple[str, float]]:
    """Ids and inner products, best first. Through the graph it may find fewer than `k`."""
    where, values = conditions(filters)
    query = tables.sql(
        "SELECT id, (vector {op} %s::{halfvec}){order} AS distance FROM {s}.entries"
        " WHERE vector IS NOT NULL{w} ORDER BY distance LIMIT %s",
        w=where,
        # "+ 0" is not the graph's order: rows that pass are found first, then sorted.
        order=sql.SQL(" + 0" if exact else ""),
        op=sql.SQL("OPERATOR({}.<#>)").format(sql.Identifier(tables.extension)),
        halfvec=sql.Identifier(tables.extension, "halfvec"),
    )
    bound = [halfvec_text(vector), *values, k]
    if exact or k is None:
        rows = connection.execute(query, bound).fetchall()
    else:
        walk = {
            "hnsw.ef_search": str(min(MOST_EF, max(LEAST_EF, k))),
            "hnsw.iterative_scan": "relaxed_order",
        }
        rows = _with(connection, walk, query, bound)
    return sorted(((row[0], -float(row[1])) for row in rows), key=lambda pair: -pair[1])


def _with(
    connection: Connection, settings: Mapping[str, str], query: sql.Composed, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Rows of a query under these settings of the server, in one exchange with it."""
    with connection.pipeline(), connection.transaction():
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        return connection.execute(query, values, binary=True).fetchall()


_BY_INDEX: Final = {"enable_seqscan": "off"}
"""The planner does not know what it costs to fetch the words of a document that lie apart from its
row, and would rather read all of them than ask the index."""

# -- words ---------------------------------------------------------------------------------


def lexical(
    connection: Connection,
    tables: Tables,
    tokens: Sequence[str],
    family: str,
    filters: Filters | None,
    k: int | None,
) -> dict[str, float]:
    """Document id to BM25 score as a share of the best possible, 0..1."""
    wanted = {token_hash(family, token) for token in tokens}
    counted = connection.execute(
        tables.sql("SELECT documents, tokens FROM {s}.family_counts WHERE family = %s"), (family,)
    ).fetchone()
    if not wanted or counted is None or not counted[0]:
        return {}
    counts: dict[int, int] = dict(
        connection.execute(
            tables.sql(
                "SELECT token, documents FROM {s}.token_counts"
                " WHERE token = ANY(%s) AND documents > 0"
            ),
            (list(wanted),),
        ).fetchall()
    )
    total = counted[0]
    weights = {token: _idf(count, total) for token, count in counts.items()}
    # A token that no document holds says little about how well the others fit.
    best = sum(weights.values()) + 0.25 * (len(wanted) - len(weights)) * _idf(0, total)
    rarest = sorted(weights, key=lambda token: (-weights[token], token))[:MOST_TOKENS]
    if not rarest:
        return {}
    looked_up, limit = _affordable(rarest, counts, k)
    where, values = conditions(filters)
    query = tables.sql(
        "SELECT id, array_send(tokens), times, lengths[array_position(families, %s)]"
        " FROM {s}.entries WHERE tokens && %s::bigint[]{w} LIMIT %s",
        w=where,
    )
    rows = _with(connection, _BY_INDEX, query, (family, looked_up, *values, limit))
    if not rows:
        return {}
    scores = _bm25(rows, {token: weights[token] for token in rarest}, counted[1] / total) / best
    found = {row[0]: min(1.0, score) for row, score in zip(rows, scores.tolist(), strict=True)}
    return found if k is None else _best(found, found, k)


def _bm25(
    rows: Sequence[tuple[Any, ...]], weights: Mapping[int, float], mean: float
) -> npt.NDArray[np.float64]:
    """Scores of rows (id, tokens, times, length)."""
    tokens = tokens_of([row[1] for row in rows])
    times = np.frombuffer(b"".join(row[2] for row in rows), "<u2").astype(np.float64)
    row_of = np.repeat(np.arange(len(rows)), [len(row[2]) // 2 for row in rows])
    lengths = np.array([row[3] or 0 for row in rows], np.float64)
    known = np.array(sorted(weights), np.int64)
    weight = np.array([weights[token] for token in known.tolist()])
    place = np.minimum(np.searchsorted(known, tokens), len(known) - 1)
    hit = np.flatnonzero(known[place] == tokens)
    norm = K1 * (1 - B + B * lengths / mean)
    parts = weight[place[hit]] * times[hit] / (times[hit] + norm[row_of[hit]])
    scores: npt.NDArray[np.float64] = np.bincount(row_of[hit], parts, len(rows)).astype(np.float64)
    return scores


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


# -- concepts ------------------------------------------------------------------------------


def by_concept(
    connection: Connection,
    tables: Tables,
    weights: Mapping[str, float],
    filters: Filters | None,
    k: int | None,
) -> dict[str, dict[str, float]]:
    """Document id to the strengths of those of the concepts that it names."""
    counts: dict[str, int] = dict(
        connection.execute(
            tables.sql(
                "SELECT concept, documents FROM {s}.concept_counts"
                " WHERE concept = ANY(%s) AND documents > 0"
            ),
            (list(weights),),
        ).fetchall()
    )
    if not counts:
        return {}
    rarest = sorted(counts, key=lambda concept: (counts[concept], concept))
    looked_up, limit = _affordable(rarest, counts, k)
    where, values = conditions(filters)
    query = tables.sql(
        "SELECT id, concepts, strengths FROM {s}.entries WHERE concepts && %s::text[]{w} LIMIT %s",
        w=where,
    )
    rows = _with(connection, _BY_INDEX, query, (looked_up, *values, limit))
    found: dict[str, dict[str, float]] = {}
    for name, concepts, strengths in rows:
        found[name] = {
            concept: strength
            for concept, strength in zip(concepts, strengths, strict=True)
            if concept in weights
        }
    if k is None:
        return found
    sums = {
        name: sum(weights[concept] * strength for concept, strength in named.items())
        for name, named in found.items()
    }
    return _best(found, sums, k)


def _affordable(
    rarest: Sequence[Key], counts: Mapping[Key, int], k: int | None
) -> tuple[list[Key], int | None]:
    """The rarest whose documents are few enough together, and how many of them to look at."""
    if k is None:
        return list(rarest), None
    most = max(CANDIDATES, 2 * k)
    taken: list[Key] = []
    documents = 0
    for key in rarest:
        documents += counts[key]
        if taken and documents > most:
            break
        taken.append(key)
    return taken, most


def _best(found: Mapping[str, Any], scores: Mapping[str, float], k: int) -> dict[str, Any]:
    """The `k` with the greatest scores, best first."""
    kept = heapq.nsmallest(max(k, 0), found, key=lambda name: (-scores[name], name))
    return {name: found[name] for name in kept}
