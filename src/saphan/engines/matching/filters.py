"""Which documents pass the filters, as one true or false for each slot of a derived set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.matching.documents import Filters

FIELDS: Final = ("room", "kind", "sector", "economy", "lang", "audience")
"""Attributes of a document that filters name values of; kept as numbers of labels."""

NO_END: Final = 2**31 - 1
"""`until` of a document without `valid_until`; else the ordinal number of the day."""

Mask = npt.NDArray[np.bool_]


def wanted_values(filters: Filters) -> dict[str, tuple[str, ...]]:
    """Field to the values that pass, for the fields that are limited."""
    by_field = dict(zip(
        FIELDS,
        (filters.rooms, filters.kinds, filters.sectors, filters.economies, filters.langs,
         filters.audiences),
        strict=True,
    ))  # fmt: skip
    return {field: values for field, values in by_field.items() if values}


def passing(
    filters: Filters,
    attributes: Mapping[str, npt.NDArray[np.uint32]],
    until: npt.NDArray[np.int32],
    labels: Callable[[Sequence[str]], Iterable[int]],
    excluded: npt.NDArray[np.int64],
) -> Mask | None:
    """The slots that pass, or None if all do.

    `labels` gives the numbers of values that any document has; `excluded` are slots left out.
    """
    mask: Mask | None = None

    def limit(allowed: Mask) -> None:
        nonlocal mask
        mask = allowed if mask is None else np.logical_and(mask, allowed, out=mask)

    for field, values in wanted_values(filters).items():
        limit(_any_of(attributes[field], list(labels(values))))
    if filters.valid_on:
        limit(until >= filters.valid_on.toordinal())
    if len(excluded):
        if mask is None:
            mask = np.ones(len(until), np.bool_)
        mask[excluded] = False
    return mask


def _any_of(column: npt.NDArray[np.uint32], numbers: list[int]) -> Mask:
    if len(numbers) > 8:
        return np.isin(column, np.array(numbers, np.uint32))
    allowed = np.zeros(len(column), np.bool_)
    for number in numbers:
        allowed |= column == number
    return allowed
