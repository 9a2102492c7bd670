"""What the rooms' parts of a sample centre are made with."""

from __future__ import annotations

from typing import Any

from saphan.people.models import Person, Role


class BadSample(Exception):
    """A file of the sample centre that does not hold what it should."""


def valid(form: Any, where: str) -> Any:
    """The form, if what the file says passes it."""
    if not form.is_valid():
        problems = form.problems() if hasattr(form, "problems") else form.errors.as_json()
        raise BadSample(f"{where}: {problems}")
    return form


def actor(name: str, *roles: str) -> Person:
    """Somebody made up who acts in the sample. Nobody signs in as her, gets letters for her or
    finds her in a list: like those who have left, she is a reference only."""
    person, made = Person.objects.get_or_create(
        email=f"sample-{name}@forgotten.invalid", defaults={"is_active": False})
    if made:
        person.set_unusable_password()
        person.save()
    for role in roles:
        Role.objects.get_or_create(person=person, name=role)
    return person


def manager() -> Person:
    """Who holds the events of the sample, receives its visitors and approves its briefs."""
    return actor("manager", Role.Name.PROGRAMME_MANAGER)
