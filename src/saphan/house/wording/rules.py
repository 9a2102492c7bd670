"""Who may change the term base, and why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Verdict, allowed_if
from saphan.house.wording.models import TermChange
from saphan.people.models import Person, Role
from saphan.people.rules import has_role

OFFICERS = (Role.Name.LIAISON_OFFICER, Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER,
            Role.Name.DIRECTOR, Role.Name.ADMINISTRATOR)


def may_propose(by: Person | None) -> Verdict:
    """Anybody who has signed in; the house itself (`None`) from the command line."""
    return allowed_if(by is None or by.is_active, _("Sign in to propose a correction."))


def may_decide(by: Person | None) -> Verdict:
    """Liaison officers and the staff; their own corrections count at once."""
    return allowed_if(by is None or has_role(by, *OFFICERS),
                      _("Only liaison officers and the staff may change terms."))


def may_take_back(by: Person | None, change: TermChange) -> Verdict:
    return allowed_if(by is not None and change.person_id == by.pk,
                      _("Only whoever proposed it may take it back."))


def may_undo(by: Person | None, change: TermChange, newest: TermChange | None) -> Verdict:
    """Only the latest change of a concept: an earlier one has others standing on it."""
    return (may_decide(by)
            & allowed_if(change.applied is not None, _("This change was never made."))
            & allowed_if(newest is not None and newest.pk == change.pk, _(
                "This concept was changed again since. Undo the later change first.")))
