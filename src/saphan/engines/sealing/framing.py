"""Byte strings joined so that they can be told apart again, and base64 for JSON."""

from __future__ import annotations

import base64
import binascii

from saphan.engines.sealing.errors import Malformed


def frame(*parts: bytes | str | int) -> bytes:
    """Each part with its length before it: no two different lists give the same bytes."""
    out = []
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
        out.append(len(raw).to_bytes(8, "big") + raw)
    return b"".join(out)


def unframe(data: bytes, count: int) -> list[bytes]:
    """The `count` parts that `frame` joined. Malformed if there are more, fewer or half ones."""
    parts = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 8], "big")
        at += 8 + size
        if at > len(data):
            raise Malformed("a part is cut")
        parts.append(data[at - size:at])
    if len(parts) != count:
        raise Malformed(f"{len(parts)} parts instead of {count}")
    return parts


def text_of(raw: bytes) -> str:
    """Base64 with the alphabet for addresses, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw_of(text: object) -> bytes:
    """The bytes of `text_of`; Malformed otherwise."""
    if not isinstance(text, str):
        raise Malformed("not base64")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64") from error
    if text_of(raw) != text:  # spare bits would let two texts mean one value
        raise Malformed("not base64 as written here")
    return raw
