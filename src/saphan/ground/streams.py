"""Long answers, piece by piece, from plain code under an asynchronous server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from itertools import islice

from asgiref.sync import sync_to_async


async def asynchronously(pieces: Iterable[str], *, at_once: int = 1) -> AsyncIterator[str]:
    """The pieces, `at_once` of them joined. The iterable runs in the thread that the database's
    connection belongs to. A plain iterator would be read to its end before the first went out."""
    iterator = iter(pieces)
    step = sync_to_async(lambda: list(islice(iterator, at_once)), thread_sensitive=True)
    while chunk := await step():
        yield "".join(chunk)
