"""Topics as the matching engine reads them: standing questions to the archive."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np

from saphan.engines.language.embed import Vectors
from saphan.engines.matching.documents import Document, Filters, Match
from saphan.engines.matching.standing import Standing, StandingMatcher
from saphan.ground import clock
from saphan.house.watching import looking
from saphan.rooms.newsroom import meaning
from saphan.rooms.newsroom.models import Article, Topic

KEPT = 1_000
_read: OrderedDict[str, tuple[Standing, Vectors]] = OrderedDict()


def filters_of(topic: Topic) -> Filters:
    return Filters(economies=tuple(topic.filters.get("economies", ())),
                   langs=tuple(topic.filters.get("langs", ())))


def passes(article: Article, topic: Topic) -> bool:
    """What the engine does not know of an article: its source."""
    sources = topic.filters.get("sources", ())
    return not sources or article.source_id in sources


def reading(topic: Topic) -> Standing:
    """The topic as the engine reads it. Raises `NotReady`."""
    return _reading(topic, meaning.matcher())[0]


def _reading(topic: Topic, opened: StandingMatcher) -> tuple[Standing, Vectors]:
    """The question and its vector; read again after a change of its words, of a term or of the
    model, and each day, because questions may speak of dates."""
    about = f"{opened.embedder.model_id}\0{id(opened.terms)}\0{clock.today()}\0{topic.lang}\0"
    key = hashlib.sha256(f"{about}{filters_of(topic)}\0{topic.query}".encode()).hexdigest()
    known = _read.get(key)
    if known is None:
        question = opened.read(topic.query, topic.lang, filters=filters_of(topic),
                               now=clock.today())
        known = _read[key] = question, np.asarray(opened.embed([question])[0], np.float32)
        if len(_read) > KEPT:
            _read.popitem(last=False)
    return known


def judge(topics: Sequence[Topic], documents: Sequence[Document]
          ) -> Iterator[tuple[Topic, Match]]:
    """All pairs of a topic and an article that belongs to it; the articles are in the index."""
    opened = meaning.matcher()
    read = [_reading(topic, opened) for topic in topics]
    rows = np.stack([vector for _question, vector in read])
    questions = [question for question, _vector in read]
    for place, match in opened.judge(questions, rows, documents, floor=opened.weights.threshold):
        if looking.fits(match, questions[place], opened):
            yield topics[place], match


def past(topic: Topic, most: int) -> list[Match]:
    """What of the whole archive belongs to a topic, best first. Raises `NotReady`."""
    opened = meaning.matcher()
    question, _vector = _reading(topic, opened)
    return [match for match in opened.answer(question, most).matches
            if looking.fits(match, question, opened)]
