"""What sealing costs: milliseconds of each step, and bytes stored.

    PYTHONPATH=src python bench/panel/sealing.py [--rounds 50]
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from collections.abc import Callable

from saphan.engines.sealing import (
    answer_context,
    call_context,
    holder_parts,
    holder_public,
    make_call_key,
    new_slip,
    open_with_call_key,
    open_with_code,
    restore,
    seal,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    call, here = call_context("OC-1"), answer_context("OC-1", "A-1", 1)
    slips = {f"holder {at}": new_slip() for at in range(3)}
    publics = {name: holder_public(slip, context=call, holder=name) for name, slip in slips.items()}
    key = make_call_key(publics, 2, call)
    released = [holder_parts(key.parts, name, slips[name]) for name in sorted(slips)[:2]]
    private = restore(key.parts, released)
    steps: dict[str, Callable[[], object]] = {
        "a slip and its public key":
            lambda: holder_public(new_slip(), context=call, holder="x"),
        "a call's key, 2 of 3": lambda: make_call_key(publics, 2, call),
        "a holder releases": lambda: holder_parts(key.parts, "holder 0", slips["holder 0"]),
        "two restore the key": lambda: restore(key.parts, released),
    }
    sizes = {"5 KB": 5_000, "100 KB": 100_000, "10 MB": 10_000_000}
    stored = {}
    for name, size in sizes.items():
        content = secrets.token_bytes(size)
        sealed, code = seal(content, key.public, context=here)
        stored[name] = len(sealed.packed())
        steps[f"seal {name}"] = lambda c=content: seal(c, key.public, context=here)  # type: ignore[misc]
        steps[f"open {name}, team"] = \
            lambda s=sealed, k=code: open_with_code(s, k, context=here)  # type: ignore[misc]
        steps[f"open {name}, panel"] = \
            lambda s=sealed: open_with_call_key(s, private, context=here)  # type: ignore[misc]
    print("| step | ms, middle (best) |\n| --- | --- |")
    for name, step in steps.items():
        taken = []
        for _ in range(rounds):
            start = time.perf_counter()
            step()
            taken.append((time.perf_counter() - start) * 1e3)
        print(f"| {name} | {statistics.median(taken):.2f} ({min(taken):.2f}) |")
    print("\nbytes stored: " + ", ".join(f"{name}: {size:,}" for name, size in stored.items()))


if __name__ == "__main__":
    main()
