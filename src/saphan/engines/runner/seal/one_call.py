"""One call to an exhibit: whatever happens in it becomes one frame."""

from __future__ import annotations

import resource
import sys
import traceback
from typing import Any

from saphan.engines.runner import wire
from saphan.engines.runner.refusal import Refusal

LONGEST_REASON = 300
OUT_OF_MEMORY = ("bad_alloc", "bad allocation", "Insufficient memory", "Cannot allocate memory",
                 "can't start new thread")


def answer_of(exhibit: Any, inputs: dict[str, Any]) -> bytes:
    """A frame with `kind` done (`answer`), refused (`key`, `values`), memory or crashed (`reason`).
    The last lines of a crash go to standard error, which the supervisor keeps in memory only."""
    try:
        return wire.pack({"kind": "done", "answer": exhibit.run(inputs)}, wire.ANSWER_BYTES)
    except Refusal as refusal:
        try:
            return wire.pack({"kind": "refused", "key": str(refusal.key),
                              "values": refusal.values}, wire.ANSWER_BYTES)
        except wire.BadFrame as wrong:
            return _failed("crashed", f"the refusal cannot be sent: {wrong}")
    except wire.BadFrame as wrong:
        return _failed("crashed", f"the answer cannot be sent: {wrong}")
    except MemoryError:
        return _failed("memory", "it asked for more memory than it may have")
    except BaseException as wrong:  # SystemExit and KeyboardInterrupt are a stranger's, too
        if any(each in str(wrong) for each in OUT_OF_MEMORY):
            return _failed("memory", why(wrong))
        traceback.print_exc(limit=-4, file=sys.stderr)
        return _failed("crashed", why(wrong))


def _failed(kind: str, reason: str) -> bytes:
    return wire.pack({"kind": kind, "reason": reason[:LONGEST_REASON]}, wire.ANSWER_BYTES)


def why(wrong: BaseException) -> str:
    """An exception in one line of at most 300 characters."""
    text = " ".join(str(wrong).split())
    return f"{type(wrong).__name__}: {text}"[:LONGEST_REASON]


def cpu_and_peak(usage: resource.struct_rusage) -> tuple[float, float]:
    """(CPU-seconds, greatest resident memory in MB) of what the kernel counted."""
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
