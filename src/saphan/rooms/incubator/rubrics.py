"""What a panel looks at unless the owner of a call says otherwise: a rubric for each form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from saphan.design.formats import bcp47
from saphan.rooms.incubator.vocabulary import Form

Criterion = tuple[str, Promise | str, int, Promise | str]  # id, name, weight, what 5 marks mean

FIT: Criterion = (
    "fit", _("Fit to the problem"), 25,
    _("It solves the problem as described, at the place where it occurs."))
REACH: Criterion = (
    "reach", _("Indicators within reach"), 25,
    _("Each indicator is reached or passed, and earlier measurements show that this is likely."))
TEAM: Criterion = (
    "team", pgettext_lazy("criterion", "The team"), 20,
    _("The team has done work like this, has the people for it, and each partner has a clear "
      "part."))
PLAN: Criterion = (
    "plan", pgettext_lazy("criterion", "The plan"), 15,
    _("Steps, dates and costs are clear, and fit the time and the money."))
LASTING: Criterion = (
    "lasting", _("What stays afterwards"), 15,
    _("The owner can run, repair and pay for it later; people there learn to use it; rights are "
      "clear."))
PROBLEM: Criterion = (
    "problem", _("A problem worth solving"), 25,
    _("Real users have the problem today, and the team has spoken with them."))
MARKET: Criterion = (
    "market", _("Use in several countries or regions"), 20,
    _("It can be used in more than one country or region, and the team knows the rules there."))
GROWTH: Criterion = (
    "growth", _("What the team will gain from it"), 15,
    _("The team says what it needs to learn or to find, and this place can give it."))
EFFECT: Criterion = (
    "effect", _("What the pilot will show"), 25,
    _("It is clear what is measured before and after, and what people will decide with it."))
COST: Criterion = (
    "cost", _("Money well used"), 15,
    _("Costs are named one by one, are usual, and nothing is paid twice."))


def _weighing(*rows: tuple[Criterion, int]) -> list[Criterion]:
    return [(name, label, weight, guide) for (name, label, _usual, guide), weight in rows]


DEFAULTS: dict[str, list[Criterion]] = {
    Form.CHALLENGE: [FIT, REACH, TEAM, PLAN, LASTING],
    Form.COHORT: _weighing((PROBLEM, 25), (TEAM, 30), (MARKET, 25), (GROWTH, 20)),
    Form.GRANT: _weighing((EFFECT, 30), (REACH, 20), (TEAM, 20), (PLAN, 15), (COST, 15)),
}


def default(form: str) -> list[dict[str, Any]]:
    """The rubric of a form in every language of the house, as a call keeps it."""
    return [{"id": name, "name": in_every_language(label), "weight": weight,
             "guide": in_every_language(guide)} for name, label, weight, guide in DEFAULTS[form]]


def in_every_language(words: Any) -> dict[str, str]:
    """Words of the house's interface by language, English first; a language into which they were
    not translated yet is left out."""
    with translation.override("en"):
        found = {"en": str(words)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if (said := str(words)) != found["en"]:
                found[bcp47(code)] = said
    return found
