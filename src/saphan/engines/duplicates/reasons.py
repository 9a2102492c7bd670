"""Why two records are held to be the same one, and in what they differ: for people to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from saphan.engines.duplicates.features import Compared
from saphan.engines.duplicates.figures import Figure
from saphan.engines.duplicates.profile import Facts

ALIKE_TITLE: Final = 0.6
"""Cosine of titles from which we say that they mean the same."""
ALIKE_FIRM: Final = 0.72
"""Cosine of two names in different scripts from which we say that they look like one maker."""
_SHOWN: Final = 4
_TELLING: Final = 0.8
"""Weight of a figure that is worth showing."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `same` false: in this they differ. `values` are shown as they are.

    `title`, `figures`, `concepts` (identifiers), `names`, `organisation` (the two names),
    `economy` (codes), `model` (names of models), `budget`, `deadline` (ISO dates).
    """

    name: str
    same: bool
    values: tuple[str, ...] = ()


def reasons(
    compared: Compared, first: Facts, second: Facts, titles: float
) -> tuple[Reason, ...]:
    """What speaks for one record first, then what differs; `first` is the one asked about.

    `titles`: the cosine of their titles.
    """
    found = _same(compared, first, second)
    if titles >= ALIKE_TITLE:
        found.insert(0, Reason("title", True))
    return (*found, *_different(compared, first, second))


def _same(compared: Compared, first: Facts, second: Facts) -> list[Reason]:
    values, one, two = compared.values, first.document, second.document
    found = []
    figures = _shown(compared.figures.shared)
    if figures:
        found.append(Reason("figures", True, figures))
    if compared.names:
        found.append(Reason("names", True, _as_written(first, compared.names[:_SHOWN])))
    if compared.concepts:
        found.append(Reason("concepts", True, compared.concepts[:_SHOWN]))
    if _one_firm(values):
        found.append(Reason("organisation", True, _firms(first, second)))
    if values["economy_same"]:
        found.append(Reason("economy", True, (one.economy,)))
    if values["budget_same"]:
        found.append(Reason("budget", True, (_money(first),)))
    if one.deadline and one.deadline == two.deadline:
        found.append(Reason("deadline", True, (one.deadline.isoformat(),)))
    return found


def _different(compared: Compared, first: Facts, second: Facts) -> list[Reason]:
    values, one, two = compared.values, first.document, second.document
    found = []
    if values["economy_other"]:
        found.append(Reason("economy", False, (one.economy, two.economy)))
    if values["firms_known"] and not _one_firm(values):
        found.append(Reason("organisation", False, _firms(first, second)))
    if values["other_models"]:
        models = (*sorted(first.names.codes)[:1], *sorted(second.names.codes)[:1])
        found.append(Reason("model", False, models))
    mine, theirs = _shown(compared.figures.first_only), _shown(compared.figures.second_only)
    if mine and theirs:
        found.append(Reason("figures", False, (", ".join(mine), ", ".join(theirs))))
    if values["budget_other"]:
        found.append(Reason("budget", False, (_money(first), _money(second))))
    if one.deadline and two.deadline and one.deadline != two.deadline:
        days = (one.deadline.isoformat(), two.deadline.isoformat())
        found.append(Reason("deadline", False, days))
    return found


def _one_firm(values: Mapping[str, float]) -> bool:
    return bool(values["firm_words"] >= 0.5 or values["firm_meaning"] >= ALIKE_FIRM)


def _firms(first: Facts, second: Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys((first.document.organisation, second.document.organisation)))


def _shown(figures: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(str(one) for one in figures if one.weight >= _TELLING)[:_SHOWN]


def _money(facts: Facts) -> str:
    return f"{facts.document.budget:,.0f} {facts.document.currency}"


def _as_written(facts: Facts, names: Sequence[str]) -> tuple[str, ...]:
    """Names in the letters of the record's own text."""
    text = " ".join(text for _, text in facts.document.texts())
    folded = text.lower()
    found = []
    for name in names:
        at = folded.find(name)
        written = text[at : at + len(name)] if at >= 0 and len(folded) == len(text) else name
        found.append(written)
    return tuple(found)
