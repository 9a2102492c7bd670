"""Letters that did not leave the house: the outbox folder, for a house without a mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings

_NAME = re.compile(r"[0-9A-Za-z._-]{1,100}\.log")
# The separator that Django's file backend writes after every letter.
_BETWEEN = b"\n" + b"-" * 79 + b"\n"
FILE_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """One letter; `key` names it: the file, and its place in it."""

    key: str
    subject: str
    to: str
    sent: datetime | None
    body: str


def folder() -> Path | None:
    """Where letters lie, or None if they leave the house."""
    found = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(found) if found and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") \
        else None


def files() -> list[str]:
    """Names of the files with letters, newest first (they begin with their time)."""
    found = folder()
    if found is None or not found.is_dir():
        return []
    return sorted((entry.name for entry in found.iterdir()
                   if entry.is_file() and _NAME.fullmatch(entry.name)), reverse=True)


def letters(names: list[str]) -> list[Letter]:
    return [letter for name in names for letter in _read(name)]


def letter(key: str) -> Letter | None:
    """The letter of this key; None for any name that is not one of the folder's own."""
    name, _colon, _place = key.rpartition(":")
    if name not in files():
        return None
    return next((found for found in _read(name) if found.key == key), None)


def _read(name: str) -> Iterator[Letter]:
    found = folder()
    if found is None:
        return
    try:
        with open(found / name, "rb") as file:
            content = file.read(FILE_BYTES)
    except OSError:
        return
    for place, part in enumerate(content.split(_BETWEEN)):
        if part.strip():
            yield _parsed(f"{name}:{place}", part)


def _parsed(key: str, content: bytes) -> Letter:
    message: Any = message_from_bytes(content.strip() + b"\n", _class=EmailMessage,
                                      policy=policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    try:
        body = part.get_content() if part is not None else ""
    except (LookupError, UnicodeError, KeyError):
        body = content.decode("utf-8", "replace")
    return Letter(key, str(message["Subject"] or ""), str(message["To"] or ""),
                  _sent(message), str(body))


def _sent(message: Any) -> datetime | None:
    """When a letter was written. A date at `-0000` is UTC from a machine whose zone is unknown
    (RFC 5322, 3.3), which Python reads as a naive datetime."""
    try:
        found = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
