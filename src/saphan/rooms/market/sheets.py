"""JSONL and CSV: rows in, rows out. What the rows mean is not known here."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from saphan.rooms.market.checking import FIELDS, WORDS, Problem, Rows


def read_jsonl(content: str) -> Rows:
    """Rows of a JSONL file, numbered by line; a line that is not an object is a `Problem`."""
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield number, Problem(number, "", _("This line is not valid JSON."))
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            yield number, Problem(number, "", _("Each line must be one JSON object."))


def read_csv(content: str) -> Rows:
    """Rows of a CSV file. A column `title:th` holds the words of one language; empty cells are
    left out; unknown columns are a problem of row 0."""
    csv.field_size_limit(1_000_000)
    header = content.partition("\n")[0]
    comma = max(",;\t", key=header.count)  # spreadsheets write what their country writes
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=comma)
    try:
        columns = [column or "" for column in reader.fieldnames or []]
        wrong = _wrong_columns(columns)
        if wrong:
            yield 0, wrong
            return
        for number, cells in enumerate(reader, 1):
            yield number, (Problem(number, "", _("This row has more cells than the header."))
                           if None in cells else _row_of_cells(cells))
    except csv.Error:
        yield reader.line_num, Problem(reader.line_num, "", _("This line is not valid CSV."))


def _wrong_columns(columns: list[str]) -> Problem | None:
    known = {*FIELDS, "organisation_kind", "organisation_url", "economy", "source_url",
             "source_title", "source_read"}
    unknown = [column for column in columns if column.partition(":")[0] not in known]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if not columns:
        return Problem(0, "", _("This file is empty."))
    if unknown:
        return Problem(0, ", ".join(unknown), _("These columns are not known: %(names)s.") % {
            "names": ", ".join(unknown)})
    if twice:
        return Problem(0, ", ".join(twice), _("These columns are there twice: %(names)s.") % {
            "names": ", ".join(twice)})
    return None


def _row_of_cells(cells: dict[str, str | None]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, cell in cells.items():
        if not (cell or "").strip():
            continue
        name, _colon, lang = column.partition(":")
        value = _GUARDED.sub(r"\1", cell or "")
        if not lang:
            row.setdefault(name, value)
        elif isinstance(row.setdefault(name, {}), dict):
            row[name][lang] = value
    return _unflatten(row)


def _unflatten(row: dict[str, Any]) -> dict[str, Any]:
    source = {part: row.pop(f"source_{part}") for part in ("url", "title", "read")
              if f"source_{part}" in row}
    if source:
        row["source"] = source
    kind, url = row.pop("organisation_kind", "company"), row.pop("organisation_url", "")
    if names := row.get("organisation"):
        row["organisation"] = {
            "name": names if isinstance(names, dict) else {row.get("lang", ""): names},
            "economy": row.get("economy", ""), "kind": kind, "url": url}
    if "discreet" in row:
        row["discreet"] = row["discreet"].strip().lower() in ("1", "true", "yes")
    row["example"] = str(row.get("example", "")).strip().lower() in ("1", "true", "yes")
    return row


READERS = {"jsonl": read_jsonl, "csv": read_csv}


def write_jsonl(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def write_csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One row a listing, words in columns `title:th`. A cell that a spreadsheet would take for a
    formula is given a leading apostrophe."""
    flat = [_flatten(row) for row in rows]
    columns = sorted({name for row in flat for name in row}, key=_column_order)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns)
    buffer.write("\ufeff")  # so that spreadsheets read UTF-8
    writer.writeheader()
    for row in flat:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _flatten(row: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    organisation = row.pop("organisation", None) or {}
    budget, source = row.pop("budget", None), row.pop("source", None)
    for lang, name in organisation.get("name", {}).items():
        flat[f"organisation:{lang}"] = name
    if organisation:
        flat |= {"organisation_kind": organisation["kind"], "organisation_url": organisation["url"]}
    if budget:
        flat |= {"budget_amount": str(budget["amount"]), "budget_currency": budget["currency"]}
    for part, value in (source or {}).items():
        flat[f"source_{part}"] = value
    for name, value in row.items():
        if name in WORDS:
            flat |= {f"{name}:{lang}": text for lang, text in value.items()}
        elif isinstance(value, list):
            flat[name] = _cell_of(value)
        else:
            flat[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return flat


def _cell_of(values: list[Any]) -> str:
    if values and isinstance(values[0], dict):
        return json.dumps(values, ensure_ascii=False)
    joined = "|".join(map(str, values))
    return joined if "|" in joined else f"{joined}|"  # one keyword may hold a comma


def _column_order(column: str) -> tuple[int, str]:
    name = column.partition(":")[0]
    return (FIELDS.index(name) if name in FIELDS else len(FIELDS), column)


_GUARDED = re.compile(r"^'('*[=+\-@\t\r])")
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")


def _harmless(value: str) -> str:
    """A spreadsheet shows text after an apostrophe instead of running it; import takes it off."""
    return "'" + value if _FORMULA.match(value) else value
