"""Who may do what in the meetings room, and why not. Each refusal carries a translated reason.

`BY_TRANSITION` names a rule for every move of every model here. A name that several models share
(`withdraw`) is looked up in the module of the model.
"""

from __future__ import annotations

from saphan.ground.access import Rule
from saphan.rooms.meetings.rules import days, events, parties, plans, wishes

BY_TRANSITION: dict[str, Rule] = {
    **parties.BY_TRANSITION, **wishes.BY_TRANSITION, **plans.BY_TRANSITION,
    **plans.BY_MEETING, **events.BY_TRANSITION, **days.BY_NOTICE,
}
