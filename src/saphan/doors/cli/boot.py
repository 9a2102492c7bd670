"""Set Django up, for commands that need it; and say how far long work is."""

from __future__ import annotations

import os
import sys
import time


class Failed(Exception):
    """The command cannot do what was asked; the message says why and what to do."""


def boot() -> None:
    """Set Django up, once. Takes about a second."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saphan.settings")
    import django

    django.setup(set_prefix=False)


def say(message: str) -> None:
    """Progress goes to stderr, so that stdout holds results only."""
    print(message, file=sys.stderr, flush=True)


class Progress:
    """`progress(done, total)`: one line that counts up, rewritten in a terminal."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._shown = 0.0
        self._any = False

    def __call__(self, done: int, total: int = 0) -> None:
        moment = time.monotonic()
        if not sys.stderr.isatty() or (moment - self._shown < 0.1 and done != total):
            return
        self._shown, self._any = moment, True
        of = f" of {total}" if total else ""
        print(f"\r{self.label}: {done}{of}", end="", file=sys.stderr, flush=True)

    def end(self, message: str) -> None:
        if self._any:
            print("\r\033[K", end="", file=sys.stderr)
        say(message)
