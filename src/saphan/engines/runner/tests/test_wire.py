from __future__ import annotations

import asyncio
import json
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saphan.engines.runner import wire

LEAVES = (st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.text()
          | st.floats(allow_nan=False, allow_infinity=False) | st.binary(max_size=50))
NAMES = st.text(max_size=8).filter(lambda name: name != wire.BLOB)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4)
                      | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)


def read(frame: bytes, most: int = 1_000_000) -> object:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(frame)
        ours.shutdown(socket.SHUT_WR)
        return wire.receive(theirs, most)


@given(VALUES)
def test_what_is_sent_arrives(value: object) -> None:
    assert read(wire.pack(value, 1_000_000)) == value


def test_bytes_travel_as_they_are() -> None:
    picture = bytes(range(256)) * 100
    frame = wire.pack({"photo": picture, "more": [b"", b"x"]}, 100_000)
    assert picture in frame
    assert len(frame) < len(picture) + 100
    assert read(frame) == {"photo": picture, "more": [b"", b"x"]}


def test_a_frame_above_the_limit_is_neither_sent_nor_read() -> None:
    with pytest.raises(wire.TooLarge):
        wire.pack({"photo": bytes(2_000)}, 1_000)
    with pytest.raises(wire.TooLarge):
        read(wire.pack({"photo": bytes(2_000)}, 10_000), 1_000)
    with pytest.raises(wire.TooLarge):
        read(struct.pack(">II", 2**32 - 1, 2**32 - 1))


def framed(head: bytes, blobs: bytes = b"") -> bytes:
    return struct.pack(">II", len(head), len(blobs)) + head + blobs


@pytest.mark.parametrize("frame", [
    framed(b"no json"), framed(b"\xff\xfe"), framed(b"[NaN]"), framed(b'{"a":1', b""),
    framed(b'{"$blob":5}', b"1234"), framed(b'{"$blob":-1}', b"1"), framed(b'{"$blob":true}', b"1"),
    framed(b'{"$blob":1,"a":2}', b"1"), framed(b"[]", b"left over"), framed(b"[" * 70 + b"]" * 70),
    framed(b"[" * 100_000), b"", b"\0\0", framed(b"[1]")[:-1],
])
def test_a_malformed_frame_is_named_so(frame: bytes) -> None:
    with pytest.raises(wire.BadFrame):
        read(frame)


@pytest.mark.parametrize("value", [
    {1: "a"}, {"a": object()}, {"a": float("nan")}, {"$blob": 3}, {"a": {1, 2}}])
def test_what_json_cannot_say_is_not_sent(value: object) -> None:
    with pytest.raises(wire.BadFrame):
        wire.pack(value, 1_000)


def test_a_value_that_holds_itself_is_not_sent() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(wire.BadFrame):
        wire.pack(value, 1_000)


def test_frames_are_read_from_streams_too() -> None:
    async def through() -> object:
        reader = asyncio.StreamReader()
        reader.feed_data(wire.pack({"a": b"1"}, 100) + wire.pack([2], 100))
        reader.feed_eof()
        first = await wire.receive_async(reader, 100)
        second = await wire.receive_async(reader, 100)
        with pytest.raises(wire.Gone):
            await wire.receive_async(reader, 100)
        return first, second

    assert asyncio.run(through()) == ({"a": b"1"}, [2])


def test_lone_surrogates_survive() -> None:
    assert read(wire.pack("\ud800", 100)) == json.loads('"\\ud800"')
