"""The first plan: wishes in order of worth, each into the slot that breaks up days least.

Plain Python on bit masks, so that a plan stands before anything is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from saphan.engines.timetable.compile import World, bits, positions
from saphan.engines.timetable.problem import Meeting


class Seat(NamedTuple):
    """Where and how a wish is met: slot, place, position in `World.options`, interpreters."""

    slot: int
    place: int
    option: int
    interpreters: tuple[int, ...]


class Draft:
    """A plan in the making. Whatever `insert` puts obeys every hard rule."""

    def __init__(self, world: World, zones: Sequence[int] = ()) -> None:
        self.world = world
        self.zones = zones
        """Per wish the place that suits it (-1: any), if known."""
        self.seats: dict[int, Seat] = {}
        self.fixed: list[Meeting] = []
        """Held whatever the rules say."""
        self.idle = list(world.free)
        self.at: list[dict[int, int]] = [{} for _ in world.free]
        """Per held: slot to place."""
        self.count = [0] * len(world.free)
        self.met = [0] * len(world.floor)
        self.taken = [[0] * len(world.problem.slots) for _ in world.problem.places]
        self.open = list(world.open)
        self.when: dict[int, int] = {}
        """Wish to slot."""
        helpers = list(enumerate(world.free[world.people :]))
        self.helpers = [
            bits(at for at, free in helpers if free >> slot & 1)
            for slot in range(len(world.problem.slots))
        ]
        """Per slot: interpreters who are idle."""

    # --- putting ---

    def insert(self, wish: int, within: int = -1) -> bool:
        """Puts a wish where it costs least, in the slots of the mask `within`."""
        chances = self._chances(wish, within)
        return any(self.seat(wish, option, slot) for _, option, slot in chances)

    def seat(self, wish: int, option: int, slot: int, place: int = -1) -> bool:
        """Puts a wish with these people into this slot, if a place and interpreters are there."""
        world = self.world
        pair = world.options[wish][option]
        there = {pair.a, pair.b, *world.hosts[wish]}
        for spot in self._places(wish, pair.online, slot, there):
            if place not in (-1, spot):
                continue
            helpers = self._interpreters(pair.words, slot, spot)
            if helpers is not None:
                self._put(wish, Seat(slot, spot, option, helpers), there)
                return True
        return False

    def keep(self, meeting: Meeting) -> bool:
        """Puts a meeting as it was, if it still can be."""
        world, wish, slot = self.world, meeting.wish, meeting.slot
        pairs = [(pair.a, pair.b) for pair in world.options[wish]]
        if (meeting.person_a, meeting.person_b) not in pairs:
            return False
        at = pairs.index((meeting.person_a, meeting.person_b))
        pair = world.options[wish][at]
        there = {pair.a, pair.b, *world.hosts[wish]}
        able = (
            wish not in self.when
            and self._slots(wish) & pair.slots & 1 << slot
            and all(self.idle[one] >> slot & 1 for one in there)
            and all(self.count[one] < world.most[one] for one in there)
            and meeting.place in self._places(wish, pair.online, slot, there)
        )
        if not able:
            return False
        helpers = self._same(meeting.interpreters, pair.words, slot, meeting.place)
        if helpers is None:
            helpers = self._interpreters(pair.words, slot, meeting.place)
        if helpers is None:
            return False
        self._put(wish, Seat(slot, meeting.place, at, helpers), there)
        return True

    def fix(self, meeting: Meeting) -> None:
        """Puts a meeting that stays whatever the rules say."""
        world = self.world
        there = {meeting.person_a, meeting.person_b, *world.hosts[meeting.wish]}
        self.fixed.append(meeting)
        self._hold(meeting.wish, meeting.slot, meeting.place, there, meeting.interpreters)

    def _put(self, wish: int, seat: Seat, there: set[int]) -> None:
        self.seats[wish] = seat
        self._hold(wish, seat.slot, seat.place, there, seat.interpreters)

    def _hold(
        self, wish: int, slot: int, place: int, there: set[int], interpreters: Iterable[int]
    ) -> None:
        self.when[wish] = slot
        people = self.world.people
        for one in (*there, *(people + helper for helper in interpreters)):
            self.idle[one] &= ~(1 << slot)
            self.at[one][slot] = place
            self.count[one] += 1
        for helper in interpreters:
            self.helpers[slot] &= ~(1 << helper)
            if self.count[people + helper] >= self.world.most[people + helper]:
                self.helpers = [idle & ~(1 << helper) for idle in self.helpers]
        for party in (self.world.problem.wishes[wish].a, self.world.problem.wishes[wish].b):
            self.met[party] += 1
        self.taken[place][slot] += 1
        if self.taken[place][slot] >= self.world.problem.places[place].tables[slot]:
            self.open[place] &= ~(1 << slot)

    # --- looking ---

    def _slots(self, wish: int) -> int:
        """Slots that parties and the order of wishes leave; 0 where a party has had its most."""
        world, mask = self.world, self.world.slots[wish]
        told = world.problem.wishes[wish]
        for party in (told.a, told.b):
            if self.met[party] >= world.problem.parties[party].most:
                return 0
        for first in world.before[wish]:
            if first in self.when:
                mask &= ~((2 << self.when[first]) - 1)
        for then in world.later[wish]:
            if then in self.when:
                mask &= (1 << self.when[then]) - 1
        return mask

    def _chances(self, wish: int, within: int) -> list[tuple[int, int, int]]:
        """`(cost, option, slot)`, cheapest first."""
        world = self.world
        mask = self._slots(wish) & within
        for host in world.hosts[wish]:
            mask &= self.idle[host] if self.count[host] < world.most[host] else 0
        if not mask:
            return []
        opens = [0, 0]
        for online in (0, 1):
            for place in world.places[wish][online]:
                opens[online] |= self.open[place]
        found = []
        for at, pair in enumerate(world.options[wish]):
            a, b = pair.a, pair.b
            slots = mask & pair.slots & opens[pair.online] & self.idle[a] & self.idle[b]
            if not slots or self.count[a] >= world.most[a] or self.count[b] >= world.most[b]:
                continue
            price = world.problem.goals.breaks
            for slot in positions(slots):
                if pair.words >= 0 and not self._heard(pair.words, slot):
                    continue
                cost = price * (self._apart(a, slot) + self._apart(b, slot))
                found.append((4 * cost + (pair.words >= 0), at, slot))
        found.sort()
        return found

    def _apart(self, person: int, slot: int) -> int:
        """By how many breaks a meeting in this slot changes the person's day."""
        if not self.world.counted[person]:
            return 0
        free = self.world.free[person] & self.world.days[slot]
        busy = free & ~self.idle[person]
        if not busy:
            return 0
        earlier = free & ((1 << slot) - 1)
        later = free >> (slot + 1)
        change = 1
        if earlier:
            change -= busy >> (earlier.bit_length() - 1) & 1
        if later:
            change -= busy >> (slot + (later & -later).bit_length()) & 1
        return change

    def _reaches(self, one: int, slot: int, place: int) -> bool:
        """Whether the way to and from the meetings before and after leaves enough time."""
        world = self.world
        if world.barred.get(one, {}).get(slot, 0) >> place & 1:
            return False
        for other, between in world.near[slot]:
            there = self.at[one].get(other, -1)
            if there >= 0:
                first, then = (there, place) if other < slot else (place, there)
                if world.problem.walks[first][then] > between:
                    return False
        return True

    def _places(self, wish: int, online: int, slot: int, there: set[int]) -> Sequence[int]:
        """With a free table and within reach; first where these people are just before or after."""
        world = self.world
        found = [
            place
            for place in world.places[wish][online]
            if self.open[place] >> slot & 1
            and all(self._reaches(one, slot, place) for one in there)
        ]
        if len(found) > 1:
            beside = [self.at[one].get(slot + step, -1) for one in there for step in (-1, 1)]
            zone = self.zones[wish] if self.zones else -1
            way = self.world.problem.walks[zone]
            found.sort(key=lambda place: (way[place] if zone >= 0 else 0, -beside.count(place)))
        return found

    def _heard(self, words: int, slot: int) -> bool:
        """Whether an interpreter, or two for a relay, may be idle."""
        kind, idle = self.world.words[words], self.helpers[slot]
        return bool(idle & kind.one or (idle & kind.first and idle & kind.second))

    def _able(self, helper: int, slot: int, place: int) -> bool:
        """Whether an idle interpreter had rest enough and can be here in time."""
        world, one = self.world, self.world.people + helper
        at, day, row = self.at[one], world.days[slot], 1
        if row + len(at) > world.run[one]:
            for step in (-1, 1):
                other = slot + step
                while other in at and day >> other & 1:
                    row, other = row + 1, other + step
            if row > world.run[one]:
                return False
        return self._reaches(one, slot, place)

    def _interpreters(self, words: int, slot: int, place: int) -> tuple[int, ...] | None:
        """The least busy who can; None where nobody can."""
        if words < 0:
            return ()
        kind = self.world.words[words]
        one = self._least(kind.one, slot, place)
        if one >= 0:
            return (one,)
        first = self._least(kind.first, slot, place)
        if first >= 0:
            second = self._least(kind.second, slot, place, first)
            if second >= 0:
                return (first, second)
        return None

    def _least(self, among: int, slot: int, place: int, but: int = -1) -> int:
        able = [one for one in positions(among & self.helpers[slot]) if one != but]
        able.sort(key=lambda one: self.count[self.world.people + one])
        return next((one for one in able if self._able(one, slot, place)), -1)

    def _same(
        self, helpers: tuple[int, ...], words: int, slot: int, place: int
    ) -> tuple[int, ...] | None:
        """These interpreters, if they still can; None otherwise."""
        if words < 0 or not helpers:
            return () if words < 0 and not helpers else None
        kind = self.world.words[words]
        idle = self.helpers[slot]
        ways = (kind.one,) if len(helpers) == 1 else (kind.first, kind.second)
        able = all(
            way & idle & 1 << one and self._able(one, slot, place)
            for way, one in zip(ways, helpers, strict=True)
        )
        return helpers if able and len(set(helpers)) == len(helpers) else None


def drafted(
    world: World,
    *,
    start: Iterable[Meeting] = (),
    fixed: Iterable[Meeting] = (),
    order: Sequence[int] | None = None,
    within: int = -1,
    zones: Sequence[int] = (),
) -> Draft:
    """A plan that has the fixed meetings, those of `start` that can be, and what else fits into the
    slots of the mask `within`, wishes in this order (by worth if none is given)."""
    draft = Draft(world, zones)
    for meeting in fixed:
        draft.fix(meeting)
    for meeting in start:
        if meeting.wish not in draft.when and 1 << meeting.slot & within:
            draft.keep(meeting)
    for wish in order if order is not None else by_worth(world):
        if wish not in draft.when:
            draft.insert(wish, within)
    return draft


def by_worth(world: World) -> list[int]:
    """Wishes that can be held, musts and what floors need first, then dearest first."""
    able = [wish for wish in range(len(world.worth)) if world.options[wish]]
    return sorted(able, key=lambda wish: (-world.worth[wish], wish))
