"""A derived set as it was at one moment: what questions are answered from. Never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.language.embed import Vectors
from saphan.engines.matching import filters as filtering
from saphan.engines.matching import quantised
from saphan.engines.matching.columns import COMPARED, GONE, Array, ids_of
from saphan.engines.matching.documents import Filters
from saphan.engines.matching.filters import FIELDS, Mask
from saphan.engines.matching.quantised import Places
from saphan.engines.matching.segments import Segment

COMPARE_ALL: Final = 16_384
"""Vectors that are all compared exactly; of more, the nearest by their bits."""

CANDIDATES: Final = 4_096
SHARE: Final = 128
FOR_EACH: Final = 8
"""Compared exactly: at least CANDIDATES, a SHAREth of all, and FOR_EACH for each one wanted."""

_MASKS_KEPT: Final = 16


@dataclass(frozen=True)
class Passing:
    """The slots that pass some filters; `mask` None if all do."""

    mask: Mask | None
    count: int


class View:
    """Columns (see `columns.kinds`) and segments up to one version of the index."""

    def __init__(
        self, version: int, columns: Mapping[str, Array], segments: Sequence[Segment]
    ) -> None:
        self.version, self.segments = version, tuple(segments)
        self.numbers: npt.NDArray[np.int64] = columns["numbers"]
        self._columns = columns
        # A copy, so that both are of one moment: other processes mark slots in the file.
        live = np.array(columns["live"])
        self.in_use = _passing(live != GONE)
        self.compared = _passing(live == COMPARED)
        self._known: dict[Filters, tuple[Passing, Passing]] = {}

    def __len__(self) -> int:
        return len(self.numbers)

    def ids(self, slots: Places) -> list[str]:
        """Identifiers of slots."""
        return ids_of(self._columns, slots)

    def passing(
        self,
        filters: Filters | None,
        labels: Callable[[Sequence[str]], Sequence[int]],
        excluded: Callable[[], Places],
    ) -> tuple[Passing, Passing]:
        """Slots in use that pass, and those of them whose vectors are compared.

        `labels` gives the numbers of values; `excluded` the slots of what the filters exclude.
        """
        if filters is None:
            return self.in_use, self.compared
        known = self._known.get(filters)
        if known is None:
            mask = filtering.passing(
                filters, {name: self._columns[name] for name in FIELDS}, self._columns["until"],
                labels, excluded(),
            )  # fmt: skip
            known = _both(self.in_use, mask), _both(self.compared, mask)
            if len(self._known) >= _MASKS_KEPT:
                self._known.clear()
            self._known[filters] = known
        return known

    def nearest(
        self, vector: Vectors, passing: Passing, k: int | None
    ) -> tuple[Places, Vectors]:
        """Slots and cosines of the `k` (None: all) nearest to a unit vector, best first."""
        wanted = passing.count if k is None else min(k, passing.count)
        if wanted <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        places = self._candidates(vector, passing, wanted)
        found = quantised.cosines(self._columns["exact"], vector, places)
        best = np.argpartition(-found, wanted - 1)[:wanted] if wanted < len(found) else slice(None)
        chosen = np.arange(len(found))[best]
        chosen = chosen[np.argsort(-found[chosen], kind="stable")]
        return (chosen if places is None else places[chosen]), found[chosen]

    def _candidates(self, vector: Vectors, passing: Passing, wanted: int) -> Places | None:
        """Slots that are compared exactly; None for all."""
        count, codes = passing.count, self._columns["codes"]
        if count <= max(COMPARE_ALL, FOR_EACH * wanted):
            return None if passing.mask is None else np.flatnonzero(passing.mask)
        enough = max(CANDIDATES, count // SHARE, FOR_EACH * wanted)
        code = quantised.to_codes(vector[None])[0]
        if passing.mask is None or 4 * count > len(self):
            return quantised.nearest_by_bits(codes, code, enough, passing.mask)
        places = np.flatnonzero(passing.mask)
        return places[quantised.nearest_by_bits(codes.take(places, axis=0), code, enough)]

    def cosines(self, vector: Vectors, slots: Places) -> tuple[Places, Vectors]:
        """Those of the slots whose vectors are compared, and their cosines."""
        if self.compared.mask is not None:
            slots = slots[self.compared.mask[slots]]
        return slots, quantised.cosines(self._columns["exact"], vector, slots)


def _passing(mask: Mask) -> Passing:
    count = int(np.count_nonzero(mask))
    return Passing(None if count == len(mask) else mask, count)


def _both(one: Passing, mask: Mask | None) -> Passing:
    if mask is None:
        return one
    return _passing(mask if one.mask is None else one.mask & mask)
