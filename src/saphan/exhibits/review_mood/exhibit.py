"""The mood of customer reviews in any language, what they speak of, and the telling words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from saphan.engines.language.identify import identify
from saphan.engines.language.normalise import clean
from saphan.engines.matching.prepare import load
from saphan.engines.runner.contract import Refusal, Result, Words, exhibit
from saphan.engines.runner.folder import models_folder
from saphan.engines.runner.parts import Bars, Part, Quote, Rows, Say, Unit, Word

from .head import MOODS, TOPICS, embedded
from .opening import opened

embedder, removal = load(models_folder(), threads=1)  # before the seal closes
head = opened(embedder, removal)

MOST = 30
SURE = 0.55
SPOKEN_OF = 0.5
_CLAUSE = re.compile(r"[^。！？!?.,，；;၊။។]+[。！？!?.,，；;၊။។]*")


@dataclass(frozen=True)
class Judged:
    """A review: mood, how sure, its topics with their chance, and the clause that carries it."""

    text: str
    mood: str
    certainty: float
    topics: dict[str, float]
    telling: str


def judge(text: str) -> Judged:
    """Read one review."""
    clauses = [part.strip() for part in _CLAUSE.findall(text) if len(part.strip()) > 3] or [text]
    texts = list(dict.fromkeys([text, *clauses]))
    vectors = embedded(texts, embedder, removal)
    moods = head.mood(vectors)
    about = head.about(vectors).max(axis=0)
    best = int(moods[0].argmax())
    telling = int(moods[-len(clauses):, best].argmax())
    return Judged(text, MOODS[best], float(moods[0, best]),
                  {topic: float(chance) for topic, chance
                   in zip(TOPICS.values(), about, strict=True) if chance >= SPOKEN_OF},
                  clauses[telling])


@exhibit
def review_mood(reviews: Words) -> Result:
    """Tell the mood and the topics of customer reviews, one a line."""
    lines = [line.strip() for line in clean(reviews).splitlines()
             if any(letter.isalpha() for letter in line)]
    if not lines:
        raise Refusal("empty")
    found = [judge(line) for line in lines[:MOST]]
    parts: list[Part] = [_verdict(found)]
    if len(lines) > MOST:
        parts.append(Say("too_many", "warn", count=MOST))
    doubtful = sum(each.certainty < SURE for each in found)
    if doubtful:
        parts.append(Say("doubtful", "warn", count=doubtful))
    parts.append(Bars(Word("moods"), [(Word(mood), sum(each.mood == mood for each in found)
                                       / len(found)) for mood in MOODS]))
    topics = _topics(found)
    if topics:
        parts.append(Bars(Word("topics"), [(Word(topic), len(those) / len(found))
                                           for topic, those in topics.items()]))
        parts.append(Rows([Word("topic"), Word("good"), Word("bad"), Word("mixed")],
                          [[Word(topic), *(sum(each.mood == mood for each in those)
                                           for mood in MOODS)] for topic, those in topics.items()],
                          Word("by_topic")))
    parts.append(Rows([Word("review"), Word("mood"), Word("sure")],
                      [[each.text, Word(each.mood), Unit(each.certainty, "share", 0)]
                       for each in found], Word("each")))
    for mood in ("good", "bad"):
        clearest = max((each for each in found if each.mood == mood),
                       key=lambda each: each.certainty, default=None)
        if clearest:
            parts.append(Quote(clearest.telling, identify(clearest.text).lang,
                               Word(f"clearest_{mood}")))
    return Result(*parts)


def _verdict(found: list[Judged]) -> Say:
    if len(found) == 1:
        level = {"good": "good", "bad": "wrong", "mixed": "info"}[found[0].mood]
        return Say(f"one_{found[0].mood}", level)
    good, bad = (np.mean([each.mood == mood for each in found]) for mood in ("good", "bad"))
    if good > 0.5:
        return Say("mostly_good", "good", count=len(found))
    if bad > 0.5:
        return Say("mostly_bad", "wrong", count=len(found))
    return Say("divided", "info", count=len(found))


def _topics(found: list[Judged]) -> dict[str, list[Judged]]:
    """Reviews by topic, the topic spoken of most first."""
    by = {topic: [each for each in found if topic in each.topics] for topic in TOPICS.values()}
    return dict(sorted(((topic, those) for topic, those in by.items() if those),
                       key=lambda pair: -len(pair[1])))
