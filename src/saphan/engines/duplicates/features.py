"""What speaks for and against two records being the same one, as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.duplicates.figures import Agreement, agree, weigh
from saphan.engines.duplicates.profile import Facts, Meaning

BY_VECTORS: Final = ("meaning", "meaning_and_figures", "firm_meaning")
"""Features that need the model whose weights were fitted."""
BY_FACTS: Final = (
    "figures_cover", "figures_known", "figures_apart", "concepts_cover", "concepts_apart",
    "names_shared", "other_models", "firm_words", "firms_known", "same_language",
    "economy_same", "economy_other", "sector_other", "kind_other", "budget_same",
    "budget_other",
)  # fmt: skip
FEATURES: Final = (*BY_VECTORS, *BY_FACTS)

Rarity = Callable[[str], float]
"""0 for a concept that every record names, 1 for one that none does."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two records side by side: the features by name, and what they are made of."""

    values: Mapping[str, float]
    figures: Agreement
    concepts: tuple[str, ...]
    """Shared, the rarest first."""
    names: tuple[str, ...]
    """Shared, the most telling first."""

    def numbers(self, names: tuple[str, ...] = FEATURES) -> Numbers:
        """The features in the order of `names`."""
        return np.array([self.values[name] for name in names])


def compare(
    first: Facts,
    second: Facts,
    rarity: Rarity,
    meanings: tuple[Meaning, Meaning] | None = None,
) -> Compared:
    """Compare two records. Without `meanings` the features of `BY_VECTORS` are 0. Symmetric."""
    figures = agree(first.figures, second.figures)
    names = first.names.shared(second.names)
    values = (
        _figures(figures)
        | _concepts(first.concepts, second.concepts, rarity)
        | {
            "names_shared": math.log1p(sum(names.values())),
            "other_models": float(first.names.other_models(second.names)),
        }
        | _firms(first, second)
        | _fields(first, second)
    )
    values |= _meaning(*meanings, values) if meanings else dict.fromkeys(BY_VECTORS, 0.0)
    shared = sorted(first.concepts.keys() & second.concepts.keys(), key=lambda c: (-rarity(c), c))
    return Compared(
        values, figures, tuple(shared), tuple(sorted(names, key=lambda n: (-names[n], n)))
    )


def _meaning(first: Meaning, second: Meaning, facts: Mapping[str, float]) -> dict[str, float]:
    meaning = float(first.whole @ second.whole)
    return {
        "meaning": meaning,
        # Where figures can be compared, meaning need not tell as much.
        "meaning_and_figures": meaning * facts["figures_known"],
        "firm_meaning": float(first.organisation @ second.organisation),
    }


def _figures(found: Agreement) -> dict[str, float]:
    shared = weigh(found.shared)
    first, second = weigh(found.first_only), weigh(found.second_only)
    smaller = shared + min(first, second)
    known = min(1.0, smaller)  # a record without figures neither agrees nor disagrees
    return {
        "figures_cover": known * shared / max(smaller, 1e-9),
        "figures_known": known,
        "figures_apart": math.log1p(min(first, second)),
    }


def _concepts(
    first: Mapping[str, float], second: Mapping[str, float], rarity: Rarity
) -> dict[str, float]:
    shared = sum(min(first[c], second[c]) * rarity(c) for c in first.keys() & second.keys())
    total = [sum(s * rarity(c) for c, s in named.items()) for named in (first, second)]
    # What stands in one title and nowhere in the other record, on both sides.
    apart = [
        sum(rarity(c) for c, strength in mine.items() if strength == 1.0 and c not in theirs)
        for mine, theirs in ((first, second), (second, first))
    ]
    return {
        "concepts_cover": (shared + 0.3) / (min(total) + 0.6),
        "concepts_apart": math.log1p(min(apart)),
    }


def _firms(first: Facts, second: Facts) -> dict[str, float]:
    mine, theirs = first.organisation, second.organisation
    known = bool(mine and theirs)
    share = len(mine & theirs) / min(len(mine), len(theirs)) if known else 0.0
    return {"firm_words": share, "firms_known": float(known)}


def _fields(first: Facts, second: Facts) -> dict[str, float]:
    one, two = first.document, second.document
    money = one.currency and one.currency == two.currency and one.budget and two.budget
    same_money = bool(money) and math.isclose(one.budget or 0, two.budget or 1, rel_tol=0.01)
    home = bool(one.economy and two.economy)
    return {
        # Two texts of one language are always nearer to each other, the same or not.
        "same_language": float(one.lang == two.lang),
        "economy_same": float(home and one.economy == two.economy),
        "economy_other": float(home and one.economy != two.economy),
        "sector_other": float(bool(one.sector and two.sector) and one.sector != two.sector),
        "kind_other": float(one.kind != two.kind),
        "budget_same": float(same_money),
        "budget_other": float(bool(money) and not same_money),
    }
