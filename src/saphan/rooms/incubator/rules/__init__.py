"""Who may do what in the incubator, and why not. Each refusal carries a translated reason.

`BY_TRANSITION` names a rule for every move of every model here. A name that several models share
(`withdraw`) is looked up in the module of the model.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if
from saphan.rooms.incubator.rules import answers, calls, panel, projects


def by_the_house(person: Any, _subject: Any = None) -> Verdict:
    """What follows from something else, or from the clock: nobody does it by hand."""
    return allowed_if(person is None, _("The house does this by itself when it is time."))


BY_TRANSITION: dict[str, Rule] = {
    **calls.BY_TRANSITION, **answers.BY_TRANSITION, **panel.BY_TRANSITION,
    **projects.BY_TRANSITION,
    **projects.BY_MILESTONE, **projects.BY_PAYMENT, **projects.BY_FOLLOW_UP,
    "unseal": by_the_house, "miss": by_the_house,
}
