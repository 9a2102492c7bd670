"""What the room knows of a person, for her own export, and what becomes of it when she goes.

Each part of the room adds its own pair of functions to `PARTS` (from its reactions)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from saphan.people import actions as people_actions
from saphan.people.models import Person

Export = Callable[[Person], dict[str, Any]]
Forget = Callable[[Person], None]

PARTS: dict[str, tuple[Export, Forget]] = {}


def part(name: str, export: Export, forget: Forget) -> None:
    """Add a part: `export` gives what goes into her file, `forget` takes her out of the records."""
    PARTS[name] = (export, forget)


def _export(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for export, _forget_part in PARTS.values():
        found |= export(person)
    return found


def _forget(person: Person) -> None:
    for _export_part, forget in PARTS.values():
        forget(person)


people_actions.HOLDERS["meetings"] = (_export, _forget)
