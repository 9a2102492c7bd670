"""Who may work on translations, and why not.

Whoever wrote or changed any of the words does not approve them: a second person does. A machine's
words that somebody read and left as they are have been seen by one person; that is enough, and the
reader goes on being told that a machine wrote them.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import ALLOWED, Verdict, allowed_if
from saphan.house.rendering.models import Rendering
from saphan.people.models import Person, Role
from saphan.people.rules import has_role

OFFICERS = (Role.Name.LIAISON_OFFICER, Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER,
            Role.Name.DIRECTOR, Role.Name.ADMINISTRATOR)
STAFF = (Role.Name.CLERK, Role.Name.PROGRAMME_MANAGER, Role.Name.DIRECTOR, Role.Name.ADMINISTRATOR)
WHO_WORKS = _("Only translators, liaison officers and the staff work on translations.")


def is_officer(by: Any) -> bool:
    return by is None or has_role(by, *OFFICERS)


def languages_of(by: Any) -> frozenset[str]:
    """The languages into which a translator works; officers work into all."""
    if not has_role(by, Role.Name.TRANSLATOR):
        return frozenset()
    held = getattr(by, "_translates", None)
    if held is None:
        held = by._translates = frozenset(by.roles.filter(
            name=Role.Name.TRANSLATOR).values_list("lang", flat=True))
    return held


def may_see_the_desk(by: Any) -> Verdict:
    """Translators, liaison officers and the staff; the house itself (`None`)."""
    return allowed_if(is_officer(by) or bool(languages_of(by)),
                      WHO_WORKS)


def may_work(by: Any, lang: str) -> Verdict:
    return may_see_the_desk(by) & allowed_if(
        is_officer(by) or lang in languages_of(by),
        _("You are a translator for other languages than this one."))


def may_order(by: Any) -> Verdict:
    """The staff: the machine may cost money."""
    return allowed_if(by is None or has_role(by, *STAFF),
                      _("Only the staff may order machine drafts for many records."))


def is_free_for(by: Person | None, rendering: Rendering) -> Verdict:
    return allowed_if(by is None or rendering.claimed_by_id in (None, by.pk),
                      _("Somebody else is working on this translation."))


def may_write(by: Person | None, rendering: Rendering) -> Verdict:
    return may_work(by, rendering.lang) & is_free_for(by, rendering)


def may_release(by: Person | None, rendering: Rendering) -> Verdict:
    """Whoever holds it, or the staff for somebody who went away."""
    mine = by is None or rendering.claimed_by_id in (None, by.pk) or has_role(by, *STAFF)
    return may_work(by, rendering.lang) & allowed_if(
        mine, _("Somebody else is working on this translation."))


def wrote(by: Person | None, rendering: Rendering) -> bool:
    return by is not None and by.ref in rendering.writers


def may_approve(by: Person | None, rendering: Rendering) -> Verdict:
    return may_work(by, rendering.lang) & allowed_if(not wrote(by, rendering), _(
        "You wrote some of these words. A second person has to approve them."))


def may_move(by: Person | None, rendering: Rendering) -> Verdict:
    return may_work(by, rendering.lang)


BY_TRANSITION = {
    "draft": may_write, "hand_in": may_write, "send_back": may_move, "approve": may_approve,
    "reopen": may_move, "set_aside": may_move, "want_again": may_move,
}

__all__ = ["ALLOWED", "BY_TRANSITION", "WHO_WORKS", "is_officer", "languages_of", "may_approve",
           "may_order", "may_release", "may_see_the_desk", "may_work", "may_write", "wrote"]
