"""Forty visitors at once: lost runs, fair turns, honest waiting times.

    python bench/sandbox/visitors.py [--visitors 40] [--runs 4]

Each visitor asks for all her runs at once, one visitor after the other, so that who comes first
could take everything. Fairness is Jain's index over the runs that each visitor had when half of all
had been served: 1 if all had as many, 1/n if one had all. Baseline: the same runs in the order in
which they came, as a plain queue would serve them.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections import Counter

from common import hall_at, part, put, table

from saphan.engines.runner.client import Outcome, Waiting

WORK = ("import time\n@exhibit\ndef work(text: Line, seconds: float = 0.05) -> Say:\n"
        "    ends = time.process_time() + seconds\n    while time.process_time() < ends: pass\n"
        "    return Say('s')\n")


def jain(counts: list[int]) -> float:
    """Jain's index of fairness."""
    return sum(counts) ** 2 / (len(counts) * sum(each * each for each in counts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--runs", type=int, default=4)
    asked = parser.parse_args()
    with hall_at("bubblewrap") as (hall, folder):
        works = [put(folder, "work", WORK, "fresh"), put(folder, "other", WORK, "warm")]
        for each in works:
            for _ in range(5):
                hall.run(each, {"text": ""})
        status, isolation = hall.status(), hall.isolation()["level"]
        served: list[tuple[float, int]] = []
        foretold: list[tuple[float, float, int]] = []
        kinds: Counter[str] = Counter()
        lock = threading.Lock()
        tickets = []
        began = time.perf_counter()
        for visitor in range(asked.visitors):
            for run in range(asked.runs):
                ticket = hall.submit(works[(visitor + run) % 2], {"text": ""},
                                     visitor=str(visitor))
                tickets.append((visitor, ticket, time.perf_counter()))
        asking = time.perf_counter() - began
        seen = {}
        for _, ticket, _ in tickets:  # what their pages say when all have come
            seen[ticket.id] = hall.poll(ticket), time.perf_counter()

        def follow(visitor: int, mine: list) -> None:
            for ticket, at in mine:
                found = first = seen[ticket.id][0]
                while not isinstance(found, Outcome):
                    found = hall.wait(ticket, 30)
                with lock:
                    kinds[found.kind] += 1
                    began_at = at + found.usage.waited_s
                    served.append((began_at + found.usage.wall_s, visitor))
                    if isinstance(first, Waiting):
                        still = began_at - seen[ticket.id][1]
                        foretold.append((first.seconds, still, first.place))

        threads = [threading.Thread(target=follow, args=(visitor, [
            (ticket, at) for who, ticket, at in tickets if who == visitor]))
            for visitor in range(asked.visitors)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        took = time.perf_counter() - began
    total = asked.visitors * asked.runs
    half = [visitor for _, visitor in sorted(served)[:total // 2]]
    fair = jain([half.count(each) for each in range(asked.visitors)])
    plain = [visitor for visitor in range(asked.visitors) for _ in range(asked.runs)][:total // 2]
    fifo = jain([plain.count(each) for each in range(asked.visitors)])
    firsts: dict[int, float] = {}
    for at, visitor in served:
        firsts[visitor] = min(firsts.get(visitor, at), at)
    first = [at - began for at in firsts.values()]
    wrong = [abs(said - was) for said, was, _ in foretold]
    print(f"{asked.visitors} visitors, {asked.runs} runs each, {status['slots']} slots, level "
          f"{isolation}; asked within {asking:.2f} s, all done after {took:.1f} s.\n")
    table(("measure", "this queue", "plain queue (baseline)"), [
        ("runs asked / done / lost", f"{total} / {kinds['done']} / {total - sum(kinds.values())}",
         ""),
        ("outcomes", dict(kinds), ""),
        ("Jain's index when half was served", f"{fair:.3f}", f"{fifo:.3f}"),
        ("last visitor's first answer, s", f"{max(first):.1f}",
         f"{took * (total - asked.runs + 1) / total:.1f} (computed)"),
        ("waiting foretold against waited, median error, s", f"{statistics.median(wrong):.2f}", ""),
        ("the same, 95th percentile, s", f"{part(wrong, 0.95):.2f}", ""),
        ("mean foretold / mean waited, s",
         f"{statistics.mean(said for said, _, _ in foretold):.2f} / "
         f"{statistics.mean(was for _, was, _ in foretold):.2f}", ""),
    ])


if __name__ == "__main__":
    main()
