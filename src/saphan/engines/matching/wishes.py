"""Read stages, kinds of partner, ways of working, and things that must not be there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from saphan.engines.language.terms import Hit, TermBase
from saphan.engines.matching.clauses import SPACED, Sentence
from saphan.engines.matching.stages import STAGES, at_least, at_most, read_level

_SOUGHT_REACH: Final = 60
_OPENING: Final = 25
"""Characters at the beginning of a text in which Tamil names who wants something."""
_BESIDE: Final = 14
"""Characters between a wanted place and a kind of partner that belongs to it."""
_ASKER_AFTER: Final = {
    "ta": re.compile(r"\S*(?:\s\S*)?(?:க்கு|ற்கு)"),
    "my": re.compile(r"[^\s၊။]{0,10}?(?:က|သည်)[\s၊]"),
}
"""After a kind of partner, what makes it the one who needs: a dative, a mark of the subject."""
_ASKER_FIL: Final = re.compile(
    r"(?:gusto|nais) ng (?:\w+ )?$|kailangan ng (?:\w+ ng )?$", re.IGNORECASE
)
_NO_KIND: Final = re.compile(
    r"\s*(?:(?:from|by|of|with|an?|any|the|another|de|da|do|ng|mga|sa|dari|của|ของ|ຂອງ|របស់|来自|的)\s*)*",
    re.IGNORECASE,
)
_BEYOND: Final = frozenset({"ပြင်ပ", "以外", "之外", "မှလွဲ", "தவிர"})
"""Words that shut out what lies within a place, not a kind of partner."""
KINDS: Final = {"research": ("university", "institute")}
"""Kinds of partner that stand for several."""


def read_stages(sentence: Sentence, names: TermBase) -> tuple[str, ...]:
    """The stages that would do; empty where nothing is said.

    "On the market", "no prototypes" and "a pilot is fine" each leave some; together they leave
    those that all of them allow.
    """
    hits = [hit for hit in names.find(sentence.text, sentence.lang) if hit.concept != "other"]
    limits: list[tuple[str, ...]] = []
    for hit in hits:
        limit = _limit(sentence, hit, hits)
        if limit:
            limits.append(limit)
    level = read_level(sentence.text)
    if level:
        limits.append(at_least(level))
    if not limits:
        return ()
    allowed = tuple(stage for stage in STAGES if all(stage in limit for limit in limits))
    return allowed or limits[0]


def _limit(sentence: Sentence, hit: Hit, hits: Sequence[Hit]) -> tuple[str, ...]:
    weak = hit.concept.startswith(("weak_", "refused_"))
    stage = hit.concept.removeprefix("weak_").removeprefix("refused_")
    if sentence.is_shut_out(hit, hits, lacking=True):
        place = STAGES.index(stage)
        return STAGES[place + 1 :] or STAGES[:place]
    if not weak:
        return at_least(stage)
    if hit.concept.startswith("refused_"):
        return ()
    if sentence.after("enough", hit, 30) or sentence.before("enough", hit, 20):
        return at_least(stage)
    if sentence.before("still", hit, 20) or sentence.touching("still", hit, 3):
        return at_most(stage)
    sought = sentence.after("seek", hit) if sentence.verb_last else sentence.before("seek", hit, 20)
    return at_least(stage) if sought and not sentence.is_own(hit) else ()


def read_partners(
    sentence: Sentence, names: TermBase, wanted: Sequence[Hit], refused: Sequence[Hit] = ()
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Kinds of partner that are sought, that are refused, and that the other side should be open
    to. The asker's own kind is left aside. `wanted` and `refused` are the places that are."""
    hits = [hit for hit in names.find(sentence.text, sentence.lang) if hit.concept != "other"]
    sought: list[str] = []
    unwanted: list[str] = []
    open_to: list[str] = []
    for hit in hits:
        kinds = KINDS.get(hit.concept, (hit.concept,))
        if _is_opened(sentence, hit):
            open_to += kinds
        elif _refuses_kind(sentence, hit, refused):
            unwanted += kinds
        elif _is_sought(sentence, hit, (*wanted, *refused)):
            sought += kinds
    left_out = tuple(dict.fromkeys(unwanted))
    kept = tuple(dict.fromkeys(kind for kind in sought if kind not in left_out))
    return kept, left_out, tuple(dict.fromkeys(open_to))


def _is_opened(sentence: Sentence, hit: Hit) -> bool:
    if sentence.before("open", hit, 24 if sentence.lang in SPACED else 3):
        return True
    return sentence.verb_last and sentence.after("open", hit, 12) is not None


def _refuses_kind(sentence: Sentence, hit: Hit, places: Sequence[Hit]) -> bool:
    """Refused itself: "no middlemen"; not where a place is: "a company outside China"."""
    cue = sentence.before("no", hit, 20)
    if cue and _NO_KIND.fullmatch(sentence.text[cue.end : hit.start]):
        return not any(cue.end <= place.start < hit.start for place in places)
    after = sentence.after("no_after", hit, 6)
    return after is not None and sentence.text[after.start : after.end] not in _BEYOND


def _is_sought(sentence: Sentence, hit: Hit, places: Sequence[Hit]) -> bool:
    if sentence.is_own(hit, subject=True) or sentence.touching("goods", hit, 0):
        return False
    if _is_asker(sentence, hit):
        return False
    if sentence.verb_last:
        return sentence.after("seek", hit) is not None or is_beside(sentence, hit, places)
    cue = sentence.before("seek", hit, _SOUGHT_REACH) or sentence.before("seek_passive", hit, 20)
    if cue:
        meant = sentence.before("meant_for", hit)
        return not (meant and meant.start >= cue.end and hit.start - meant.end <= 3)
    if sentence.after("seek_passive", hit, 20):
        return True
    return is_beside(sentence, hit, places)


def _is_asker(sentence: Sentence, hit: Hit) -> bool:
    """Whether the grammar makes a kind of partner the one who needs something."""
    text = sentence.text
    if sentence.lang == "fil":
        match = _ASKER_FIL.search(text[: hit.start])
        needs = match is not None and match.group().lower().startswith("kailangan")
        return match is not None and (not needs or " ang " in text[hit.end :])
    if sentence.lang == "ta" and hit.start < _OPENING and "விரும்புகிறது" in text:
        return True
    after = _ASKER_AFTER.get(sentence.lang)
    return bool(after and after.match(text, hit.end))


def is_beside(sentence: Sentence, hit: Hit, places: Sequence[Hit]) -> bool:
    """Whether a kind of partner and one of the places belong together: "a firm from Laos"."""
    return any(
        (0 <= place.start - hit.end <= _BESIDE and sentence.joined(hit.end, place.start))
        or (0 <= hit.start - place.end <= 8 and sentence.joined(place.end, hit.start))
        or (place.start < hit.end and hit.start < place.end)
        for place in places
    )


def read_features(sentence: Sentence, names: TermBase) -> list[Hit]:
    """Ways of working that are asked for, such as without internet; refused ones are not."""
    hits = names.find(sentence.text, sentence.lang)
    return [hit for hit in hits if not sentence.lacks(hit, phrase=True)]


def read_lacking(
    sentence: Sentence, bases: Sequence[TermBase], taken: Sequence[Hit]
) -> list[Hit]:
    """Concepts that must not be there: "without a camera", "ไม่ใช้โดรน"."""
    hits = [hit for base in bases for hit in base.find(sentence.text, sentence.lang)]
    hits.sort(key=lambda hit: hit.start)
    return [
        hit
        for hit in hits
        if not any(other.start < hit.end and hit.start < other.end for other in taken)
        and sentence.lacks(hit, hits)
    ]
