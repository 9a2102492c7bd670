"""What of a text can be said in another language without translating it: things and figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from saphan.engines.language.terms import TermBase
from saphan.engines.matching.dates import read_dates
from saphan.engines.matching.quantities import Quantity, read_quantities
from saphan.engines.matching.units import is_price


@dataclass(frozen=True, slots=True)
class Gist:
    """Concepts (ids of the term base) in order of place, figures with a unit, days named.

    `Quantity` says value, unit, bound and, where the text tells, the topic.
    """

    concepts: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    prices: tuple[Quantity, ...] = ()
    days: tuple[date, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.concepts or self.quantities or self.prices or self.days)


def gist(texts: Iterable[str], lang: str, *, terms: TermBase, now: date) -> Gist:
    """The gist of one record's texts together, each thing once. Days before `now` are left out.

    A concept is left out where a narrower one is named: "durian" says "fruit" already.
    """
    concepts: dict[str, None] = {}
    quantities: dict[Quantity, None] = {}
    days: dict[date, None] = {}
    for text in texts:
        concepts |= dict.fromkeys(hit.concept for hit in terms.find(text, lang))
        quantities |= dict.fromkeys(read_quantities(text, lang))
        days |= dict.fromkeys(due.day for due in read_dates(text, lang, now))
    wider = {above for concept in concepts for above in terms.ancestors(concept)}
    return Gist(
        tuple(concept for concept in concepts if concept not in wider),
        tuple(one for one in quantities if not is_price(one.unit)),
        tuple(one for one in quantities if is_price(one.unit)),
        tuple(sorted(days)),
    )
