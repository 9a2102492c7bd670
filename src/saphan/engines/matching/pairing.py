"""Who should talk with whom: many parties at once, each with what it offers and what it seeks.

Of every two parties both directions are looked at: how well what one offers answers what the other
seeks, by the signals of `rank` (meaning after language-identity removal, concepts in any language,
requirements). All pairs are compared as matrices; requirements are checked for the best few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document, Match
from saphan.engines.matching.entries import document_concepts
from saphan.engines.matching.kept import KeptVectors
from saphan.engines.matching.rank import CONCEPTS_COUNTED, Signals, rarity
from saphan.engines.matching.standing import Standing, StandingMatcher

RETURN: Final = 0.4
"""How much it counts for a party that the other seeks what it offers, beside that the other offers
what it seeks. Chosen by `bench/meetings/suggestions.py`."""
ABROAD: Final = 0.06
TONGUE: Final = 0.04
"""Worth of another country or region, and of a shared language: they settle what is near equal."""
LOOKED_AT: Final = 15
"""Candidates beyond those wanted whose requirements are checked."""
WITHOUT_CONCEPTS: Final = 0.45
"""Where something named is sought and the other names none of it, only a closer meaning will do."""
NEAR: Final = 0.03
"""Below this probability nothing is suggested, as in an answer of the house. What lies between it
and the matcher's threshold only comes near, and is marked so: with the threshold alone many would
get two or three names, and others would be suggested to nobody."""
LEAST: Final = 3
"""A party that fits others is suggested to at least so many of them."""
ROWS: Final = 400

Matrix = npt.NDArray[np.float32]
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a party offers; `record` is the number of the market's record, if it is one."""

    document: Document
    record: str = ""
    vector: Vectors | None = None
    """Known already: of the same model, before language-identity removal."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Something a party seeks, in words of `lang` (empty: not known)."""

    text: str
    lang: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A party. Two of the same `group` (one company) are never suggested to each other."""

    key: int
    group: str
    economy: str
    languages: frozenset[str]
    offers: tuple[Offer, ...]
    seeks: tuple[Seek, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one side fits what the other seeks. `seek` and `offer` are market records, if any.
    `fits` as in an answer of the house; without it the two only come near."""

    match: Match
    fits: bool
    missing: tuple[str, ...]
    seek: str
    offer: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """`key` should be met. `fit` 0..1 for both together; `sought`: the other offers what is sought;
    `offered`: the other seeks what is offered."""

    key: int
    fit: float
    sought: Reason | None
    offered: Reason | None
    languages: tuple[str, ...]


class Pairing(StandingMatcher):
    """Compares the parties of an event. Make one with `Pairing.of(matcher)`."""

    def suggest(
        self,
        members: Sequence[Member],
        vectors: KeptVectors,
        *,
        k: int = 10,
        apart: Collection[tuple[int, int]] = (),
        now: date | None = None,
        told: Told = lambda done, total: None,
    ) -> dict[int, list[Suggested]]:
        """For each member the `k` best others (some have more, so that nobody is left out), best
        first; fewer where nothing more fits. `apart`: pairs of keys that are not suggested.

        `told(done, total)` hears of progress in parts of a hundred.
        """
        field = _Field(self, members, vectors, now, told)
        allowed = field.allowed(apart)
        lists = {at: field.best(at, k, allowed) for at in range(len(members))}
        _bring_in(field, lists, allowed)
        told(100, 100)
        return {members[at].key: [field.suggested(at, other) for other in found]
                for at, found in lists.items()}  # fmt: skip

    def probability(self, total: Any) -> Any:
        """The sum of signals as a probability."""
        return 1 / (1 + np.exp(-self.weights.slope * (total - self.weights.middle)))

    def seek_vectors(self, questions: Sequence[Standing], kept: KeptVectors, told: Told) -> Vectors:
        made = kept.of("query", [each.text for each in questions],
                       self.embedder.embed_queries, told)  # fmt: skip
        return self.lir.queries.apply(made) if self.lir and len(made) else made

    def offer_vectors(self, offers: Sequence[Offer], kept: KeptVectors, told: Told) -> Vectors:
        """As `entries.document_vectors`, with the English labels of what a text names in the place
        of the English title that it lacks."""
        new = [at for at, offer in enumerate(offers) if offer.vector is None]
        texts = [offers[at].document.passage() for at in new]
        labels = [self.gloss(offers[at].document) for at in new]
        made = kept.of("passage", [*texts, *(each for each in labels if each)],
                       self.embedder.embed_passages, told)  # fmt: skip
        own, extra = made[: len(texts)], iter(made[len(texts) :])
        found = np.zeros((len(offers), self.embedder.dimension), np.float32)
        for row, at in enumerate(new):
            vector = own[row] + (next(extra) if labels[row] else own[row])
            found[at] = vector / max(float(np.linalg.norm(vector)), 1e-12)
        for at, offer in enumerate(offers):
            if offer.vector is not None:
                found[at] = offer.vector
        return self.lir.passages.apply(found) if self.lir and len(found) else found

    def gloss(self, document: Document) -> str:
        """English labels of the concepts that a document names; empty for none."""
        text = next(iter(document.texts()))[1]
        names = dict.fromkeys(hit.concept for hit in self.terms.find(text, document.lang))
        return ", ".join(dict.fromkeys(self.terms.label(name, "en") for name in names))[:400]

    def reason(
        self, seek: Seek, question: Standing, offer: Offer, cosine: float,
        overlap: float, shared: tuple[str, ...],
    ) -> Reason:  # fmt: skip
        signals = Signals(cosine, overlap, 0.0, shared)
        match = self._match(question.asked, offer.document, signals)
        missing = tuple(name for name in question.named if name not in shared)
        far = bool(question.named) and not shared
        least = max(self.weights.threshold, WITHOUT_CONCEPTS) if far else self.weights.threshold
        return Reason(match, match.score >= least, missing, seek.record, offer.record)


class _Field:
    """All offers and seeks of an event, and how every two parties fit."""

    def __init__(
        self, pairing: Pairing, members: Sequence[Member], kept: KeptVectors,
        now: date | None, told: Told,
    ) -> None:  # fmt: skip
        self.pairing, self.members = pairing, members
        self.seeks = [(at, seek) for at, one in enumerate(members) for seek in one.seeks]
        self.offers = [(at, offer) for at, one in enumerate(members) for offer in one.offers]
        self.questions = []
        for done, (_at, seek) in enumerate(self.seeks):
            self.questions.append(pairing.read(seek.text, seek.lang, now=now))
            if done % 50 == 0:
                told(15 * done // len(self.seeks), 100)
        documents = [offer.document for _at, offer in self.offers]
        self.concepts = [document_concepts(one, pairing.terms) for one in documents]
        self.wanted = pairing.seek_vectors(self.questions, kept, _between(told, 15, 45))
        self.given = pairing.offer_vectors([offer for _at, offer in self.offers], kept,
                                           _between(told, 45, 80))  # fmt: skip
        counts = Counter(name for each in self.concepts for name in each)
        self.rarity = {name: rarity(count, len(documents)) for name, count in counts.items()}
        self._make_totals()
        told(85, 100)
        self._known: dict[tuple[int, int], Reason | None] = {}

    # -- all pairs -------------------------------------------------------------------------

    def _make_totals(self) -> None:
        """`totals` [seeker, offerer]: the best sum of signals without requirements."""
        n = len(self.members)
        self.totals: Matrix = np.full((n, n), -1.0, np.float32)
        self.weight = [self._weights(question) for question in self.questions]
        if not self.seeks or not self.offers:
            return
        columns = {name: at for at, name in enumerate(self.rarity)}
        asked = _sparse(self.weight, columns)
        held = _sparse(self.concepts, columns).T.tocsc()
        starts, owners = _runs([at for at, _offer in self.offers])
        for begin in range(0, len(self.seeks), ROWS):
            part = slice(begin, begin + ROWS)
            meaning = self.wanted[part] @ self.given.T
            named = np.asarray((asked[part] @ held).todense(), np.float32)
            best = np.maximum.reduceat(
                meaning + self.pairing.weights.concepts * named, starts, axis=1)  # fmt: skip
            for row, (at, _seek) in enumerate(self.seeks[part]):
                self.totals[at, owners] = np.maximum(self.totals[at, owners], best[row])

    def _weights(self, question: Standing) -> dict[str, float]:
        weight = {
            name: strength * self.rarity[name]
            for name, strength in question.asked.concepts.items()
            if name in self.rarity
        }
        full = sum(weight.values()) + sum(
            strength for name, strength in question.asked.concepts.items() if name not in weight)
        share = CONCEPTS_COUNTED / max(CONCEPTS_COUNTED, full)
        return {name: each * share for name, each in weight.items()}

    def allowed(self, apart: Collection[tuple[int, int]]) -> npt.NDArray[np.bool_]:
        place = {one.key: at for at, one in enumerate(self.members)}
        groups = np.array([one.group for one in self.members])
        free: npt.NDArray[np.bool_] = groups[:, None] != groups[None, :]
        np.fill_diagonal(free, False)
        for one, other in apart:
            if one in place and other in place:
                free[place[one], place[other]] = free[place[other], place[one]] = False
        self._preferences()
        return free

    def _preferences(self) -> None:
        economies = np.array([one.economy for one in self.members])
        names = sorted({lang for one in self.members for lang in one.languages})
        speaks = np.array([[name in one.languages for name in names] for one in self.members],
                          np.float32).reshape(len(self.members), len(names))  # fmt: skip
        value = self.pairing.probability(self.totals)
        self.ranks: Matrix = (
            value + RETURN * value.T
            + ABROAD * (economies[:, None] != economies[None, :])
            + TONGUE * (speaks @ speaks.T > 0)
        ).astype(np.float32)  # fmt: skip

    # -- the best of one -------------------------------------------------------------------

    def best(self, at: int, k: int, allowed: npt.NDArray[np.bool_]) -> list[int]:
        """Places of those who fit, best first, requirements counted in."""
        row = np.where(allowed[at], self.ranks[at], -np.inf)
        many = min(k + LOOKED_AT, len(row))
        near = np.argpartition(-row, many - 1)[:many] if many else np.zeros(0, int)
        known = [(self.value(at, int(other)), int(other)) for other in near
                 if row[other] > -np.inf and self.fitting(at, int(other))]  # fmt: skip
        return [other for _value, other in sorted(known, key=lambda one: (-one[0], one[1]))[:k]]

    def value(self, at: int, other: int) -> float:
        """The rank of a pair, with what the requirements changed."""
        changed = 0.0
        for one, two, share in ((at, other, 1.0), (other, at, RETURN)):
            known = self.known(one, two)
            if known:
                before = float(self.pairing.probability(self.totals[one, two]))
                changed += share * (known.match.score - before)
        return float(self.ranks[at, other]) + changed

    def fitting(self, at: int, other: int) -> bool:
        """Whether either comes near enough to what the other seeks."""
        return any(known is not None and known.match.score >= NEAR
                   for known in (self.known(at, other), self.known(other, at)))  # fmt: skip

    def known(self, at: int, other: int) -> Reason | None:
        """Why `other` offers what `at` seeks; None if one of them said nothing of it."""
        if (at, other) not in self._known:
            self._known[at, other] = self._look(at, other)
        return self._known[at, other]

    def _look(self, at: int, other: int) -> Reason | None:
        if self.totals[at, other] <= -1.0:
            return None
        mine = range(*self._span("seeks", at))
        theirs = range(*self._span("offers", other))
        best: tuple[float, int, int, float] | None = None
        for seek in mine:
            for offer in theirs:
                cosine = float(self.wanted[seek] @ self.given[offer])
                overlap = self._overlap(seek, offer)
                total = cosine + self.pairing.weights.concepts * overlap
                if best is None or total > best[0]:
                    best = (total, seek, offer, cosine)
        if best is None:
            return None
        _total, seek, offer, cosine = best
        weight, held = self.weight[seek], self.concepts[offer]
        shared = sorted((name for name in self.questions[seek].named if name in held),
                        key=lambda name: (-weight.get(name, 0.0) * held[name], name))  # fmt: skip
        return self.pairing.reason(
            self.seeks[seek][1], self.questions[seek], self.offers[offer][1], cosine,
            self._overlap(seek, offer), tuple(shared))  # fmt: skip

    def _overlap(self, seek: int, offer: int) -> float:
        held = self.concepts[offer]
        return sum(each * held[name] for name, each in self.weight[seek].items() if name in held)

    def _span(self, kind: str, at: int) -> tuple[int, int]:
        if not hasattr(self, "_spans"):
            self._spans = {"seeks": _spans([a for a, _s in self.seeks], len(self.members)),
                           "offers": _spans([a for a, _o in self.offers], len(self.members))}
        return self._spans[kind][at]

    def suggested(self, at: int, other: int) -> Suggested:
        sought, offered = self.known(at, other), self.known(other, at)
        missing = 1.0
        for known in (sought, offered):
            missing *= 1 - (known.match.score if known else 0.0)
        return Suggested(
            self.members[other].key, round(1 - missing, 4),
            sought if sought and sought.match.score >= NEAR else None,
            offered if offered and offered.match.score >= NEAR else None,
            tuple(sorted(self.members[at].languages & self.members[other].languages)),
        )  # fmt: skip


def _bring_in(
    field: _Field, lists: dict[int, list[int]], allowed: npt.NDArray[np.bool_]
) -> None:
    """Whoever is suggested to few is added to the lists of those who want it most."""
    seen = Counter(other for found in lists.values() for other in found)
    for at in lists:
        if seen[at] >= LEAST:
            continue
        column = np.where(allowed[:, at], field.ranks[:, at], -np.inf)
        for host in np.argsort(-column)[: 3 * LEAST]:
            place = int(host)
            if seen[at] >= LEAST or column[place] == -np.inf:
                break
            if at not in lists[place] and field.fitting(place, at):
                lists[place].append(at)
                seen[at] += 1


def _sparse(rows: Sequence[Mapping[str, float]], columns: Mapping[str, int]) -> Any:
    data: list[float] = []
    places: list[int] = []
    ends = [0]
    for row in rows:
        data += row.values()
        places += [columns[name] for name in row]
        ends.append(len(data))
    return sparse.csr_array((np.array(data, np.float32), places, ends),
                            shape=(len(rows), len(columns)))  # fmt: skip


def _runs(owners: Sequence[int]) -> tuple[list[int], list[int]]:
    """Where each owner's run begins, and the owners in order."""
    starts = [at for at, owner in enumerate(owners) if at == 0 or owners[at - 1] != owner]
    return starts, [owners[at] for at in starts]


def _spans(owners: Iterable[int], count: int) -> list[tuple[int, int]]:
    found = [(0, 0)] * count
    for at, owner in enumerate(owners):
        begin, end = found[owner]
        found[owner] = (begin, at + 1) if end else (at, at + 1)
    return found


def _between(told: Told, low: int, high: int) -> Told:
    return lambda done, total: told(low + (high - low) * done // max(total, 1), 100)
