"""The text of a Word document, tables and all; archives that swell are refused unread."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Final

from saphan.engines.extraction.model import ExtractionProblem
from saphan.engines.extraction.pdf import Read

MOST_UNPACKED: Final = 60_000_000
"""Bytes of XML in all. The longest report we know has 9 million."""
MOST_PARTS: Final = 5_000
MOST_CHARACTERS: Final = 3_000_000


def read(body: bytes) -> Read:
    """Raises `broken`, `locked`, `too_large`, `no_text`."""
    _check(body)
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(body))
        parts: list[str] = []
        title = ""
        size = 0
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                lines = [_row(row) for row in item.rows]
            else:
                lines = [item.text.replace("\n", " ").strip()]
                style = (item.style.name or "") if item.style is not None else ""
                if not title and lines[0] and style.lower() in {"title", "heading 1"}:
                    title = lines[0]
            parts += [line for line in lines if line]
            size += sum(map(len, lines))
            if size > MOST_CHARACTERS:
                break
        said = document.core_properties
        author, named, made = said.author or "", said.title or "", said.created
    except Exception as error:  # python-docx raises whatever the XML makes it raise
        raise ExtractionProblem("broken", repr(error)[:200]) from error
    if not parts:
        raise ExtractionProblem("no_text")
    # What python-docx writes when nobody said when or by whom.
    known = author not in {"python-docx", ""}
    day = made.date() if isinstance(made, datetime) and made.year > 2013 else None
    return Read("\n\n".join(parts), title or named, author if known else "", day,
                cut=size > MOST_CHARACTERS)  # fmt: skip


def _row(row: object) -> str:
    cells: list[str] = []
    for cell in row.cells:  # type: ignore[attr-defined]
        text = " ".join(cell.text.split())
        if text and (not cells or cells[-1] != text):  # merged cells come once for each column
            cells.append(text)
    return " | ".join(cells)


def _check(body: bytes) -> None:
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise ExtractionProblem("locked", "an encrypted document, or one of Word 97")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ExtractionProblem("broken", str(error)) from error
    unpacked = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    whole = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or whole > 10 * MOST_UNPACKED:
        raise ExtractionProblem("too_large", f"{len(parts)} parts, {whole} bytes unpacked")
    if not any(part.filename == "word/document.xml" for part in parts):
        raise ExtractionProblem("unsupported", "an archive, but no Word document")
