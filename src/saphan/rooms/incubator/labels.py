"""What a few questions are called: each form of a call asks them in its own words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.rooms.incubator.vocabulary import Form

FORM_HINTS = {
    Form.CHALLENGE: _("You have one problem, a place to try solutions, and data."),
    Form.COHORT: _("You take several young teams and help them for some months."),
    Form.GRANT: _("You pay for several pilots and want to see what they show."),
}
SCENARIO = {
    Form.CHALLENGE: _("The problem and where it occurs"),
    Form.COHORT: _("What the cohort is about, and for whom"),
    Form.GRANT: _("What the pilots should try out"),
}
BUDGET = {
    Form.CHALLENGE: _("Money for the work"),
    Form.COHORT: _("Money for each team"),
    Form.GRANT: _("Money for each pilot"),
}


def of(form: str, name: str, usual: Any) -> Any:
    """The label of a field in this form of a call."""
    return {"scenario": SCENARIO, "budget_amount": BUDGET}.get(name, {}).get(form, usual)  # type: ignore[call-overload]
