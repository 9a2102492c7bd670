"""Who may do what in the hall, and why not."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Verdict, allowed_if
from saphan.people.models import Person, Role
from saphan.people.rules import has_role
from saphan.rooms.exhibition.models import Exhibit, Tour
from saphan.rooms.exhibition.vocabulary import State

STAFF = (Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER, Role.Name.DIRECTOR, Role.Name.ADMINISTRATOR)
SHOWN_STATES = (State.RUNNING, State.FAULTY, State.CLOSED)


def looks_after(person: Person | None) -> bool:
    """Whether she works at the hall."""
    return has_role(person, *STAFF)


def may_close(by: Person | None, exhibit: Exhibit) -> Verdict:
    return allowed_if(looks_after(by), _("Only the staff may close or open an exhibit."))


may_open = may_close


def may_withdraw(by: Person | None, exhibit: Exhibit) -> Verdict:
    """The house itself (None) does it when the folder is gone."""
    return allowed_if(by is None or has_role(by, Role.Name.PROGRAMME_MANAGER,
                                             Role.Name.ADMINISTRATOR),
                      _("Only a programme manager may take an exhibit out of the hall."))


may_return_to_hall = may_withdraw


def may_fail(by: Person | None, exhibit: Exhibit) -> Verdict:
    """Faults are found by the house, not declared by people."""
    return allowed_if(by is None, _("The house finds this out by itself."))


may_recover = may_fail


def may_try(exhibit: Exhibit) -> Verdict:
    return (allowed_if(exhibit.state != State.CLOSED, _("This exhibit is closed today."))
            & allowed_if(exhibit.state in SHOWN_STATES, _("This exhibit is no longer shown.")))


def may_guide(by: Person | None) -> Verdict:
    return allowed_if(has_role(by, *STAFF, Role.Name.LIAISON_OFFICER),
                      _("Only guides of the centre may steer a tour."))


def may_steer(by: Person | None, tour: Tour) -> Verdict:
    return may_guide(by) & allowed_if(
        tour.guide_id is not None and by is not None and tour.guide_id == by.pk,
        _("Another guide steers this tour.")) & allowed_if(
        tour.state == Tour.State.OPEN, _("This tour has ended."))


may_end = may_steer

BY_TRANSITION: dict[str, Callable[..., Verdict]] = {
    "fail": may_fail, "recover": may_recover, "close": may_close, "open": may_open,
                 "withdraw": may_withdraw, "return_to_hall": may_return_to_hall, "end": may_end}
