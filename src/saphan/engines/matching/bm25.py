"""What documents share with a question in words (BM25) and in concepts, from inverted lists.

Word scores are divided by the best that a document could reach, so they say which share of the
question's weight of words a document holds, and can be compared between questions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from saphan.engines.matching.filters import Mask
from saphan.engines.matching.postings import STRENGTHS, Numbers, concept_keys, length_key, word_keys
from saphan.engines.matching.quantised import Places
from saphan.engines.matching.segments import Amounts, Segment, Slots
from saphan.engines.matching.view import Passing, View

K1: Final = 1.2
B: Final = 0.6
MOST_TOKENS: Final = 96
"""Of a long question only the rarest tokens count."""

MOST_POSTINGS: Final = 500_000
"""Entries of lists by which candidates are found: those of the rarest tokens. The words left out
are so common that they tell little; they are counted in afterwards for the candidates."""

_SPARE: Final = 2
_FEWEST: Final = 1_000

Scores = npt.NDArray[np.float64]
Lists = list[tuple[int, Slots, Amounts]]
"""Place of a key among those asked for, slots in the segment, amounts."""


def word_scores(
    view: View, tokens: Sequence[str], family: str, passing: Passing, k: int | None
) -> tuple[Places, Scores]:
    """Slots and shares 0..1 of the documents that hold any of the tokens; the `k` best, or all."""
    keys = np.unique(word_keys(tokens, family))
    asked = np.append(keys, np.uint64(length_key(family)))
    parts = [_Part(segment, asked, view.in_use.mask) for segment in view.segments]
    total = sum(part.texts for part in parts)
    counts = sum((part.counts for part in parts), np.zeros(len(keys), np.int64))
    if not total or not counts.any():
        return _nothing()
    idf = np.array([_idf(int(count), total) for count in counts])
    # A token that no document holds says little about how well the others fit.
    best = idf[counts > 0].sum() + 0.25 * idf[counts == 0].sum()
    present = [int(key) for key in np.argsort(counts, kind="stable") if counts[key]][:MOST_TOKENS]
    mean = sum(part.length for part in parts) / total
    weights = {key: idf[key] / best for key in present}
    chosen = present if k is None else _rarest(present, counts)
    left = [key for key in present if key not in chosen]
    found = _gather(
        [(part.segment, part.score(weights, chosen, mean)) for part in parts],
        passing.mask, max(_SPARE * k, _FEWEST) if k is not None and left else k,
    )  # fmt: skip
    if left and k is not None:
        slots, scores = found
        for part in parts:
            part.add(slots, scores, weights, left, mean)
        found = _top(slots, scores, k)
    return found[0], np.minimum(found[1], 1.0)


def concept_scores(
    view: View, weights: Mapping[str, float], passing: Passing, k: int | None
) -> tuple[Places, dict[int, dict[str, float]]]:
    """Slots of the documents that name any of the concepts, and by slot the strength of each.

    Best first; with `k` those with the greatest sum of weight times strength.
    """
    names = sorted(weights)
    keys = concept_keys(names)
    if not names or not len(view):
        return np.zeros(0, np.int64), {}
    lists = [(segment, list(segment.find(keys))) for segment in view.segments]
    factor = np.array([weights[name] for name in names]) / STRENGTHS

    def worth(found: Lists, size: int) -> tuple[Scores, npt.NDArray[np.bool_]]:
        if not found:
            return np.zeros(0), np.zeros(0, np.bool_)
        places = np.concatenate([slots for _, slots, _ in found])
        gains = np.concatenate([amounts * factor[key] for key, _, amounts in found])
        scores = np.bincount(places, gains, size).astype(np.float64, copy=False)
        named = np.zeros(size, np.bool_)
        named[places] = True
        return scores, named

    slots, _ = _gather(
        [(segment, worth(found, segment.size)) for segment, found in lists], passing.mask, k
    )
    strengths: dict[int, dict[str, float]] = {int(slot): {} for slot in slots}
    ordered = np.sort(slots)
    for segment, found in lists:
        inside = _inside(ordered, segment)
        for key, held, amounts in found:
            places, hits = _where(held, inside)
            for slot, amount in zip(inside[hits].tolist(), amounts[places].tolist(), strict=True):
                strengths[segment.first + slot][names[key]] = amount / STRENGTHS
    return slots, strengths


class _Part:
    """What one segment holds of a question's words."""

    def __init__(self, segment: Segment, asked: Numbers, in_use: Mask | None) -> None:
        self.segment = segment
        self._lists = {key: (slots, amounts) for key, slots, amounts in segment.find(asked)}
        none = np.zeros(0, "<u4"), np.zeros(0, "<u2")
        self._lengths = self._lists.pop(len(asked) - 1, none)
        self.counts = np.zeros(len(asked) - 1, np.int64)
        for key, (slots, _) in self._lists.items():
            self.counts[key] = len(slots)
        slots, lengths = self._lengths
        self.texts, self.length = len(lengths), int(lengths.sum(dtype=np.int64))
        if in_use is not None:
            self._leave_out(~in_use[segment.first : segment.first + segment.size])

    def _leave_out(self, gone: Mask) -> None:
        """Count without the documents that are gone, which are few or soon written anew."""
        lost = np.flatnonzero(gone)
        if not len(lost):
            return
        for key, (slots, _) in self._lists.items():
            self.counts[key] -= _shared(slots, lost, gone)
        slots, lengths = self._lengths
        self.texts -= _shared(slots, lost, gone)
        places, _ = _where(slots, lost)
        self.length -= int(lengths[places].sum(dtype=np.int64))

    def score(
        self, weights: Mapping[int, float], keys: Sequence[int], mean: float
    ) -> tuple[Scores, npt.NDArray[np.bool_]]:
        """Sum over the keys for each slot of the segment, and which slots hold any."""
        held = [(weights[key], *self._lists[key]) for key in keys if key in self._lists]
        if not held:
            return np.zeros(0), np.zeros(0, np.bool_)
        norms = np.zeros(self.segment.size, np.float32)
        slots, lengths = self._lengths
        norms[slots] = self._norm(lengths, mean)
        places = np.concatenate([slots for _, slots, _ in held])
        times = np.concatenate([amounts for _, _, amounts in held]).astype(np.float32)
        weight = np.repeat([w for w, _, _ in held], [len(slots) for _, slots, _ in held])
        gains = weight * times / (times + norms[places])
        scores = np.bincount(places, gains, self.segment.size).astype(np.float64, copy=False)
        return scores, scores > 0

    def add(
        self, slots: Places, scores: Scores, weights: Mapping[int, float], keys: Sequence[int],
        mean: float,
    ) -> None:  # fmt: skip
        """Add the weight of more keys to the scores of slots of the whole view."""
        mine = np.flatnonzero(
            (slots >= self.segment.first) & (slots < self.segment.first + self.segment.size)
        )
        inside = slots[mine] - self.segment.first
        held, lengths = self._lengths
        norms = np.zeros(len(inside))
        places, hits = _where(held, inside)
        norms[hits] = self._norm(lengths[places], mean)
        for key in keys:
            if key in self._lists:
                held, amounts = self._lists[key]
                places, hits = _where(held, inside)
                times = amounts[places].astype(np.float64)
                scores[mine[hits]] += weights[key] * times / (times + norms[hits])

    @staticmethod
    def _norm(lengths: Amounts, mean: float) -> npt.NDArray[np.float64]:
        return K1 * (1 - B + B * lengths.astype(np.float64) / mean)


def _rarest(present: Sequence[int], counts: npt.NDArray[np.int64]) -> Sequence[int]:
    """Of the keys in order of rarity those that candidates are found by; at least one."""
    passed = np.cumsum(counts[list(present)])
    return present[: max(1, int(np.searchsorted(passed, MOST_POSTINGS, "right")))]


def _gather(
    parts: Sequence[tuple[Segment, tuple[Scores, npt.NDArray[np.bool_]]]],
    mask: Mask | None,
    k: int | None,
) -> tuple[Places, Scores]:
    """Slots and scores of all segments together, those that pass, best first."""
    slots, scores = [], []
    for segment, (score, held) in parts:
        if mask is not None:
            held = held & mask[segment.first : segment.first + len(held)]
        places = np.flatnonzero(held)
        places, best = _top(places, score[places], k)
        slots.append(places + segment.first)
        scores.append(best)
    if not slots:
        return _nothing()
    return _top(np.concatenate(slots), np.concatenate(scores), k)


def _top(slots: Places, scores: Scores, k: int | None) -> tuple[Places, Scores]:
    if k is not None and k < len(slots):
        kept = np.argpartition(-scores, k)[:k]
        slots, scores = slots[kept], scores[kept]
    order = np.lexsort((slots, -scores))
    return slots[order], scores[order]


def _inside(slots: Places, segment: Segment) -> Places:
    """Of sorted slots those in a segment, counted from its first."""
    begin, end = np.searchsorted(slots, (segment.first, segment.first + segment.size))
    return slots[begin:end] - segment.first


def _where(held: Slots, slots: Places) -> tuple[Places, Places]:
    """Where slots stand in a list, and which of them do."""
    if not len(held):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    places = np.searchsorted(held, slots)
    places[places == len(held)] = 0
    hits = np.flatnonzero(held[places] == slots)
    return places[hits], hits


def _shared(held: Slots, slots: Places, mask: Mask) -> int:
    """How many slots of a list are among some; `mask` says the same of all slots."""
    if 8 * len(slots) < len(held):
        return len(_where(held, slots)[0])
    return int(np.count_nonzero(mask[held]))


def _nothing() -> tuple[Places, Scores]:
    return np.zeros(0, np.int64), np.zeros(0)


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))
