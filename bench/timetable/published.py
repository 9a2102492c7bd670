"""The published business-to-business meeting-scheduling problem, decided exactly.

    python bench/timetable/published.py --data ../shared/data/b2bsp [--only tic-12] [--limit 60]
        [--plain-limit 20] [--skip-plain] [--published FILE.csv] [--json RESULTS.json]

Instances: Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, JAIR 74 (2022). 20 are
originals, 120 were made from them (more fixed meetings, forbidden slots, precedences). Settings:
the 20 with fairness 0, 1, 2 and without the rule, the 120 with fairness 2: 200 pairs.

Per pair: `decide` of the timetable engine, and a plain CP-SAT model (one worker, all else as
OR-Tools has it), with `--limit` and `--plain-limit` seconds of CPU time, those of all threads and
processes. What is decided later counts as unknown. Every timetable goes through a checker here that
shares no code with either. Published values are read from a file (instance,setting,breaks), since
we do not have the paper's tables.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import multiprocessing
import re
import resource
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ortools.sat.python import cp_model

from saphan.engines.timetable.exact import Fixture, Pairing, decide

Result = dict[str, Any]

_PATIENCE = 10
"""Wall seconds per CPU second, where other work runs beside."""


@dataclass(frozen=True)
class Instance:
    """A file, as written: slots and meetings from 1."""

    name: str
    people: int
    tables: int
    slots: int
    morning: int
    requested: list[tuple[int, int, int]]
    """(person, person, session): 1 morning, 2 afternoon, 3 any."""
    forbidden: list[set[int]]
    fixed: list[int]
    """Per meeting, its slot or 0."""
    before: list[set[int]]
    """Per meeting, those that must come earlier."""


def parse(path: Path) -> Instance:
    """Reads a .dzn file. Raises ValueError where its parts do not agree."""
    text = path.read_text()

    def number(name: str) -> int:
        return int(re.search(rf"\b{name}\s*=\s*(\d+)", text)[1])

    def body(name: str) -> str:
        return re.search(rf"\b{name}\s*=\s*\[(.*?)\]\s*;", text, re.S)[1]

    def sets(name: str) -> list[set[int]]:
        return [
            set(map(int, re.findall(r"\d+", one))) for one in re.findall(r"{(.*?)}", body(name))
        ]

    meetings = number("nMeetings")
    flat = list(map(int, re.findall(r"\d+", body("requested"))))
    requested = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
    # The lists of fixed slots and of precedences begin with a place for a meeting 0.
    fixed = list(map(int, re.findall(r"\d+", body("fixed"))))[-meetings:]
    before = sets("precedences")[-meetings:]
    forbidden = [one - {0} for one in sets("forbidden")]
    counts = list(map(int, re.findall(r"\d+", body("nMeetingsBusiness"))))
    really = Counter(p for a, b, _ in requested for p in (a, b))
    if not len(requested) == len(fixed) == len(before) == meetings:
        raise ValueError(f"{path.name}: lists of different lengths")
    if len(forbidden) != number("nBusiness"):
        raise ValueError(f"{path.name}: not one set of forbidden slots per participant")
    if counts != [really[p + 1] for p in range(len(counts))]:
        raise ValueError(f"{path.name}: counts of meetings do not agree")
    return Instance(
        path.stem, number("nBusiness"), number("nTables"), number("nTotalSlots"),
        number("nMorningSlots"), requested, forbidden, fixed, before,
    )  # fmt: skip


def fixture(instance: Instance, fairness: int | None) -> Fixture:
    """The same for our engine, which counts from 0."""
    morning = tuple(range(instance.morning))
    afternoon = tuple(range(instance.morning, instance.slots))
    sessions = {1: morning, 2: afternoon, 3: None}
    return Fixture(
        instance.people,
        instance.slots,
        instance.tables,
        tuple(
            Pairing(a - 1, b - 1, sessions[session], fixed - 1 if fixed else None)
            for (a, b, session), fixed in zip(instance.requested, instance.fixed, strict=True)
        ),
        tuple(frozenset(t - 1 for t in one) for one in instance.forbidden),
        tuple((q - 1, m) for m, earlier in enumerate(instance.before) for q in earlier),
        fairness,
    )


def check(instance: Instance, fairness: int | None, slot: list[int]) -> int:
    """The breaks of a timetable (slot[m] from 1). Raises ValueError naming a rule it breaks."""
    busy: dict[int, list[int]] = {p: [] for p in range(1, instance.people + 1)}
    for m, (a, b, session) in enumerate(instance.requested):
        t = slot[m]
        wrong = {
            "slot": not 1 <= t <= instance.slots,
            "session": (session == 1 and t > instance.morning)
            or (session == 2 and t <= instance.morning),
            "forbidden": t in instance.forbidden[a - 1] or t in instance.forbidden[b - 1],
            "fixed": instance.fixed[m] not in (0, t),
            "precedence": any(slot[q - 1] >= t for q in instance.before[m]),
            "twice at once": t in busy[a] or t in busy[b],
            "tables": slot.count(t) > instance.tables,
        }
        if any(wrong.values()):
            raise ValueError(f"meeting {m + 1}: {[rule for rule, is_so in wrong.items() if is_so]}")
        busy[a].append(t)
        busy[b].append(t)
    breaks = []
    for times in busy.values():
        times.sort()
        breaks.append(sum(after - now > 1 for now, after in itertools.pairwise(times)))
    if fairness is not None and max(breaks) - min(breaks) > fairness:
        raise ValueError("fairness")
    return sum(breaks)


def ours(instance: Instance, fairness: int | None, limit: float) -> Result:
    """The engine's verdict, checked."""
    verdict = decide(fixture(instance, fairness), seconds=_PATIENCE * limit)
    if verdict.slots_of_meetings is not None:
        slot = [t + 1 for t in verdict.slots_of_meetings]
        if check(instance, fairness, slot) != verdict.breaks:
            raise ValueError("breaks")
    status = verdict.status if verdict.cpu <= limit else "unknown"
    return {"status": status, "breaks": verdict.breaks, "bound": verdict.bound}


def plain(instance: Instance, fairness: int | None, limit: float) -> Result:
    """What one would write down first: a Boolean per meeting and slot, busy slots, "has begun" and
    "goes on" per person and slot, whose idle stretches are counted."""
    model = cp_model.CpModel()
    every = range(1, instance.slots + 1)
    held = [{t: model.new_bool_var("") for t in every} for _ in instance.requested]
    for m, (a, b, session) in enumerate(instance.requested):
        model.add_exactly_one(held[m].values())
        for t in every:
            if (
                t in instance.forbidden[a - 1] | instance.forbidden[b - 1]
                or (session == 1 and t > instance.morning)
                or (session == 2 and t <= instance.morning)
                or instance.fixed[m] not in (0, t)
            ):
                model.add(held[m][t] == 0)
        when = sum(t * held[m][t] for t in every)
        for q in instance.before[m]:
            model.add(sum(t * held[q - 1][t] for t in every) < when)
    for t in every:
        model.add(sum(one[t] for one in held) <= instance.tables)
    breaks = []
    for p in range(1, instance.people + 1):
        mine = [held[m] for m, (a, b, _) in enumerate(instance.requested) if p in (a, b)]
        busy = {t: model.new_bool_var("") for t in every}
        begun = {t: model.new_bool_var("") for t in every}
        ends = []
        for t in every:
            model.add(sum(one[t] for one in mine) == busy[t])
            earlier = [begun[t - 1]] if t > 1 else []
            model.add_max_equality(begun[t], [busy[t], *earlier])
            if t > 1:  # an idle stretch ends here
                end = model.new_bool_var("")
                model.add_bool_or(end, busy[t].negated(), busy[t - 1], begun[t - 1].negated())
                model.add_bool_and(busy[t], busy[t - 1].negated(), begun[t - 1]).only_enforce_if(
                    end
                )
                ends.append(end)
        total = model.new_int_var(0, instance.slots, "")
        model.add(total == sum(ends))
        breaks.append(total)
    if fairness is not None:
        least, most = (model.new_int_var(0, instance.slots, "") for _ in range(2))
        model.add_min_equality(least, breaks)
        model.add_max_equality(most, breaks)
        model.add(most - least <= fairness)
    model.minimize(sum(breaks))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = _PATIENCE * limit
    done = threading.Event()
    watch = threading.Thread(target=_stop_late, args=(solver, _cpu() + limit, done))
    watch.start()
    status = solver.solve(model)
    done.set()
    watch.join()
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        slot = [next(t for t in every if solver.value(one[t])) for one in held]
        found = check(instance, fairness, slot)
        proven = "optimal" if status == cp_model.OPTIMAL else "unknown"
        return {"status": proven, "breaks": found, "bound": round(solver.best_objective_bound)}
    state = "infeasible" if status == cp_model.INFEASIBLE else "unknown"
    return {"status": state, "breaks": None, "bound": 0}


def _stop_late(solver: cp_model.CpSolver, end: float, done: threading.Event) -> None:
    """Stops the solver when this process has used that much CPU time."""
    while not done.wait(0.2):
        if _cpu() > end:
            solver.stop_search()


def measured(method: str, path: Path, fairness: int | None, limit: float) -> Result:
    """The method in a process of its own, with the CPU seconds that it and its children took."""
    receive, send = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")  # imports are not part of what is measured
    child = context.Process(target=_run, args=(send, method, path, fairness, limit))
    child.start()
    send.close()
    result: Result = receive.recv()
    child.join()
    return result


def _run(send: Any, method: str, path: Path, fairness: int | None, limit: float) -> None:
    instance = parse(path)
    before = _cpu()
    result = {"ours": ours, "plain": plain}[method](instance, fairness, limit)
    send.send({**result, "cpu": round(_cpu() - before, 2)})


def _cpu() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def pairs(data: Path, only: str) -> list[tuple[Path, int | None]]:
    """Every instance with every setting it is asked in."""
    found: list[tuple[Path, int | None]] = []
    for path in sorted(data.glob("*.dzn")):
        if only in path.stem:
            wanted = (2, 1, 0, None) if path.stem.endswith(".original") else (2,)
            found += [(path, fairness) for fairness in wanted]
    return found


def known_values(path: Path | None) -> dict[tuple[str, str], str]:
    """(instance, setting) to the published value."""
    if path is None:
        return {}
    with path.open(newline="") as file:
        return {(row[0], row[1]): row[2] for row in csv.reader(file) if len(row) == 3}


def totals(rows: list[Result], method: str) -> str:
    """One line: how many were decided, in which time, and the hardest."""
    mine = [(row[method], row) for row in rows if method in row]
    kinds = Counter(result["status"] for result, _ in mine)
    cpu = sum(result["cpu"] for result, _ in mine)
    worst = sorted(mine, key=lambda one: -one[0]["cpu"])[:5]
    hardest = ", ".join(f"{r['instance']} {r['setting']} {x['cpu']:.1f}" for x, r in worst)
    return f"{method}: {len(mine)} pairs, {dict(kinds)}, {cpu:.1f} CPU-s; hardest: {hardest}"


def show(result: Result | None) -> str:
    """Two cells of the table."""
    if result is None:
        return f"{'-':>14} {'-':>7}"
    value = result["breaks"] if result["status"] == "optimal" else None
    if result["status"] == "unknown":
        value = f"{result['bound']}..{'' if result['breaks'] is None else result['breaks']}"
    text = result["status"] if value is None else f"{result['status']} {value}"
    return f"{text:>14} {result['cpu']:7.2f}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--only", default="", help="instances with this in their name")
    arguments.add_argument("--limit", type=float, default=60.0, help="CPU seconds per solve")
    arguments.add_argument("--plain-limit", type=float, help="of the plain model; default: --limit")
    arguments.add_argument("--skip-plain", action="store_true")
    arguments.add_argument("--published", type=Path, help="CSV: instance,setting,breaks")
    arguments.add_argument("--json", type=Path, help="write all results there")
    chosen = arguments.parse_args()
    known = known_values(chosen.published)
    rows: list[Result] = []
    print(f"{'instance':30} d    {'ours':>14} {'CPU-s':>7} {'plain':>14} {'CPU-s':>7} published")
    for path, fairness in pairs(chosen.data, chosen.only):
        setting = "none" if fairness is None else str(fairness)
        row: Result = {"instance": path.stem, "setting": setting}
        row["published"] = known.get((path.stem, setting))
        row["ours"] = measured("ours", path, fairness, chosen.limit)
        if not chosen.skip_plain:
            row["plain"] = measured("plain", path, fairness, chosen.plain_limit or chosen.limit)
            both = [row[x]["status"] for x in ("ours", "plain")]
            if "unknown" not in both and row["ours"]["breaks"] != row["plain"]["breaks"]:
                raise SystemExit(f"{path.stem} {setting}: the two do not agree")
        rows.append(row)
        cells = f"{show(row['ours'])} {show(row.get('plain'))} {row['published'] or '-'}"
        print(f"{path.stem:30} {setting:4} {cells}", flush=True)
        if chosen.json:
            chosen.json.write_text(json.dumps(rows, indent=1) + "\n")
    for method in ("ours",) if chosen.skip_plain else ("ours", "plain"):
        print(totals(rows, method))


if __name__ == "__main__":
    main()
