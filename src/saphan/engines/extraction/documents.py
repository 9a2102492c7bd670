"""Files that people bring: saved pages, PDF, DOCX, plain text. The bytes say which it is."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Final

from saphan.engines.extraction import article, docx, heads, pdf
from saphan.engines.extraction.dates import days
from saphan.engines.extraction.encoding import decode
from saphan.engines.extraction.model import (
    FUTURE_DATE,
    HEAVY_PAGE,
    NO_DATE,
    Extracted,
    ExtractionProblem,
    How,
)
from saphan.engines.extraction.page import MOST_BYTES, MOST_CHARACTERS
from saphan.engines.language.normalise import clean

_MOST_FILE: Final = 60_000_000
_SAVED: Final = re.compile(
    rb"^(?:from|mime-version|snapshot-content-location|subject|date)\s*:", re.I
)
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LINE: Final = 100
_HEAD: Final = 12


def read(body: bytes, name: str = "", url: str = "", recipe: str = "",
         content_type: str = "", today: date | None = None) -> Extracted:  # fmt: skip
    """The text of a file. `name` helps only where the bytes do not tell."""
    if not body.strip():
        raise ExtractionProblem("empty")
    if len(body) > _MOST_FILE:
        raise ExtractionProblem("too_large", f"{len(body)} bytes")
    head = body[:1024].lstrip()
    lower = name.lower()
    if head.startswith(b"%PDF-") or (b"%PDF-" in head and lower.endswith(".pdf")):
        return _document(pdf.read(body), "pdf", name, today)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _document(docx.read(body), "docx", name, today)
    if lower.endswith((".mht", ".mhtml")) or (
        _SAVED.match(head) and b"multipart/related" in body[:4096]
    ):
        body, content_type, saved = _saved(body)
        found = article.page(body, content_type, url or saved, recipe, today)
        return replace(found, address=saved or found.address)
    if article.looks_like_a_page(body):
        return article.page(body, content_type, url, recipe, today)
    if lower.endswith((".pdf", ".docx")):
        raise ExtractionProblem("broken", "the name says PDF or DOCX, the bytes do not")
    return plain(body, content_type, today)


def plain(body: bytes, content_type: str = "", today: date | None = None) -> Extracted:
    """Text without markup: a pasted article, a .txt file."""
    if len(body) > MOST_BYTES:
        raise ExtractionProblem("too_large", f"{len(body)} bytes")
    sample = body[:4096]
    if len(_BINARY.findall(sample)) > len(sample) // 100 and not sample.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        raise ExtractionProblem("unsupported", "neither text nor a document that we read")
    decoded = decode(body, content_type)
    text = article.tidy(_unwrapped(decoded.text[:MOST_CHARACTERS]))
    if not text:
        raise ExtractionProblem("empty")
    first = text.split("\n", 1)[0].strip()
    title = first if len(first) <= 200 else first[:120].rsplit(" ", 1)[0] + "…"
    rest = text[len(first) :].strip()
    day, warnings = _day(text, None, today)
    return Extracted(
        title=title,
        text=rest if rest and len(first) <= _LINE and not re.search(r"[.。!?]$", first) else text,
        lang=heads.language(None, text),
        published=day,
        byline="",
        how="plain",
        encoding=decoded.encoding,
        words=article.count_words(text),
        warnings=decoded.warnings + warnings,
    )


def _unwrapped(text: str) -> str:
    """One paragraph between blank lines; where there are none, one for every line. Lines that
    somebody broke at about the same width are joined again."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = [part.strip() for part in re.split(r"\n[^\S\n]*\n", text) if part.strip()]
    lines = [line for line in text.split("\n") if line.strip()]
    if len(parts) * 3 < len(lines) and max((len(line) for line in lines), default=0) > 2 * _LINE:
        parts = lines
    elif len(parts) == 1 and lines:
        wrapped = sum(40 < len(line) < _LINE for line in lines[:-1]) > 0.8 * (len(lines) - 1)
        parts = parts if wrapped and len(lines) > 3 else lines
    joined = []
    for part in parts:
        whole = ""
        for line in part.split("\n"):
            whole = pdf.join(whole, line.strip())
        joined.append(whole)
    return "\n\n".join(joined)


def _document(found: pdf.Read, how: How, name: str, today: date | None) -> Extracted:
    text = article.tidy(found.text)
    if not text:
        raise ExtractionProblem("no_text")
    day, warnings = _day(text, found.day, today)
    first = text.split("\n", 1)[0]
    said = clean(found.title).strip()
    # Programs write the name of the file, or of themselves, where the title belongs.
    useless = not said or re.search(
        r"\.(docx?|pdf|indd|pptx?)$|^microsoft word|^untitled", said, re.I
    )
    title = (first if useless else said)[:500]
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return Extracted(
        title=title if len(title) > 2 else stem or title,
        text=text,
        lang=heads.language(None, text),
        published=day,
        byline=clean(found.author)[:200],
        how=how,
        encoding="",
        words=article.count_words(text),
        warnings=(*((HEAVY_PAGE,) if found.cut else ()), *warnings),
    )


def _day(text: str, said: date | None, today: date | None) -> tuple[date | None, tuple[str, ...]]:
    """A day in the first lines, or else what the file says about itself; never in the future."""
    latest = today or datetime.now(UTC).date()
    head = "\n".join(line for line in text.split("\n\n")[:_HEAD] if len(line) < 200)
    future = False
    for day in (*days(head), said):
        if day is None or day.year < 1990:
            continue
        if day <= latest:
            return day, (FUTURE_DATE,) if future else ()
        future = True
    return None, (FUTURE_DATE, NO_DATE) if future else (NO_DATE,)


def _saved(body: bytes) -> tuple[bytes, str, str]:
    """The page within a page that a browser saved as one file (MHTML), and its address."""
    try:
        message = email.message_from_bytes(body, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        address = str(message.get("Snapshot-Content-Location", ""))
        for part in message.walk():
            if part.get_content_type() == "text/html":
                page = part.get_payload(decode=True)
                if isinstance(page, bytes) and page.strip():
                    kind = str(part.get("Content-Type", "text/html"))
                    return page, kind, address or str(part.get("Content-Location", ""))
    except (LookupError, ValueError, TypeError, AssertionError) as error:
        raise ExtractionProblem("broken", str(error)) from error
    raise ExtractionProblem("no_text", "no page in the saved file")
