"""Which recent articles are nearly the same text: held in memory, so that asking is quick.

Signatures of the last days stand in one matrix. New ones are read from the database as they come,
by whichever process asks; nothing here is lost when a process ends.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from saphan.engines.stories import duplicates
from saphan.ground import clock
from saphan.rooms.newsroom.models import Article, Version

DAYS: Final = 14
"""A text that comes again later is an anniversary, not a copy."""
_HEAD: Final = 5
_FIRST: Final = 32
"""Hashes compared first: of texts that are alike more than a quarter of them agree."""
_CHUNK: Final = 4096


@dataclass
class Recent:
    """The signatures of the last days, by key of their versions."""

    rows: npt.NDArray[np.uint16] = field(
        default_factory=lambda: np.zeros((0, duplicates.HASHES), np.uint16))
    keys: list[int] = field(default_factory=list)
    signatures: list[bytes] = field(default_factory=list)
    last: int = 0
    since: Any = None

    def catch_up(self) -> None:
        """Take in what was kept since, and forget everything once a day to let the old go."""
        today = clock.today()
        if self.since != today or self.last > (
                Version.objects.order_by("-pk").values_list("pk", flat=True).first() or 0):
            self.__init__()  # type: ignore[misc]
            self.since = today
        fresh = Version.objects.filter(
            pk__gt=self.last, at__gte=clock.now() - timedelta(days=DAYS)).exclude(
            signature=None).order_by("pk").values_list("article_id", "signature", "pk")
        for article, signature, key in fresh:
            self._add(article, bytes(signature or b""))
            self.last = key

    def _add(self, article: int, signature: bytes) -> None:
        if not signature or signature[0] != duplicates.VERSION:
            return
        at = len(self.keys)
        if at == len(self.rows):
            grown = np.zeros((at + _CHUNK, duplicates.HASHES), np.uint16)
            grown[:at] = self.rows
            self.rows = grown
        self.rows[at] = np.frombuffer(signature[_HEAD:], "<u2")
        self.keys.append(article)
        self.signatures.append(signature)

    def like(self, signature: bytes) -> list[int]:
        """Keys of articles whose text is the same but for small edits, or a part of it."""
        if not signature or signature[0] != duplicates.VERSION or not self.keys:
            return []
        row = np.frombuffer(signature[_HEAD:], "<u2")
        size = len(self.keys)
        agree = (self.rows[:size, :_FIRST] == row[:_FIRST]).sum(axis=1)
        likely = np.flatnonzero(agree >= _FIRST // 8)
        return [self.keys[at] for at in likely
                if duplicates.is_copy(signature, self.signatures[at])]


_lock = threading.Lock()
_recent = Recent()


def of(signature: bytes) -> Article | None:
    """The oldest article of the last days that this text repeats; of copies, what they copy."""
    with _lock:
        _recent.catch_up()
        keys = _recent.like(signature)
    found = Article.objects.filter(pk__in=keys, state=Article.State.TAKEN).order_by(
        "taken", "pk").only("pk", "copy_of_id", "number").first()
    if found is None or found.copy_of_id is None:
        return found
    return Article.objects.only("pk", "number", "copy_of_id").get(pk=found.copy_of_id)


def forget() -> None:
    """Begin anew, for tests and after a restore."""
    with _lock:
        _recent.__init__()  # type: ignore[misc]
