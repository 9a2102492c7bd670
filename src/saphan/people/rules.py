"""Who may change what about people, and why not."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Verdict, allowed_if
from saphan.people.models import Membership, Organisation, Person, Role

LAST_ADMINISTRATOR = _("This is the only administrator. Name another one first.")


def has_role(person: Any, *names: str) -> bool:
    """Whether somebody who may not even be signed in has one of these roles."""
    return isinstance(person, Person) and person.is_active and person.has_role(*names)


def may_administer(by: Person | None) -> Verdict:
    """Only an administrator; the house itself (`None`) from the command line."""
    return allowed_if(by is None or has_role(by, Role.Name.ADMINISTRATOR),
                      _("Only an administrator may do that."))


def may_grant_roles(by: Person | None) -> Verdict:
    return allowed_if(by is None or has_role(by, Role.Name.ADMINISTRATOR),
                      _("Only an administrator may give or take roles."))


def may_grant(by: Person | None, person: Person, name: str, *, desk: bool,
              lang: str = "") -> Verdict:
    """A known role, for somebody who is here; a liaison officer has a desk, a translator has a
    language, nobody else does."""
    officer = name == Role.Name.LIAISON_OFFICER
    return (may_grant_roles(by)
            & allowed_if(name in set(Role.Name.values) - {Role.Name.VISITOR},
                         _("There is no such role to give."))
            & allowed_if(person.is_active, _("This person is shut out. Open the door again first."))
            & allowed_if(desk or not officer,
                         _("Choose the country or region for which a liaison officer works."))
            & allowed_if(officer or not desk,
                         _("Only a liaison officer works for one country or region."))
            & allowed_if((name == Role.Name.TRANSLATOR) == bool(lang),
                         _("A translator needs a language, and nobody else has one.")))


def may_take(by: Person | None, person: Person, name: str) -> Verdict:
    return may_grant_roles(by) & allowed_if(
        name != Role.Name.ADMINISTRATOR or not is_last_administrator(person), LAST_ADMINISTRATOR)


def may_shut_out(by: Person | None, person: Person) -> Verdict:
    return may_administer(by) & allowed_if(not is_last_administrator(person), LAST_ADMINISTRATOR)


def may_edit_economies(by: Person | None) -> Verdict:
    return allowed_if(by is None or has_role(by, Role.Name.ADMINISTRATOR, Role.Name.DIRECTOR),
                      _("Only an administrator or the director may change these names."))


def may_edit_organisations(by: Person | None) -> Verdict:
    return allowed_if(
        by is None or has_role(by, Role.Name.ADMINISTRATOR, Role.Name.PROGRAMME_MANAGER),
        _("Only an administrator or a programme manager may change organisations."))


def may_name(by: Person | None, organisation: Organisation) -> Verdict:
    """Its own people and the staff may add a name by which it is known."""
    return may_edit_organisations(by) | allowed_if(
        speaks_for(by, organisation), _("Only people of this organisation may do that."))


def may_confirm_joining(by: Person | None, organisation: Organisation) -> Verdict:
    """Somebody who already speaks for it, or the staff."""
    return (allowed_if(by is None or has_role(by, Role.Name.ADMINISTRATOR,
                                              Role.Name.PROGRAMME_MANAGER, Role.Name.CLERK), "")
            | allowed_if(speaks_for(by, organisation),
                         _("Only people of this organisation or the staff may confirm this.")))


def may_merge(by: Person | None, kept: Organisation, other: Organisation) -> Verdict:
    return (may_edit_organisations(by)
            & allowed_if(kept.pk != other.pk, _("This is one and the same record."))
            & allowed_if(kept.example == other.example,
                         _("An example and a real organisation cannot be one.")))


def may_operate(by: Person | None, organisation: Organisation,
                operator: Organisation | None) -> Verdict:
    """Nobody operates itself, directly or through others."""
    above, seen = operator, set()
    while above is not None and above.pk not in seen:
        if above.pk == organisation.pk:
            break
        seen.add(above.pk)
        above = above.operated_by
    return may_edit_organisations(by) & allowed_if(
        above is None or above.pk != organisation.pk,
        _("These two would operate each other."))


def speaks_for(person: Person | None, organisation: Organisation) -> bool:
    return isinstance(person, Person) and Membership.objects.filter(
        person=person, organisation=organisation, may_publish=True).exists()


def may_act_for(by: Person | None, person: Person) -> Verdict:
    return allowed_if(by is not None and by.pk == person.pk,
                      _("Only the owner of the account may do that."))


def may_leave(by: Person | None, person: Person) -> Verdict:
    """She may, unless nobody else could run the house afterwards."""
    return may_act_for(by, person) & allowed_if(
        not is_last_administrator(person),
        _("You are the only administrator. Name another one first."))


def is_last_administrator(person: Person) -> bool:
    """Whether nobody else who can sign in is an administrator."""
    return person.has_role(Role.Name.ADMINISTRATOR) and not Role.objects.filter(
        name=Role.Name.ADMINISTRATOR, person__is_active=True).exclude(person=person).exists()
