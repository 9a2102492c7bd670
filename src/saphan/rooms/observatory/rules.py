"""Who may do what in the observatory, and why not. Each refusal carries a translated reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from saphan.ground.access import Rule, Verdict, allowed_if, every
from saphan.people.models import Person, Role
from saphan.rooms.observatory import units
from saphan.rooms.observatory.models import Indicator, Observation
from saphan.rooms.observatory.vocabulary import Relation


def edits(person: Person | None) -> bool:
    """Liaison officers, programme managers, directors and administrators keep the numbers."""
    return person is not None and person.is_authenticated and person.has_role(
        Role.Name.LIAISON_OFFICER, Role.Name.PROGRAMME_MANAGER, Role.Name.DIRECTOR,
        Role.Name.ADMINISTRATOR)


def signed_in(person: Person | None, _thing: Any = None) -> Verdict:
    return allowed_if(person is not None and person.is_authenticated,
                      _("Please sign in first. What you wrote is kept."))


def is_editor(person: Person | None, _thing: Any = None) -> Verdict:
    return allowed_if(edits(person), _("Only liaison officers and those who run the centre may "
                                       "change its numbers."))


def may_read(person: Person | None, indicator: Indicator) -> Verdict:
    return allowed_if(indicator.is_public or edits(person), _("This indicator is not public yet."))


def is_named(_person: Person | None, indicator: Indicator) -> Verdict:
    """What the public reads has a name and says what it means."""
    return allowed_if(bool(indicator.name and indicator.meaning),
                      _("Give it a name and say what it means before you publish it."))


def is_current(_person: Person | None, observation: Observation) -> Verdict:
    return allowed_if(observation.state == Observation.State.CURRENT,
                      _("It was corrected or withdrawn already."))


def takes_observations(_person: Person | None, indicator: Indicator) -> Verdict:
    return allowed_if(not indicator.counts_facts, _(
        "This indicator counts what happened at the centre. It takes no observations."))


def fits(indicator: Indicator, values: Mapping[str, Any]) -> Verdict:
    """Whether an observation is whole: its unit is that of the indicator or can be turned into it,
    a range has two ends, and what is called checked can be checked by others."""
    unit, high = values["unit"], values.get("high")
    same = units.base(values["value"], unit)[1] == units.base(values["value"], indicator.unit)[1]
    ranged = values["relation"] == Relation.RANGE
    complete = values.get("quote") and values.get("address") and values.get("read")
    return (takes_observations(None, indicator)
            & allowed_if(same, gettext("This indicator is counted in: %(unit)s.") % {
                "unit": units.label(indicator.unit) or "1"})
            & allowed_if(not ranged or (high is not None and high > values["value"]),
                         _("A range needs an upper value that is larger than the value."))
            & allowed_if(ranged or high is None, _("Only a range has an upper value."))
            & allowed_if(not values.get("checked") or bool(complete), _(
                "What was checked needs the words of the source, its web address and the day on "
                "which they were read there.")))


def can_be_checked(_person: Person | None, observation: Observation) -> Verdict:
    return allowed_if(bool(observation.quote and observation.address), _(
        "Without the words of the source and its web address nobody can check it. Add them by a "
        "correction."))


def is_not_replaced(_person: Person | None, observation: Observation) -> Verdict:
    return allowed_if(not hasattr(observation, "replaced_by"),
                      _("A newer observation has taken its place."))


may_edit = every(signed_in, is_editor)
may_import = may_edit
may_publish = every(may_edit, is_named)
may_correct = every(may_edit, is_current)
may_withdraw = every(may_edit, is_current)
may_check = every(may_edit, is_current, can_be_checked)
may_restore = every(may_edit, is_not_replaced)

BY_TRANSITION: dict[str, Rule] = {
    "publish": may_publish, "archive": may_edit,
    "correct": may_correct, "withdraw": may_withdraw, "restore": may_restore,
}
