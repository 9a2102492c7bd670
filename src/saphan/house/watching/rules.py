"""Who may save a search, and why not."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.ground.access import Verdict, allowed_if
from saphan.house.watching.models import Watch
from saphan.people.models import Person

AT_MOST = 50
"""Searches that one person may keep."""


def may_save(by: Person | None) -> Verdict:
    """Anybody who has signed in, as long as there are not too many."""
    signed_in = allowed_if(by is not None and by.is_active,
                           gettext_lazy("Sign in to save a search."))
    if not signed_in or by is None:
        return signed_in
    return allowed_if(Watch.objects.filter(person=by).count() < AT_MOST, _(
        "You have %(number)d saved searches. Delete one that you no longer need.") % {
            "number": AT_MOST})


def may_change(by: Person | None, watch: Watch) -> Verdict:
    """Its owner, nobody else: not even the staff may see what somebody looks for."""
    return allowed_if(by is not None and by.is_active and watch.person_id == by.pk,
                      gettext_lazy("Only the owner of a saved search may do that."))
