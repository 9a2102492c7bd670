"""Frames between the house, its supervisor and the sealed workers.

A frame is eight bytes of sizes, a JSON head and blobs:

    size of the head (4 bytes, big endian) · size of all blobs together (4 bytes) · head · blobs

`bytes` anywhere in the value travel as blobs, in their order; the head holds `{"$blob": length}` in
their place. So a picture is neither pickled nor blown up by base64. Whoever reads states how large
a frame may be, and learns what is wrong from one exception: `BadFrame`.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a worker need not load it
    import asyncio

REQUEST_BYTES = 24 * 2**20
"""The most a question to an exhibit may weigh, all its files together."""
ANSWER_BYTES = 8 * 2**20
"""The most an exhibit's answer may weigh."""
QUESTION_BYTES = REQUEST_BYTES + 2**16
REPLY_BYTES = ANSWER_BYTES + 2**17
"""The same between house and supervisor, with what they add."""
DEPTH = 64
"""How deep lists and tables may be nested."""
SIZES = struct.Struct(">II")
BLOB = "$blob"


class BadFrame(Exception):
    """A frame that breaks the rules above; the connection is of no more use."""


class TooLarge(BadFrame):
    """A frame above the size that was agreed."""


class Gone(BadFrame):
    """The other side closed before or within a frame."""


def pack(value: Any, most: int) -> bytes:
    """One frame with `value` (JSON whose leaves may be bytes). TooLarge above `most` bytes;
    BadFrame for what JSON cannot say."""
    blobs: list[bytes] = []
    try:
        head = json.dumps(_out(value, blobs, 0), ensure_ascii=False, separators=(",", ":"),
                          allow_nan=False).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, RecursionError, UnicodeError) as wrong:
        raise BadFrame(f"this cannot be sent: {wrong}") from None
    size = sum(map(len, blobs))
    if len(head) + size > most:
        raise TooLarge(f"{len(head) + size} bytes; {most} are allowed")
    return b"".join((SIZES.pack(len(head), size), head, *blobs))


def _out(value: Any, blobs: list[bytes], depth: int) -> Any:
    if depth > DEPTH:
        raise BadFrame(f"nested deeper than {DEPTH}")
    if isinstance(value, (bytes, bytearray, memoryview)):
        blobs.append(bytes(value))
        return {BLOB: len(blobs[-1])}
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise BadFrame(f"{key!r} is no name: names are text")
        if BLOB in value:
            raise BadFrame(f"{BLOB} is no name that a value may have")
        return {key: _out(each, blobs, depth + 1) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_out(each, blobs, depth + 1) for each in value]
    return value


def sizes(first: bytes | bytearray, most: int) -> tuple[int, int]:
    """Sizes of head and blobs from a frame's first eight bytes. TooLarge above `most`."""
    head, blobs = SIZES.unpack(first)
    if head + blobs > most:
        raise TooLarge(f"{head + blobs} bytes; {most} are allowed")
    return head, blobs


def unpack(head: bytes, blobs: bytes) -> Any:
    """The value of a frame's two parts. BadFrame if they do not belong together."""
    try:
        value = json.loads(head.decode("utf-8", "surrogatepass"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        raise BadFrame(f"the head is no JSON: {type(wrong).__name__}") from None
    reader = _Blobs(memoryview(blobs))
    value = reader.place(value, 0)
    if reader.at != len(blobs):
        raise BadFrame(f"{len(blobs) - reader.at} bytes belong to nothing")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


class _Blobs:
    """Puts the blobs back where they were taken from."""

    def __init__(self, blobs: memoryview) -> None:
        self.blobs, self.at = blobs, 0

    def place(self, value: Any, depth: int) -> Any:
        if depth > DEPTH:
            raise BadFrame(f"nested deeper than {DEPTH}")
        if isinstance(value, dict):
            if BLOB in value:
                return self._next(value)
            return {key: self.place(each, depth + 1) for key, each in value.items()}
        if isinstance(value, list):
            return [self.place(each, depth + 1) for each in value]
        return value

    def _next(self, mark: dict[str, Any]) -> bytes:
        length = mark[BLOB]
        if len(mark) != 1 or type(length) is not int or not 0 <= length <= len(
                self.blobs) - self.at:
            raise BadFrame("a blob that is not there")
        self.at += length
        return bytes(self.blobs[self.at - length:self.at])


def send(to: socket.socket, value: Any, most: int) -> None:
    """Write one frame. OSError as sockets raise it."""
    to.sendall(pack(value, most))


def receive(source: socket.socket, most: int) -> Any:
    """Read one frame. Gone at its end, TimeoutError after the socket's timeout."""
    head, blobs = sizes(_exactly(source, SIZES.size), most)
    body = _exactly(source, head + blobs)
    return unpack(bytes(body[:head]), bytes(body[head:]))


def _exactly(source: socket.socket, size: int) -> bytearray:
    held = bytearray(size)
    view, at = memoryview(held), 0
    while at < size:
        got = source.recv_into(view[at:])
        if not got:
            raise Gone("closed" if not at else "closed within a frame")
        at += got
    return held


async def receive_async(source: asyncio.StreamReader, most: int) -> Any:
    """Read one frame from a stream. Gone at its end."""
    try:
        head, blobs = sizes(await source.readexactly(SIZES.size), most)
        body = await source.readexactly(head + blobs)
    except (EOFError, ConnectionError) as end:
        raise Gone("closed") from end
    return unpack(body[:head], body[head:])
