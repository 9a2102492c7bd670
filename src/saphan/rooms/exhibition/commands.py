"""Commands of the exhibition for operators: `saphan room exhibition …`."""

from __future__ import annotations

from collections.abc import Sequence

from saphan.house.room import Command
from saphan.rooms.exhibition import actions, queries, running
from saphan.rooms.exhibition.catalogue import catalogue, forget
from saphan.rooms.exhibition.vocabulary import Outcome


def place(_words: Sequence[str]) -> int:
    """Bring the hall in step with the folders, and say what is wrong in them."""
    forget()
    changed = actions.place_all()
    for line in (*catalogue().problems, *catalogue().absent):
        print(line)
    print(f"{queries.shown().count()} exhibits in the hall, {changed} changed")
    return int(bool(catalogue().problems))


def exercise(words: Sequence[str]) -> int:
    """Run each exhibit (or those named) on its own example."""
    wrong = 0
    for each in queries.shown():
        if words and each.slug not in words:
            continue
        standing = running.exercise(each)
        fine = standing.outcome in (Outcome.DONE, Outcome.REFUSED)
        wrong += not fine
        print(f"{each.slug:24} {standing.outcome:12} {standing.usage.get('cpu_s', 0):7.3f} CPU-s "
              f"{standing.usage.get('peak_mb', 0):6.0f} MB  {standing.reason}")
    return int(bool(wrong))


def seal(_words: Sequence[str]) -> int:
    """Say how well exhibits are sealed on this machine, and what would make it better."""
    found = running.hall().isolation()
    print(f"exhibits are sealed by: {found['level']}")
    for reason in [*found.get("reasons", ()), found.get("hint", "")]:
        if reason:
            print(f"  {reason}")
    return 0


COMMANDS = [
    Command("place", "take up new and changed folders of exhibits", place),
    Command("exercise", "run every exhibit, or those named, on its own example", exercise),
    Command("seal", "say how exhibits are sealed on this machine", seal),
]
