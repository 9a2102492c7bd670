"""What does not fit, why, and what would help. In codes and numbers: the words are the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from saphan.engines.timetable.problem import Level
from saphan.engines.timetable.tours import escorts, planning
from saphan.engines.timetable.tours.alone import NEVER, best_alone, candidates
from saphan.engines.timetable.tours.model import Guide, Held, Plan, Problem, Tour
from saphan.engines.timetable.tours.situation import standings

LONGEST, STEP = 8 * 60, 5


@dataclass(frozen=True)
class Reason:
    """Why a group does not see a must: `too_many` people (`number`: who fit at once), `closed` or
    `too_far` while it is here, `no_time` (`number`: minutes that it would need alone), `crowded`
    (it would fit alone, but others are there)."""

    group: int
    station: int
    why: str
    number: int = 0


@dataclass(frozen=True)
class OneMoreGuide:
    """A further guide who speaks these languages fluently would lead so many groups of a tour that
    nobody leads now."""

    tour: int
    languages: tuple[str, ...]
    groups: int


@dataclass(frozen=True)
class Longer:
    """Minutes for a tour in which every group sees every must that can be seen: no plan does it in
    less than `least` (proven); `enough` would do, -1 if none was found."""

    tour: int
    least: int
    enough: int


@dataclass(frozen=True)
class Advice:
    reasons: tuple[Reason, ...]
    guides: tuple[OneMoreGuide, ...]
    longer: tuple[Longer, ...]


def advise(problem: Problem, plan: Plan, held: Held | None = None) -> Advice:
    """Looks at each must that is missed and each group without guide. Lengths only before anything
    is held."""
    reasons = tuple(_missed(problem, plan, held))
    short = sorted({problem.groups[one.group].tour for one in reasons
                    if one.why in ("no_time", "crowded")})
    return Advice(reasons, tuple(_guides(problem, plan, held)),
                  tuple(longer(problem, tour) for tour in short) if held is None else ())


def _missed(problem: Problem, plan: Plan, held: Held | None) -> list[Reason]:
    standing, found = standings(problem, held), []
    for at, group in enumerate(problem.groups):
        seen = {stop.station for stop in plan.routes[at].stops}
        missing = [one for one, here in enumerate(problem.stations)
                   if here.must and one not in seen]
        if not missing:
            continue
        roomy = [one for one in missing if group.people <= problem.stations[one].room]
        found += [Reason(at, one, "too_many", problem.stations[one].room)
                  for one in missing if one not in roomy]
        reachable = candidates(problem, at, standing[at], held)
        found += [Reason(at, one, "closed" if problem.stations[one].open or (
            held and one in dict(held.broken)) else "too_far")
            for one in roomy if one not in reachable]
        alone = best_alone(problem, at, standing[at], held)
        needs = _needed(problem, at) if held is None else 0
        left = problem.tours[group.tour].length if held is None else (
            standing[at].ends - standing[at].ready)
        if held is not None and alone is not None:
            needs = alone.length
        fits = needs <= left
        found += [Reason(at, one, "crowded" if fits else "no_time", 0 if fits else needs)
                  for one in roomy if one in reachable]
    return found


def _with_length(problem: Problem, tour: int, length: int) -> Problem:
    tours = list(problem.tours)
    tours[tour] = replace(tours[tour], length=length)
    return replace(problem, tours=tuple(tours))


def _seeable(problem: Problem, at: int) -> Problem:
    """Without musts that a group cannot see however long it stays."""
    longest = _with_length(problem, problem.groups[at].tour, LONGEST)
    open_to = set(candidates(longest, at, standings(longest, None)[at], None))
    return replace(longest, stations=tuple(
        replace(here, must=here.must and one in open_to, value=0)
        for one, here in enumerate(problem.stations)))


def _needed(problem: Problem, at: int) -> int:
    """Minutes that a group alone needs for all musts; 0 if that is not known."""
    musts = _seeable(problem, at)
    only = [one for one, here in enumerate(musts.stations) if here.must]
    alone = best_alone(_only(musts, only), at, standings(musts, None)[at])
    return alone.length if alone and alone.length < NEVER else 0


def _only(problem: Problem, stations: Sequence[int]) -> Problem:
    return replace(
        problem, stations=tuple(problem.stations[one] for one in stations),
        walks=tuple(tuple(problem.walks[a][b] for b in stations) for a in stations),
        door=tuple(problem.door[one] for one in stations),
        groups=tuple(replace(group, wishes=()) for group in problem.groups))


def longer(problem: Problem, tour: int) -> Longer:
    """How long a tour would have to be, with nobody else in the house."""
    members = [at for at, group in enumerate(problem.groups) if group.tour == tour]
    least = max(_needed(problem, at) for at in members)
    seeable = [{one for one, here in enumerate(_seeable(problem, at).stations) if here.must}
               for at in members]
    musts = [one for one, here in enumerate(problem.stations) if here.must]
    narrow = _only(problem, musts)
    for length in range(least, LONGEST + 1, STEP):
        longer_tour = _with_length(narrow, tour, length)
        stops = planning.first(longer_tour, members, standings(longer_tour, None), None, 0)
        if all(can <= {musts[stop.station] for stop in stops[at]}
               for can, at in zip(seeable, members, strict=True)):
            return Longer(tour, least, length)
    return Longer(tour, least, -1)


def _guides(problem: Problem, plan: Plan, held: Held | None) -> list[OneMoreGuide]:
    found = []
    for at, tour in enumerate(problem.tours):
        alone = [group for here, group in enumerate(problem.groups)
                 if group.tour == at and tour.guided and plan.routes[here].lead < 0]
        for languages in sorted({group.languages for group in alone}):
            helped = _helped(problem, languages, tour, at, held) if alone else 0
            if helped:
                found.append(OneMoreGuide(at, languages, helped))
    return found


def _helped(problem: Problem, languages: tuple[str, ...], tour: Tour, at: int,
            held: Held | None) -> int:
    """Groups of a tour with a guide more, if there were one who speaks `languages`."""
    more = Guide(dict.fromkeys(languages, Level.FLUENT), run=max(240, tour.length),
                 free=((tour.begins, tour.begins + tour.length),))
    counts = []
    for guides in (problem.guides, (*problem.guides, more)):
        pairs = escorts.assign(replace(problem, guides=guides), held).pairs
        counts.append(sum(pair[0] >= 0 for group, pair in zip(problem.groups, pairs, strict=True)
                          if group.tour == at))
    return counts[1] - counts[0]
