"""Secret addresses stay out of the log: whoever reads it must not be able to open them."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/(?:day|route|watches|searches/stop)/)[\w-]{12,}")


class Hush(logging.Filter):
    """Takes the secret word out of every address that a line names; hides no line."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hushed = _SECRET.sub(r"\1…", said)
        if hushed != said:
            record.msg, record.args = hushed, ()
        return True
