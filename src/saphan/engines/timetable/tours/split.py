"""From a crowd to groups: of one language where that can be, none too large, none too small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from saphan.engines.timetable.problem import Level
from saphan.engines.timetable.tours.model import Group, Guide


@dataclass(frozen=True)
class Part:
    """People of a crowd who speak one language, walk at one pace and wish for the same."""

    language: str
    people: int
    wishes: tuple[int, ...] = ()
    pace: int = 100


@dataclass
class _Draft:
    languages: list[str]
    people: int
    wishes: set[int]
    pace: int

    def take_in(self, other: _Draft) -> None:
        self.languages += [one for one in other.languages if one not in self.languages]
        self.people += other.people
        self.wishes |= other.wishes
        self.pace = max(self.pace, other.pace)


def split(parts: Iterable[Part], tour: int, *, most: int, least: int = 4,
          guides: Sequence[Guide] = ()) -> list[Group]:
    """Groups of `tour` with at most `most` people each, as even as can be. A group of fewer than
    `least` joins another one, if a guide speaks the languages of both: at best one of the same
    language, else the smallest. Raises ValueError when `most` is below 1."""
    if most < 1:
        raise ValueError("a group has at least one person")
    drafts: list[_Draft] = []
    for part in parts:
        count = -(-part.people // most)
        for at in range(count):
            people = part.people // count + (1 if at < part.people % count else 0)
            drafts.append(_Draft([part.language], people, set(part.wishes), part.pace))
    spoken = [{lang for lang, level in guide.speaks.items() if level >= Level.WORKING}
              for guide in guides if guide.leads]
    for small in sorted((one for one in drafts if one.people < least), key=lambda one: one.people):
        if small.people < least:
            _join(small, drafts, most, spoken)
    return [Group(tour, one.people, tuple(one.languages), tuple(sorted(one.wishes)), one.pace)
            for one in drafts]


def _join(small: _Draft, drafts: list[_Draft], most: int, spoken: list[set[str]]) -> None:
    fitting = [one for one in drafts if one is not small and one.people + small.people <= most
               and _together(one, small, spoken)]
    if fitting:
        best = min(fitting, key=lambda one: (
            not set(small.languages) <= set(one.languages), one.people, drafts.index(one)))
        best.take_in(small)
        drafts.remove(small)


def _together(one: _Draft, other: _Draft, spoken: list[set[str]]) -> bool:
    languages = {*one.languages, *other.languages}
    return len(languages) == 1 or any(languages <= each for each in spoken)
