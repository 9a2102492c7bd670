"""How quick the questions of a board are while somebody drags a meeting.

    python bench/timetable/board.py [--participants 3000] [--seed 1] [--questions 60]

Processor milliseconds per question on a plan of our solver, for random wishes: all spots of a
meeting, one trial, why a wish is not met, why one is. Says also what the reasons were.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable

from generate import event

from saphan.engines.timetable import solve
from saphan.engines.timetable.explain import why, why_not
from saphan.engines.timetable.trial import spots, try_meeting


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--participants", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=30.0, help="CPU-s for the plan")
    given = parser.parse_args()
    problem = event(given.participants, given.seed)
    plan = solve(problem, seed=given.seed, seconds=given.seconds).meetings
    chance = random.Random(given.seed)
    met = chance.sample([one.wish for one in plan], given.questions)
    others = sorted(set(range(len(problem.wishes))) - {one.wish for one in plan})
    unmet = chance.sample(others, min(len(others), given.questions))
    cells = [(slot, place) for slot in range(len(problem.slots)) for place in range(3)]

    def drag(wish: int) -> object:
        slot, place = chance.choice(cells)
        return try_meeting(problem, plan, wish, slot=slot, place=place)

    questions: dict[str, tuple[Callable[[int], object], list[int]]] = {
        "spots of a meeting": (lambda wish: spots(problem, plan, wish), met),
        "spots of a wish not met": (lambda wish: spots(problem, plan, wish), unmet),
        "one trial": (drag, met),
        "why not": (lambda wish: why_not(problem, plan, wish), unmet),
        "why": (lambda wish: why(problem, plan, wish), met),
    }
    print("| question | median ms | 95 % below | most |\n|---|---|---|---|")
    for name, (ask, wishes) in questions.items():
        took = []
        for wish in wishes:
            begun = time.process_time()
            ask(wish)
            took.append(1000 * (time.process_time() - begun))
        took.sort()
        most = took[int(0.95 * len(took))]
        print(f"| {name} | {took[len(took) // 2]:.0f} | {most:.0f} | {took[-1]:.0f} |", flush=True)
    reasons = Counter(why_not(problem, plan, wish).reason.value for wish in unmet)
    gains = [told.gain for told in (why_not(problem, plan, wish) for wish in unmet)]
    print(f"reasons: {dict(reasons)}; one exchange would gain points: {sum(g > 0 for g in gains)}")


if __name__ == "__main__":
    main()
