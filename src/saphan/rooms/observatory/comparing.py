"""Do two sources say the same? Both stay, whatever comes out; readers are told by how much they
differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from saphan.rooms.observatory import units
from saphan.rooms.observatory.models import Observation
from saphan.rooms.observatory.vocabulary import Relation

ABOUT = Decimal("0.05")
"""How far from the number “about” reaches, either way, as a share of it."""
_ENDLESS = Decimal("1e30")


@dataclass(frozen=True)
class Difference:
    """Sources that cannot all be right: the lowest and the highest value, and what lies between
    them, in `unit` and as a share of the lowest (None where that is zero)."""

    observations: tuple[Observation, ...]
    low: Decimal
    high: Decimal
    unit: str

    @property
    def gap(self) -> Decimal:
        return self.high - self.low

    @property
    def share(self) -> Decimal | None:
        return self.gap / abs(self.low) if self.low else None


def span(one: Observation) -> tuple[Decimal, Decimal]:
    """The values that its words allow, in the unit of comparison: “more than 300” all above."""
    value, _unit = units.base(one.value, one.unit)
    match one.relation:
        case Relation.ABOUT:
            reach = abs(value) * ABOUT
            return value - reach, value + reach
        case Relation.MORE | Relation.AT_LEAST:
            return value, _ENDLESS
        case Relation.LESS | Relation.AT_MOST:
            return -_ENDLESS, value
        case Relation.RANGE if one.high is not None:
            return value, units.base(one.high, one.unit)[0]
    return value, value


def agree(one: Observation, other: Observation) -> bool:
    """Whether both can be right. What is in different units cannot be compared, so it does."""
    if units.base(one.value, one.unit)[1] != units.base(other.value, other.unit)[1]:
        return True
    (low, high), (its_low, its_high) = span(one), span(other)
    if max(low, its_low) != min(high, its_high):
        return max(low, its_low) < min(high, its_high)
    edge = max(low, its_low)  # they touch in one value: “more than 300” does not allow 300 itself
    return not any(each.relation in (Relation.MORE, Relation.LESS)
                   and units.base(each.value, each.unit)[0] == edge for each in (one, other))


def what(one: Observation) -> Hashable:
    """What an observation is about: those alike can be held against each other."""
    return (one.indicator_id, one.place_id, one.economy_id, one.place_said, one.begins, one.ends,
            str(one.subject.best("en")).casefold())


def differences(observations: Iterable[Observation]) -> list[Difference]:
    """Groups of current observations about the same thing of which some two cannot both be right,
    the newest period first."""
    groups: dict[Hashable, list[Observation]] = defaultdict(list)
    for one in observations:
        if one.state == Observation.State.CURRENT:
            groups[what(one)].append(one)
    found = []
    for group in groups.values():
        if any(not agree(one, other) for position, one in enumerate(group)
               for other in group[position + 1:]):
            values = [units.base(one.value, one.unit) for one in group]
            found.append(Difference(tuple(group), min(value for value, _unit in values),
                                    max(value for value, _unit in values), values[0][1]))
    return sorted(found, key=lambda one: one.observations[0].ends, reverse=True)
