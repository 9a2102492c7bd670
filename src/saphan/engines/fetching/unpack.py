"""Packed answers, unpacked piece by piece, and never more than agreed."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli

from saphan.engines.fetching.problems import FetchProblem

STEP = 65_536
ACCEPTED = "gzip, deflate, br"


class _Opened(Protocol):
    def feed(self, piece: bytes, most: int) -> bytes: ...


class Unpacker:
    """Takes the pieces of an answer and gives what is in them. FetchProblem `too_large` as soon
    as more than `most` bytes came out, `bad_answer` for a packing that we did not ask for."""

    def __init__(self, coding: str, most: int) -> None:
        """`coding`: the Content-Encoding of the answer."""
        self._left = most
        self._most = most
        names = [each.strip().lower() for each in coding.split(",")]
        names = [each for each in names if each not in ("", "identity")]
        if len(names) > 1:  # packed twice is a trick, not a saving
            raise FetchProblem("bad_answer", f"packed as {coding[:60]!r}")
        self._opened: _Opened | None = None
        if names:
            match names[0]:
                case "gzip" | "x-gzip":
                    self._opened = _Zlib(zlib.MAX_WBITS | 16)
                case "deflate":
                    self._opened = _Deflate()
                case "br":
                    self._opened = _Brotli()
                case other:
                    raise FetchProblem("bad_answer", f"packed as {other[:60]!r}")

    def feed(self, piece: bytes) -> bytes:
        """What `piece` holds, unpacked."""
        try:
            out = piece if self._opened is None else self._opened.feed(piece, self._left + 1)
        except (zlib.error, brotli.error) as wrong:
            raise FetchProblem("bad_answer", f"its packing is broken: {wrong}") from None
        self._left -= len(out)
        if self._left < 0:
            raise FetchProblem("too_large", f"more than {self._most:,} bytes unpacked")
        return out


class _Zlib:
    """gzip, also of several members one after the other."""

    def __init__(self, bits: int) -> None:
        self._bits, self._inner = bits, zlib.decompressobj(bits)

    def feed(self, piece: bytes, most: int) -> bytes:
        out: list[bytes] = []
        size = 0
        while piece and size < most:
            if self._inner.eof:
                if not piece.strip(b"\0"):  # padding at the end
                    break
                self._inner = zlib.decompressobj(self._bits)
            part = self._inner.decompress(piece, most - size)
            size += len(part)
            out.append(part)
            piece = self._inner.unconsumed_tail or self._inner.unused_data
        return b"".join(out)


class _Deflate:
    """What the standard calls deflate has a zlib head; what many servers send has none."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None

    def feed(self, piece: bytes, most: int) -> bytes:
        if not piece:
            return b""
        if self._inner is None:
            headed = piece[0] & 0x0F == 8 and (len(piece) < 2 or (
                piece[0] * 256 + piece[1]) % 31 == 0)
            self._inner = _Zlib(zlib.MAX_WBITS if headed else -zlib.MAX_WBITS)
        return self._inner.feed(piece, most)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, piece: bytes, most: int) -> bytes:
        out = [self._inner.process(piece, output_buffer_limit=min(most, STEP))]
        size = len(out[0])
        while size < most and not self._inner.can_accept_more_data():
            part = self._inner.process(b"", output_buffer_limit=min(most - size, STEP))
            size += len(part)
            out.append(part)
        return b"".join(out)


def gunzip(body: bytes, most: int) -> bytes:
    """`body` unpacked where it is a gzip file (a sitemap often is one), else as it is."""
    if body[:2] != b"\x1f\x8b":
        return body
    return Unpacker("gzip", most).feed(body)
