"""Who works in the newsroom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Verdict, allowed_if
from saphan.people.models import Person, Role

ROLES = (Role.Name.LIAISON_OFFICER, Role.Name.PROGRAMME_MANAGER, Role.Name.DIRECTOR,
         Role.Name.ADMINISTRATOR)


def works_here(person: Person | None) -> bool:
    """Liaison officers read, check and write; so do those who run the centre."""
    return person is not None and person.is_authenticated and person.has_role(*ROLES)


def runs_it(person: Person | None) -> bool:
    """Whoever decides which sources are read."""
    return person is not None and person.is_authenticated and person.has_role(
        Role.Name.PROGRAMME_MANAGER, Role.Name.DIRECTOR, Role.Name.ADMINISTRATOR)


def at_the_desk(person: Person | None, _subject: Any = None) -> Verdict:
    return allowed_if(works_here(person), _(
        "Only liaison officers and those who run the centre may do that."))
