"""A value as a reader writes it: number, unit, and how the source's words stand to it.

Units are codes: `%`, `pp` (percentage points), `m2` `km2` `ha` `kWh` `kg` `t` `km`, an ISO 4217
code for money, or a plural noun of this list for things that are counted. Another unit is shown as
it is.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from saphan.design import formats
from saphan.rooms.observatory.vocabulary import Relation

NOUNS: dict[str, str | Promise] = {
    "companies": pgettext_lazy("unit", "companies"),
    "projects": pgettext_lazy("unit", "projects"),
    "factories": pgettext_lazy("unit", "factories"),
    "workshops": pgettext_lazy("unit", "workshops"),
    "patents": pgettext_lazy("unit", "patents"),
    "models": pgettext_lazy("unit", "AI models"),
    "people": pgettext_lazy("unit", "people"),
    "visits": pgettext_lazy("unit", "visits"),
    "products": pgettext_lazy("unit", "products"),
    "events": pgettext_lazy("unit", "events"),
    "agreements": pgettext_lazy("unit", "agreements"),
    "records": pgettext_lazy("unit", "records"),
    "organisations": pgettext_lazy("unit", "organisations"),
    "economies": pgettext_lazy("unit", "countries or regions"),
    "centres": pgettext_lazy("unit", "centres"),
    "datasets": pgettext_lazy("unit", "data sets"),
    "cases": pgettext_lazy("unit", "cases"),
    "courses": pgettext_lazy("unit", "courses"),
    "times": pgettext_lazy("unit", "times"),
    "PFLOPS": "PFLOPS",
}
MEASURES: dict[str, str | Promise] = {
    "%": gettext_lazy("per cent"),
    "pp": gettext_lazy("percentage points"),
    "t": pgettext_lazy("unit", "tonnes"),
    "m2": "m²", "km2": "km²", "ha": "ha", "kWh": "kWh", "kg": "kg", "km": "km",
}
WORDED = frozenset({"pp", "t"})
"""Written out behind every number. A bare t is a word in some languages and unknown in others."""
_MONEY = re.compile(r"[A-Z]{3}")
_SAME = {"m2": ("m2", Decimal(1)), "km2": ("m2", Decimal(1_000_000)), "ha": ("m2", Decimal(10_000)),
         "km": ("km", Decimal(1)), "kg": ("kg", Decimal(1)), "t": ("kg", Decimal(1000)),
         "kWh": ("kWh", Decimal(1))}


def is_money(unit: str) -> bool:
    return bool(_MONEY.fullmatch(unit))


def label(unit: str) -> str:
    """The unit in the reader's words; empty for a plain number."""
    return str(NOUNS.get(unit) or MEASURES.get(unit) or unit)


def noun(unit: str) -> str:
    """What is counted, in the reader's words; empty for a unit that stands with every number."""
    return "" if unit in MEASURES or is_money(unit) else label(unit)


def base(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """The value in the unit that it can be compared in: hectares as square metres."""
    name, factor = _SAME.get(unit, (unit, Decimal(1)))
    return value * factor, name


def number(value: Decimal, unit: str) -> str:
    """A number with the unit that belongs to its writing; a noun is left to the label beside it."""
    value = value.normalize() + 0
    if unit == "pp":
        return _("%(number)s percentage points") % {"number": formats.number(value)}
    if unit == "t":
        return pgettext("unit", "%(number)s tonnes") % {"number": formats.large(value)}
    if is_money(unit):
        return formats.money(value, unit, steps=True)
    return formats.number(value, unit=unit) if unit in MEASURES else formats.large(value)


def said(value: Decimal, unit: str, relation: str = "=", high: Decimal | None = None) -> str:
    """The value as the source says it: “more than 300”, “from 20 to 30”."""
    shown = number(value, unit)
    if relation == Relation.RANGE and high is not None:
        return _("%(low)s to %(high)s") % {"low": shown, "high": number(high, unit)}
    whole = {Relation.ABOUT: _("about %(number)s"), Relation.MORE: _("more than %(number)s"),
             Relation.AT_LEAST: _("at least %(number)s"), Relation.LESS: _("less than %(number)s"),
             Relation.AT_MOST: _("at most %(number)s")}.get(Relation(relation))
    return whole % {"number": shown} if whole else shown
