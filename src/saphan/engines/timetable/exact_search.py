"""The search for the fewest breaks, as a program: a formula comes in, what is found goes out.

Standard input: 32-bit numbers (the machine's order): how many variables, how many costs, the costs'
literals, then the clauses, each closed by 0. Standard output: the lines that `exact._search`
reads. It imports nothing of ours, so that it starts at once.

The bound rises from 0: is there a timetable with at most k breaks? CaDiCaL answers; each no is kept
as a clause for the next question. Proving that k is too few is easy here for small k, and the
first yes is the optimum.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator

from pysat.card import ITotalizer
from pysat.solvers import Solver

SOLVER = "cadical195"


def main() -> None:
    """Reads, searches, says."""
    numbers = array("i", sys.stdin.buffer.read())
    variables, many = numbers[0], numbers[1]
    costs = list(numbers[2 : 2 + many])
    solver = Solver(name=SOLVER, bootstrap_with=list(_clauses(numbers, 2 + many)))
    if not solver.solve():
        say("N")
        return
    best = solver.get_model()
    say("M", *(v for v in best if 0 < v <= variables), 0)
    true = set(best)
    most = sum(1 for cost in costs if cost in true)
    more_than: list[int] = []
    if most:
        total = ITotalizer(lits=costs, ubound=most, top_id=variables)
        solver.append_formula(total.cnf)
        more_than = total.rhs
    for k in range(most):
        if solver.solve(assumptions=[-more_than[k]]):
            say("M", *(v for v in solver.get_model() if 0 < v <= variables), 0)
            break
        solver.add_clause([more_than[k]])
        say("B", k + 1)


def _clauses(numbers: array[int], start: int) -> Iterator[list[int]]:
    clause: list[int] = []
    for literal in numbers[start:]:
        if literal:
            clause.append(literal)
        else:
            yield clause
            clause = []


def say(word: str, *numbers: int) -> None:
    """One line, at once: whoever waits may end us after it."""
    print(word, *_strings(numbers), flush=True)


def _strings(numbers: Iterable[int]) -> Iterator[str]:
    return map(str, numbers)


if __name__ == "__main__":
    main()
